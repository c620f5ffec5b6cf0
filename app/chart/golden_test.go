package chart_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"fleetsize/app/chart"
)

var update = flag.Bool("update", false, "rewrite the golden drawings")

// drawings are the fixtures at the widths the page uses.
func drawings() map[string]*chart.Chart {
	return map[string]*chart.Chart{
		"price-980":     chart.Lines(price(), 980),
		"price-320":     chart.Lines(price(), 320),
		"load-980":      chart.Panels(loadCurves(), 980),
		"load-358":      chart.Panels(loadCurves(), 358),
		"memory-470":    chart.Stack(memory(), 470),
		"breakdown-358": chart.Stack(breakdown(), 358),
		"pareto-470":    chart.Lines(pareto(), 470),
		"ramp-980":      chart.Panels(ramp(), 980),
		"heat-980":      chart.Heat(errorMap(), 980),
		"heat-320":      chart.Heat(errorMap(), 320),
		"surface-980":   chart.Surface(surface(), 980),
		"surface-320":   chart.Surface(surface(), 320),
		"moves-470":     chart.Tornado(moves(), 470),
		"moves-320":     chart.Tornado(moves(), 320),
		"options-470":   chart.Dots(options(), 470),
		"options-320":   chart.Dots(options(), 320),
	}
}

// TestGolden compares every drawing with the file a person has looked at. After
// a wanted change: go test ./app/chart -update, then look at the files.
func TestGolden(t *testing.T) {
	for name, c := range drawings() {
		path := filepath.Join("testdata", name+".svg")
		got := c.SVG()
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s.svg differs from %s; run with -update and look at it", name, path)
		}
	}
}
