package serve

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// nimRow is one published measurement.
type nimRow struct {
	model               string
	in, out, concurrent int
	ttft, itl, tokens   float64 // ms, ms, tokens/s
}

func nimRows(t testing.TB) []nimRow {
	t.Helper()
	f, err := os.Open("testdata/nim_1_8_0.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []nimRow
	for _, rec := range records[1:] {
		var x nimRow
		x.model = rec[0]
		for i, p := range []*int{&x.in, &x.out, &x.concurrent} {
			if *p, err = strconv.Atoi(rec[1+i]); err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range []*float64{&x.ttft, &x.itl, &x.tokens} {
			if *p, err = strconv.ParseFloat(rec[4+i], 64); err != nil {
				t.Fatal(err)
			}
		}
		rows = append(rows, x)
	}
	if len(rows) != 79 {
		t.Fatalf("%d rows, want 79", len(rows))
	}
	return rows
}

// nimSetup is NIM 1.8.0 with one parameter set for both models, fitted to the
// 79 rows with rounds fixed; only the token budget differs between builds.
func nimSetup(model string) *setup {
	s := newSetup()
	sch := &s.engine.Scheduler
	sch.MaxSequences, sch.TokenBudget = 2048, 32768
	s.engine.Memory.Fraction = 0.794
	*s.profile() = catalog.Profile{
		ID: "nim-1.8.0", ComputeEff: 0.68, BandwidthEff: 0.84, StepOverhead: 1.7e-3, SequenceCost: 1e-6,
		AllReduceDelay: 26e-6, LinkEff: 0.7, RequestCost: 2.2e-3, TokenCost: 70e-6, FirstTokenDelay: 1.1e-3,
	}
	if model == "llama-3-3-70b" {
		m := &s.model
		m.ID, m.Name = model, "Llama 3.3 70B"
		m.Layers, m.Hidden, m.Heads, m.Intermediate = 80, 8192, 64, 28672
		m.Attention.Full = 80
		s.tp, sch.TokenBudget = 2, 1024
	}
	return s
}

// nimRounds is the length of the published runs, in requests per slot: a
// property of the benchmark that its pages do not state, inferred from how far
// saturated rows are from steady state.
func nimRounds(in int) float64 {
	if in >= 20000 {
		return 4
	}
	return 33
}

// errorsOf collects |model/measured − 1|.
type errorsOf []float64

func (e errorsOf) mean() float64 {
	sum := 0.0
	for _, v := range e {
		sum += v
	}
	return 100 * sum / float64(len(e))
}

func (e errorsOf) median() float64 {
	s := slices.Clone(e)
	slices.SortFunc(s, cmp.Compare[float64])
	return 50 * (s[(len(s)-1)/2] + s[len(s)/2])
}

// The published tables, in one parameter set. The ceilings are a point or so
// above what is reached: 8B TTFT 15.0 mean and 5.7 median, ITL 3.4 and 2.2,
// tokens/s 3.8 and 1.6; 70B 6.1 and 3.7, 2.1 and 2.0, 1.4 and 0.9 per cent.
// Two rows (8B 500/2000 from 200 on) contradict all others and carry 3.4
// points of the 8B mean.
func TestPublishedTables(t *testing.T) {
	var sim Sim
	type tally struct{ ttft, itl, tokens errorsOf }
	tallies := map[string]*tally{}
	costs := map[string]*step.Cost{}
	for _, r := range nimRows(t) {
		if costs[r.model] == nil {
			costs[r.model] = nimSetup(r.model).cost(t)
			tallies[r.model] = &tally{}
		}
		got := sim.Run(costs[r.model], Load{Input: r.in, Output: r.out, Concurrency: r.concurrent, Rounds: nimRounds(r.in)})
		e := tallies[r.model]
		e.ttft = append(e.ttft, math.Abs(got.TTFT.Mean*1e3/r.ttft-1))
		e.itl = append(e.itl, math.Abs(got.ITL.Mean*1e3/r.itl-1))
		e.tokens = append(e.tokens, math.Abs(got.OutputTokPerS/r.tokens-1))
		checkFinite(t, fmt.Sprint(r), got)
	}
	for model, ceiling := range map[string][6]float64{
		"llama-3-1-8b":  {16, 6.5, 4, 2.7, 4.5, 2.2},
		"llama-3-3-70b": {7, 4.6, 2.4, 2.3, 1.9, 1.4},
	} {
		e := tallies[model]
		got := [6]float64{e.ttft.mean(), e.ttft.median(), e.itl.mean(), e.itl.median(), e.tokens.mean(), e.tokens.median()}
		t.Logf("%s: TTFT %.1f / %.1f, ITL %.1f / %.1f, tokens/s %.1f / %.1f %% (mean / median)", model, got[0], got[1], got[2], got[3], got[4], got[5])
		for i, name := range []string{"mean TTFT", "median TTFT", "mean ITL", "median ITL", "mean tokens/s", "median tokens/s"} {
			if got[i] > ceiling[i] {
				t.Errorf("%s: %s error %.1f %%, ceiling %.1f", model, name, got[i], ceiling[i])
			}
		}
	}
}

// 200 requests of 20,000/2,000 tokens on one H100: measured 211.7 s to the
// first token, because requests wait for KV memory.
func TestWaitingForMemory(t *testing.T) {
	c := nimSetup("llama-3-1-8b").cost(t)
	l := Load{Input: 20000, Output: 2000, Concurrency: 200, Rounds: 4}
	if err := Fits(c, l); err != nil {
		t.Fatal(err)
	}
	var sim Sim
	r := sim.Run(c, l)
	if r.TTFT.Mean < 190 || r.TTFT.Mean > 235 {
		t.Errorf("TTFT %.1f s, measured 211.7", r.TTFT.Mean)
	}
	if r.Binding != LimitKV {
		t.Errorf("binding %s, want %s", r.Binding, LimitKV)
	}
	slots := float64(Slots(c, l))
	if r.Running > slots || r.Running < 0.9*slots {
		t.Errorf("%.1f requests run on the mean, %g fit", r.Running, slots)
	}
	if got := r.KVUsedBytes; got > c.KVCapacity() || got < 0.85*c.KVCapacity() {
		t.Errorf("%.1f GB of %.1f GB of KV memory used", got/1e9, c.KVCapacity()/1e9)
	}
	// Steady state is longer still: the run ends before its queue has settled.
	l.Rounds = 0
	if steady := sim.Run(c, l); steady.TTFT.Mean < r.TTFT.Mean {
		t.Errorf("steady state %.1f s, below the finite run's %.1f", steady.TTFT.Mean, r.TTFT.Mean)
	}
}
