package bench

import (
	"fmt"
	"strings"
	"testing"
)

// A service that runs at half its pace for the first 13 seconds, as one does
// that still compiles or whose clocks rise: the window begins where it is steady.
func TestSettling(t *testing.T) {
	v := &virtual{ttft: 0.1, itl: 0.02, slots: 8}
	v.pace = func(at float64) float64 {
		if at < 13 {
			return 2
		}
		return 1
	}
	d := v.play(t, Plan{Kind: Load, Input: 10, Output: 20, Concurrency: []int{8}, PhaseSeconds: 30}, Options{Raw: true})
	p := &d.Phases[0]
	if p.SettlingS < 5 || p.SettlingS > 15 || *p.StartS < 12 || !hasWarning(p, "settling") {
		t.Errorf("settling %v s, window from %v s for %v s, %v", p.SettlingS, *p.StartS, *p.WindowS, p.Warnings)
	}
	within(t, "window and what was left out", Figure(*p.WindowS+p.SettlingS), 30, 0.01)
	within(t, "median time per token", p.TPOT.P50, 20, 1e-6)
	within(t, "throughput", p.OutputTokPerS, v.throughput(8, 20), 0.05)
	for i := range d.Raw {
		if q := &d.Raw[i]; q.Phase == 0 && q.Measured && *q.Sent < 1e3**p.StartS {
			t.Fatalf("request %d of the left out start counts as measured", q.ID)
		}
	}

	v = &virtual{ttft: 0.1, itl: 0.02, slots: 8}
	d = v.play(t, Plan{Kind: Load, Input: 10, Output: 20, Concurrency: []int{8}, PhaseSeconds: 30}, Options{})
	if p := &d.Phases[0]; p.SettlingS != 0 || hasWarning(p, "settling") {
		t.Errorf("a steady service: %v s are left out", p.SettlingS)
	}
}

func hasWarning(p *PhaseDoc, code string) bool {
	for _, w := range p.Warnings {
		if w.Code == code {
			return true
		}
	}
	return false
}

// settle gives up at most half, and nothing where a part is too small to judge.
func TestSettle(t *testing.T) {
	records := func(tpot func(at float64) float64, every float64) []Record {
		var out []Record
		for at := 0.0; at < 60; at += every {
			out = append(out, Record{Measured: true, Sent: at, First: at + 1, Last: at + 1 + 9*tpot(at), Output: 10, Reads: 10, Events: 10})
		}
		return out
	}
	step := func(until float64) func(float64) float64 {
		return func(at float64) float64 {
			if at < until {
				return 0.05
			}
			return 0.02
		}
	}
	for _, c := range []struct{ until, every, want float64 }{
		{0, 1, 0}, {10, 1, 10}, {20, 1, 20}, {25, 1, 30}, {14, 1, 10}, {59, 1, 0}, {20, 6, 0},
	} {
		if got := settle(records(step(c.until), c.every), 0, 0, 60); !near(got, c.want) {
			t.Errorf("slow until %v s, a request every %v s: settled at %v, want %v", c.until, c.every, got, c.want)
		}
	}
	if got := settle(nil, 0, 5, 65); got != 5 {
		t.Errorf("nothing measured: %v", got)
	}
}

// The knee of a ladder that is flat within noise lies between the loads that
// noise cannot tell apart.
func TestKneeRange(t *testing.T) {
	phase := func(c int, mean, noise float64) PhaseResult {
		p := PhaseResult{Phase: Phase{Concurrency: c}, OutputTokPerS: mean}
		for i := range 12 {
			p.Blocks = append(p.Blocks, mean*(1+noise*float64(i%3-1)))
		}
		return p
	}
	sharp := []PhaseResult{phase(1, 100, 0.01), phase(2, 200, 0.01), phase(4, 400, 0.01), phase(8, 402, 0.01), phase(16, 401, 0.01)}
	if low, high := kneeRange(sharp); low != 4 || high != 4 {
		t.Errorf("clear knee: %d to %d, want 4", low, high)
	}
	vague := []PhaseResult{phase(1, 100, 0.2), phase(2, 200, 0.2), phase(4, 380, 0.2), phase(8, 400, 0.2), phase(16, 405, 0.2)}
	if low, high := kneeRange(vague); low != 4 || high < 8 {
		t.Errorf("noisy knee: %d to %d, want 4 to 8 at least", low, high)
	}
}

