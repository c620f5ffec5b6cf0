package views

import (
	"strings"
	"testing"

	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/calc/importer"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

const genaiPerf = `{"request_latency":{"unit":"ms","avg":2110.0},"request_throughput":{"unit":"requests/sec","avg":7.58},"time_to_first_token":{"unit":"ms","avg":120.0},` +
	`"inter_token_latency":{"unit":"ms","avg":10.0},"output_token_throughput":{"unit":"tokens/sec","avg":1516.6},"output_sequence_length":{"unit":"tokens","avg":200.0},` +
	`"input_sequence_length":{"unit":"tokens","avg":1000.0},"request_count":{"unit":"count","avg":160},"input_config":{"model":["llama-3.1-8b"],"perf_analyzer":{"stimulus":{"concurrency":16}}}}`

// A client's result file is read, asks for what it leaves out, and is predicted
// once that is chosen; its figures carry a mark.
func TestImportedFile(t *testing.T) {
	v := measuring(t, "", "file", "profile_export_genai_perf.json", genaiPerf)
	st := &v.study
	if st.format != importer.GenAIPerf || len(st.table.Rows) != 1 || st.fault != "" {
		t.Fatalf("format %s, %d rows, fault %q", st.format, len(st.table.Rows), st.fault)
	}
	html := render(v)
	soundMarkup(t, "imported", html)
	for _, id := range []string{"study-on", "study-eng", "study-tp", "study-q"} {
		if !strings.Contains(html, `id="`+id+`"`) {
			t.Errorf("nothing asks for %s", id)
		}
	}
	if !strings.Contains(text(html), "choose it under Scenario") {
		t.Error("nothing says what is missing")
	}
	st.fill.GPU, st.fill.Engine, st.fill.TP, st.fill.Weights = "h100-sxm-80gb", "vllm", 1, catalog.FP8
	v.reread()
	answerStudy(v, worker.StudyRequest{})
	rows := filled(st.before)
	if len(rows) != 1 || rows[0].Reason != "" || !rows[0].ITL.Both() {
		t.Fatalf("after choosing: %+v", rows)
	}
	html = render(v)
	shown := text(html)
	if !strings.Contains(shown, "120 ms †") || !strings.Contains(html, `id="rows-marks"`) || !strings.Contains(shown, "first response of any kind") {
		t.Error("a figure of another definition is not marked and explained")
	}
	if !strings.Contains(shown, "of cache") {
		t.Error("tokens in flight are missing from the table")
	}
	if strings.Contains(render(measuring(t, "", "nim-8b", "NIM", exampleCSV(4))), "†") {
		t.Error("NVIDIA's table is marked")
	}
}

// The accelerator the sizing is about is taken for files that name none.
func TestImportedFileTakesTheSizingsAccelerator(t *testing.T) {
	v := measuring(t, "g=h100-sxm", "file", "x.json", genaiPerf)
	if v.study.fill.GPU != "h100-sxm-80gb" || !v.study.scored() {
		t.Errorf("filled with %q, scored %v", v.study.fill.GPU, v.study.scored())
	}
}

func TestBesideTheAnswer(t *testing.T) {
	v := measuring(t, "m=llama-3.1-8b&q=fp8&in=1000&out=200&flight=16&g=h100-sxm&tp=1&ttft=off&itl=off&util=100&spare=0", "file", "x.json", genaiPerf)
	v.study.fill.Engine, v.study.fill.TP, v.study.fill.Weights = "vllm", 1, catalog.FP8
	v.reread()
	if !strings.Contains(render(v), `id="rows-beside"`) {
		answerStudy(v, worker.StudyRequest{})
	}
	html := render(v)
	if !strings.Contains(html, `id="rows-beside"`) {
		t.Fatal("no button to show the rows beside the answer")
	}
	c := worker.NewComputer(testCatalog(t))
	c.Beside(&worker.OwnRows{CSV: v.study.text, Fill: v.study.fill})
	var o *fleet.Option
	a := c.Preview(v.s.Req)
	for i := range a.Options {
		if a.Options[i].GPU.ID == "h100-sxm-80gb" {
			o = &a.Options[i]
		}
	}
	if o == nil || o.Measured == nil || o.Tier != fleet.Measured {
		t.Fatal("the row does not stand beside the option on H100")
	}
	shown := text(app.HTMLString(measuredUI(o)))
	for _, want := range []string{"Measured nearby", "1,000 in, 200 out, 16 in flight", "120 ms", "10 ms", "Defined in another way"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the detail lacks %q: %s", want, shown)
		}
	}
	if html := render(measuring(t, "", "nim-8b", "NIM", exampleCSV(4))); strings.Contains(html, `id="rows-beside"`) {
		t.Error("a table that ships has the button, though its rows are always there")
	}
}
