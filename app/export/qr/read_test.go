package qr

import (
	"errors"
	"fmt"
)

// read decodes an undamaged code the way a reader does: it takes version, level
// and mask from the drawing alone and checks each block's syndromes.
func read(c *Code) (string, error) {
	size := c.Size
	version := (size - 17) / 4
	format := 0
	for _, at := range [][2]int{{0, 8}, {1, 8}, {2, 8}, {3, 8}, {4, 8}, {5, 8}, {7, 8}, {8, 8}, {8, 7}, {8, 5}, {8, 4}, {8, 3}, {8, 2}, {8, 1}, {8, 0}} {
		format = format<<1 | one(c.Dark(at[0], at[1]))
	}
	format ^= 0x5412
	level, ok := map[int]Level{1: L, 0: M}[format>>13]
	if !ok {
		return "", fmt.Errorf("level bits %02b", format>>13)
	}
	if version >= 7 {
		got := 0
		for i := 17; i >= 0; i-- {
			got = got<<1 | one(c.Dark(i/3, size-11+i%3))
		}
		if got>>12 != version {
			return "", fmt.Errorf("version bits say %d, the size %d", got>>12, version)
		}
	}
	words, err := codewords(c, version, format>>10&7)
	if err != nil {
		return "", err
	}
	data, err := unweave(words, version, level)
	if err != nil {
		return "", err
	}
	if data[0]>>4 != 4 {
		return "", fmt.Errorf("mode %d", data[0]>>4)
	}
	nibble := func(i int) byte { return data[i/2] >> (4 * (1 - i%2)) & 15 }
	at, n := 1, 0
	for range map[bool]int{true: 2, false: 4}[version < 10] {
		n = n<<4 | int(nibble(at))
		at++
	}
	text := make([]byte, n)
	for i := range text {
		text[i] = nibble(at)<<4 | nibble(at+1)
		at += 2
	}
	return string(text), nil
}

// codewords walks the data modules, unmasking them.
func codewords(c *Code, version, mask int) ([]byte, error) {
	formulas := []func(i, j int) bool{ // i row, j column, as the standard prints them
		func(i, j int) bool { return (i+j)%2 == 0 },
		func(i, j int) bool { return i%2 == 0 },
		func(i, j int) bool { return j%3 == 0 },
		func(i, j int) bool { return (i+j)%3 == 0 },
		func(i, j int) bool { return (i/2+j/3)%2 == 0 },
		func(i, j int) bool { return (i*j)%2+(i*j)%3 == 0 },
		func(i, j int) bool { return ((i*j)%2+(i*j)%3)%2 == 0 },
		func(i, j int) bool { return ((i+j)%2+(i*j)%3)%2 == 0 },
	}
	size := c.Size
	reserved := func(x, y int) bool {
		finder := func(a, b int) bool { return a < 9 && b < 9 }
		if finder(x, y) || finder(size-1-x, y) && y < 9 && size-1-x < 8 || finder(x, size-1-y) && size-1-y < 8 || x == 6 || y == 6 {
			return true
		}
		if version >= 7 && (x >= size-11 && y < 6 || y >= size-11 && x < 6) {
			return true
		}
		centers := alignmentTable[version]
		for _, cx := range centers {
			for _, cy := range centers {
				if cx < 9 && cy < 9 || cx < 9 && cy > size-10 || cx > size-10 && cy < 9 {
					continue
				}
				if x >= cx-2 && x <= cx+2 && y >= cy-2 && y <= cy+2 {
					return true
				}
			}
		}
		return false
	}
	var bits []int
	up := true
	for x := size - 1; x > 0; x -= 2 {
		if x == 6 {
			x--
		}
		for k := range size {
			y := k
			if up {
				y = size - 1 - k
			}
			for _, col := range []int{x, x - 1} {
				if !reserved(col, y) {
					bits = append(bits, one(c.Dark(col, y) != formulas[mask](y, col)))
				}
			}
		}
		up = !up
	}
	words := make([]byte, len(bits)/8)
	for i := range words {
		for _, b := range bits[8*i : 8*i+8] {
			words[i] = words[i]<<1 | byte(b)
		}
	}
	return words, nil
}

// unweave undoes the interleaving and checks that every block is a code word:
// it vanishes at the powers of two.
func unweave(words []byte, version int, l Level) ([]byte, error) {
	n, ecc := int(blocks[l][version-1]), int(eccPerBlock[l][version-1])
	total := len(words)
	parts := make([][]byte, n)
	sizes := make([]int, n)
	for i := range sizes {
		sizes[i] = total / n
		if i >= n-total%n {
			sizes[i]++
		}
	}
	i := 0
	for k := range total/n + 1 - ecc {
		for p := range parts {
			if k < sizes[p]-ecc {
				parts[p] = append(parts[p], words[i])
				i++
			}
		}
	}
	for range ecc {
		for p := range parts {
			parts[p] = append(parts[p], words[i])
			i++
		}
	}
	var data []byte
	for _, p := range parts {
		root := byte(1)
		for range ecc {
			sum := byte(0)
			for _, b := range p {
				sum = slow(sum, root) ^ b
			}
			if sum != 0 {
				return nil, errors.New("a block is no code word")
			}
			root = slow(root, 2)
		}
		data = append(data, p[:len(p)-ecc]...)
	}
	return data, nil
}

// slow multiplies polynomials over GF(2) and divides by 0x11d.
func slow(a, b byte) byte {
	product := 0
	for i := range 8 {
		if b>>i&1 == 1 {
			product ^= int(a) << i
		}
	}
	for i := 14; i >= 8; i-- {
		if product>>i&1 == 1 {
			product ^= 0x11d << (i - 8)
		}
	}
	return byte(product)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// alignmentTable is ISO/IEC 18004 table E.1.
var alignmentTable = [41][]int{
	2: {6, 18}, 3: {6, 22}, 4: {6, 26}, 5: {6, 30}, 6: {6, 34},
	7: {6, 22, 38}, 8: {6, 24, 42}, 9: {6, 26, 46}, 10: {6, 28, 50}, 11: {6, 30, 54}, 12: {6, 32, 58}, 13: {6, 34, 62},
	14: {6, 26, 46, 66}, 15: {6, 26, 48, 70}, 16: {6, 26, 50, 74}, 17: {6, 30, 54, 78}, 18: {6, 30, 56, 82}, 19: {6, 30, 58, 86}, 20: {6, 34, 62, 90},
	21: {6, 28, 50, 72, 94}, 22: {6, 26, 50, 74, 98}, 23: {6, 30, 54, 78, 102}, 24: {6, 28, 54, 80, 106}, 25: {6, 32, 58, 84, 110}, 26: {6, 30, 58, 86, 114}, 27: {6, 34, 62, 90, 118},
	28: {6, 26, 50, 74, 98, 122}, 29: {6, 30, 54, 78, 102, 126}, 30: {6, 26, 52, 78, 104, 130}, 31: {6, 30, 56, 82, 108, 134}, 32: {6, 34, 60, 86, 112, 138}, 33: {6, 30, 58, 86, 114, 142}, 34: {6, 34, 62, 90, 118, 146},
	35: {6, 30, 54, 78, 102, 126, 150}, 36: {6, 24, 50, 76, 102, 128, 154}, 37: {6, 28, 54, 80, 106, 132, 158}, 38: {6, 32, 58, 84, 110, 136, 162}, 39: {6, 26, 54, 82, 110, 138, 166}, 40: {6, 30, 58, 86, 114, 142, 170},
}
