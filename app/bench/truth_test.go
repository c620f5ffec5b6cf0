//go:build !js

package bench

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"fleetsize/app/mock"
	"fleetsize/calc/bench"
)

// Where this computer is too busy to time anything, a check of milliseconds is
// repeated and then only reported: it must never fail a build.
const attempts = 3

// The client's medians agree with what the server says it sent: 2 % on time
// per token, 5 ms on TTFT, over HTTP/1.1 and HTTP/2.
func TestMediansAgainstTheTrace(t *testing.T) {
	for _, c := range []struct {
		name   string
		tls    bool
		flight int
	}{{"HTTP/1.1", false, 1}, {"HTTP/1.1", false, 8}, {"HTTP/2.0", true, 8}} {
		judged(t, fmt.Sprintf("%s, %d in flight", c.name, c.flight), func() (wrong string, limited bool) {
			s, l := serveMock(t, mock.Config{TTFT: 80 * time.Millisecond, ITL: 10 * time.Millisecond, MaxSeqs: 16, Seed: 2})
			cfg := Config{URL: l.URL}
			if c.tls {
				cfg.URL = l.TLSURL
				cfg.Client, _ = NewClient(Dial{Insecure: true})
			}
			doc, err := Measure(context.Background(), bench.Plan{Input: 200, Output: 50, Concurrency: []int{c.flight}, Requests: max(6, 3*c.flight)}, cfg)
			if err != nil {
				t.Fatal(err)
			}
			p := &doc.Phases[0]
			if p.Completed != p.Requests || *doc.Setup.Protocol != c.name {
				t.Fatalf("%d of %d complete, protocol %s, want %s", p.Completed, p.Requests, *doc.Setup.Protocol, c.name)
			}
			var ttft, tpot []float64
			for _, r := range s.Trace() {
				if n := len(r.FlushUS); n == 50 && !r.Canceled {
					ttft = append(ttft, float64(r.FlushUS[0]-r.ArrivalUS)/1e3)
					tpot = append(tpot, float64(r.FlushUS[n-1]-r.FlushUS[0])/1e3/float64(n-1))
				}
			}
			wantTTFT, _ := bench.NewDist(ttft).Quantile(0.5)
			wantTPOT, _ := bench.NewDist(tpot).Quantile(0.5)
			said := fmt.Sprintf("TTFT %.2f ms (server %.2f), per token %.3f ms (server %.3f)", *p.TTFT.P50, wantTTFT, *p.TPOT.P50, wantTPOT)
			t.Logf("%s, %d in flight: %s", c.name, c.flight, said)
			if math.Abs(*p.TTFT.P50-wantTTFT) > 5 || math.Abs(*p.TPOT.P50/wantTPOT-1) > 0.02 {
				wrong = said
			}
			return wrong, doc.ClientLimited
		})
	}
}

// Knee and capacity are those of the closed form of the server's settings.
func TestKneeAndCapacityOfTheMock(t *testing.T) {
	cfg := mock.Config{TTFT: 60 * time.Millisecond, ITL: 4 * time.Millisecond, MaxSeqs: 4, Seed: 3}
	const tokens = 25
	enough := bench.Limits{Seconds: 90} // several times what a quiet computer takes
	_, l := serveMock(t, cfg)
	judged(t, "knee", func() (wrong string, limited bool) {
		d, err := Measure(context.Background(), bench.Plan{Kind: bench.Load, Input: 50, Output: tokens, PhaseSeconds: 1.5, Limits: enough}, Config{URL: l.URL})
		if err != nil {
			t.Fatal(err)
		}
		if d.Knee == nil || *d.Knee != float64(cfg.MaxSeqs) {
			wrong = fmt.Sprintf("knee %v, want the %d slots; stopped %+v", d.Knee, cfg.MaxSeqs, d.Stopped)
		}
		for i := range d.Phases {
			p := &d.Phases[i]
			want, ok := cfg.Expect(*p.Concurrency, 50, tokens)
			if !ok {
				t.Fatal("no closed form")
			}
			if off := *p.OutputTokPerS/want.OutputTokPerS - 1; math.Abs(off) > 0.05 {
				wrong += fmt.Sprintf(" %d in flight: %.1f tok/s, closed form %.1f.", *p.Concurrency, *p.OutputTokPerS, want.OutputTokPerS)
			}
		}
		return wrong, d.ClientLimited || d.CutShort
	})
	// The limit lies between the mean waits of 5 and 6 requests.
	five, _ := cfg.Expect(5, 50, tokens)
	six, _ := cfg.Expect(6, 50, tokens)
	tier := bench.Tier{ID: "mine", P25Speed: 100, P95TTFT: (five.TTFT + six.TTFT) / 2}
	judged(t, "capacity", func() (wrong string, limited bool) {
		d, err := Measure(context.Background(), bench.Plan{Kind: bench.SLO, Input: 50, Output: tokens, PhaseSeconds: 1, Tiers: []bench.Tier{tier}, Limits: enough}, Config{URL: l.URL})
		if err != nil {
			t.Fatal(err)
		}
		c := d.Capacity[0]
		if c.Verdict != bench.Pass || *c.Pass != 5 || *c.Fail != 6 {
			wrong = fmt.Sprintf("%s: %s; want 5 and 6", c.Verdict, c.Text)
		}
		return wrong, d.ClientLimited || d.CutShort
	})
}

// judged repeats a measurement that is wrong. It fails when every run was
// wrong and none of them was limited by the client.
func judged(t *testing.T, what string, measure func() (wrong string, limited bool)) {
	t.Helper()
	busy := false
	for range attempts {
		wrong, limited := measure()
		if wrong == "" {
			return
		}
		busy = busy || limited
		t.Logf("%s: %s (client limited %v)", what, wrong, limited)
	}
	if busy {
		t.Logf("%s: this computer is too busy; not judged", what)
		return
	}
	t.Errorf("%s: wrong in each of %d runs, of which none was limited by the client", what, attempts)
}

// The terminal has no limit on connections.
func TestNoConnectionLimit(t *testing.T) {
	const flight = 400
	for _, tls := range []bool{false, true} {
		judged(t, fmt.Sprintf("TLS %v", tls), func() (wrong string, limited bool) {
			_, l := serveMock(t, mock.Config{TTFT: 600 * time.Millisecond, ITL: 20 * time.Millisecond, MaxSeqs: flight, Seed: 4})
			cfg := Config{URL: l.URL}
			if tls {
				cfg.URL = l.TLSURL
				cfg.Client, _ = NewClient(Dial{Insecure: true})
			}
			doc, err := Measure(context.Background(), bench.Plan{Input: 20, Output: 10, Concurrency: []int{flight}, Requests: flight}, cfg)
			if err != nil {
				t.Fatal(err)
			}
			p := &doc.Phases[0]
			if p.MaxOpen < flight*9/10 || p.Completed != flight {
				wrong = fmt.Sprintf("%d answers open at once, %d complete, errors %v; want about %d", p.MaxOpen, p.Completed, p.Errors, flight)
			}
			return wrong, doc.ClientLimited
		})
	}
}
