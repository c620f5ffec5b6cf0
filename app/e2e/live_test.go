package e2e

import (
	"bufio"
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
	address, _ := mortalServer(t, flags...)
	return address
}

// mortalServer is a mockServer that can be ended.
func mortalServer(t *testing.T, flags ...string) (plain string, kill func()) {
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
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		address := regexp.MustCompile(`http://[0-9.]+:\d+/v1`)
		for lines.Scan() {
			if a := address.FindString(lines.Text()); a != "" {
				found <- a
				break
			}
		}
		io.Copy(io.Discard, out)
	}()
	select {
	case plain = <-found:
	case <-time.After(patience):
		t.Fatal("the mock server names no address")
	}
	return plain, func() { cmd.Process.Kill() }
}

// measureView opens the Measure view, live.
func measureView(t *testing.T, h *host) *tab {
	t.Helper()
	b := newPerson(t).tab()
	b.t = t
	b.open(h.base + "#v=1&g=h100-sxm&t=measure")
	b.ready()
	b.waitFor("the page is live", `document.documentElement.dataset.ready === "true"`)
	return b
}

// measuring opens the Measure view at an endpoint and checks it.
func measuring(t *testing.T, h *host, url string) *tab {
	t.Helper()
	b := measureView(t, h)
	b.click(`[data-source="live"]`)
	b.type_("#live-url", url)
	b.click("#live-check")
	b.waitFor("the end of the check", `["ready","refused"].includes(document.getElementById("live").dataset.liveState)`)
	return b
}

// type_ fills a field and leaves it.
func (b *tab) type_(field, text string) {
	b.t.Helper()
	b.insert(field, text)
	b.keys(kb.Tab)
}

func (b *tab) choose(field, value string) {
	b.t.Helper()
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
	b.eval(`[...document.querySelectorAll("#live-phases tr[data-phase]")].map((r) => ({load: r.dataset.phase, requests: r.cells[1].innerText, ttft: r.cells[2].innerText, perToken: r.cells[4].innerText, tokS: r.cells[5].innerText, errors: r.cells[8].innerText, counted: r.cells[9].innerText}))`, &rows)
	return rows
}

// finished waits for the end of a run.
func (b *tab) finished() {
	b.t.Helper()
	b.waitFor("the end of the run", `document.getElementById("live").dataset.liveState === "done"`)
}

// The times are long so that a busy machine adds little to them.
var slow = []string{"-ttft", "500ms", "-itl", "20ms", "-max-seqs", "4", "-seed", "1"}

// A person checks an endpoint, measures it under rising load, fits the estimate
// to it and sizes with the fit.
func TestLiveEndpoint(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, slow...)
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
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
	b.click("#live-start")
	b.finished()
	rows := b.liveRows()
	if len(rows) == 0 {
		t.Fatalf("no phases; %s", b.text("#live-warnings"))
	}
	t.Logf("measured: %+v", rows)
	for i, r := range rows {
		if r.Errors != "0" || r.Requests == "0" || r.Load != fmt.Sprint(1<<i) {
			t.Errorf("phase %+v", r)
		}
		// The server's words are one token each of o200k_base: both counts say the same.
		if !strings.HasPrefix(r.Counted, "50") && !strings.HasPrefix(r.Counted, "49") && !strings.HasPrefix(r.Counted, "4") {
			t.Errorf("%q tok/s/user by the page's own count, want about 50", r.Counted)
		}
	}
	if got := b.text("#live-phases"); !strings.Contains(got, "o200k_base, counted exactly") {
		t.Errorf("the table of phases says %q", got)
	}
	other := filepath.Join(t.TempDir(), "other.json")
	report := `{"schema_version": "1.0", "phases": [{"label": "8 in flight", "output_tok_s": 800}, {"label": "16 in flight", "output_tok_s": 900, "use": "no: cut short"}],
		"setup": {"deployment": {"model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "gpus": 2, "tp": 2}}}`
	if err := os.WriteFile(other, []byte(report), 0o644); err != nil {
		t.Fatal(err)
	}
	b.do("opening a report", chromedp.SetUploadFiles("#live-reports-file", []string{other}, chromedp.ByQuery))
	b.waitFor("two reports", `document.querySelectorAll("#live-reports tbody tr").length === 2`)
	// 800 tok/s of two GPUs of 700 W: 400 each, 571 per kW.
	if got := b.text("#live-reports tbody tr:last-child"); !strings.Contains(got, "8 in flight") || !strings.Contains(got, "400") || !strings.Contains(got, "571") {
		t.Errorf("the other report is listed as %q", got)
	}
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
	var usable bool
	b.eval(`!!document.getElementById("live-fit")`, &usable)
	if !usable { // then each phase says why
		if got := b.text("#live-next"); strings.Count(got, "the client was the limit")+strings.Count(got, "cut short") != len(rows) {
			t.Errorf("no phase can be used, and the view says %q", got)
		}
		t.Log("this machine is too busy to be a client: " + b.text("#live-next"))
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
// computer give more. HTTP/2 has no such limit, but a browser does not talk to
// a server whose certificate it does not know, and the one shared by these
// tests must go on refusing those: package live tests that case with a wire
// that has no limit.
func TestLiveConnections(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "30ms", "-itl", "30ms", "-max-seqs", "64")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	if got := b.text(`[data-rung="connections"]`); !strings.Contains(got, "opens 6 connections to this address") {
		t.Errorf("the check of connections says %q", got)
	}
	b.click("#live-spread")
	b.click("#live-check")
	b.waitFor("the end of the check", `document.getElementById("live").dataset.liveState === "ready"`)
	if got := b.text(`[data-rung="connections"]`); !strings.Contains(got, "up to 66 requests in flight") {
		t.Errorf("spread over more names, the check of connections says %q", got)
	}
}

