package score

import (
	"math"
	"testing"

	"fleetsize/calc/fit"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/step"
)

// The tables that ship are scored with the profiles that ship. The errors are
// ceilings: they may fall with a better model or profile, and rise only with a
// reason stated here.
func TestShippedTables(t *testing.T) {
	_, x := resolver(t)
	for _, c := range []struct {
		id                                string
		ttft, ttftMedian, itl, throughput float64 // per cent
	}{
		{"nim-8b", 17, 9, 4.6, 5},
		{"nim-70b", 9, 6.5, 2.5, 2.5},
	} {
		r := Summarize(scoreExample(t, x, c.id))
		if r.Scored != r.Read || len(r.Skipped) > 0 {
			t.Errorf("%s: %d of %d rows scored, %v", c.id, r.Scored, r.Read, r.Skipped)
		}
		for _, f := range []struct {
			name      string
			got, most float64
		}{
			{"TTFT", r.TTFT.MAPE, c.ttft}, {"TTFT median", r.TTFT.Median, c.ttftMedian},
			{"ITL", r.ITL.MAPE, c.itl}, {"throughput", r.OutputTokPerS.MAPE, c.throughput},
		} {
			if !(100*f.got <= f.most) {
				t.Errorf("%s: %s error %.1f %%, at most %.1f %%", c.id, f.name, 100*f.got, f.most)
			}
		}
		if !r.TTFTCoverage.OK || r.TTFTCoverage.Value < 0.7 || r.ITLCoverage.Value < 0.7 {
			t.Errorf("%s: %v of TTFT and %v of ITL inside the 10–90 %% range, want 0.7 or more", c.id, r.TTFTCoverage, r.ITLCoverage)
		}
	}
}

func scoreExample(t testing.TB, x *Resolver, id string) []Scored {
	t.Helper()
	for _, e := range measured.Examples() {
		if e.ID != id {
			continue
		}
		table, err := e.Table()
		if err != nil {
			t.Fatal(err)
		}
		var r Runner
		out := make([]Scored, len(table.Rows))
		for i := range table.Rows {
			out[i] = r.Row(x, &table.Rows[i])
		}
		return out
	}
	t.Fatalf("no example %q", id)
	return nil
}

// A runner keeps buffers and costs between rows: the order must not matter.
func TestRowsAreIndependent(t *testing.T) {
	_, x := resolver(t)
	all := scoreExample(t, x, "nim-8b")
	for _, i := range []int{len(all) - 1, 3, 17} {
		var fresh Runner
		if got := fresh.Row(x, all[i].Row); got.TTFT != all[i].TTFT || got.ITL != all[i].ITL || got.OutputTokPerS != all[i].OutputTokPerS {
			t.Errorf("row %d alone: %v %v, among others: %v %v", i, got.TTFT, got.ITL, all[i].TTFT, all[i].ITL)
		}
	}
}

// A static batch is one prefill step and decode steps at the mean context; the
// front end of the profile does not count.
func TestStaticBatch(t *testing.T) {
	_, x := resolver(t)
	c, why, _ := x.Case(rowOf(t, heading, "llama-2-7b,h100-sxm,1,1,1,trtllm-static,0,fp16,512,128,16,,1,100,10,,,,"))
	if why != "" {
		t.Fatal(why)
	}
	var r Runner
	p, err := r.Run(&c)
	if err != nil {
		t.Fatal(err)
	}
	cost, err := r.cost(&c)
	if err != nil {
		t.Fatal(err)
	}
	q := cost.Profile()
	if q.RequestCost != 0 || q.TokenCost != 0 {
		t.Errorf("front end of %v and %v s, want none", q.RequestCost, q.TokenCost)
	}
	ttft := cost.Seconds(step.Batch{PrefillTokens: 16 * 512, PrefillFLOP: 16 * cost.PrefillAttention(0, 512)}) + q.FirstTokenDelay
	itl := cost.Seconds(step.Batch{Decoding: 16, Context: 16 * (512 + 64)})
	if p.TTFT.Mean != ttft || p.ITL.Mean != itl || math.Abs(p.OutputTokPerS/(16*128/(127*itl))-1) > 1e-12 {
		t.Errorf("TTFT %v, ITL %v, %v tokens/s; want %v, %v, %v", p.TTFT.Mean, p.ITL.Mean, p.OutputTokPerS, ttft, itl, 16*128/(127*itl))
	}
}

