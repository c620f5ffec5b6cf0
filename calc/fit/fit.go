package fit

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Budgets is the grid from which the token budget of an unknown build is
// chosen. It is a power of two in every engine; left continuous it settles
// between two of them and predicts unseen lengths three times worse.
var Budgets = []float64{1024, 2048, 4096, 8192, 16384, 32768, 65536}

// Problem is a fit to be made.
type Problem struct {
	Observations []Observation
	// Start is where the fit starts, which is also the prior.
	Start      Setting
	Parameters []Parameter // pooled ones and run lengths
	// Builds are the values of Observation.Build whose token budget is to be
	// chosen from the grid.
	Builds []string
	// TieAttention lets prefill attention reach the efficiency of GEMM,
	// whatever that comes to.
	TieAttention bool
	// Starts are further places to start from; the best after a short descent
	// is continued. The prior stays Start. See FrontEndStarts.
	Starts []Setting
	// Evaluations bounds the work; 0 = 20 + 30 per parameter. One is a
	// prediction of every observation.
	Evaluations int
	// Progress is called after each evaluation with the loss of it; false
	// ends the fit, which then returns the best setting so far. A page yields
	// inside it.
	Progress func(p Progress) bool
}

// Progress says how far a fit is.
type Progress struct {
	Evaluation, Of int
	Loss, Best     float64
}

// Estimate is what a fit says about one parameter.
type Estimate struct {
	Parameter
	Start, Value float64 // base units
	// StdErr is the standard error of Value, prior included, in base units; 0
	// for a value chosen from a grid.
	StdErr float64
	// Identified reports whether the rows say more about the parameter than
	// was assumed before: its error came out below 0.7 of the prior's spread.
	Identified bool
}

// Result is a fit.
type Result struct {
	Setting      Setting
	Estimates    []Estimate
	Loss         []float64 // best so far, by evaluation that improved it
	Evaluations  int
	Before       Score
	After        Score
	Stopped      bool
	Warnings     []string
	covariance   *symmetric // of the transformed parameters
	transformed  []float64
	parameters   []Parameter
	observations []Observation
	tied         bool
}

// Run fits. It fails with ErrNoObservations where no row is usable.
func Run(p Problem) (*Result, error) {
	obs := usable(p.Observations)
	if len(obs) == 0 {
		return nil, ErrNoObservations
	}
	total := p.Evaluations
	if total == 0 {
		total = 20 + 30*len(p.Parameters)
	}
	res := &Result{observations: obs, parameters: p.Parameters, tied: p.TieAttention}
	done, best := 0, math.Inf(1)
	pause := func(loss float64) bool {
		done++
		if loss < best {
			best = loss
			res.Loss = append(res.Loss, loss)
		}
		return p.Progress == nil || p.Progress(Progress{min(done, total), total, loss, best})
	}
	setting := p.Start.clone()
	res.Before = score(obs, &setting)

	stopped := false
	if len(p.Builds) > 0 {
		stopped = chooseBudgets(&p, obs, &setting, pause)
	}
	o := newObjective(obs, p.Start, p.Parameters, p.TieAttention)
	o.work, o.start = setting.clone(), setting.clone()
	best, res.Loss = math.Inf(1), nil // losses of parts of the rows do not compare
	o.pause, o.stopped = pause, stopped
	x := o.encode(&setting)
	if len(p.Starts) > 0 {
		x = o.bestStart(append([]Setting{setting}, p.Starts...))
	}
	_, _ = o.marquardt(x, 6)
	if !o.stopped {
		o.simplex(x, max(0, total-done-2*(len(x)+4)), 0.15)
	}
	var curve *symmetric
	if !o.stopped {
		_, curve = o.marquardt(x, 2)
	}
	res.Setting = o.setting(x).clone()
	if len(p.Builds) > 0 && !o.stopped && refineBudgets(&p, o, x, &res.Setting) {
		_, curve = o.marquardt(x, 3)
		res.Setting = o.setting(x).clone()
	}
	res.Stopped, res.Evaluations, res.transformed = o.stopped, done, x
	res.conclude(&p, curve, o)
	res.After = score(obs, &res.Setting)
	res.warn()
	return res, nil
}