// The metrics that need more than times of a request: the gap per token from a
// running count, the prefill rate of a lone request, and what an open loop adds.
func TestFurtherMetrics(t *testing.T) {
	running := func(s string, n int) string {
		return fmt.Sprintf(`data: {"choices":[{"delta":{"content":%q}}],"usage":{"prompt_tokens":100,"completion_tokens":%d}}`+"\n\n", s, n)
	}
	r := answer(200, Failure{}, read{11, running("A", 1)}, read{11.3, running("BCD", 4)}, read{11.5, running("E", 5)}, read{12, stopChunk + doneChunk})
	r.Measured = true
	p := PhaseResult{Phase: Phase{Concurrency: 1, Input: 100, Output: 5}, Start: 9, End: 13}
	p.measure([]Record{r}, Tier{"x", 1, 1})
	if got := p.ITL.Values(); len(got) != 4 || !near(got[0], 0.1) || !near(got[2], 0.1) || !near(got[3], 0.2) {
		t.Errorf("ITL %v, want 0.1 three times and 0.2", got)
	}
	for _, c := range []struct {
		name string
		d    Dist
		want float64
	}{{"ICL", p.ICL, 0.25}, {"TTFB", p.TTFB, 0.1}, {"NTPOT", p.NTPOT, 0.3}, {"prefill", p.Prefill, 100}} {
		if got, ok := c.d.Quantile(0.5); !ok || !near(got, c.want) {
			t.Errorf("%s = %v, want %v", c.name, got, c.want)
		}
	}
	if p.DueTTFT.N() != 0 {
		t.Error("a closed loop has no scheduled arrivals")
	}
	open := PhaseResult{Phase: Phase{Rate: 1, Input: 100, Output: 5}, Start: 9, End: 13}
	open.measure([]Record{r}, Tier{"x", 1, 1})
	due, _ := open.DueTTFT.Quantile(0.5) // due at 9, sent at 10, first token at 11
	whole, _ := open.DueE2E.Quantile(0.5)
	if !near(due, 2) || !near(whole, 2.5) || open.Prefill.N() != 0 {
		t.Errorf("from the scheduled arrival: TTFT %v, E2E %v; prefill of %d", due, whole, open.Prefill.N())
	}
	// A prompt from the cache says nothing about prefill.
	r.Cached = 64
	p = PhaseResult{Phase: Phase{Concurrency: 1, Input: 100, Output: 5}, Start: 9, End: 13}
	if p.measure([]Record{r}, Tier{"x", 1, 1}); p.Prefill.N() != 0 {
		t.Error("a cached prompt has a prefill rate")
	}
}

// Requests that are sent in groups are told from ones that come evenly or at
// random.
func TestGrouped(t *testing.T) {
	r := seeded(9, 1)
	at := map[string]float64{}
	sent := map[string][]Record{}
	add := func(name string, gap float64) {
		at[name] += gap
		sent[name] = append(sent[name], Record{Sent: at[name]})
	}
	for i := range 200 {
		add("even", 1)
		add("random", r.exponential())
		if i%4 == 0 {
			add("groups", 4)
		} else {
			add("groups", 0.01)
		}
		if i < 19 {
			add("few", float64(i%4/3))
		}
	}
	for name, want := range map[string]bool{"even": false, "random": false, "groups": true, "few": false} {
		if got := grouped(sent[name]); got != want {
			t.Errorf("%s: grouped = %v", name, got)
		}
	}
}

// oneRune counts characters, exactly.
type oneRune struct{}

func (oneRune) Count(s string) int { return len(s) }
func (oneRune) Name() string       { return "characters" }
func (oneRune) Exact() bool        { return true }

