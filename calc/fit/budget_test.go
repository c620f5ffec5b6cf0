package fit

import (
	"math"
	"testing"
)

// Rows of one request at a time say nothing about the budget of a step: what
// other builds of the engine have decides, and without them the grid's first.
func TestKnownBudgetsDecideTies(t *testing.T) {
	var alone []Observation
	for _, o := range synthetic(t, truth()) {
		if o.Load.Concurrency == 1 && o.Load.Input <= 1000 {
			alone = append(alone, o)
		}
	}
	for _, c := range []struct {
		known map[float64]int
		want  float64
	}{
		{nil, 1024},
		{map[float64]int{4096: 1}, 4096},
		{map[float64]int{4096: 1, 16384: 3}, 16384},
		{map[float64]int{500: 9}, 1024}, // not in the grid
	} {
		for _, thorough := range []bool{false, true} {
			p := problem(alone)
			p.Start = truth()
			p.Known, p.Thorough, p.Evaluations = c.known, thorough, 20
			p.Parameters, p.Builds = Named("ec"), []string{"8b"}
			r, err := Run(p)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Setting.Budget["8b"]; got != c.want {
				t.Errorf("known %v, thorough %v: budget %v, want %v", c.known, thorough, got, c.want)
			}
		}
	}
	// Rows that do tell outvote a few builds.
	p := problem(synthetic(t, truth()))
	p.Start, p.Known, p.Evaluations = truth(), map[float64]int{1024: 2, 8192: 3}, 60
	r, err := Run(p)
	if err != nil {
		t.Fatal(err)
	}
	for b, want := range truth().Budget {
		if got := r.Setting.Budget[b]; got != want {
			t.Errorf("budget of %s = %v, want %v", b, got, want)
		}
	}
}

// A thorough fit ends no higher than a plain one, with a history that falls.
func TestThorough(t *testing.T) {
	if testing.Short() {
		t.Skip("several whole fits")
	}
	plain := problem(synthetic(t, truth()))
	plain.Evaluations = 80
	a, err := Run(plain)
	if err != nil {
		t.Fatal(err)
	}
	more := plain
	more.Thorough = true
	b, err := Run(more)
	if err != nil {
		t.Fatal(err)
	}
	last := func(l []float64) float64 { return l[len(l)-1] }
	if last(b.Loss) > last(a.Loss) || b.Evaluations <= a.Evaluations {
		t.Errorf("loss %v after %d evaluations, plain %v after %d", last(b.Loss), b.Evaluations, last(a.Loss), a.Evaluations)
	}
	for i := 1; i < len(b.Loss); i++ {
		if b.Loss[i] >= b.Loss[i-1] {
			t.Fatalf("loss history does not fall: %v", b.Loss)
		}
	}
	for name, want := range truth().Budget {
		if got := b.Setting.Budget[name]; got != want {
			t.Errorf("budget of %s = %v, want %v", name, got, want)
		}
	}
	// Stopped while the second choice is tried, it returns the first.
	n := 0
	more.Progress = func(Progress) bool { n++; return n < b.Evaluations-20 }
	c, err := Run(more)
	if err != nil || !c.Stopped || c.Evaluations > b.Evaluations-20 || c.After.TTFT.N == 0 {
		t.Errorf("stopped = %v after %d of %d evaluations, %d rows, %v", c.Stopped, c.Evaluations, b.Evaluations, c.After.TTFT.N, err)
	}
}

// Polling finds a value that is a sixth off and leaves the others' loss alone.
func TestPoll(t *testing.T) {
	obs := synthetic(t, truth())[:12]
	o := newObjective(obs, truth(), Named("ec", "ed", "cf"), true)
	s := truth()
	s.Profile.BandwidthEff *= 0.88
	x, r := o.encode(&s), make([]float64, len(o.targets))
	before := o.residuals(x, r)
	o.poll(x)
	after := o.residuals(x, r)
	if got, want := o.setting(x).Profile.BandwidthEff, truth().Profile.BandwidthEff; math.Abs(got/want-1) > 0.03 || after > before/10 {
		t.Errorf("ed = %v, loss %v from %v; want %v", got, after, before, want)
	}
}
