package e2e

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mockServer runs the command's own test endpoint and returns its address.
func mockServer(t *testing.T, flags ...string) string {
	t.Helper()
	addresses, _ := mortalServer(t, 1, flags...)
	return addresses[0]
}

// mortalServer is a mockServer with several addresses that can be ended.
func mortalServer(t *testing.T, addresses int, flags ...string) (bases []string, kill func()) {
	t.Helper()
	command := []string{"go", "run", "."}
	if own := os.Getenv("E2E_COMMAND"); own != "" {
		command = []string{own}
	}
	cmd := exec.Command(command[0], append(append(command[1:], "mock", "-addr", "127.0.0.1:0"), flags...)...)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	found := make(chan string, addresses)
	go func() {
		lines := bufio.NewScanner(out)
		address := regexp.MustCompile(`https?://[0-9.]+:\d+/v1`)
		for n := 0; n < addresses && lines.Scan(); {
			if a := address.FindString(lines.Text()); a != "" {
				found <- a
				n++
			}
		}
		io.Copy(io.Discard, out)
	}()
	for range addresses {
		select {
		case a := <-found:
			bases = append(bases, a)
		case <-time.After(patience):
			t.Fatalf("the mock server names %d of %d addresses", len(bases), addresses)
		}
	}
	return bases, func() { cmd.Process.Kill() }
}

// measureView opens the Measure view, live.
func measureView(t *testing.T, h *host) *tab {
	t.Helper()
	return newPerson(t).measureView(h)
}

func (p *person) measureView(h *host) *tab {
	p.t.Helper()
	b := p.tab()
	b.open(h.base + "#v=1&g=h100-sxm&t=measure")
	b.ready()
	b.waitFor("the page is live", `document.documentElement.dataset.ready === "true"`)
	return b
}

// measuring opens the Measure view at an endpoint and checks it.
func measuring(t *testing.T, h *host, url string) *tab {
	t.Helper()
	b := measureView(t, h)
	b.check(url)
	return b
}

// check enters an endpoint and checks it.
func (b *tab) check(url string) {
	b.t.Helper()
	b.click(`[data-source="live"]`)
	b.type_("#live-url", url)
	b.click("#live-check")
	b.waitFor("the end of the check", `["ready","refused"].includes(document.getElementById("live").dataset.liveState)`)
}

// checked waits for the end of a check, which must be as wanted.
func (b *tab) checked(want string) {
	b.t.Helper()
	b.waitFor("the end of the check", `["ready","refused"].includes(document.getElementById("live").dataset.liveState)`)
	var got string
	if b.eval(`document.getElementById("live").dataset.liveState`, &got); got != want {
		b.t.Fatalf("the check ends %s, not %s: %q", got, want, b.text("aside .check"))
	}
}

// busy reports whether the view says that this machine was too busy to be a client.
func (b *tab) busy(said string) bool {
	b.t.Helper()
	for _, sign := range []string{"too busy to time", "this computer is too busy"} {
		if strings.Contains(said, sign) {
			b.t.Log("this machine is too busy to be a client: " + said)
			return true
		}
	}
	return false
}

// type_ fills a field and leaves it.
func (b *tab) type_(field, text string) {
	b.t.Helper()
	b.insert(field, text)
	b.keys(kb.Tab)
}

