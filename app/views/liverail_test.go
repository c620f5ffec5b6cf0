package views

import (
	"strings"
	"testing"

	"fleetsize/calc/bench"
)

// The command beside the form runs the plan of the form, and never has the key.
func TestLiveCommand(t *testing.T) {
	for _, c := range []struct {
		plan bench.Kind
		want string
	}{
		{"", "-plan probes -key-env API_KEY -o report.json"},
		{bench.Load, "-plan load -in 1000 -out 200 -max-concurrency 64 -key-env"},
		{bench.SLO, "-plan slo -in 1000 -out 200 -tier standard -max-concurrency 64 -key-env"},
		{bench.Open, "-plan open -in 1000 -out 200 -rate 1 -poisson -key-env"},
	} {
		l := liveState{url: "http://127.0.0.1:8000/v1", key: "s3cret", plan: c.plan}
		if got := l.command(); !strings.Contains(got, c.want) || strings.Contains(got, "s3cret") {
			t.Errorf("%q: %s lacks %q", c.plan, got, c.want)
		}
	}
}
