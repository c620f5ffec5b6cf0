package catalog

// Seen is what the measured rows behind a profile covered. Outside of it a
// prediction extrapolates. The zero value is "not known".
type Seen struct {
	InputMin, InputMax int // tokens of a prompt
	TotalMin, TotalMax int // tokens of a prompt and its answer
	TP                 int // largest tensor-parallel group
	MoE                bool
	FourBit            bool // 4-bit weights
	Unusual            bool // models with Attention.Unusual
}

// Known reports whether anything was seen.
func (s Seen) Known() bool { return s.InputMax > 0 }

// Add widens what was seen by one measured row.
func (s *Seen) Add(input, output, tp int, m *Model, w Weights) {
	total := input + output
	if !s.Known() {
		s.InputMin, s.InputMax, s.TotalMin, s.TotalMax = input, input, total, total
	}
	s.InputMin, s.InputMax = min(s.InputMin, input), max(s.InputMax, input)
	s.TotalMin, s.TotalMax = min(s.TotalMin, total), max(s.TotalMax, total)
	s.TP = max(s.TP, tp)
	s.MoE = s.MoE || m != nil && m.MoE != nil
	s.Unusual = s.Unusual || m != nil && m.Attention.Unusual() != ""
	s.FourBit = s.FourBit || w.Main() != "" && w.Main().Bits() == 4
}

// seenMargin is how far beyond the measured lengths a workload may lie before
// it counts as outside of them.
const seenMargin = 1.25

// Covers reports whether prompts and whole requests of these lengths lie
// inside what was measured, a quarter more or less. Short answers are inside:
// they take steps that longer ones take as well.
func (s Seen) Covers(input, output int) bool {
	return float64(input) >= float64(s.InputMin)/seenMargin && float64(input) <= float64(s.InputMax)*seenMargin &&
		float64(input+output) <= float64(s.TotalMax)*seenMargin
}

// seenRow is Seen in data files.
type seenRow struct {
	In   [2]int `json:"in"`
	Sum  [2]int `json:"sum"`
	TP   int    `json:"tp"`
	MoE  bool   `json:"moe,omitempty"`
	Four bool   `json:"four,omitempty"`
	Unus bool   `json:"unusual,omitempty"`
}

func (r seenRow) seen() Seen {
	return Seen{r.In[0], r.In[1], r.Sum[0], r.Sum[1], r.TP, r.MoE, r.Four, r.Unus}
}
