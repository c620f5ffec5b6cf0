package bench

import (
	"strings"
	"testing"
)

// What a fit may take from a phase depends on what limited it.
func TestUseOfPhases(t *testing.T) {
	x := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		name  string
		phase PhaseDoc
		use   string // of the row
		rate  bool   // its throughput counts
	}{
		{"nothing wrong", PhaseDoc{Completed: 9}, "", true},
		{"slight delays", PhaseDoc{Completed: 9, Limited: true, Limit: &Limited{Code: "launch"}}, "", true},
		{"waits of 5 %", PhaseDoc{Completed: 9, Limited: true, Limit: &Limited{Code: "launch", Severe: true}, Queue: DistDoc{Mean: x(5)}}, "", false},
		{"waits of 15 %", PhaseDoc{Completed: 9, Limited: true, Limit: &Limited{Code: "launch", Severe: true}, Queue: DistDoc{Mean: x(15)}}, "no: the client was the limit", false},
		{"six connections", PhaseDoc{Completed: 9, Limited: true, Limit: &Limited{Code: "connections", Text: "Six.", Severe: true}}, "no: the client was the limit. Six.", false},
		{"limited, nobody knows why", PhaseDoc{Completed: 9, Limited: true}, "no: the client was the limit", false},
		{"cut short", PhaseDoc{Completed: 9, Cut: true}, "no: cut short", false},
		{"nothing complete", PhaseDoc{}, "no: no complete answer", false},
	} {
		c.phase.E2E.Mean, c.phase.OutputTokPerS = x(100), x(1000)
		c.phase.Use = c.phase.use()
		d := Document{Phases: []PhaseDoc{c.phase}}
		r := d.Rows()[0]
		if r.Use != c.use && !strings.HasPrefix(r.Use, c.use+".") || c.use == "" && r.Use != "" {
			t.Errorf("%s: use %q, want %q", c.name, r.Use, c.use)
		}
		if c.phase.Usable() != (c.use == "") {
			t.Errorf("%s: usable %v", c.name, c.phase.Usable())
		}
		if c.use == "" && r.OutputTokPerS.OK != c.rate {
			t.Errorf("%s: throughput %+v, want it %v", c.name, r.OutputTokPerS, c.rate)
		}
		if !c.rate && c.use == "" && !strings.Contains(r.Notes, "Latency only") {
			t.Errorf("%s: the notes say %q", c.name, r.Notes)
		}
	}
}
