package explain

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

// The worked example on one H100 SXM: every entry as text.
func TestExampleGolden(t *testing.T) {
	r := example(t, "h100-sxm")
	var e fleet.Estimator
	a := e.Size(r)
	if len(a.Options) != 1 {
		t.Fatalf("%d options", len(a.Options))
	}
	b := New(&r, &a, &a.Options[0], context)
	var out strings.Builder
	done := map[string]bool{}
	for _, f := range Formulas() {
		if x, ok := b.Explain(f.ID, ""); ok && b.Applying(f.ID) != nil && !done[f.ID] {
			done[f.ID] = true
			fmt.Fprintf(&out, "[%s]\n%s\n", f.ID, x.Plain())
			if formula := x.ExcelNumbers(); formula != "" {
				fmt.Fprintf(&out, "%s\n%s\n\n", x.Excel(), formula)
			}
		}
	}
	file := filepath.Join("testdata", "example.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		got := file + ".got"
		_ = os.WriteFile(got, []byte(out.String()), 0o644)
		t.Errorf("%s differs; compare with %s, and run with -update if the change is meant", file, got)
	}
}

// A formula is written once and printed in every form it is needed in.
func ExampleFormula() {
	for _, f := range Formulas() {
		if f.ID == "replicas_needed" && f.Case == "" {
			fmt.Println(f.Text)
			fmt.Println(f.Symbols())
			fmt.Println(f.Excel())
		}
	}
	// Output:
	// up(sized_demand / (peak_load * rate_per_replica))
	// ceil(sized demand ÷ (peak load × rate per replica))
	// =MAX(1,ROUNDUP(sized_demand/(peak_load*rate_per_replica)-1E-9,0))
}