func (b *tab) choose(field, value string) {
	b.t.Helper()
	b.waitFor(field, fmt.Sprintf(`document.querySelector(%q)?.options.length > 0`, field))
	b.eval(fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); })()`, field, value), nil)
}

// onlyAsked fails if a request went to another address than the site's and the one typed.
func (b *tab) onlyAsked(h *host, endpoint string) {
	b.t.Helper()
	b.mu.Lock()
	kept := b.requests[:0:0]
	for _, r := range b.requests {
		if !strings.HasPrefix(r, endpoint) {
			kept = append(kept, r)
		}
	}
	b.requests = kept
	b.mu.Unlock()
	b.clean(h)
}

// liveRow is a line of the table of phases.
type liveRow struct{ Load, Requests, TTFT, PerToken, TokS, Errors, Counted string }

func (b *tab) liveRows() (rows []liveRow) {
	b.t.Helper()
	b.eval(`[...document.querySelectorAll("#live-phases tr[data-phase]")].map((r) => ({load: r.dataset.phase, requests: r.cells[1].innerText, ttft: r.cells[2].firstChild.textContent, perToken: r.cells[4].firstChild.textContent, tokS: r.cells[5].firstChild.textContent, errors: r.cells[8].innerText, counted: r.cells[9].innerText}))`, &rows)
	return rows
}

// finished waits for the end of a run.
func (b *tab) finished() {
	b.t.Helper()
	b.waitFor("the end of the run", `document.getElementById("live").dataset.liveState === "done"`)
}

// The times are long so that a busy machine adds little to them.
var slow = []string{"-ttft", "500ms", "-itl", "20ms", "-max-seqs", "4", "-seed", "1"}

// measured runs the plan of the form, whose loads double from 1, checks what
// must be true however busy the machine is, and reports whether a phase can be
// used. runs counts.
func (b *tab) measured(runs *int) (usable bool) {
	b.t.Helper()
	b.run(runs)
	rows := b.liveRows()
	b.t.Logf("measured: %+v", rows)
	if len(rows) == 0 {
		b.t.Fatalf("no phases; %s", b.text("#live-warnings"))
	}
	for i, r := range rows {
		if r.Errors != "0" || r.Requests == "0" || r.Load != fmt.Sprint(1<<i) {
			b.t.Errorf("phase %+v", r)
		}
	}
	b.eval(`!!document.getElementById("live-fit")`, &usable)
	if !usable { // then each phase says why
		if got := b.text("#live-next"); strings.Count(got, "the client was the limit")+strings.Count(got, "cut short") != len(rows) {
			b.t.Errorf("no phase can be used, and the view says %q", got)
		}
	}
	return usable
}

// run starts the plan of the form and waits for its report. runs counts.
func (b *tab) run(runs *int) {
	b.t.Helper()
	*runs++
	b.click("#live-start")
	b.waitFor("the report of the run", fmt.Sprintf(`document.getElementById("live").dataset.liveState === "done" && document.querySelectorAll("#live-reports tbody tr").length === %d`, *runs))
}

// savesReports saves the report in the shape of each other tool.
func (b *tab) savesReports(dir string, runs int) {
	b.t.Helper()
	for _, c := range []struct{ format, name, key string }{
		{"csv", "fleetsize-bench.csv", "TTFT_ms"},
		{"vllm", "fleetsize-bench-vllm.json", "median_ttft_ms"},
		{"aiperf", "fleetsize-bench-aiperf.zip", "time_to_first_token"},
		{"inference-perf", "fleetsize-bench-inference-perf.zip", "time_per_output_token"},
	} {
		b.choose("#live-as", c.format)
		b.waitFor("the choice", fmt.Sprintf(`document.getElementById("live-as").value === %q`, c.format))
		b.click("#live-save-as")
		got := downloaded(b.t, dir, c.name)
		if strings.HasSuffix(c.name, ".zip") {
			z, err := zip.NewReader(bytes.NewReader(got), int64(len(got)))
			if err != nil {
				b.t.Fatalf("%s: %v", c.name, err)
			}
			phases := len(b.liveRows())
			if len(z.File) != phases {
				b.t.Errorf("%s has %d files of %d phases", c.name, len(z.File), phases)
			}
			f, err := z.File[0].Open()
			if err != nil {
				b.t.Fatalf("%s: %v", c.name, err)
			}
			if got, err = io.ReadAll(f); err != nil {
				b.t.Fatalf("%s: %v", c.name, err)
			}
		}
		if !strings.Contains(string(got), c.key) {
			b.t.Errorf("%s lacks %s: %s", c.name, c.key, got)
		}
	}
}

// A person checks an endpoint, measures it under rising load, fits the estimate
// to it and sizes with the fit.
func TestLiveEndpoint(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, slow...)
	h := newHost(t, built, "/")
	p := newPerson(t)
	dir := p.downloads()
	b := p.measureView(h)
	b.check(endpoint)
	for _, rung := range []string{"address", "reach", "stream"} {
		var outcome string
		b.eval(fmt.Sprintf(`document.querySelector('[data-rung=%q]').dataset.outcome`, rung), &outcome)
		if outcome != "good" {
			t.Errorf("%s: %s: %s", rung, outcome, b.text(fmt.Sprintf(`[data-rung=%q]`, rung)))
		}
	}
	b.choose("#live-plan", "load")
	b.type_("#live-in", "64")
	b.type_("#live-out", "32")
	b.type_("#live-top", "4")
	b.click(`[data-phase="5"]`)
	runs := 0
	usable := b.measured(&runs)
	if !usable { // a machine that was too busy is asked once more
		usable = b.measured(&runs)
	}
	if got := b.text("#live-phases"); !strings.Contains(got, "here the same as those of the last column: OpenAI's o200k_base, counted exactly") {
		t.Errorf("the server's words are one token each, and the table of phases says %q", got)
	}
	other := filepath.Join(t.TempDir(), "other.json")
	report := `{"schema_version": "1.0", "phases": [{"label": "8 in flight", "output_tok_s": 800}, {"label": "16 in flight", "output_tok_s": 900, "use": "no: cut short"}],
		"setup": {"deployment": {"model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "gpus": 2, "tp": 2}}}`
	if err := os.WriteFile(other, []byte(report), 0o644); err != nil {
		t.Fatal(err)
	}
	b.do("opening a report", chromedp.SetUploadFiles("#live-reports-file", []string{other}, chromedp.ByQuery))
	b.waitFor("one report more", fmt.Sprintf(`document.querySelectorAll("#live-reports tbody tr").length === %d`, runs+1))
	// 800 tok/s of two GPUs of 700 W: 400 each, 571 per kW.
	if got := b.text("#live-reports tbody tr:last-child"); !strings.Contains(got, "8 in flight") || !strings.Contains(got, "400") || !strings.Contains(got, "571") {
		t.Errorf("the other report is listed as %q", got)
	}
	b.laysLog(runs)
	b.shot("measure-live-1280-light")
	b.size(390, 844)
	b.noSidewaysScroll()
	b.shot("measure-live-390-light")
	b.size(1280, 800)
	b.eval(`document.getElementById("live-hand").open = true`, nil)
	if got := b.text("#live-hand-text"); !strings.Contains(got, "kind: Job") || !strings.Contains(got, strings.TrimSuffix(endpoint, "/v1")) {
		t.Errorf("the plan for a cluster is %q", got)
	}
	b.theme("dark")
	b.shot("measure-live-1280-dark")
	b.theme("light")
	b.savesReports(dir, runs)
	if !usable {
		t.Log("this machine is too busy to be a client, twice: there is nothing to fit to")
		b.onlyAsked(h, endpoint)
		return
	}
	b.click("#live-fit")
	b.waitFor("the rows are predicted", `document.getElementById("study")?.dataset.study === "ready"`)
	if got := b.text("#study"); !strings.Contains(got, "typically off by") || !strings.Contains(got, "live endpoint") {
		t.Errorf("the Measure view says %q", got)
	}
	b.click("#fit")
	b.waitFor("the fit", `document.getElementById("fit-use") !== null && document.getElementById("study").dataset.study === "ready"`)
	b.click("#fit-use")
	b.click(`[data-view="size"]`)
	b.waitFor("the fit is in use", `document.querySelector("#fit-stop") !== null`)
	if got := b.text("main"); !strings.Contains(got, "Your fit is in use") || !strings.Contains(got, "live endpoint") {
		t.Error("the Size view does not name the fit")
	}
	b.onlyAsked(h, endpoint)
}

// A browser gives six connections to an address of HTTP/1.1; more names of this
// computer give more. TestLiveHTTP2 has the other way out.
func TestLiveConnections(t *testing.T) {
	t.Parallel() // they wait more than they work
	// Streams last until a busy browser has opened them all.
	endpoint := mockServer(t, "-ttft", "30ms", "-itl", "60ms", "-max-seqs", "64")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	if got := b.text(`[data-rung="connections"]`); !strings.Contains(got, "opens 6 connections to this address") {
		t.Errorf("the check of connections says %q", got)
	}
	if n := mostAtOnce(t, endpoint); n != 6 {
		t.Errorf("the server saw up to %d requests at once, want 6", n)
	}
	b.click("#live-spread")
	b.click("#live-check")
	b.waitFor("the end of the check", `document.getElementById("live").dataset.liveState === "ready"`)
	if got := b.text(`[data-rung="connections"]`); !strings.Contains(got, "up to 66 requests in flight") {
		t.Errorf("spread over more names, the check of connections says %q", got)
	}
	if n := mostAtOnce(t, endpoint); n <= 6 {
		t.Errorf("spread over more names, the server saw up to %d requests at once", n)
	}
}

// What cannot be measured is explained, with what to change.
func TestLiveRefusals(t *testing.T) {
	t.Parallel() // they wait more than they work
	h := newHost(t, built, "/")
	closed := mockServer(t, "-cors", "off", "-ttft", "10ms", "-itl", "1ms")
	for _, c := range []struct{ name, url, rung, say string }{
		{"no CORS", closed, "reach", "CORS"},
		{"nothing there", "http://127.0.0.1:9/v1", "reach", "Nothing answers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := measuring(t, h, c.url)
			b.t = t
			if got := b.text(fmt.Sprintf(`[data-rung=%q]`, c.rung)); !strings.Contains(got, c.say) {
				t.Errorf("the check says %q", got)
			}
			b.eval(`document.querySelectorAll("#live-fix details").forEach((d) => d.open = true)`, nil)
			b.loadAudit()
			for _, f := range b.audit(false) {
				t.Errorf("%s: %s\n  %s", f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
			}
			var remedies string
			b.eval(`document.getElementById("live-fix").textContent`, &remedies)
			for _, remedy := range []string{"--allowed-origins '[\"" + strings.TrimSuffix(h.base, "/") + "\"]'", "reverse_proxy " + strings.Split(c.url, "/")[2]} {
				if strings.Contains(remedies, remedy) != (c.say == "CORS") {
					t.Errorf("what to do, with or without %q: %s", remedy, remedies)
				}
			}
			var disabled bool
			b.eval(`document.getElementById("live-start").disabled`, &disabled)
			if !disabled {
				t.Error("a run can be started all the same")
			}
			b.close()
		})
	}
	b := measureView(t, h)
	b.click(`[data-source="live"]`)
	b.type_("#live-url", "ftp://x")
	b.waitFor("a message", `document.getElementById("live-url-msg").innerText.includes("http")`)
	b.clean(h)
}

// The key is nowhere but in the requests.
func TestLiveKeyStays(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-key", "s3cret-key", "-ttft", "10ms", "-itl", "1ms")
	h := newHost(t, built, "/")
	b := measureView(t, h)
	b.click(`[data-source="live"]`)
	b.type_("#live-url", endpoint)
	b.click("#live-check")
	b.waitFor("a refusal", `document.getElementById("live").dataset.liveState === "refused"`)
	b.type_("#live-key", "s3cret-key")
	b.click("#live-check")
	b.waitFor("the check passes", `document.getElementById("live").dataset.liveState === "ready"`)
	var seen bool
	b.eval(`(async () => {
		const found = [location.href, JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.body.innerText, document.documentElement.outerHTML.replaceAll(/value="[^"]*"/g, "")];
		for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(request.url);
		return found.some((s) => s.includes("s3cret"));
	})()`, &seen)
	if seen {
		t.Error("the key has left its field")
	}
	b.do("a moment", chromedp.Sleep(100*time.Millisecond))
}

// truth is what the mock server noted of a request.
type truth struct {
	Proto    string `json:"proto"`
	Input    int    `json:"input_tokens"`
	Output   int    `json:"output_tokens"`
	InFlight int    `json:"in_flight_at_arrival"`
	Canceled bool   `json:"canceled"`
}

// truths are the requests for completions in the server's own trace.
func truths(t *testing.T, endpoint string) (all []truth) {
	t.Helper()
	r, err := http.Get(strings.TrimSuffix(endpoint, "/v1") + "/trace")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("the trace: %s, %v", r.Status, err)
	}
	for line := range bytes.Lines(text) {
		var one truth
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatalf("the trace says %q: %v", line, err)
		}
		all = append(all, one)
	}
	return all
}

