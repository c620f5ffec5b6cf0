package score

import (
	"fmt"
	"slices"

	"fleetsize/calc/fit"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

// contradictions are the findings that keep a row out of a fit: they contradict
// physics or themselves, so that no setting of the model can explain them.
var contradictions = []measured.Code{
	measured.CodeFloor, measured.CodeTTFTFloor, measured.CodeUnits, measured.CodeLittle, measured.CodeDisagree,
}

// ReasonContradiction is why a fit, but not a validation, leaves out a row.
const ReasonContradiction Reason = "contradicts physics or itself"

// Observed is a row as a fit takes it.
type Observed struct {
	fit.Observation
	Case Case
}

// Observations are the rows as a fit takes them, with the reasons for those it
// cannot take. Throughput alone is not fitted.
func (x *Resolver) Observations(rows []measured.Row, findings []measured.Problem) (obs []Observed, dropped []Skipped) {
	bad := map[int]bool{}
	for _, f := range findings {
		if slices.Contains(contradictions, f.Code) {
			bad[f.Line] = true
		}
	}
	count := map[Reason]int{}
	for i := range rows {
		o, why := x.observation(&rows[i])
		if why == "" && bad[rows[i].Line] {
			why = ReasonContradiction
		}
		if why != "" {
			count[why]++
			continue
		}
		obs = append(obs, o)
	}
	for _, why := range append(slices.Clone(reasons[:]), ReasonContradiction) {
		if n := count[why]; n > 0 {
			dropped = append(dropped, Skipped{why, n})
		}
	}
	return obs, dropped
}

// observation is one row as a fit takes it.
func (x *Resolver) observation(row *measured.Row) (Observed, Reason) {
	c, why, _ := x.Case(row)
	if why != "" {
		return Observed{}, why
	}
	// Other statistics than the mean, one token and offline runs say nothing
	// that a fit uses.
	if c.Kind == Offline || row.Statistic != measured.Mean || row.Output < 2 || !row.TTFT.OK && !row.ITL.OK {
		return Observed{}, ReasonMetric
	}
	o := fit.Observation{
		Replica: c.Replica, Load: c.Load, Static: c.Kind == Static,
		TTFT: row.TTFT.Or(0), ITL: row.ITL.Or(0), OutputTokPerS: row.OutputTokPerS.Or(0) / float64(c.Copies),
		Group: row.Group, Shape: fmt.Sprintf("%d/%d", row.Input, row.Output),
		Name: fmt.Sprintf("line %d", row.Line),
	}
	if o.Static {
		o.OutputTokPerS = 0 // stated of the decode steps only
	}
	r := &c.Replica
	if c.Kind != Static {
		o.Build = buildName(r.Engine, c.Version, r.Model.ID, r.TP)
		if !row.Rounds.OK && !c.Protocol.Documented && c.Load.Rounds > 0 {
			o.Run = fmt.Sprintf("%s %g", c.Protocol.ID, c.Load.Rounds)
		}
	}
	return Observed{o, c}, ""
}

// buildName is what fits call a build.
func buildName(e *catalog.Engine, version, model string, tp int) string {
	return fmt.Sprintf("%s %s %s tp%d", e.ID, version, model, tp)
}

// KnownBudgets says how many builds of an engine are described with each token
// budget, except the named ones.
func KnownBudgets(e *catalog.Engine, except []string) map[float64]int {
	out := map[float64]int{}
	for i := range e.Builds {
		b := &e.Builds[i]
		if b.TokenBudget > 0 && !slices.Contains(except, buildName(e, b.Version, b.Model, b.TP)) {
			out[float64(b.TokenBudget)]++
		}
	}
	return out
}

// described reports whether the catalog knows the token budget of the row's
// build.
func (o *Observed) described() bool {
	r := &o.Case.Replica
	b := r.Engine.Build(o.Case.Version, r.Model.ID, r.TP)
	return b != nil && b.TokenBudget > 0
}
