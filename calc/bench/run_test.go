package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The constant model has a closed form: throughput rises in proportion up to
// the number of slots and then stays; the knee is there.
func TestLoadFindsTheKnee(t *testing.T) {
	for _, slots := range []int{1, 4, 12, 64} {
		v := &virtual{ttft: 0.2, itl: 0.02, slots: slots}
		doc := v.play(t, Plan{Kind: Load, Input: 100, Output: 50, PhaseSeconds: 15}, Options{})
		want := 1
		for want < slots {
			want *= 2 // the ladder's first load that fills all slots
		}
		if slots == 12 {
			want = 16
		}
		if doc.Knee == nil || *doc.Knee != float64(want) || !doc.Plateau || doc.CutShort || doc.ClientLimited {
			t.Errorf("%d slots: knee %v, want %d; plateau %v, cut %v, stopped %v", slots, doc.Knee, want, doc.Plateau, doc.CutShort, doc.Stopped)
			continue
		}
		for i := range doc.Phases {
			p := &doc.Phases[i]
			c := *p.Concurrency
			within(t, fmt.Sprintf("%d slots, %d in flight: throughput", slots, c), p.OutputTokPerS, v.throughput(c, 50), 0.03)
			within(t, "per token", p.TPOT.P50, 20, 1e-6)
			if c <= slots {
				within(t, "TTFT", p.TTFT.P50, 200, 1e-6)
			}
			if p.Requests != p.Completed || len(p.Errors) != 0 || p.Limited {
				t.Errorf("%d in flight: %d requests, %d complete, errors %v, limited %v", c, p.Requests, p.Completed, p.Errors, p.Limit)
			}
			within(t, "requests in flight", p.InFlight, float64(c), 0.01)
		}
	}
}

// The ladder is 1, 2, 4 … 64, then +64.
func TestLadder(t *testing.T) {
	var l loadSteps
	var got []int
	for i := range 10 {
		got = append(got, l.step(i))
	}
	if want := []int{1, 2, 4, 8, 16, 32, 64, 128, 192, 256}; !slices.Equal(got, want) {
		t.Errorf("ladder %v, want %v", got, want)
	}
}

// In a closed loop all but the first wave wait (c − slots)·E/slots, so the
// largest load within a TTFT limit is known.
func TestSLOFindsTheCapacity(t *testing.T) {
	for _, c := range []struct {
		slots int
		n     int
		limit float64
	}{{4, 20, 0.55}, {4, 50, 3}, {3, 20, 0.5}, {1, 20, 1}, {8, 10, 0.7}, {5, 10, 0.21}} {
		v := &virtual{ttft: 0.2, itl: 0.02, slots: c.slots}
		want := v.capacity(c.n, c.limit)
		doc := v.play(t, Plan{Kind: SLO, Input: 10, Output: c.n, PhaseSeconds: 15, Tiers: []Tier{{"mine", 30, c.limit}}}, Options{})
		got := doc.Capacity[0]
		if got.Verdict != Pass || got.Pass == nil || *got.Pass != want || got.Fail == nil || *got.Fail != want+1 {
			t.Errorf("%d slots, %d tokens, TTFT within %s: %s, pass %v, fail %v (%s); want %d and %d", c.slots, c.n, ms(c.limit), got.Verdict, show(got.Pass), show(got.Fail), got.Text, want, want+1)
		}
	}
}

func show(n *int) string {
	if n == nil {
		return "null"
	}
	return fmt.Sprint(*n)
}

