package catalog_test

import (
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// What the recipes of data/README.md add is sized like everything else.
func TestRecipeRowsAreSized(t *testing.T) {
	c := catalog.WithRecipes(t)
	m, _ := c.Model("acme-9b")
	g, _ := c.GPU("acme-x1")
	e, _ := c.Engine("acme-serve")
	p, _ := c.Preset("rag")
	if m == nil || g == nil || e == nil {
		t.Fatal("a row of the recipes is not found")
	}
	var est fleet.Estimator
	a := est.Size(fleet.Requirement{
		Catalog: c, Model: m, Engine: e, GPUs: []fleet.Choice{{GPU: g}}, Targets: p.Targets,
		Workload: fleet.Workload{Input: p.Input, Output: p.Output},
		Demand:   fleet.Demand{Kind: fleet.PerSecond, ReqPerS: 10},
		Posture:  fleet.Posture{Utilization: 0.7, SpareReplicas: 1},
	})
	if len(a.Options) != 1 {
		t.Fatalf("no option; excluded: %+v", a.Excluded)
	}
	o := a.Options[0]
	if o.GPUs < 2 || o.GPUs > 40 || !o.Priced || o.At.TTFT.P95 <= 0 || o.At.TTFT.P95 > p.Targets.TTFT {
		t.Errorf("%d GPUs, TTFT p95 %v s, %v USD a month", o.GPUs, o.At.TTFT.P95, o.USDPerMonth)
	}
	if o.Tier != fleet.SpecsOnly && o.Tier != fleet.Estimated {
		t.Errorf("an engine nobody measured is %s", o.Tier)
	}
}

// The table of the recipe is free of problems, is predicted, and can be fitted to.
func TestRecipeTableIsFitted(t *testing.T) {
	_, text := catalog.RecipeRows(t)
	table, problems, err := measured.ParseCSV([]byte(text))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	resolver, err := score.NewResolver(c)
	if err != nil {
		t.Fatal(err)
	}
	findings := resolver.Check(table.Rows)
	for _, f := range findings {
		t.Errorf("line %d: %s", f.Line, f.Text)
	}
	if testing.Short() {
		return
	}
	report, err := resolver.Fit(&table, findings, score.FitOptions{Evaluations: 60, InSample: true})
	if err != nil {
		t.Fatal(err)
	}
	if report.Used != len(table.Rows) || len(report.Engines) != 1 || len(report.Dropped) != 0 {
		t.Fatalf("%d of %d rows used, %d engines, dropped %v", report.Used, len(table.Rows), len(report.Engines), report.Dropped)
	}
	if report.After.ITL.MAPE > report.Before.ITL.MAPE || !(report.After.ITL.MAPE < 0.2) {
		t.Errorf("mean error of the time per token: %v before, %v after", report.Before.ITL.MAPE, report.After.ITL.MAPE)
	}
}
