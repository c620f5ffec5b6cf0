package step

import (
	"math"

	"fleetsize/catalog"
)

// expertReads is the time to read the experts that the tokens of a step
// touch. It is tabulated because the formula needs two powers.
type expertReads struct {
	seconds float64 // reading all of them
	table   []float64
}

// The table holds every token count up to fine, then fine/2 points per
// doubling, until all experts are touched.
const (
	fineBits  = 4
	fine      = 1 << fineBits
	perOctave = fine / 2
	octaves   = 11 // up to 16·2¹¹ tokens
)

// set tabulates
//
//	W(T) = W_experts·[1 − (1 − k/E)^(T^γ)]
//
// the expected share of E experts touched by T tokens that each pick k of
// them; γ < 1 for tokens that resemble each other. seconds is the time to read
// all experts, 0 for dense models.
func (x *expertReads) set(w *catalog.Work, seconds, gamma float64) {
	if !(seconds > 0) || !(w.Experts > 0) {
		return
	}
	x.seconds = seconds
	missed := math.Log(max(1-w.TopK/w.Experts, 1e-300)) // ln of the share one token leaves out
	x.table = make([]float64, 0, fine+1+octaves*perOctave)
	for i := 0; i <= fine+octaves*perOctave; i++ {
		share := -math.Expm1(missed * math.Exp(gamma*math.Log(knot(i))))
		// Rounded so that platforms whose powers differ in the last bit agree.
		share = math.Round(share*(1<<40)) / (1 << 40)
		x.table = append(x.table, seconds*share)
		if share > 1-1e-9 {
			break
		}
	}
}

// knot is the token count of table entry i.
func knot(i int) float64 {
	if i <= fine {
		return float64(i)
	}
	o, j := (i-fine)/perOctave, (i-fine)%perOctave
	return math.Ldexp(float64(fine+2*j), o)
}

// read is the time for tokens > 0, interpolated between the table's entries.
func (x *expertReads) read(tokens float64) float64 {
	i, frac := 0, 0.0
	if tokens < fine {
		i = int(tokens)
		frac = tokens - float64(i)
	} else {
		if tokens >= 1<<30 {
			return x.table[len(x.table)-1]
		}
		bits := math.Float64bits(tokens)
		o := int(bits>>52) - 1023 - fineBits // tokens is in [16·2ᵒ, 32·2ᵒ)
		pos := (math.Ldexp(tokens, -o) - fine) / 2
		j := int(pos)
		i, frac = fine+o*perOctave+j, pos-float64(j)
	}
	if i+1 >= len(x.table) {
		return x.table[len(x.table)-1]
	}
	return x.table[i] + frac*(x.table[i+1]-x.table[i])
}