// A tier that nobody meets fails at one request; speed counts as well as TTFT.
func TestSLOThatCannotBeMet(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 4} // 50 tok/s
	doc := v.play(t, Plan{Kind: SLO, Input: 10, Output: 20, PhaseSeconds: 5, Tiers: []Tier{{"fast", 51, 3}, {"slow", 49, 0.3}}}, Options{})
	fast, slow := doc.Capacity[0], doc.Capacity[1]
	if fast.Verdict != Fail || *fast.Pass != 0 || *fast.Fail != 1 {
		t.Errorf("51 tok/s of 50: %s, pass %s, fail %s", fast.Verdict, show(fast.Pass), show(fast.Fail))
	}
	if slow.Verdict != Pass || *slow.Pass != v.capacity(20, 0.3) {
		t.Errorf("49 tok/s of 50: %s, pass %s, want %d", slow.Verdict, show(slow.Pass), v.capacity(20, 0.3))
	}
}

// With too little time for 59 requests the answer is that there is none.
func TestSLOInconclusive(t *testing.T) {
	v := &virtual{ttft: 1, itl: 0.1, slots: 1}
	doc := v.play(t, Plan{Kind: SLO, Input: 10, Output: 100, PhaseSeconds: 1, MaxConcurrency: 1, Tiers: []Tier{{"t", 5, 3}}, Limits: Limits{Seconds: 300}}, Options{})
	c := doc.Capacity[0]
	if c.Verdict != Inconclusive || c.Pass != nil || c.Fail != nil || !doc.CutShort || doc.Stopped.Code != StopTime {
		t.Errorf("verdict %s, pass %s, fail %s, stopped %v", c.Verdict, show(c.Pass), show(c.Fail), doc.Stopped)
	}
}

func TestPlansThatAreKnownBeforehand(t *testing.T) {
	for _, c := range []struct {
		plan   Plan
		labels []string
		counts []int // requests
	}{
		{Plan{Kind: Single, Output: 20}, []string{"1 in flight"}, []int{5}},
		{Plan{Kind: Sweep}, []string{"1 in flight", "4 in flight", "8 in flight", "16 in flight"}, []int{5, 12, 24, 48}},
		{Plan{Kind: Probes}, []string{"lone short prompt", "lone long prompt", "mid load", "high load"}, []int{3, 3, 24, 96}},
		{Plan{Kind: Scenarios}, []string{"summarization, 1 in flight", "chat, 1 in flight", "reasoning, 1 in flight"}, []int{3, 3, 3}},
	} {
		v := &virtual{ttft: 0.02, itl: 0.005, slots: 64}
		doc := v.play(t, c.plan, Options{})
		if got := doc.labels(); !slices.Equal(got, c.labels) {
			t.Errorf("%s: phases %q, want %q", c.plan.Kind, got, c.labels)
			continue
		}
		for i := range doc.Phases {
			if p := &doc.Phases[i]; p.Requests != c.counts[i] || p.Completed != c.counts[i] {
				t.Errorf("%s, %s: %d requests, %d complete, want %d", c.plan.Kind, p.Label, p.Requests, p.Completed, c.counts[i])
			}
		}
		if doc.CutShort || v.phases[0] != "warm-up" {
			t.Errorf("%s: cut %v, first phase %q", c.plan.Kind, doc.CutShort, v.phases[0])
		}
	}
}

// The probes take a minute or less on a service of usual speed.
func TestProbesTakeAMinute(t *testing.T) {
	v := &virtual{ttft: 0.3, itl: 0.025, slots: 16}
	v.play(t, Plan{Kind: Probes}, Options{})
	if v.now > 75 {
		t.Errorf("the probes took %.0f s", v.now)
	}
}