// Two replicas with half the load each answer like one, twice as fast.
func TestCopies(t *testing.T) {
	_, x := resolver(t)
	var r Runner
	one := r.Row(x, rowOf(t, heading, "llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,5,100,10,500,,,"))
	two := r.Row(x, rowOf(t, heading, "llama-3-1-8b,h100-sxm,2,1,1,vllm,,fp8,1000,100,16,,5,100,10,500,,,"))
	if one.TTFT.Model != two.TTFT.Model || one.ITL.Model != two.ITL.Model || two.OutputTokPerS.Model.Value != 2*one.OutputTokPerS.Model.Value {
		t.Errorf("one %v %v %v, two %v %v %v", one.TTFT.Model, one.ITL.Model, one.OutputTokPerS.Model, two.TTFT.Model, two.ITL.Model, two.OutputTokPerS.Model)
	}
}

// The row's statistic picks the figure that is compared; offline runs have
// throughput only.
func TestStatistic(t *testing.T) {
	_, x := resolver(t)
	var r Runner
	const row = "llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,100,64,,5,100,10,500,"
	mean, p95 := r.Row(x, rowOf(t, heading, row+"mean,,")), r.Row(x, rowOf(t, heading, row+"p95,,"))
	if q := mean.Prediction.TTFT; mean.TTFT.Model.Value != q.Mean || p95.TTFT.Model.Value != q.P95 || q.P95 <= q.Mean {
		t.Errorf("mean %v, p95 %v of %+v", mean.TTFT.Model, p95.TTFT.Model, q)
	}
	offline := r.Row(x, rowOf(t, heading, "llama-3-1-8b,h100-sxm,1,1,1,trtllm-offline,,fp8,1000,100,,inf,,100,10,9000,,,"))
	if offline.Reason != "" || offline.TTFT.Model.OK || offline.ITL.Model.OK || !offline.OutputTokPerS.Both() {
		t.Errorf("offline: %v %v %v %v", offline.Reason, offline.TTFT, offline.ITL, offline.OutputTokPerS)
	}
}