// mostAtOnce is the largest number of requests that the server had at once.
func mostAtOnce(t *testing.T, endpoint string) (most int) {
	t.Helper()
	for _, r := range truths(t, endpoint) {
		most = max(most, r.InFlight)
	}
	return most
}

// laysLog opens a log of nvidia-smi beside the reports of the runs: what the
// GPU drew stands in theirs, and not in the one that does not say when it was.
func (b *tab) laysLog(runs int) {
	b.t.Helper()
	var log strings.Builder
	log.WriteString("timestamp, index, power.draw [W], utilization.gpu [%]\n")
	now := time.Now().UTC()
	for s := -1200; s < 600; s++ {
		fmt.Fprintf(&log, "%s, 0, 432.00 W, 90 %%\n", now.Add(time.Duration(s)*time.Second).Format("2006/01/02 15:04:05.000"))
	}
	file := filepath.Join(b.t.TempDir(), "gpu.csv")
	if err := os.WriteFile(file, []byte(log.String()), 0o644); err != nil {
		b.t.Fatal(err)
	}
	b.do("opening a log", chromedp.SetUploadFiles("#live-reports-file", []string{file}, chromedp.ByQuery))
	b.waitFor("the power of every run", fmt.Sprintf(`[...document.querySelectorAll("#live-reports tbody tr")].filter((e) => e.innerText.includes("432 W")).length === %d`, runs))
	if got := b.text("#live-reports tbody tr:last-child"); !strings.Contains(got, "571") || strings.Contains(got, " W,") {
		b.t.Errorf("the report without a time is listed as %q", got)
	}
}