// encode is the vector of a setting.
func (o *objective) encode(s *Setting) []float64 {
	x := make([]float64, len(o.params))
	for i := range o.params {
		x[i] = o.params[i].transform(o.params[i].Value(s))
	}
	return x
}

// bestStart descends a little from each setting and returns where the loss is
// lowest.
func (o *objective) bestStart(starts []Setting) []float64 {
	best, at := math.Inf(1), []float64(nil)
	for i := range starts {
		x := o.encode(&starts[i])
		loss, _ := o.marquardt(x, 2)
		if loss < best {
			best, at = loss, x
		}
		if o.stopped {
			break
		}
	}
	return at
}

// FrontEndStarts are starts that differ from s in the front end: a cost per
// request and one per token explain the same plateau, and a descent from one
// rarely finds the other.
func FrontEndStarts(s Setting) []Setting {
	var out []Setting
	for _, request := range []float64{0.3e-3, 2e-3} {
		for _, token := range []float64{20e-6, 70e-6} {
			c := s.clone()
			c.Profile.RequestCost, c.Profile.TokenCost = request, token
			out = append(out, c)
		}
	}
	return out
}

// usable picks the rows that can be fitted.
func usable(obs []Observation) []Observation {
	out := make([]Observation, 0, len(obs))
	for i := range obs {
		if obs[i].usable() {
			out = append(out, obs[i])
		}
	}
	return out
}

// chooseBudgets sets the token budget of each build to the one of the grid
// that fits its rows best after a short adjustment of the pooled parameters.
// It reports whether it was stopped.
func chooseBudgets(p *Problem, obs []Observation, s *Setting, pause func(float64) bool) bool {
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
		best, choice := math.Inf(1), 0.0
		for _, c := range Budgets {
			at := s.clone()
			at.Budget[build] = c
			o := newObjective(rows, at, p.Parameters, p.TieAttention)
			o.pause = pause
			x := o.encode(&at)
			loss, _ := o.marquardt(x, 1)
			if o.stopped {
				return true
			}
			if loss < best {
				best, choice = loss, c
			}
		}
		s.Budget[build] = choice
	}
	return false
}

// refineBudgets tries the neighbors of each chosen budget at the optimum and
// reports whether one is better.
func refineBudgets(p *Problem, o *objective, x []float64, s *Setting) bool {
	changed := false
	r := make([]float64, len(o.targets))
	base := o.residuals(x, r)
	for _, build := range p.Builds {
		at := slices.Index(Budgets, s.Budget[build])
		for _, i := range []int{at - 1, at + 1} {
			if at < 0 || i < 0 || i >= len(Budgets) {
				continue
			}
			keep := o.work.Budget[build]
			o.work.Budget[build] = Budgets[i]
			if l := o.residuals(x, r); l < base {
				base, changed = l, true
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

// conclude fills the estimates and the covariance.
func (res *Result) conclude(p *Problem, curve *symmetric, o *objective) {
	n := len(res.parameters)
	if curve != nil && n > 0 {
		if factor, ok := curve.factor(0); ok {
			res.covariance = factor.inverse()
		}
	}
	for i := range res.parameters {
		q := res.parameters[i]
		e := Estimate{Parameter: q, Start: q.Value(&p.Start), Value: q.Value(&res.Setting)}
		if res.covariance != nil {
			sd := math.Sqrt(res.covariance.at(i, i))
			e.StdErr = sd * e.Value / q.slope(e.Value)
			e.Identified = sd < 0.7*o.spread[i]
		}
		res.Estimates = append(res.Estimates, e)
	}
	builds := slices.Clone(p.Builds)
	sort.Strings(builds)
	for _, b := range builds {
		res.Estimates = append(res.Estimates, Estimate{
			Parameter: Parameter{
				Name: fmt.Sprintf("C [%s]", b), Text: "tokens per step, prompts and decodes together", Unit: "tokens", Scale: 1,
				Low: Budgets[0], High: Budgets[len(Budgets)-1],
			},
			Start: p.Start.Budget[b], Value: res.Setting.Budget[b], Identified: true,
		})
	}
}
