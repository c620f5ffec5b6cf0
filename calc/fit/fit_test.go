package fit

import (
	"math"
	"testing"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// truth is the setting the synthetic rows are made with.
func truth() Setting {
	s := StartFrom(&catalog.Profile{
		ComputeEff: 0.62, AttentionEff: 0.62, BandwidthEff: 0.78, KVReadEff: 1,
		StepOverhead: 2.2e-3, SequenceCost: 4e-6, AllReduceDelay: 18e-6, LinkEff: 0.7,
		RequestCost: 1.5e-3, TokenCost: 40e-6, FirstTokenDelay: 3e-3,
	})
	s.MemoryShare = 0.8
	s.Budget["8b"], s.Budget["70b"] = 32768, 2048
	s.Rounds["run"] = 12
	return s
}

// synthetic makes rows of two builds over a grid of shapes and loads.
func synthetic(t testing.TB, s Setting) []Observation {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	nim, _ := c.Engine("nim")
	gpu, _ := c.GPU("h100-sxm-80gb")
	var out []Observation
	for _, b := range []struct {
		build, model string
		tp           int
	}{{"8b", "llama-3-1-8b", 1}, {"70b", "llama-3-3-70b", 2}} {
		m, ok := c.Model(b.model)
		if !ok {
			t.Fatal(b.model)
		}
		for _, shape := range [][2]int{{200, 200}, {1000, 500}, {5000, 250}} {
			for _, n := range []int{1, 10, 50, 150} {
				sch := nim.Scheduler
				out = append(out, Observation{
					Replica: step.Replica{Model: m, GPU: gpu, Engine: nim, TP: b.tp, PP: 1, Weights: m.Resolve(catalog.FP8), KV: catalog.FP8, Scheduler: &sch},
					Load:    serve.Load{Input: shape[0], Output: shape[1], Concurrency: n},
					Build:   b.build, Run: "run", Group: b.build,
					Shape: string(rune('a' + len(out)/4%3)),
				})
			}
		}
	}
	var p predictor
	p.use(&s)
	for i := range out {
		v, ok := p.predict(&out[i])
		if !ok {
			t.Fatalf("row %d does not fit", i)
		}
		out[i].TTFT, out[i].ITL, out[i].OutputTokPerS = v.TTFT, v.ITL, v.OutputTokPerS
	}
	return out
}

// start is away from the truth by up to a factor of two.
func start() Setting {
	s := truth()
	p := &s.Profile
	p.ComputeEff, p.AttentionEff, p.BandwidthEff = 0.5, 0.5, 0.85
	p.StepOverhead, p.RequestCost, p.TokenCost = 1.2e-3, 1e-3, 50e-6
	p.AllReduceDelay = 12e-6
	s.MemoryShare = 0.84
	s.Budget["8b"], s.Budget["70b"] = 8192, 8192
	return s
}

func problem(obs []Observation) Problem {
	return Problem{
		Observations: obs, Start: start(),
		Parameters:   append(Named("ec", "ed", "t0", "α", "d_req", "cf", "f"), Rounds("run")),
		Builds:       []string{"8b", "70b"},
		TieAttention: true,
	}
}

func TestRunRecoversKnownParameters(t *testing.T) {
	obs := synthetic(t, truth())
	r, err := Run(problem(obs))
	if err != nil {
		t.Fatal(err)
	}
	want := truth()
	for b, c := range want.Budget {
		if r.Setting.Budget[b] != c {
			t.Errorf("token budget of %s = %v, want %v", b, r.Setting.Budget[b], c)
		}
	}
	for _, e := range r.Estimates {
		if e.Parameter.Unit == "tokens" {
			continue
		}
		// 25 % of each, or three standard errors: the prior pulls towards the start.
		w := e.Parameter.Value(&want)
		if d := math.Abs(e.Value - w); d > max(0.25*w, 3*e.StdErr) {
			t.Errorf("%s = %.4g ± %.2g, want %.4g", e.Name, e.Value*e.Scale, e.StdErr*e.Scale, w*e.Scale)
		}
	}
	if r.After.TTFT.MAPE > 0.03 || r.After.ITL.MAPE > 0.02 {
		t.Errorf("errors after the fit: TTFT %.3f, ITL %.3f, want at most 0.03 and 0.02", r.After.TTFT.MAPE, r.After.ITL.MAPE)
	}
	if r.Before.TTFT.MAPE < 2*r.After.TTFT.MAPE {
		t.Errorf("TTFT error %.3f before, %.3f after: the start is no test", r.Before.TTFT.MAPE, r.After.TTFT.MAPE)
	}
	for i := 1; i < len(r.Loss); i++ {
		if r.Loss[i] >= r.Loss[i-1] {
			t.Fatalf("loss history does not fall: %v", r.Loss)
		}
	}
}

func TestRunIsDeterministic(t *testing.T) {
	obs := synthetic(t, truth())
	p := problem(obs)
	p.Evaluations = 60
	p.Builds = nil
	a, _ := Run(p)
	b, _ := Run(p)
	for i := range a.Estimates {
		if a.Estimates[i].Value != b.Estimates[i].Value || a.Estimates[i].StdErr != b.Estimates[i].StdErr {
			t.Errorf("%s: %v then %v", a.Estimates[i].Name, a.Estimates[i].Value, b.Estimates[i].Value)
		}
	}
}

// One row that is wrong by a factor of five must not move the parameters by
// more than the others allow.
func TestStrayRowDoesNotBend(t *testing.T) {
	if testing.Short() {
		t.Skip("two whole fits")
	}
	obs := synthetic(t, truth())
	p := problem(obs)
	p.Start, p.Builds = truth(), nil
	clean, err := Run(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Observations = append([]Observation(nil), obs...)
	p.Observations[2].TTFT *= 5
	p.Observations[2].ITL *= 2
	bent, err := Run(p)
	if err != nil {
		t.Fatal(err)
	}
	for i := range clean.Estimates {
		a, b := clean.Estimates[i], bent.Estimates[i]
		if r := b.Value / a.Value; r < 0.8 || r > 1.25 {
			t.Errorf("%s: %.4g, with a stray row %.4g", a.Name, a.Value*a.Scale, b.Value*b.Scale)
		}
	}
}

// Rows of one GPU say nothing about all-reduces, and the fit has to say so
// and leave the value alone.
func TestUnidentified(t *testing.T) {
	obs := synthetic(t, truth())[:12] // TP 1
	p := problem(obs)
	p.Builds, p.Evaluations = nil, 80
	r, err := Run(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Estimates {
		if e.Name == "α" && (e.Identified || math.Abs(e.Value/e.Start-1) > 0.01) {
			t.Errorf("α = %v from %v, identified %v; want it unchanged and not identified", e.Value, e.Start, e.Identified)
		}
		if e.Name == "f" && e.Identified {
			t.Error("f is identified though no row waits for memory")
		}
		if e.Name == "ec" && !e.Identified {
			t.Error("ec is not identified")
		}
	}
}

func TestFewRowsAgainstPrior(t *testing.T) {
	obs := synthetic(t, truth())
	p := problem(obs)
	p.Builds = nil
	p.Start.Budget = truth().Budget
	mine := []Observation{obs[1], obs[6], obs[14], obs[23]}
	p.Observations = mine
	r, err := Run(p)
	if err != nil {
		t.Fatal(err)
	}
	before, after := score(obs, &p.Start), score(obs, &r.Setting)
	if after.TTFT.MAPE > 0.6*before.TTFT.MAPE || after.ITL.MAPE > 0.6*before.ITL.MAPE {
		t.Errorf("four rows bring all rows from TTFT %.3f, ITL %.3f to %.3f, %.3f; want at most 0.6 of it",
			before.TTFT.MAPE, before.ITL.MAPE, after.TTFT.MAPE, after.ITL.MAPE)
	}
}

func TestStop(t *testing.T) {
	p := problem(synthetic(t, truth()))
	n := 0
	p.Progress = func(q Progress) bool {
		n++
		if q.Evaluation > q.Of || q.Best > q.Loss {
			t.Errorf("progress %+v", q)
		}
		return n < 25
	}
	r, err := Run(p)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Stopped || n > 60 {
		t.Errorf("stopped = %v after %d calls, want a stop at 25", r.Stopped, n)
	}
	if math.IsNaN(r.After.TTFT.MAPE) || r.After.TTFT.N == 0 {
		t.Errorf("a stopped fit has no result: %+v", r.After.TTFT)
	}
}

func TestNothingToFit(t *testing.T) {
	if _, err := Run(Problem{Start: truth()}); err != ErrNoObservations {
		t.Errorf("Run of nothing = %v, want ErrNoObservations", err)
	}
	if _, err := CrossValidate(Problem{Observations: synthetic(t, truth())[:3], Start: truth()}, ByGroup); err != ErrNoObservations {
		t.Errorf("cross-validation of one group = %v, want ErrNoObservations", err)
	}
}

func TestTransformInverse(t *testing.T) {
	for _, p := range append(Named("ec", "t0", "γ", "f"), Rounds("x")) {
		for i := 1; i < 20; i++ {
			v := p.Low + (p.High-p.Low)*float64(i)/20
			if got := p.value(p.transform(v)); math.Abs(got/v-1) > 1e-9 {
				t.Errorf("%s: value(transform(%v)) = %v", p.Name, v, got)
			}
			h := 1e-6
			slope := (p.transform(v*(1+h)) - p.transform(v*(1-h))) / (2 * h)
			if got := p.slope(v); math.Abs(got/slope-1) > 1e-4 {
				t.Errorf("%s: slope(%v) = %v, want %v", p.Name, v, got, slope)
			}
		}
		for _, x := range []float64{-1e3, 1e3} {
			if v := p.value(x); v < p.Low || v > p.High {
				t.Errorf("%s: value(%v) = %v, outside [%v, %v]", p.Name, x, v, p.Low, p.High)
			}
		}
	}
}

func TestCrossValidateLeavesOut(t *testing.T) {
	obs := synthetic(t, truth())
	p := problem(obs)
	p.Builds, p.Evaluations = nil, 60
	p.Start.Budget = truth().Budget
	h, err := CrossValidate(p, ByShape)
	if err != nil {
		t.Fatal(err)
	}
	if h.Folds != 3 || h.Score.TTFT.N != len(obs) {
		t.Errorf("%d folds, %d rows; want 3 and %d", h.Folds, h.Score.TTFT.N, len(obs))
	}
	if n := len(h.Residuals.TTFT) + len(h.Residuals.TTFTSaturated); n != len(obs) {
		t.Errorf("%d TTFT residuals, want %d", n, len(obs))
	}
}

func TestErrorsOf(t *testing.T) {
	e := errorsOf([]pair{{110, 100}, {80, 100}, {150, 100}})
	if e.N != 3 || math.Abs(e.MAPE-0.8/3) > 1e-12 || math.Abs(e.Median-0.2) > 1e-12 || math.Abs(e.Bias-0.1) > 1e-12 {
		t.Errorf("errors = %+v", e)
	}
	if want := math.Sqrt((100.0 + 400 + 2500) / 3); math.Abs(e.RMSE-want) > 1e-9 || math.Abs(e.Within20-2.0/3) > 1e-9 {
		t.Errorf("RMSE %v, within %v", e.RMSE, e.Within20)
	}
}

// The half-width of a band is where 80 % of the residuals lie.
func TestHalfWidth(t *testing.T) {
	var list []float64
	for i := 1; i <= 99; i++ {
		list = append(list, float64(i)/100*float64(1-2*(i%2)))
	}
	if got := halfWidth(list); math.Abs(got-0.80) > 0.011 {
		t.Errorf("half-width = %v, want 0.80", got)
	}
	if got := covered(list, 0.8); math.Abs(got-0.8) > 0.02 {
		t.Errorf("covered = %v, want 0.8", got)
	}
	if got := halfWidth(list[:7]); got != 0 {
		t.Errorf("half-width of seven rows = %v, want 0", got)
	}
}

// covered is the share of residuals inside a half-width.
func covered(list []float64, half float64) float64 {
	if len(list) == 0 {
		return 0
	}
	n := 0
	for _, v := range list {
		if math.Abs(v) <= half {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

func BenchmarkFit40(b *testing.B) {
	obs := synthetic(b, truth())
	obs = append(obs, obs[:16]...)
	for b.Loop() {
		if _, err := Run(problem(obs)); err != nil {
			b.Fatal(err)
		}
	}
}
