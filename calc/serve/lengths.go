package serve

import "math"

// tableSize is the period of the length tables, a power of two.
const tableSize = 8192

// lengths draws the prompt and output lengths of requests by index from
// tables, so that results are smooth in every input and the same on every
// platform. In a closed loop successive draws are a low-discrepancy sequence:
// any stretch of it has close to the mean length. In an open loop that would
// hide queueing (long requests never come in a row), so there the tables are
// shuffled.
type lengths struct {
	in, out   float64 // nominal
	in0, out0 float64 // shortest
	exact     bool
	offset    int
	u, v, w   []float64 // w draws the classes of a mix
	mixed     bool
	shuffle   []int32 // a permutation
}

// bounds sets the shortest and longest lengths of a load.
func (d *lengths) bounds(l *Load) {
	r := l.ratio()
	d.in, d.out = float64(l.Input), float64(l.Output)
	d.in0, d.out0 = r*d.in, r*d.out
	d.exact = r >= 1
}

// set prepares the draws for a load; the tables are made once.
func (d *lengths) set(l *Load) {
	d.bounds(l)
	if len(l.Classes()) > 0 {
		d.exact = false
	}
	d.offset = int(l.Seed * 2654435761 % tableSize)
	d.mixed = l.Rate > 0
	if d.exact || d.u != nil {
		return
	}
	// Kronecker sequences of the plastic number: independent in two dimensions
	// and close to uniform over any stretch (Roberts, "The unreasonable
	// effectiveness of quasirandom sequences", 2018). That of the golden number
	// is independent of both: its field is another one.
	const p = 1.32471795724474602596
	d.u, d.v, d.w = make([]float64, tableSize), make([]float64, tableSize), make([]float64, tableSize)
	for i := range d.u {
		x, y, z := float64(i+1)*(1/p), float64(i+1)*(1/(p*p)), float64(i+1)*(1/math.Phi)
		d.u[i], d.v[i], d.w[i] = x-math.Floor(x), y-math.Floor(y), z-math.Floor(z)
	}
	d.shuffle = make([]int32, tableSize)
	random := splitMix(1)
	for i := range d.shuffle {
		j := int(random.unit() * float64(i+1))
		j = min(j, i)
		d.shuffle[i] = d.shuffle[j]
		d.shuffle[j] = int32(i)
	}
}

// of is the lengths of request i in tokens, each at least 1.
func (d *lengths) of(i int) (in, out float64) {
	if d.exact {
		return d.in, d.out
	}
	j := d.index(i)
	return draw(d.in0, d.in, d.u[j]), draw(d.out0, d.out, d.v[j])
}

// index is the place of request i in the tables.
func (d *lengths) index(i int) int {
	j := (i + d.offset) & (tableSize - 1)
	if d.mixed {
		j = int(d.shuffle[j])
	}
	return j
}

// draw is a whole number of tokens from lo to hi, at least 1, for u in [0, 1).
func draw(lo, hi, u float64) float64 {
	n := math.Floor(lo + (hi-lo+1)*u)
	if n > hi {
		n = hi
	}
	if n < 1 {
		n = 1
	}
	return n
}
