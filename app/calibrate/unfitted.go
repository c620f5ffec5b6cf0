//go:build !js

package main

import (
	"os"
	"path/filepath"

	"fleetsize/calc/fit"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// unfitted are tables no profile was fitted to.
var unfitted = []struct {
	file, id, title string
	p95             bool
}{
	{"vendor_tpot", "never fitted: time per token", "Time per token that NVIDIA measured with TensorRT-LLM and vLLM (protocol unpublished)", false},
	{"offline_max", "never fitted: offline maximum", "Throughput of TensorRT-LLM 0.10 to 1.0 with every request queued at once", false},
	{"nim_dli", "never fitted: 95th percentile of TTFT", "NIM of 2024: the fit saw means only", true},
}

// neverFitted scores those tables with the profiles as they will ship.
func neverFitted(cat *catalog.Catalog, engines *enginesFile, dir string, report *accuracyReport) error {
	cat, err := cat.WithEngines([]byte(engines.text))
	if err != nil {
		return err
	}
	resolver, err := score.NewResolver(cat)
	if err != nil {
		return err
	}
	for _, u := range unfitted {
		text, err := os.ReadFile(filepath.Join(dir, u.file+".csv"))
		if err != nil {
			return err
		}
		t, _, err := measured.ParseCSV(text)
		if err != nil {
			return err
		}
		var runner score.Runner
		var total fit.Tally
		groups := map[string]*fit.Tally{}
		var order []string
		n := 0
		for i := range t.Rows {
			s := runner.Row(resolver, &t.Rows[i])
			if s.Reason != "" {
				continue
			}
			n++
			o := fit.Observation{TTFT: s.TTFT.Measured.Or(0), ITL: s.ITL.Measured.Or(0), OutputTokPerS: s.OutputTokPerS.Measured.Or(0)}
			p := fit.Prediction{TTFT: s.TTFT.Model.Or(0), ITL: s.ITL.Model.Or(0), OutputTokPerS: s.OutputTokPerS.Model.Or(0)}
			if u.p95 {
				o, p = fit.Observation{TTFT: s.TTFTP95.Measured.Or(0)}, fit.Prediction{TTFT: s.TTFTP95.Model.Or(0)}
			}
			g := groups[t.Rows[i].Group]
			if g == nil {
				g = &fit.Tally{}
				groups[t.Rows[i].Group] = g
				order = append(order, t.Rows[i].Group)
			}
			total.Add(&o, p)
			g.Add(&o, p)
		}
		set := catalog.AccuracySet{Profile: u.id, Title: u.title, Rows: n, Tests: []catalog.AccuracyTest{accuracyTest("never fitted", 0, total)}}
		for _, k := range order {
			set.Groups = append(set.Groups, catalog.AccuracyGroup{Group: k, InSample: figures(groups[k].Score())})
		}
		report.put(set)
		(&worked{accuracy: set}).print(os.Stdout)
	}
	return nil
}