// Several tokens in the first event are told without the server's help, and so
// is a count of its that does not fit the text.
func TestCountsThatDoNotFit(t *testing.T) {
	run := func(native int, first string) (Record, PhaseResult) {
		s := NewStream(&Request{Input: 10, Output: native}, oneRune{})
		s.Sent(1)
		s.Headers(1, 200, "text/event-stream", 0)
		s.Read(2, []byte(content(first)))
		for i := len(first); i < 100; i++ {
			s.Read(2+0.01*float64(i), []byte(content("x")))
		}
		s.Read(4, []byte(stopChunk+usage(10, native)+doneChunk))
		r := s.End(4, Failure{})
		r.Measured = true
		p := PhaseResult{Phase: Phase{Concurrency: 1, Input: 10, Output: native}, Start: 1, End: 5}
		p.measure([]Record{r}, Tier{"x", 1, 1})
		return r, p
	}
	for _, c := range []struct {
		native int
		first  string
		over   float64
		says   string // of the warning "usage"; "" = none
	}{
		{100, "x", 0, ""}, {120, "x", 0.2, ""}, {121, "x", 0.21, "more tokens than o200k_base finds in the text, 21 %"}, {80, "x", -0.2, ""},
		{60, "x", -0.4, "fewer tokens than o200k_base finds in the text, 40 %"}, {100, "12345", 0, ""},
	} {
		r, p := run(c.native, c.first)
		text := ""
		for _, w := range p.Warnings {
			if w.Code == "usage" {
				text = w.Text
			}
		}
		if (text == "") != (c.says == "") || !strings.Contains(text, c.says) {
			t.Errorf("%d tokens by the server, 100 counted: %q", c.native, text)
		}
		if share, ok := p.Overstatement(); !ok || !near(share, c.over) {
			t.Errorf("%d tokens by the server, 100 counted: overstated by %v, want %v", c.native, share, c.over)
		}
		if r.FirstTokens != len(c.first) || r.Bundled() != (len(c.first) > 4) {
			t.Errorf("%d tokens in the first event, want %d", r.FirstTokens, len(c.first))
		}
	}
}

// More gaps than are kept are thinned out evenly, not cut off.
func TestManyTokensAreThinned(t *testing.T) {
	const n = maxICL + 10
	q := Record{Measured: true}
	at := 0.0
	for i := range n {
		gap := 0.03
		if i >= n/2 {
			gap = 0.06
		}
		at += gap
		q.Arrivals = append(q.Arrivals, Arrival{At: at, Events: 1, Tokens: 3 * i})
	}
	r := PhaseResult{End: at + 1}
	r.measure([]Record{q}, Tier{})
	if mean, _ := r.ITL.Mean(); r.ITL.N() > maxICL || r.ITL.N() < maxICL/2 || !near(mean, 0.015) {
		t.Errorf("%d gaps of %g s on the mean", r.ITL.N(), mean)
	}
}

// An open loop tries a rate again when this computer was busy, and stops where
// the service fails or falls behind for good.
func TestOpenLoopStops(t *testing.T) {
	open := Plan{Kind: Open, Input: 10, Output: 20, Rates: []float64{1, 2, 4}, PhaseSeconds: 20}
	v := &virtual{ttft: 0.2, itl: 0.02, slots: 64, late: 0.4}
	d := v.play(t, open, Options{Raw: true})
	if d.Stopped == nil || d.Stopped.Code != StopClient || strings.Join(v.phases, "; ") != "warm-up; 1 req/s, even; 1 req/s, even" {
		t.Errorf("late launches: stopped %+v after %q", d.Stopped, v.phases)
	}
	measured := 0
	for i := range d.Raw {
		if d.Raw[i].Phase == 0 && d.Raw[i].Measured {
			measured++
		}
	}
	if len(d.Phases) != 1 || measured != d.Phases[0].Requests {
		t.Errorf("%d requests measured, those of the first trial too; %d phases", measured, len(d.Phases))
	}
	v = &virtual{ttft: 0.2, itl: 0.02, slots: 64}
	v.status = func(id int, _ float64) int {
		if id > 25 && id%5 == 0 {
			return 503
		}
		return 200
	}
	d = v.play(t, open, Options{})
	if d.Stopped == nil || d.Stopped.Code != StopErrors || len(d.Phases) != 2 || d.CutShort || !strings.Contains(d.Stopped.Text, "at 2 req/s") {
		t.Errorf("errors: stopped %+v after %q", d.Stopped, d.labels())
	}
	v = &virtual{ttft: 0.2, itl: 0.02, slots: 1}
	open.Limits.InFlight = 5
	d = v.play(t, open, Options{})
	last := d.Phases[len(d.Phases)-1]
	if d.Stopped == nil || d.Stopped.Code != StopHighest || len(d.Phases) != 2 || last.Limit == nil || last.Limit.Code != "in_flight" || last.Use == "" {
		t.Errorf("a limit on requests in flight: stopped %+v after %q, limit %+v", d.Stopped, d.labels(), last.Limit)
	}
}