func TestOpenLoop(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 4}
	n := 20
	limit := 4 / v.service(n) // req/s
	doc := v.play(t, Plan{Kind: Open, Input: 10, Output: n, Rates: []float64{limit / 4, limit / 2, 1.5 * limit}, PhaseSeconds: 30}, Options{})
	for i, share := range []float64{0.25, 0.5} {
		p := &doc.Phases[i]
		within(t, "rate", p.RequestPerS, share*limit, 0.05)
		within(t, "TTFT p95", p.TTFT.P95, 200, 1e-6) // even arrivals below capacity do not queue
		if p.Concurrency != nil || p.Loop != "constant" {
			t.Errorf("phase %d: loop %s, concurrency %s", i, p.Loop, show(p.Concurrency))
		}
	}
	over := &doc.Phases[2]
	within(t, "rate above capacity", over.RequestPerS, limit, 0.05)
	if !slices.ContainsFunc(over.Warnings, func(w Warning) bool { return w.Code == "drift" }) {
		t.Errorf("a queue that grows without end is not told: %v", over.Warnings)
	}
	// Random arrivals: the mean rate holds, and some requests queue.
	doc = v.play(t, Plan{Kind: Open, Input: 10, Output: n, Rates: []float64{0.7 * limit}, Poisson: true, PhaseSeconds: 300}, Options{})
	p := &doc.Phases[0]
	within(t, "Poisson rate", p.RequestPerS, 0.7*limit, 0.1)
	if *p.TTFT.P95 <= 201 || p.Loop != "poisson" {
		t.Errorf("Poisson: TTFT p95 %v ms, loop %s", *p.TTFT.P95, p.Loop)
	}
	// Without rates: quarters of the measured capacity.
	doc = v.play(t, Plan{Kind: Open, Input: 10, Output: n, PhaseSeconds: 20}, Options{})
	if len(doc.Phases) != 5 {
		t.Fatalf("phases %q", doc.labels())
	}
	within(t, "measured capacity × 0.9", doc.Phases[4].Rate, 0.9*limit, 0.03)
}

// Hard limits end a run, keep what was finished, and say so.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits Limits
		code   StopCode
		check  func(v *virtual, d *Document) bool
	}{
		{"requests", Limits{Requests: 37}, StopRequests, func(v *virtual, d *Document) bool { return v.started == 37 && d.Setup.Requests == 37 }},
		{"tokens", Limits{Tokens: 5000}, StopTokens, func(v *virtual, d *Document) bool { return d.Setup.Tokens > 4000 && d.Setup.Tokens <= 5000 }},
		{"time", Limits{Seconds: 20}, StopTime, func(v *virtual, d *Document) bool { return v.now >= 20 && v.now < 21.1 }},
		{"cost", Limits{USD: 0.01, InUSD: 1, OutUSD: 3}, StopMoney, func(v *virtual, d *Document) bool { return *d.Setup.USD > 0.008 && *d.Setup.USD <= 0.01 }},
	} {
		v := &virtual{ttft: 0.2, itl: 0.02, slots: 4}
		d := v.play(t, Plan{Kind: Load, Input: 100, Output: 20, PhaseSeconds: 5, Limits: c.limits}, Options{})
		if d.Stopped == nil || d.Stopped.Code != c.code || !d.CutShort || !c.check(v, &d) {
			t.Errorf("%s: stopped %+v, cut %v, %d started, %d tokens, at %.1f s, %v USD", c.name, d.Stopped, d.CutShort, v.started, d.Setup.Tokens, v.now, d.Setup.USD)
		}
		if len(d.Phases) == 0 || d.Phases[0].Completed == 0 {
			t.Errorf("%s: finished measurements are lost", c.name)
		}
	}
}

