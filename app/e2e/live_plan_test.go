package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"
)

// A plan file of the terminal is opened, its highest load is held against what
// the connection really carries, and it is saved as it was.
func TestLivePlanFile(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoints, _ := mortalServer(t, 2, "-tls-addr", "127.0.0.1:0", "-h2-streams", "12", "-ttft", "30ms", "-itl", "20ms", "-max-seqs", "64")
	h := newHost(t, built, "/")
	p := newPerson(t)
	dir := p.downloads()
	b := p.measureView(h)
	b.do("trusting the server's certificate", security.SetIgnoreCertificateErrors(true))
	b.size(1280, 1600)
	b.click(`[data-source="live"]`)
	b.type_("#live-url", endpoints[1])

	b.eval(`document.getElementById("live-plan-more").open = true`, nil)
	b.click("#live-plan-paste")
	b.insert("#live-plan-text", `{"kind":"load","max_concurrency":0.5}`)
	b.click("#live-plan-read")
	b.waitFor("why the text is no plan", `document.getElementById("live-plan-msg").innerText.includes("no plan")`)
	plan := `{"kind":"load","input_tokens":64,"output_tokens":32,"max_concurrency":40,"phase_s":5,"warmup":3,"seed":9,"limits":{"requests":500},"color":"red"}`
	file := filepath.Join(t.TempDir(), "my-plan.json")
	if err := os.WriteFile(file, []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	b.do("opening a plan", chromedp.SetUploadFiles("#live-plan-file", []string{file}, chromedp.ByQuery))
	b.waitFor("the plan in the form", `document.getElementById("live-top")?.value === "40" && document.getElementById("live-plan").value === "load"`)
	if got := b.text("#live-plan-more"); !strings.Contains(got, "my-plan.json") || !strings.Contains(got, "3 warm-up requests") || !strings.Contains(got, `"color" is no key of a plan`) {
		t.Errorf("beside the form: %q", got)
	}
	b.click("#live-plan-save")
	var saved struct {
		Kind     string `json:"kind"`
		Output   int    `json:"output_tokens"`
		Highest  int    `json:"max_concurrency"`
		Warmup   int    `json:"warmup"`
		Seed     int    `json:"seed"`
		Requests int    `json:"requests"`
		Limits   struct {
			Requests int `json:"requests"`
		} `json:"limits"`
	}
	if err := json.Unmarshal(downloaded(t, dir, "fleetsize-plan.json"), &saved); err != nil || saved.Kind != "load" || saved.Output != 32 || saved.Highest != 40 || saved.Warmup != 3 || saved.Seed != 9 || saved.Limits.Requests != 500 {
		t.Errorf("saved: %+v, %v", saved, err)
	}

	counted := func() bool {
		b.click("#live-check")
		b.checked("ready")
		return strings.Contains(b.text(`[data-rung="connections"]`), "takes 12 at a time")
	}
	if !counted() && !counted() { // a machine that was too busy is asked once more
		t.Errorf("the check of connections says %q", b.text(`[data-rung="connections"]`))
	}
	if got := b.text("#live-streams"); !strings.Contains(got, "at most 12 requests in flight") {
		t.Errorf("beside the highest load: %q", got)
	}
	b.shot("measure-plan-file-1280-light")
	b.onlyAsked(h, endpoints[1])
}
