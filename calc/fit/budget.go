package fit

import (
	"maps"
	"math"
	"slices"
)

// Budgets is the grid from which the token budget of an unknown build is
// chosen. It is a power of two in every engine; left continuous it settles
// between two of them and predicts unseen lengths three times worse.
var Budgets = []float64{1024, 2048, 4096, 8192, 16384, 32768, 65536}

// contender is how much more a budget may lose than the best one after a short
// descent, to be tried with a full one.
const contender = 1.2

// rarity is what the choice of a budget adds to the loss, in the same unit:
// −ln of its odds, one for each value of the grid and one more for each build
// of the engine that is known to have it (Laplace's rule).
func (p *Problem) rarity(budget float64) float64 { return -math.Log(1 + float64(p.Known[budget])) }

// rareness is that of all budgets of a setting that are chosen.
func (p *Problem) rareness(s *Setting) float64 {
	sum := 0.0
	for _, b := range p.Builds {
		sum += p.rarity(s.Budget[b])
	}
	return sum
}

// chooseBudgets finds for each build the budgets of the grid that fit its own
// rows best after a short adjustment of the pooled parameters: the best one,
// or, for a thorough fit, all that come near. It returns their combinations,
// and whether it was stopped.
func chooseBudgets(p *Problem, obs []Observation, s *Setting, pause func(float64) bool) ([]map[string]float64, bool) {
	choices := []map[string]float64{{}}
	for _, build := range p.Builds {
		var rows []Observation
		for i := range obs {
			if obs[i].Build == build {
				rows = append(rows, obs[i])
			}
		}
		if len(rows) == 0 {
			continue
		}
		rows = thin(rows, 24)
		losses := make([]float64, len(Budgets))
		for i, c := range Budgets {
			at := s.clone()
			at.Budget[build] = c
			o := newObjective(rows, at, p.Parameters, p.TieAttention)
			o.pause = pause
			losses[i], _ = o.marquardt(o.encode(&at), 1)
			if losses[i] += p.rarity(c); o.stopped {
				return choices, true
			}
		}
		least := slices.Min(losses)
		var next []map[string]float64
		for _, choice := range choices {
			for i, c := range Budgets {
				if losses[i] == least || p.Thorough && losses[i] <= contender*least {
					more := maps.Clone(choice)
					more[build] = c
					next = append(next, more)
					if !p.Thorough {
						break
					}
				}
			}
		}
		choices = next
	}
	return choices, false
}

// refineBudgets tries the neighbors of each chosen budget at the optimum and
// reports whether one is better.
func refineBudgets(p *Problem, o *objective, x []float64, s *Setting) bool {
	changed := false
	r := make([]float64, len(o.targets))
	base := o.residuals(x, r)
	for _, build := range p.Builds {
		at := slices.Index(Budgets, s.Budget[build])
		if at < 0 {
			continue
		}
		known := p.rarity(Budgets[at])
		for _, i := range []int{at - 1, at + 1} {
			if i < 0 || i >= len(Budgets) {
				continue
			}
			keep := o.work.Budget[build]
			o.work.Budget[build] = Budgets[i]
			if l, rare := o.residuals(x, r), p.rarity(Budgets[i]); l+rare < base+known {
				base, known, changed = l, rare, true
				s.Budget[build] = Budgets[i]
				continue
			}
			o.work.Budget[build] = keep
		}
	}
	return changed
}

// thin keeps at most n rows, evenly spread.
func thin(rows []Observation, n int) []Observation {
	if len(rows) <= n {
		return rows
	}
	out := make([]Observation, 0, n)
	for i := range n {
		out = append(out, rows[i*len(rows)/n])
	}
	return out
}