// Whatever the service does, what was finished is in the report.
func TestServicesThatFail(t *testing.T) {
	const dies = 12.0
	for _, c := range []struct {
		name string
		v    virtual
		code StopCode
		want Class
	}{
		{"dies", virtual{status: func(_ int, at float64) int {
			if at > dies {
				return -1
			}
			return 200
		}, quirk: func(_ int, at float64) Failure {
			if at > dies {
				return Failure{Network, "connection reset"}
			}
			return Failure{}
		}}, StopDead, Connect},
		{"answers 429", virtual{status: func(_ int, at float64) int {
			if at > dies {
				return 429
			}
			return 200
		}}, StopErrors, HTTP429},
		{"answers 503", virtual{status: func(_ int, at float64) int {
			if at > dies {
				return 503
			}
			return 200
		}}, StopDead, HTTP5xx},
		{"stalls", virtual{quirk: func(id int, _ float64) Failure {
			if id%3 == 0 {
				return Failure{Class: Stall}
			}
			return Failure{}
		}}, StopErrors, Stall},
		{"cuts streams", virtual{quirk: func(id int, _ float64) Failure {
			if id%4 == 0 {
				return Failure{Network, "reset"}
			}
			return Failure{}
		}}, StopErrors, Cut},
	} {
		v := c.v
		v.ttft, v.itl, v.slots = 0.2, 0.02, 4
		d := v.play(t, Plan{Kind: Load, Input: 10, Output: 20, PhaseSeconds: 5}, Options{})
		if d.Stopped == nil || d.Stopped.Code != c.code {
			t.Errorf("%s: stopped %+v, want %s", c.name, d.Stopped, c.code)
		}
		complete, failed := 0, 0
		for i := range d.Phases {
			complete += d.Phases[i].Completed
			failed += d.Phases[i].Errors[string(c.want)]
		}
		if complete == 0 || failed == 0 {
			t.Errorf("%s: %d complete, %d %s in the report", c.name, complete, failed, c.want)
		}
		if d.CutShort != (c.code == StopDead) {
			t.Errorf("%s: cut short %v", c.name, d.CutShort)
		}
	}
}

// An address without a service, and one that refuses everything, end at once.
func TestNothingThere(t *testing.T) {
	for status, code := range map[int]StopCode{-1: StopDead, 401: StopRefused, 404: StopRefused} {
		v := &virtual{ttft: 0.2, itl: 0.02, slots: 4, status: func(int, float64) int { return status }}
		d := v.play(t, Plan{Kind: Load, Output: 20}, Options{})
		if d.Stopped == nil || d.Stopped.Code != code || v.now > 5 || len(d.Phases) != 0 || !d.CutShort {
			t.Errorf("status %d: stopped %+v after %.1f s, %d phases", status, d.Stopped, v.now, len(d.Phases))
		}
	}
}

// A person's stop keeps the finished phases and the finished part of this one.
func TestStop(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 4}
	v.quirk = func(_ int, at float64) Failure {
		if at > 17 {
			v.run.Stop(StopUser, "Stopped by you.")
		}
		return Failure{}
	}
	d := v.play(t, Plan{Kind: Load, Input: 10, Output: 20, PhaseSeconds: 5}, Options{})
	last := &d.Phases[len(d.Phases)-1]
	if len(d.Phases) < 2 || !last.Cut || last.Completed == 0 || d.Phases[0].Cut || d.Stopped.Code != StopUser || v.now > 18 {
		t.Errorf("phases %q, last cut %v with %d complete, stopped %+v at %.1f s", d.labels(), last.Cut, last.Completed, d.Stopped, v.now)
	}
	if last.Censored == 0 {
		t.Error("requests under way at the stop are not counted as censored")
	}
}

// Requests that outlast the end of a phase are censored: counted, not dropped.
func TestCensored(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 1}
	d := v.play(t, Plan{Kind: Load, Input: 10, Output: 500, Concurrency: []int{1, 16}, PhaseSeconds: 15}, Options{})
	p := &d.Phases[1]
	if p.Censored == 0 || p.Requests != p.Completed+p.Censored || p.TTFT.N < p.Completed {
		t.Errorf("%d requests, %d complete, %d censored", p.Requests, p.Completed, p.Censored)
	}
	within(t, "throughput", p.OutputTokPerS, v.throughput(16, 500), 0.03)
}

