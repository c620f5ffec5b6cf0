package views

import (
	"reflect"
	"strings"
	"testing"

	"fleetsize/calc/bench"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A plan that is opened is the plan that runs and that is saved, whatever of it
// the form shows; what it does not show is named.
func TestOpenPlan(t *testing.T) {
	v := sized(t, few+"&t=measure")
	l := &v.endpoint
	l.on = true
	cat := v.s.Catalog()
	premium, _ := cat.Tier("premium")
	limits := bench.Limits{Requests: 300, Tokens: 5e6, Seconds: 120, RequestSeconds: 60, StallSeconds: 9, InFlight: 40}
	for name, want := range map[string]bench.Plan{
		"load":      {Kind: bench.Load, API: bench.Chat, Model: "m", Input: 640, Output: 32, Concurrency: []int{1, 3, 9}, MaxConcurrency: 16, PhaseSeconds: 30, Warmup: -1, Shared: 100, Seed: 7, Limits: limits, Tiers: []bench.Tier{bench.TierOf(premium)}},
		"slo":       {Kind: bench.SLO, API: bench.Completions, Input: 64, Output: 32, MaxConcurrency: 8, PhaseSeconds: 15, Warmup: 1, Seed: 1, Limits: limits, Tiers: []bench.Tier{{ID: "mine", P25Speed: 25, P95TTFT: 2}, {ID: "premium", P25Speed: 1, P95TTFT: 1}}},
		"open":      {Kind: bench.Open, API: bench.Chat, Input: 64, Output: 32, MaxConcurrency: 64, Rates: []float64{0.5, 2}, PhaseSeconds: 5, Warmup: 1, Seed: 1 << 60, Limits: limits, Tiers: []bench.Tier{bench.TierOf(premium)}},
		"arrivals":  {Kind: bench.Open, API: bench.Chat, Input: 64, Output: 32, MaxConcurrency: 64, Rates: []float64{0.5}, Poisson: true, PhaseSeconds: 5, Warmup: 3, Seed: 1, Limits: limits, Tiers: []bench.Tier{bench.TierOf(premium)}},
		"sweep":     {Kind: bench.Sweep, API: bench.Chat, Input: 300, Output: 100, MaxConcurrency: 64, Requests: 8, PhaseSeconds: 15, Warmup: 1, Seed: 1, Limits: limits, Tiers: []bench.Tier{bench.TierOf(premium)}},
		"with cost": {Kind: bench.Single, API: bench.Chat, Input: 64, Output: 32, MaxConcurrency: 64, Requests: 5, PhaseSeconds: 15, Warmup: 1, Seed: 1, Limits: bench.Limits{Requests: 10, Tokens: 1e6, Seconds: 60, USD: 2, InUSD: 1, OutUSD: 3, RequestSeconds: 600, StallSeconds: 60, InFlight: 4096}, Tiers: []bench.Tier{bench.TierOf(premium)}},
	} {
		text, err := bench.EncodePlan(want)
		if err != nil {
			t.Fatal(err)
		}
		l.model, l.api, l.check = "", "", nil
		v.openPlan("my.json", string(text))
		if l.planFault != "" || len(l.faults) > 0 || l.filed == nil {
			t.Fatalf("%s: %q, %v", name, l.planFault, l.faults)
		}
		got, err := v.livePlan().Defaults()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: runs\n%+v, %v, want\n%+v", name, got, err, want)
		}
		if c := l.command(); !strings.Contains(c, "-plan fleetsize-plan.json") {
			t.Errorf("%s: the command is %q", name, c)
		}
		rest := l.filed.rest()
		for _, w := range map[string][]string{
			"load": {"loads of 1, 3, 9 in flight", "no warm-up", "100 prompt tokens the same", "seed 7", "given up after 60 s", "at most 40 under way"}, "slo": {"level mine: 25 tok/s, 2 s"},
			"open": {"2 rates from 0.5 to 2", "even arrivals"}, "arrivals": {"3 warm-up requests"}, "sweep": {"prompts of 300 and answers of 100", "8 requests a phase"},
		}[name] {
			if !strings.Contains(rest, w) {
				t.Errorf("%s: what the form does not show is %q, without %q", name, rest, w)
			}
		}
		if markup := app.HTMLString(v.liveRail()); !strings.Contains(markup, "The plan of my.json is in the form") {
			t.Errorf("%s: the rail does not name the plan", name)
		}
	}
}

// What is no plan leaves the form as it is and says why; values that the form
// does not take stop the start.
func TestOpenPlanProblems(t *testing.T) {
	v := sized(t, few+"&t=measure")
	l := &v.endpoint
	l.on = true
	before := v.livePlan()
	before.Seed = 0
	for _, c := range []struct{ file, say string }{
		{"nonsense", "no plan"}, {`{"kind":"x"}`, "the plans are single"}, {`{"kind":"load","limits":{"usd":1}}`, "million tokens"}, {`<script>alert(1)</script>`, "no plan"},
	} {
		v.openPlan("bad.json", c.file)
		after := v.livePlan()
		after.Seed = 0
		if !strings.HasPrefix(l.planFault, "bad.json: ") || !strings.Contains(strings.ToLower(l.planFault), c.say) || l.filed != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%q: %q, %+v", c.file, l.planFault, after)
		}
		if markup := app.HTMLString(v.liveRail()); strings.Contains(markup, "<script>") {
			t.Error("markup of a file reaches the page")
		}
	}
	v.openPlan("odd.json", `{"kind":"load","input":5,"max_concurrency":9000,"phase_s":2.5}`)
	if l.planFault != "" || len(l.filed.notes) != 1 || l.faults["live-top"] == "" {
		t.Errorf("%q, %q, %v", l.planFault, l.filed.notes, l.faults)
	}
	if markup := app.HTMLString(v.liveRail()); !strings.Contains(markup, "is no key of a plan") || !strings.Contains(markup, "2.5 s") || strings.Contains(markup, `id="live-start" disabled="false"`) {
		t.Error("the rail does not name the unknown key, the length of a phase, or lets a run start")
	}
}
