//go:build !js

package bench

import (
	"context"
	"strings"
	"testing"
	"time"

	"fleetsize/app/mock"
	"fleetsize/calc/bench"
)

// serveMock starts a mock server for one test.
func serveMock(t *testing.T, c mock.Config) (*mock.Server, *mock.Listener) {
	t.Helper()
	s, err := mock.New(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen("127.0.0.1:0", "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); s.Close() })
	return s, l
}

const (
	quirkTTFT   = 30 * time.Millisecond
	quirkITL    = 2 * time.Millisecond
	quirkTokens = 24
)

// What each deviation of a real server must be read as. Every quirk of the
// mock server has a line.
var quirkCases = map[string]struct {
	class bench.Class
	stop  bench.StopCode // the run ends early with it
	check func(d *bench.Document, r *bench.RawDoc) bool
}{
	"role-early":              {check: ttftIsTheToken},
	"role-with-token":         {},
	"role-absent":             {},
	"empty-deltas":            {check: ttftIsTheToken},
	"reasoning-content":       {check: answerAfterReasoning},
	"reasoning":               {check: answerAfterReasoning},
	"tool-calls":              {},
	"refusal":                 {},
	"two-choices":             {},
	"new-ids":                 {},
	"usage-absent":            {check: func(d *bench.Document, r *bench.RawDoc) bool { return r.From == "events" && r.Output == quirkTokens }},
	"usage-always":            {},
	"usage-continuous":        {},
	"usage-null":              {},
	"usage-without-reasoning": {},
	"reject-continuous": {check: func(d *bench.Document, r *bench.RawDoc) bool {
		return d.Setup.Failed == 0 && strings.Join(d.Setup.LeftOut, ";") == "continuous_usage_stats" && r.From == "usage"
	}},
	"reject-stream-options": {check: func(d *bench.Document, r *bench.RawDoc) bool {
		return d.Setup.Failed == 0 && len(d.Setup.LeftOut) == 2 && r.From == "events"
	}},
	"chunk": {check: func(d *bench.Document, r *bench.RawDoc) bool {
		return r.Output == quirkTokens && len(r.Arrivals) <= quirkTokens/4+1
	}},
	"glue": {check: func(d *bench.Document, r *bench.RawDoc) bool {
		return r.Output == quirkTokens && len(r.Arrivals) <= quirkTokens/4+2 && warned(d, "glued")
	}},
	"split":      {},
	"split-utf8": {},
	"buffered": {check: func(d *bench.Document, r *bench.RawDoc) bool {
		return d.Phases[0].TPOT.N == 0 && warned(d, "buffered")
	}},
	"crlf":           {},
	"cr":             {},
	"comments":       {check: ttftIsTheToken},
	"no-space":       {},
	"multi-data":     {},
	"fields":         {},
	"bom":            {},
	"no-done":        {},
	"no-final-blank": {},
	"no-finish":      {},
	"wrong-type":     {},
	"early-eos": {check: func(d *bench.Document, r *bench.RawDoc) bool {
		return r.Output == 8 && warned(d, "output_length")
	}},
	"truncate":     {class: bench.Cut},
	"error-mid":    {class: bench.InStream},
	"garbage":      {check: func(d *bench.Document, r *bench.RawDoc) bool { return warned(d, "garbage") }},
	"abort":        {class: bench.Cut},
	"reset":        {class: bench.Cut},
	"stall":        {class: bench.Stall},
	"no-stream":    {class: bench.NoStream, stop: bench.StopRefused},
	"late-headers": {check: ttftIsTheToken},
	"slow-headers": {check: func(d *bench.Document, r *bench.RawDoc) bool { return *d.Phases[0].TTFT.P50 > 900 }},
	"http-400":     {class: bench.HTTP4xx, stop: bench.StopRefused},
	"http-401":     {class: bench.HTTP4xx, stop: bench.StopRefused},
	"http-404":     {class: bench.HTTP4xx, stop: bench.StopRefused},
	"http-429":     {class: bench.HTTP429},
	"http-500":     {class: bench.HTTP5xx},
	"http-502":     {class: bench.HTTP5xx},
	"http-503":     {class: bench.HTTP5xx},
}

// ttftIsTheToken reports whether nothing before the first token counted as it.
func ttftIsTheToken(d *bench.Document, r *bench.RawDoc) bool {
	return *r.First-*r.Sent >= quirkTTFT.Seconds()*1e3-1
}

// answerAfterReasoning reports whether the answer began after the reasoning, or with it where a busy computer
// read both at once.
func answerAfterReasoning(d *bench.Document, r *bench.RawDoc) bool {
	if len(r.Arrivals) > 0 && r.Arrivals[0][1] > 1 && *r.Answer == *r.First {
		return true
	}
	return *r.Answer > *r.First && *d.Phases[0].TTFA.P50 > *d.Phases[0].TTFT.P50
}

func warned(d *bench.Document, code string) bool {
	for _, w := range d.Phases[0].Warnings {
		if w.Code == code {
			return true
		}
	}
	return false
}

func TestEveryQuirk(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range mock.Quirks() {
		seen[q.Name] = true
		c, ok := quirkCases[q.Name]
		if !ok {
			t.Errorf("the quirk %s has no expectation", q.Name)
			continue
		}
		t.Run(q.Name, func(t *testing.T) {
			t.Parallel()
			_, l := serveMock(t, mock.Config{TTFT: quirkTTFT, ITL: quirkITL, MaxSeqs: 4, Seed: 1, Quirks: []mock.Quirk{{Name: q.Name}}})
			plan := bench.Plan{Input: 50, Output: quirkTokens, Requests: 1, Limits: bench.Limits{StallSeconds: 2, RequestSeconds: 20}}
			switch c.class {
			case bench.Stall, bench.HTTP429, bench.HTTP5xx:
				plan.Warmup = -1 // would only repeat the wait
			}
			doc, err := Measure(context.Background(), plan, Config{URL: l.URL, Raw: true})
			if err != nil {
				t.Fatal(err)
			}
			if c.stop != "" {
				if doc.Stopped == nil || doc.Stopped.Code != c.stop || !doc.CutShort {
					t.Errorf("stopped %+v, want %s", doc.Stopped, c.stop)
				}
			} else if len(doc.Phases) != 1 || doc.Phases[0].Requests != 1 {
				t.Fatalf("%d phases, stopped %+v", len(doc.Phases), doc.Stopped)
			}
			last := &doc.Raw[len(doc.Raw)-1]
			if last.Class != string(c.class) {
				t.Errorf("class %q (%s), want %q", last.Class, last.Text, c.class)
			}
			if c.class != bench.OK {
				return
			}
			p := &doc.Phases[0]
			if p.Completed != 1 || len(p.Errors) != 0 {
				t.Errorf("%d complete, errors %v", p.Completed, p.Errors)
			}
			if q.Name != "early-eos" && q.Name != "usage-without-reasoning" && last.Output != quirkTokens {
				t.Errorf("%d tokens, want %d", last.Output, quirkTokens)
			}
			if c.check != nil && !c.check(&doc, last) {
				t.Errorf("read wrongly: %+v\n%+v\nleft out %q, failed %d", *last, p.Warnings, doc.Setup.LeftOut, doc.Setup.Failed)
			}
		})
	}
	for name := range quirkCases {
		if !seen[name] {
			t.Errorf("the expectation for %s has no quirk", name)
		}
	}
}