// A browser that holds back connections is found out and named.
func TestConnectionLimit(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 64}
	d := v.play(t, Plan{Kind: Load, Input: 10, Output: 20, PhaseSeconds: 5}, Options{Browser: true, Cap: 6})
	if d.Stopped == nil || d.Stopped.Code != StopClient || !d.ClientLimited || *d.Phases[len(d.Phases)-1].Concurrency != 4 {
		t.Errorf("cap of 6: stopped %+v, phases %q", d.Stopped, d.labels())
	}
	v = &virtual{ttft: 0.2, itl: 0.02, slots: 64}
	d = v.play(t, Plan{Kind: SLO, Input: 10, Output: 20, PhaseSeconds: 5, Tiers: []Tier{{"t", 30, 3}}}, Options{Browser: true, Cap: 6})
	if c := d.Capacity[0]; c.Pass == nil || *c.Pass != 6 || c.Verdict != Inconclusive || !strings.Contains(c.Text, "browser") {
		t.Errorf("SLO under a cap of 6: %s, pass %s: %s", c.Verdict, show(c.Pass), c.Text)
	}
	v = &virtual{ttft: 0.2, itl: 0.02, slots: 64}
	d = v.play(t, Plan{Kind: Sweep}, Options{Browser: true, Cap: 6})
	if d.Stopped == nil || d.Stopped.Code != StopClient || !strings.Contains(d.Stopped.Text, "at most 6 requests") || len(d.Phases) != 2 || d.Phases[1].Use != "" {
		t.Errorf("sweep under a cap of 6: stopped %+v, phases %q", d.Stopped, d.labels())
	}
	v = &virtual{ttft: 0.2, itl: 0.02, slots: 64} // the probes keep below it
	d = v.play(t, Plan{Kind: Probes}, Options{Browser: true, Cap: 6})
	var loads []int
	for _, p := range d.Phases {
		loads = append(loads, *p.Concurrency)
		if !p.Usable() {
			t.Errorf("%s with %d in flight cannot be used: %s", p.Label, *p.Concurrency, p.Use)
		}
	}
	if !slices.Equal(loads, []int{1, 1, 2, 6}) {
		t.Errorf("probes under a cap of 6 have %d in flight", loads)
	}
}

// A client that cannot keep up ends the ramp, says why, and repeats once.
func TestClientLimited(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 64}
	v.lag = func(float64) float64 {
		if len(v.jobs) > 6 {
			return 0.2
		}
		return 0.001
	}
	d := v.play(t, Plan{Kind: Load, Input: 10, Output: 20, PhaseSeconds: 5}, Options{})
	eights := 0
	for _, p := range v.phases {
		if p == "8 in flight" {
			eights++
		}
	}
	last := d.Phases[len(d.Phases)-1]
	if d.Stopped == nil || d.Stopped.Code != StopClient || !d.ClientLimited || eights != 2 || last.Limit == nil || last.Limit.Code != "heartbeat" {
		t.Errorf("stopped %+v, %d tries at 8, last %+v", d.Stopped, eights, last.Limit)
	}
	v = &virtual{ttft: 0.2, itl: 0.02, slots: 64, late: 0.05}
	d = v.play(t, Plan{Kind: Single, Output: 20}, Options{})
	if p := d.Phases[0]; p.Limit == nil || p.Limit.Code != "launch" {
		t.Errorf("late launches: %+v", p.Limit)
	}
	within(t, "client queue", d.Phases[0].Queue.P50, 50, 0.01)
	within(t, "TTFT without it", d.Phases[0].TTFT.P50, 200, 1e-6)
}

// Options that a server refuses are left out, and the refusals count as
// nothing.
func TestAdaptsToTheServer(t *testing.T) {
	v := &virtual{ttft: 0.1, itl: 0.01, slots: 4}
	v.status = func(id int, _ float64) int {
		body := v.bodies[id]
		if strings.Contains(body, "continuous_usage_stats") || strings.Contains(body, "ignore_eos") {
			return 400
		}
		return 200
	}
	d := v.play(t, Plan{Kind: Single, Output: 20}, Options{})
	if p := &d.Phases[0]; p.Completed != 5 || p.Requests != 5 || d.Setup.Failed != 0 || len(d.Setup.LeftOut) != 2 {
		t.Errorf("%d of %d complete, %d failed, left out %q", p.Completed, p.Requests, d.Setup.Failed, d.Setup.LeftOut)
	}
	for message, want := range map[string]dialect{
		"unknown field min_tokens":                      {Usage: true, Continuous: true},
		"stream_options not supported":                  {Length: true},
		"use 'max_completion_tokens' instead":           {Usage: true, Continuous: true, Length: true, MaxNew: true},
		"Extra inputs are not permitted: no more words": {Usage: true, Length: true},
	} {
		if got, ok := fullDialect.without(message); !ok || got != want {
			t.Errorf("%q: %+v, want %+v", message, got, want)
		}
	}
	if _, ok := (dialect{}).without("no"); ok {
		t.Error("something is left out of nothing")
	}
}

