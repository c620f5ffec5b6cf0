package serve

import "math"

// tableSize is the period of the length tables, a power of two.
const tableSize = 8192

// lengths draws the prompt and output lengths of requests by index from a
// low-discrepancy sequence, so that results are smooth in every input and
// the same on every platform.
type lengths struct {
	in, out   float64 // nominal
	in0, out0 float64 // shortest
	exact     bool
	offset    int
	u, v      []float64
}

// set prepares the draws for a load; the tables are made once.
func (d *lengths) set(l *Load) {
	r := l.ratio()
	d.in, d.out = float64(l.Input), float64(l.Output)
	d.in0, d.out0 = r*d.in, r*d.out
	d.exact = r >= 1
	d.offset = int(l.Seed * 2654435761 % tableSize)
	if d.exact || d.u != nil {
		return
	}
	// Kronecker sequences of the plastic number: independent in two dimensions
	// and close to uniform over any stretch (Roberts, "The unreasonable
	// effectiveness of quasirandom sequences", 2018).
	const p = 1.32471795724474602596
	d.u, d.v = make([]float64, tableSize), make([]float64, tableSize)
	for i := range d.u {
		x, y := float64(i+1)*(1/p), float64(i+1)*(1/(p*p))
		d.u[i], d.v[i] = x-math.Floor(x), y-math.Floor(y)
	}
}

// of is the lengths of request i in tokens, each at least 1.
func (d *lengths) of(i int) (in, out float64) {
	if d.exact {
		return d.in, d.out
	}
	j := (i + d.offset) & (tableSize - 1)
	in = math.Floor(d.in0 + (d.in-d.in0+1)*d.u[j])
	out = math.Floor(d.out0 + (d.out-d.out0+1)*d.v[j])
	return max(1, min(in, d.in)), max(1, min(out, d.out))
}
