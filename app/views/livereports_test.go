package views

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Reports of other clients stand beside ours: their definitions are marked,
// what they do not say about the hardware is asked for, and a price that is
// not known is said to be none.
func TestForeignReports(t *testing.T) {
	v := sized(t, few+"&t=measure")
	l := &v.endpoint
	l.on = true
	files, err := filepath.Glob("../../calc/importer/testdata/*")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		l.reports = append(l.reports, readReport(filepath.Base(f), string(text)))
	}
	for i := range l.reports {
		if r := &l.reports[i]; r.fault != "" || r.doc == nil && r.file == nil {
			t.Errorf("%s: %q", r.name, r.fault)
		}
	}
	l.reports = append(l.reports, readReport("x.json", `{"a":"<script>"}`))
	if last := &l.reports[len(l.reports)-1]; last.fault == "" {
		t.Error("what is no report is one")
	}
	markup := app.HTMLString(v.liveReports())
	shown := text(markup)
	for _, w := range []string{"vLLM bench serve", "GuideLLM", "inference-perf", "InferenceX", "does not say what it was measured on", "†", "No price"} {
		if w != "No price" && !strings.Contains(shown, w) {
			t.Errorf("the table lacks %q", w)
		}
	}
	for _, ref := range references(markup) {
		if _, ok := v.explanation(ref); !ok {
			t.Errorf("%s explains nothing", ref)
		}
	}

	l.reports = []openedReport{readReport("genai.json", genaiPerf)}
	if s, ok := v.seenReport(0); !ok || s.Figures["seen_output"] != 1516.6 || s.Figures["seen_per_gpu"] != 0 || s.Figures["seen_tool_ttft"] != 0.12 {
		t.Errorf("before choosing: %+v", s.Figures)
	}
	markup = app.HTMLString(v.liveReports())
	if shown := text(markup); !strings.Contains(shown, "genai-perf") || !strings.Contains(shown, "mean") || !strings.Contains(shown, "first response of any kind") || !strings.Contains(markup, `id="report-gpu-0"`) || !strings.Contains(markup, `id="live-reports-marks"`) {
		t.Errorf("a mean of another definition is not marked, or the hardware is not asked for: %s", shown)
	}
	l.reports[0].gpu, l.reports[0].gpus = "h100-sxm-80gb", 2
	if s, _ := v.seenReport(0); s.Figures["seen_per_gpu"] != 758.3 || !(s.Figures["seen_per_usd"] > 0) {
		t.Errorf("after choosing: %+v", s.Figures)
	}
	for _, g := range v.s.Catalog().GPUs {
		if g.Rent == nil {
			l.reports[0].gpu = g.ID
			break
		}
	}
	if s, _ := v.seenReport(0); s.Figures["seen_per_usd"] != 0 || !strings.Contains(text(app.HTMLString(v.liveReports())), "No price") {
		t.Errorf("%s has no price, and the table says %s", l.reports[0].gpu, text(app.HTMLString(v.liveReports())))
	}
}

// references are the entries that numbers of a markup refer to.
func references(markup string) (refs []string) {
	for _, part := range strings.Split(markup, `data-x="`)[1:] {
		ref, _, _ := strings.Cut(part, `"`)
		refs = append(refs, html.UnescapeString(ref))
	}
	return refs
}

// Whatever a file of reports holds, the table that shows it is sound and all
// its numbers are explained.
func FuzzReadReport(f *testing.F) {
	f.Add(genaiPerf)
	f.Add(`{"schema_version":"1.0","phases":[{"label":"8 in flight","requests":20,"completed":20,"output_tok_s":1e308,"ttft_ms":{"n":20,"p50":-1}}],"setup":{"deployment":{"gpu":"h100-sxm-80gb","gpus":2}}}`)
	f.Add(`{"schema_version":"1.0","phases":[]}`)
	f.Add("model,gpu,ttft_ms\nllama-3.1-8b,h100-sxm,1e309\n")
	cat, err := loadOnce()
	if err != nil {
		f.Fatal(err)
	}
	v := answered(studyComputer(), cat, "g=h100-sxm&t=measure")
	v.endpoint.on = true
	f.Fuzz(func(t *testing.T, text string) {
		v.endpoint.reports = []openedReport{readReport("a.json", text)}
		markup := app.HTMLString(v.liveReports())
		for _, bad := range []string{"NaN", "+Inf", "-Inf", "%!"} {
			if strings.Contains(markup, bad) && !strings.Contains(text, bad) {
				t.Errorf("%q shows %s", text, around(markup, bad))
			}
		}
		for _, ref := range references(markup) {
			if _, ok := v.explanation(ref); !ok {
				t.Errorf("%s explains nothing", ref)
			}
		}
	})
}
