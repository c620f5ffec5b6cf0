package views

import (
	"strings"

	"fleetsize/app/export/xlsx"
	"fleetsize/calc/bench"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// saved says how a report is saved in a format: what the user reads, and the
// file's name. part is that of one phase where the format has a file for each.
var saved = map[string]struct{ label, name, part string }{
	bench.FormatJSON:    {"Save the report", "fleetsize-bench.json", ""},
	bench.FormatCSV:     {"CSV with NIM's columns", "fleetsize-bench.csv", ""},
	bench.FormatVLLM:    {"vLLM bench serve", "fleetsize-bench-vllm.json", ""},
	bench.FormatAIPerf:  {"AIPerf", "fleetsize-bench-aiperf.zip", "profile_export_aiperf#.json"},
	bench.FormatInfPerf: {"inference-perf", "fleetsize-bench-inference-perf.zip", "stage_#_lifecycle_metrics.json"},
}

// liveSave is the button that saves the report in a format.
func (v *Page) liveSave(format string) app.HTMLElem {
	label, way := "Save", saved[format]
	if format == bench.FormatJSON {
		label = way.label
	}
	return button("btn", iconSave(), txt(label)).OnClick(func(ctx app.Context, e app.Event) {
		parts, err := v.endpoint.doc.Export(format)
		if err != nil || len(parts) == 0 {
			v.say("Nothing was measured that this format could hold")
			return
		}
		if way.part == "" {
			saveFile(way.name, "text/plain", string(parts[0].Data))
		} else {
			saveBytes(way.name, "application/zip", xlsx.Zip(partFiles(way.part, parts)...))
		}
		v.say("Saved as " + way.name)
	}, app.EventScope(format))
}

// partFiles names the files of an export with one for each phase, # being the
// phase's number from 0.
func partFiles(pattern string, parts []bench.Part) [][2]string {
	var files [][2]string
	for i, p := range parts {
		files = append(files, [2]string{strings.Replace(pattern, "#", units.Plain(float64(i)), 1), string(p.Data)})
	}
	return files
}
