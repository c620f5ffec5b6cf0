package negotiate

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// Scenario is a request shape that models are commonly compared with.
type Scenario struct {
	ID, Name      string
	Input, Output int // tokens
}

// Scenarios are the three shapes of the reference suite: summarization reads
// long and answers short, chat is balanced, reasoning answers long.
var Scenarios = []Scenario{
	{"summarize", "Summarization", 4000, 1000},
	{"chat", "Chat", 1000, 1000},
	{"reasoning", "Reasoning", 1000, 4000},
}

// ScenarioRow is one scenario: the fleet on the accelerator asked about, the
// cheapest accelerator for it, and one request alone.
type ScenarioRow struct {
	Scenario
	On   Brief
	Best Brief
	// One request alone on the layout of On.
	AloneTTFT, AloneITL, AloneE2E float64 // seconds, mean
	AloneTokPerS                  float64 // output tokens/s of that request, decoding only
}

// ScenarioStudy answers the scenarios for one model.
type ScenarioStudy struct {
	est    *fleet.Estimator
	reqs   []fleet.Requirement
	gpu    *catalog.GPU
	plan   *fleet.Planner
	at     int
	result []ScenarioRow
}

// NewScenarios asks about the model, demand and margin of r; reqs are r with
// each of Scenarios' shapes and targets, in order.
func NewScenarios(est *fleet.Estimator, reqs []fleet.Requirement, g *catalog.GPU) *ScenarioStudy {
	return &ScenarioStudy{est: est, reqs: reqs, gpu: g}
}

// Step answers one accelerator of one scenario.
func (s *ScenarioStudy) Step() (done bool) {
	if s.at >= len(s.reqs) || s.at >= len(Scenarios) {
		return true
	}
	r := s.reqs[s.at]
	if s.plan == nil {
		row := ScenarioRow{Scenario: Scenarios[s.at]}
		row.Input, row.Output = r.Workload.Input, r.Workload.Output
		o, x := s.est.On(r, s.gpu, true)
		row.On = brief(&r, s.gpu, o, x)
		if o != nil {
			for _, p := range s.est.LoadCurve(r, o) {
				if p.InFlight == 1 {
					row.alone(p.At)
				}
			}
		}
		s.result = append(s.result, row)
		s.plan = s.est.Plan(r)
		return false
	}
	full := s.plan.HeadlineDone() || s.plan.Step()
	if full || s.plan.HeadlineDone() {
		row := &s.result[len(s.result)-1]
		if a := s.plan.Answer(); len(a.Options) > 0 {
			row.Best = brief(&r, a.Options[0].GPU, &a.Options[0], nil)
		} else {
			row.Best = Brief{Text: "No accelerator serves it."}
		}
		s.plan = nil
		s.at++
	}
	return s.at == len(s.reqs)
}

func (row *ScenarioRow) alone(at serve.Result) {
	row.AloneTTFT, row.AloneITL, row.AloneE2E = at.TTFT.Mean, at.ITL.Mean, at.E2E.Mean
	if at.ITL.Mean > 0 {
		row.AloneTokPerS = 1 / at.ITL.Mean
	}
}

// Progress is the share of scenarios answered.
func (s *ScenarioStudy) Progress() float64 {
	if len(s.reqs) == 0 {
		return 1
	}
	done := float64(s.at)
	if s.plan != nil {
		done += 0.9 * s.plan.Progress()
	}
	return done / float64(len(s.reqs))
}

// Result is what is known so far.
func (s *ScenarioStudy) Result() []ScenarioRow { return append([]ScenarioRow(nil), s.result...) }
