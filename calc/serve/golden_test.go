package serve

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fleetsize/catalog"
)

var update = flag.Bool("update", false, "rewrite testdata/golden.txt; say in the commit why predictions moved")

// Predictions are the same to the last bit on every platform the product runs
// on, and do not move unnoticed.
func TestGolden(t *testing.T) {
	var lines []string
	var sim Sim
	costs := systems(t)
	grow := newSetup()
	grow.engine.Scheduler.Reserve, grow.engine.Scheduler.AdmitShare = catalog.ReserveGrow, 0
	grow.kvTokens(t, 40000)
	costs["evicting"] = grow.cost(t)
	for name, c := range modeSystems(t) {
		costs[name] = c
	}
	for name, c := range costs {
		for kind, l := range loads() {
			r := sim.Run(c, l)
			lines = append(lines, fmt.Sprintf("%s, %s: ttft %.17g %.17g itl %.17g %.17g e2e %.17g req/s %.17g running %.17g kv %.17g evicted %.17g %s",
				name, kind, r.TTFT.Mean, r.TTFT.P95, r.ITL.Mean, r.ITL.P99, r.E2E.P90, r.ReqPerS, r.Running, r.KVUsedBytes, r.Preemptions, r.Binding))
		}
	}
	var apart SplitSim
	split, _ := splitSetup(t, 2, 3)
	split.LinkBytesPerS, split.LinkDelay = 40e9, 1e-4
	for _, l := range []Load{
		{Input: 5000, Output: 500, Rate: 3, Requests: 3000}, {Input: 2000, Output: 300, Rate: 8, LengthRatio: 0.3, Requests: 3000},
		{Input: 5000, Output: 500, Concurrency: 60},
	} {
		r := apart.Run(split, l)
		lines = append(lines, fmt.Sprintf("split 2:3, %d/%d in flight %d: ttft %.17g %.17g itl %.17g %.17g e2e %.17g req/s %.17g running %.17g kv %.17g evicted %.17g %s",
			l.Input, l.Output, l.Concurrency, r.TTFT.Mean, r.TTFT.P95, r.ITL.Mean, r.ITL.P99, r.E2E.P90, r.ReqPerS, r.Running, r.KVUsedBytes, r.Preemptions, r.Binding))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	const file = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(want) != len(lines) {
		t.Fatalf("%d predictions, want %d", len(lines), len(want))
	}
	exact := runtime.GOARCH == "amd64" || runtime.GOARCH == "wasm"
	for i := range lines {
		if lines[i] != want[i] && (exact || !alike(lines[i], want[i])) {
			t.Errorf("moved:\n got %s\nwant %s", lines[i], want[i])
		}
	}
}

// alike compares two lines number by number to 1e-6: processors that fuse
// multiplication and addition round differently.
func alike(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		var u, v float64
		_, errU := fmt.Sscan(x[i], &u)
		_, errV := fmt.Sscan(y[i], &v)
		if errU == nil && errV == nil {
			if !near(u, v, 1e-6) {
				return false
			}
		} else if x[i] != y[i] {
			return false
		}
	}
	return true
}
