package qr

// matrix is a code being drawn.
type matrix struct {
	size  int
	dark  []bool
	fixed []bool // part of a pattern: no data, no mask
}

// newMatrix draws the patterns of a version.
func newMatrix(version int) *matrix {
	size := 4*version + 17
	m := &matrix{size: size, dark: make([]bool, size*size), fixed: make([]bool, size*size)}
	for i := range size { // timing
		m.fix(6, i, i%2 == 0)
		m.fix(i, 6, i%2 == 0)
	}
	for _, corner := range [][2]int{{3, 3}, {size - 4, 3}, {3, size - 4}} { // finders with their separators
		m.square(corner[0], corner[1], 4, func(d int) bool { return d != 2 && d != 4 })
	}
	at := alignment(version)
	for i, x := range at {
		for j, y := range at {
			last := len(at) - 1
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder is there
			}
			m.square(x, y, 2, func(d int) bool { return d != 1 })
		}
	}
	m.format(L, 0) // keeps its place free
	m.version(version)
	return m
}

// square draws concentric squares around a center: dark says which.
func (m *matrix) square(cx, cy, radius int, dark func(distance int) bool) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			if x, y := cx+dx, cy+dy; x >= 0 && y >= 0 && x < m.size && y < m.size {
				m.fix(x, y, dark(max(abs(dx), abs(dy))))
			}
		}
	}
}

func (m *matrix) fix(x, y int, dark bool) {
	m.dark[y*m.size+x], m.fixed[y*m.size+x] = dark, true
}

// alignment is where alignment patterns are, on both axes.
func alignment(version int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	size := 4*version + 17
	step := (size - 13 + 2*n - 3) / (2*n - 2) * 2 // even, rounded up
	if version == 32 {
		step = 26
	}
	at := make([]int, n)
	at[0] = 6
	for i, p := n-1, size-7; i > 0; i, p = i-1, p-step {
		at[i] = p
	}
	return at
}

// format draws error-correction level and mask, protected by a BCH code, twice.
func (m *matrix) format(l Level, mask int) {
	data := map[Level]int{L: 1, M: 0}[l]<<3 | mask
	rest := data
	for range 10 {
		rest = rest<<1 ^ rest>>9*0x537
	}
	bits := (data<<10 | rest) ^ 0x5412
	bit := func(i int) bool { return bits>>i&1 != 0 }
	for i := range 6 {
		m.fix(8, i, bit(i))
	}
	m.fix(8, 7, bit(6))
	m.fix(8, 8, bit(7))
	m.fix(7, 8, bit(8))
	for i := 9; i < 15; i++ {
		m.fix(14-i, 8, bit(i))
	}
	for i := range 8 {
		m.fix(m.size-1-i, 8, bit(i))
	}
	for i := 8; i < 15; i++ {
		m.fix(8, m.size-15+i, bit(i))
	}
	m.fix(8, m.size-8, true)
}

// version draws the version's number from 7 on, twice.
func (m *matrix) version(version int) {
	if version < 7 {
		return
	}
	rest := version
	for range 12 {
		rest = rest<<1 ^ rest>>11*0x1f25
	}
	bits := version<<12 | rest
	for i := range 18 {
		a, b := m.size-11+i%3, i/3
		m.fix(a, b, bits>>i&1 != 0)
		m.fix(b, a, bits>>i&1 != 0)
	}
}

// place fills the data in, in pairs of columns from the right, up and down,
// and applies a mask to it.
func (m *matrix) place(words []byte, mask int) {
	i := 0
	for right := m.size - 1; right >= 1; right -= 2 {
		if right == 6 {
			right = 5 // the timing column
		}
		for step := range m.size {
			y := step
			if (right+1)&2 == 0 {
				y = m.size - 1 - step
			}
			for x := right; x > right-2; x-- {
				if m.fixed[y*m.size+x] {
					continue
				}
				dark := i < 8*len(words) && words[i/8]>>(7-i%8)&1 != 0
				m.dark[y*m.size+x] = dark != masked(mask, x, y)
				i++
			}
		}
	}
}

// masked reports whether a mask inverts a module.
func masked(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (x/3+y/2)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