func TestPlanErrors(t *testing.T) {
	for _, c := range []struct {
		plan Plan
		want string
	}{
		{Plan{Kind: "nonsense"}, "single, probes"},
		{Plan{API: "rest"}, "chat or completions"},
		{Plan{Input: -1}, "input tokens"},
		{Plan{Kind: Load, Concurrency: []int{4, 2}}, "rising"},
		{Plan{Kind: Load, Concurrency: []int{0}}, "outside"},
		{Plan{Kind: Open, Rates: []float64{-1}}, "rate"},
		{Plan{PhaseSeconds: 1e9}, "phase"},
		{Plan{Limits: Limits{USD: 1}}, "million tokens"},
		{Plan{Tiers: []Tier{{"x", 1, 0}}}, "tier"},
		{Plan{Input: 10, Shared: 11}, "shared"},
	} {
		if _, err := New(c.plan, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want an error with %q", c.plan, err, c.want)
		}
	}
}

// A given highest load bounds the search, and holding it is an answer.
func TestSLOUpToAGivenLoad(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 64}
	doc := v.play(t, Plan{Kind: SLO, Input: 10, Output: 20, PhaseSeconds: 5, Concurrency: []int{12}, Tiers: []Tier{{"t", 30, 3}}}, Options{})
	if c := doc.Capacity[0]; c.Verdict != Pass || *c.Pass != 12 || c.Fail != nil || v.maxSeen > 12 {
		t.Errorf("%s, pass %s, fail %s, up to %d in flight", c.Verdict, show(c.Pass), show(c.Fail), v.maxSeen)
	}
}

// Goodput counts the requests that meet speed and TTFT together, per second
// and as a share of all that were sent, failed ones included.
func TestGoodput(t *testing.T) {
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 4, quirk: func(id int, _ float64) Failure {
		if id%10 == 0 {
			return Failure{Class: Stall}
		}
		return Failure{}
	}}
	d := v.play(t, Plan{Kind: Load, Input: 10, Output: 20, Concurrency: []int{4}, PhaseSeconds: 30, Tiers: []Tier{{"t", 30, 0.3}}}, Options{})
	p := &d.Phases[0]
	if p.Completed == 0 || p.Completed == p.Requests {
		t.Fatalf("%d of %d complete", p.Completed, p.Requests)
	}
	within(t, "goodput", p.Goodput, float64(p.Completed) / *p.WindowS, 1e-5)
	within(t, "fraction", p.GoodFraction, float64(p.Completed)/float64(p.Requests), 1e-5)
	within(t, "error rate", p.ErrorRate, 1-float64(p.Completed)/float64(p.Requests), 1e-5)
	within(t, "response rate", p.ResponseRate, 1, 1e-9) // a stall comes after the first token
	for _, tier := range []Tier{{"too fast", 51, 3}, {"too soon", 30, 0.1}} {
		v := &virtual{ttft: 0.2, itl: 0.02, slots: 4}
		d := v.play(t, Plan{Kind: Single, Output: 20, Tiers: []Tier{tier}}, Options{})
		if g := d.Phases[0].Goodput; g == nil || *g != 0 {
			t.Errorf("%s: goodput %v, want 0", tier.ID, g)
		}
	}
}
