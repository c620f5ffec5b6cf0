package qr

// eccPerBlock is the number of error-correction bytes of each block by version
// (ISO/IEC 18004, table 9), blocks the number of blocks.
var (
	eccPerBlock = [2][40]byte{
		{7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
		{10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
	}
	blocks = [2][40]byte{
		{1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
		{1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
	}
)

// rawBytes is what the modules of a version hold, data and error correction.
func rawBytes(version int) int {
	bits := (16*version+128)*version + 64
	if version >= 2 {
		n := version/7 + 2 // alignment patterns a side
		bits -= (25*n-10)*n - 55
		if version >= 7 {
			bits -= 36
		}
	}
	return bits / 8
}

// dataBytes is what is left of them for data.
func dataBytes(version int, l Level) int {
	return rawBytes(version) - int(eccPerBlock[l][version-1])*int(blocks[l][version-1])
}

// interleave splits data into blocks, adds error correction and weaves them
// together: first bytes first. The last blocks may be a byte longer.
func interleave(data []byte, version int, l Level) []byte {
	n, ecc := int(blocks[l][version-1]), int(eccPerBlock[l][version-1])
	short := len(data) / n
	longer := len(data) % n
	generator := generator(ecc)
	var parts, checks [][]byte
	for i := range n {
		size := short
		if i >= n-longer {
			size++
		}
		parts = append(parts, data[:size])
		checks = append(checks, remainder(data[:size], generator))
		data = data[size:]
	}
	out := make([]byte, 0, rawBytes(version))
	for i := 0; i <= short; i++ {
		for _, p := range parts {
			if i < len(p) {
				out = append(out, p[i])
			}
		}
	}
	for i := range ecc {
		for _, c := range checks {
			out = append(out, c[i])
		}
	}
	return out
}

// multiply is the product in GF(2⁸) modulo x⁸+x⁴+x³+x²+1.
func multiply(a, b byte) byte {
	p := 0
	for i := 7; i >= 0; i-- {
		p = p<<1 ^ p>>7*0x11d
		p ^= int(b>>i&1) * int(a)
	}
	return byte(p)
}

// generator is the Reed–Solomon generator of a degree, highest power first,
// its leading 1 left out: the product of (x − 2ⁱ) for i below degree.
func generator(degree int) []byte {
	g := make([]byte, degree)
	g[degree-1] = 1
	root := byte(1)
	for range degree {
		for j := range g {
			g[j] = multiply(g[j], root)
			if j+1 < degree {
				g[j] ^= g[j+1]
			}
		}
		root = multiply(root, 2)
	}
	return g
}

// remainder is data · x^degree modulo the generator: the error correction.
func remainder(data, generator []byte) []byte {
	r := make([]byte, len(generator))
	for _, b := range data {
		factor := b ^ r[0]
		copy(r, r[1:])
		r[len(r)-1] = 0
		for i := range r {
			r[i] ^= multiply(generator[i], factor)
		}
	}
	return r
}
