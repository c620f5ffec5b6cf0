package views

import (
	"html"
	"strings"
	"testing"

	"fleetsize/calc/bench"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
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

// Extra headers go along to every other client, but nothing that could be a
// credential does.
func TestLiveHeadersGoAlong(t *testing.T) {
	v := sized(t, few+"&t=measure")
	l := &v.endpoint
	l.on, l.extra = true, "X-Team: search\nX-Api-Key: s3cret\nX-Trace: 6f9619ff8b86d011b42d"
	if got := l.command(); !strings.Contains(got, `-header 'X-Team: search' -header 'X-Api-Key: '"$HEADER_X_API_KEY" -header 'X-Trace: '"$HEADER_X_TRACE"`) {
		t.Error(got)
	}
	for _, kind := range bench.Handoffs() {
		l.set("hand", kind)
		got := html.UnescapeString(app.HTMLString(v.liveHandoff()))
		for _, w := range []string{"X-Team", "search", "X-Api-Key", "$HEADER_X_API_KEY", "$HEADER_X_TRACE"} {
			if !strings.Contains(got, w) {
				t.Errorf("%s lacks %s:\n%s", kind, w, got)
			}
		}
		if strings.Contains(got, "s3cret") || strings.Contains(got, "6f9619") {
			t.Errorf("%s has a secret:\n%s", kind, got)
		}
	}
}