// What is measured and what is predicted must not be mixed up in a fit: the
// observations carry the row's figures and the case's load.
func TestObservations(t *testing.T) {
	_, x := resolver(t)
	table, _, err := measured.ParseCSV([]byte(heading + "\n" +
		"llama-3-1-8b,H100_80G,1,1,1,nim,1.8.0,fp8,5000,500,25,,,1500,10,1900,,,\n" + // kept
		"llama-3-1-8b,H100_80G,1,1,1,nim,1.8.0,fp8,5000,500,25,,,1500,0.001,,,,\n" + // seconds for ms
		"llama-3-1-8b,H100_80G,1,1,1,nim,1.8.0,fp8,5000,500,25,,,1500,10,,p95,,\n" + // no mean
		"llama-3-1-8b,H100_80G,1,1,1,nim,1.8.0,fp8,5000,500,25,,,,,100,,,\n" + // throughput only
		"llama-9,H100_80G,1,1,1,nim,1.8.0,fp8,5000,500,25,,,1500,10,,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	obs, dropped := x.Observations(table.Rows, x.Check(table.Rows))
	if len(obs) != 1 || len(dropped) != 3 || dropped[0] != (Skipped{ReasonModel, 1}) || dropped[1] != (Skipped{ReasonMetric, 2}) || dropped[2] != (Skipped{ReasonContradiction, 1}) {
		t.Fatalf("%d observations, dropped %v", len(obs), dropped)
	}
	o := obs[0]
	if o.TTFT != 1.5 || o.ITL != 0.01 || o.OutputTokPerS != 1900 || o.Load.Concurrency != 25 || o.Shape != "5000/500" ||
		o.Build != "nim 1.8.0 llama-3-1-8b tp1" || o.Run != "nim 35" || !o.described() {
		t.Errorf("observation = %+v", o.Observation)
	}
}

// A fit of a shipped table improves on the profile it starts from, names what
// the rows cannot tell, and gives a calibration that scores like the fit.
func TestFitTable(t *testing.T) {
	cat, x := resolver(t)
	var table measured.Table
	all, err := measured.Examples()[0].Table()
	if err != nil {
		t.Fatal(err)
	}
	for i := range all.Rows { // three shapes, every second load
		if r := &all.Rows[i]; r.Input <= 1000 && i%2 == 0 {
			table.Rows = append(table.Rows, *r)
		}
	}
	if testing.Short() {
		table.Rows = table.Rows[:6]
	}
	calls := 0
	r, err := x.Fit(&table, nil, FitOptions{Name: "t", Evaluations: 40, Progress: func(p FitProgress) bool { calls++; return true }})
	if err != nil {
		t.Fatal(err)
	}
	loss := func(s fit.Score) float64 { return s.TTFT.MAPE + 2*s.ITL.MAPE }
	if loss(r.After) >= loss(r.Before) {
		t.Errorf("errors %v before, %v after", r.Before, r.After)
	}
	if r.Used != len(table.Rows) || calls == 0 || r.Stopped || len(r.Engines) != 1 || len(r.Loss) == 0 {
		t.Errorf("%d rows used, %d calls, stopped %v, %d engines", r.Used, calls, r.Stopped, len(r.Engines))
	}
	for _, q := range r.Engines[0].Result.Estimates {
		if q.Name == "α" {
			t.Error("α is fitted though no row has more than one GPU")
		}
	}
	if !testing.Short() && (r.ByShape.TTFT.N == 0 || r.ByGroup.TTFT.N != 0) {
		t.Errorf("held-out rows: %d by shape, %d by group; want some and none", r.ByShape.TTFT.N, r.ByGroup.TTFT.N)
	}
	with, err := r.Calibration.Apply(cat)
	if err != nil {
		t.Fatal(err)
	}
	y, err := NewResolver(with)
	if err != nil {
		t.Fatal(err)
	}
	var run Runner
	s := run.Row(y, &table.Rows[0])
	if s.Prediction.Profile.ID != "fit-nim" || !testing.Short() && s.Prediction.Tier != fleet.Calibrated {
		t.Errorf("profile %q, tier %q after the fit", s.Prediction.Profile.ID, s.Prediction.Tier)
	}
}

// Stopping gives the best found so far.
func TestFitStops(t *testing.T) {
	_, x := resolver(t)
	table, err := measured.Examples()[0].Table()
	if err != nil {
		t.Fatal(err)
	}
	table.Rows = table.Rows[:8]
	calls := 0
	r, err := x.Fit(&table, nil, FitOptions{Progress: func(FitProgress) bool { calls++; return calls < 4 }})
	if err != nil || !r.Stopped || calls > 6 || len(r.Calibration.Engines) != 1 {
		t.Errorf("err %v, stopped %v after %d calls", err, r.Stopped, calls)
	}
	table.Rows = nil
	if _, err := x.Fit(&table, nil, FitOptions{}); err != fit.ErrNoObservations {
		t.Errorf("no rows: %v, want ErrNoObservations", err)
	}
}

func BenchmarkScoreTable(b *testing.B) {
	_, x := resolver(b)
	table, err := measured.Examples()[0].Table()
	if err != nil {
		b.Fatal(err)
	}
	var r Runner
	for b.Loop() {
		for i := range table.Rows {
			r.Row(x, &table.Rows[i])
		}
	}
}
