package link

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestVersion1Corpus opens links that were written with version 1 and checks
// that they still mean what they meant. The file is append-only: a line that
// fails means that links in people's mail changed their meaning. Its lines are
// link, tab, canonical link, tab, resolved numbers.
func TestVersion1Corpus(t *testing.T) {
	cat := load(t)
	file, err := os.ReadFile("testdata/v1.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(file)), "\n")
	if len(lines) < 20 {
		t.Fatalf("%d lines; the corpus has lost some", len(lines))
	}
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("%q has %d fields, want 3", line, len(f))
		}
		s, _ := Parse(cat, f[0])
		r, _ := s.Requirement(cat)
		w, d, g, p := r.Workload, r.Demand, r.Targets, r.Posture
		got := fmt.Sprintf("%s %s/%s %s:%s tp%d pp%d %d/%d hit%g lr%g %s %g peak%g ttft%g itl%g e2e%g p%s util%g spare%d+%d grow%g yrs%d gpus%d",
			r.Model.ID, r.Weights, r.KV, r.Engine.ID, r.Version, r.TP, r.PP, w.Input, w.Output, w.CachedShare, w.LengthRatio,
			d.Kind, d.Amount(), d.PeakReqPerS(), g.TTFT, g.ITL, g.E2E, g.Percentile,
			p.Utilization, p.SpareReplicas, p.SpareNodes, p.Growth, p.Years, len(r.GPUs))
		if s.String() != f[1] || got != f[2] {
			t.Errorf("%s\n got %s\t%s\nwant %s\t%s", f[0], s.String(), got, f[1], f[2])
		}
	}
}
