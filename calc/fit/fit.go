package fit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
)

// Problem is a fit to be made.
type Problem struct {
	Observations []Observation
	// Start is where the fit starts, which is also the prior.
	Start      Setting
	Parameters []Parameter // pooled ones and run lengths
	// Builds are the values of Observation.Build whose token budget is to be
	// chosen from the grid.
	Builds []string
	// Known says how many other builds of the engine are known to have a
	// budget, which decides between budgets the rows cannot tell apart.
	Known map[float64]int
	// Thorough compares budgets by a full descent with each and searches around
	// every descent: near a cliff of the simulation two descents at one budget
	// differ more than two budgets do. It takes about ten times as long and is
	// for calibrations that nobody waits for.
	Thorough bool
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
	done, best, history := 0, math.Inf(1), []float64(nil)
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
	choices := []map[string]float64{nil}
	if len(p.Builds) > 0 {
		choices, stopped = chooseBudgets(&p, obs, &setting, pause)
	}
	var o *objective
	var x []float64
	var curve *symmetric
	least := math.Inf(1)
	for _, budgets := range choices {
		at := setting.clone()
		maps.Copy(at.Budget, budgets)
		best, res.Loss = math.Inf(1), nil // losses of other rows or budgets do not compare
		try := newObjective(obs, p.Start, p.Parameters, p.TieAttention)
		try.work, try.start = at.clone(), at.clone()
		try.pause, try.stopped = pause, stopped
		end, loss, c := try.settle(&p, &at, func() int {
			if p.Thorough {
				return total // each time
			}
			return total - done
		})
		if loss += p.rareness(&at); o == nil || loss < least {
			least, o, x, curve, history = loss, try, end, c, res.Loss
		}
		if stopped = try.stopped; stopped {
			break
		}
	}
	res.Loss = history
	res.Setting = o.setting(x).clone()
	if len(p.Builds) > 0 && !o.stopped && !p.Thorough && refineBudgets(&p, o, x, &res.Setting) {
		_, curve = o.marquardt(x, 3)
		res.Setting = o.setting(x).clone()
	}
	res.Stopped, res.Evaluations, res.transformed = stopped || o.stopped, done, x
	res.conclude(&p, curve, o)
	res.After = score(obs, &res.Setting)
	res.warn()
	return res, nil
}

// settle goes down from a setting with the evaluations that are left, or, for
// a thorough fit, until going on gains less than 0.2 %. It returns where it
// ends with the loss and the curvature there.
func (o *objective) settle(p *Problem, from *Setting, left func() int) (x []float64, loss float64, curve *symmetric) {
	x = o.encode(from)
	if len(p.Starts) > 0 {
		x = o.bestStart(append([]Setting{*from}, p.Starts...))
	}
	loss, curve = o.marquardt(x, 6)
	for cycle := 0; !o.stopped; cycle++ {
		if !p.Thorough {
			loss = o.simplex(x, max(0, left()-2*(len(x)+4)), 0.15)
			break
		}
		o.poll(x)
		before := loss
		if loss = o.simplex(x, left(), 0.15); before-loss < 2e-3*before || cycle == 5 {
			break
		}
	}
	if !o.stopped {
		loss, curve = o.marquardt(x, 2)
	}
	return x, loss, curve
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
