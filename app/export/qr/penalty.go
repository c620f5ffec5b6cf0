package qr

// penalty is how hard a code is to read: long runs, blocks, runs that look
// like a finder, and an uneven share of dark modules (ISO/IEC 18004, 7.8.3).
func (m *matrix) penalty() int {
	p, dark := 0, 0
	for i := range m.size {
		p += m.runs(func(j int) bool { return m.dark[i*m.size+j] })
		p += m.runs(func(j int) bool { return m.dark[j*m.size+i] })
		for j := range m.size {
			d := m.dark[i*m.size+j]
			if d {
				dark++
			}
			if i > 0 && j > 0 && d == m.dark[(i-1)*m.size+j] && d == m.dark[i*m.size+j-1] && d == m.dark[(i-1)*m.size+j-1] {
				p += 3
			}
		}
	}
	all := m.size * m.size
	return p + abs(20*dark-10*all)/all*10
}

// runs is the penalty of one line: three for a run of five of one color and
// one for each further module, 40 for each 1:1:3:1:1 with four light modules
// on a side, where the outside of the code counts as light.
func (m *matrix) runs(at func(int) bool) int {
	p, run := 0, 0
	window := 0 // the last eleven modules, newest lowest; light outside
	for j := range m.size + 4 {
		d := j < m.size && at(j)
		if j < m.size {
			if j > 0 && d == at(j-1) {
				run++
			} else {
				run = 1
			}
			if run == 5 {
				p += 3
			} else if run > 5 {
				p++
			}
		}
		window = window << 1 & 0x7ff
		if d {
			window |= 1
		}
		if window == 0x5d0 || j < m.size && window == 0x05d {
			p += 40
		}
	}
	return p
}