// Whatever a service does, the run ends with a report of what was measured.
func TestLiveBadService(t *testing.T) {
	t.Parallel() // they wait more than they work
	h := newHost(t, built, "/")
	for _, c := range []struct {
		name, quirk string
		warn        string // part of what the view says
		complete    bool   // some requests must be complete
	}{
		{"answers 429", "http-429=3", "429", true},
		{"sends garbage", "garbage=4", "could not be read", true},
		{"breaks off", "abort=4", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			endpoint := mockServer(t, "-ttft", "20ms", "-itl", "5ms")
			b := measureView(t, h)
			b.t = t
			b.click(`[data-source="live"]`)
			b.type_("#live-url", endpoint)
			b.click("#live-check")
			b.waitFor("the check passes", `document.getElementById("live").dataset.liveState === "ready"`)
			b.eval(`document.getElementById("live-more").open = true`, nil)
			b.type_("#live-headers", "X-Mock-Quirk: "+c.quirk)
			b.choose("#live-plan", "single")
			b.type_("#live-in", "32")
			b.type_("#live-out", "16")
			b.click("#live-start")
			b.finished()
			said := b.text("main")
			if c.warn != "" && !strings.Contains(said, c.warn) {
				t.Errorf("the view does not say %q: %q", c.warn, said)
			}
			done := false
			for _, r := range b.liveRows() {
				done = done || r.Requests != "0"
			}
			if c.complete && !done {
				t.Errorf("nothing measured: %q", said)
			}
			if !strings.Contains(said, "Save the report") {
				t.Error("there is no report")
			}
			b.close()
		})
	}
}

// A service that dies takes no finished measurement with it.
func TestLiveServiceDies(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint, kill := mortalServer(t, slow...)
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.choose("#live-plan", "sweep")
	b.click(`[data-phase="5"]`)
	b.click("#live-start")
	b.waitFor("a phase", `document.querySelectorAll("#live-phases tr[data-phase]").length >= 1`)
	kill()
	b.finished()
	if rows := b.liveRows(); len(rows) == 0 || rows[0].Requests == "0" || rows[0].Errors != "0" {
		t.Errorf("the phase that was finished is lost: %+v", rows)
	}
	if got := b.text("#live-warnings"); !strings.Contains(got, "failed") && !strings.Contains(got, "error") {
		t.Errorf("the warnings say %q", got)
	}
	if got := b.text("#live-next"); !strings.Contains(got, "Save the report") {
		t.Errorf("there is no report: %q", got)
	}
}

// Limits end a run, and what is finished is kept.
func TestLiveCaps(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "20ms", "-itl", "2ms", "-max-seqs", "4")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	before := served(t, endpoint)
	b.choose("#live-plan", "load")
	b.type_("#live-in", "32")
	b.type_("#live-out", "16")
	b.eval(`document.getElementById("live-caps").open = true`, nil)
	b.type_("#live-max-requests", "12")
	b.click("#live-start")
	b.finished()
	if n := served(t, endpoint) - before; n != 12 {
		t.Errorf("%d requests reached the server, the limit is 12", n)
	}
	if got := b.text("#live-warnings"); !strings.Contains(got, "12") {
		t.Errorf("the warnings say %q", got)
	}
}

// served counts the requests for completions in the server's own trace.
func served(t *testing.T, endpoint string) int {
	t.Helper()
	return len(trace(t, endpoint))
}

func trace(t *testing.T, endpoint string) []string {
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
	return strings.FieldsFunc(string(text), func(c rune) bool { return c == '\n' })
}

// A run that is stopped keeps what is finished, and its requests end.
func TestLiveStop(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, slow...)
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.choose("#live-plan", "sweep")
	b.click(`[data-phase="5"]`)
	b.click("#live-start")
	b.waitFor("a phase", `document.querySelectorAll("#live-phases tr[data-phase]").length >= 1`)
	b.click("#live-stop")
	b.finished()
	if got := b.text("#live-warnings"); !strings.Contains(got, "Stopped by you") {
		t.Errorf("the warnings say %q", got)
	}
	if r := b.liveRows(); len(r) == 0 || r[0].Requests == "0" {
		t.Errorf("nothing is kept: %+v", r)
	}
	b.onlyAsked(h, endpoint)
}

// Stop ends the requests at the server, too.
func TestLiveAbort(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "100ms", "-itl", "100ms")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.choose("#live-plan", "single")
	b.type_("#live-in", "32")
	b.type_("#live-out", "4000") // takes 400 s
	b.click("#live-start")
	b.waitFor("a request under way", `document.getElementById("live").innerText.includes("1 of 1 answering")`)
	b.click("#live-stop")
	b.finished()
	var last string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if lines := trace(t, endpoint); len(lines) > 0 {
			last = lines[len(lines)-1]
		}
		if strings.Contains(last, `"canceled":true`) {
			return
		}
	}
	t.Errorf("the server does not notice that the request ended: %s", last)
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
