package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
)

func TestBoot(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]struct {
		prefix, rest string
		encodes      bool
	}{
		"root":                 {"/", "", false},
		"folder":               {"/repo/", "", false},
		"deep folder":          {"/a/b/c/", "", false},
		"page named":           {"/repo/", "index.html", false},
		"host that encodes":    {"/", "", true},
		"link in the fragment": {"/repo/", "#v=1&w=chat&rps=3", false},
		"link in the query":    {"/repo/", "?v=1&w=chat&rps=3", false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, built, open.prefix)
			h.encodes = open.encodes
			b := newPerson(t).tab()
			b.open(h.base + open.rest)
			b.ready()
			b.offlineReady()
			b.clean(h)
			for _, sent := range h.transfers() {
				if sent.status >= 400 {
					t.Errorf("%s: status %d", sent.file, sent.status)
				}
			}
		})
	}
}

// The answer stands in the page before any script runs, and without scripts at all.
func TestAnswerWithoutScripts(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("scripts off", emulation.SetScriptExecutionDisabled(true))
	b.open(h.base)
	answer := b.html("#app")
	if !strings.Contains(answer, "GPU") && !strings.Contains(answer, "H100") {
		t.Errorf("the pre-rendered page names no GPU: %.300s", answer)
	}
	if strings.Contains(answer, "style=") {
		t.Error("the pre-rendered page has an inline style, which the content policy blocks")
	}
	if note := b.html("noscript"); !strings.Contains(note, "worked example") {
		t.Errorf("nothing says that this is an example: %q", note)
	}
	b.shot("no-scripts-1280")
}

// When the program cannot start, the page says why and the answer stays.
func TestLoadFailures(t *testing.T) {
	t.Parallel()
	without := func(name string) files {
		fs := files{}
		for file, content := range built {
			fs[file] = content
		}
		delete(fs, name)
		return fs
	}
	half := without("")
	half["app.wasm.gz"] = built["app.wasm.gz"][:len(built["app.wasm.gz"])/2]
	damaged := without("")
	damaged["app.wasm.gz"] = []byte("<html>Please log in to the guest network</html>")
	for name, c := range map[string]struct {
		files  files
		script string
		want   string
	}{
		"program missing":         {without("app.wasm.gz"), "", "404"},
		"download cut short":      {half, "", "half-way"},
		"something else instead":  {damaged, "", "damaged"},
		"WebAssembly turned off":  {built, "delete self.WebAssembly", "no WebAssembly"},
		"old browser":             {built, "delete self.DecompressionStream", "too old"},
		"starter script missing":  {without("wasm_exec.js"), "", "wasm_exec.js did not load"},
		"storage blocked is fine": {built, `Object.defineProperty(self, "localStorage", {configurable: true, get() { throw new Error("blocked") }})`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, c.files, "/")
			b := newPerson(t).tab()
			if c.script != "" {
				b.do("preparing", onEveryPage(c.script))
			}
			b.open(h.base)
			b.waitFor("the end of loading", `document.documentElement.dataset.boot !== "loading"`)
			var state string
			b.eval(`document.documentElement.dataset.boot`, &state)
			words := b.text("#boot")
			if c.want == "" {
				if state != "ready" {
					t.Errorf("state %s: %s", state, words)
				}
				return
			}
			if state != "failed" || !strings.Contains(words, c.want) || !strings.Contains(words, "Reload") {
				t.Errorf("state %q with the words %q, want them to say %q and to offer Reload", state, words, c.want)
			}
			b.view("failure-" + strings.ReplaceAll(name, " ", "-"))
			if b.text("#app h1") == "" {
				t.Error("the worked answer is gone")
			}
		})
	}
}

// The first visit downloads the program once; the second downloads nothing.
func TestTransfer(t *testing.T) {
	t.Parallel()
	for name, maxAge := range map[string]time.Duration{"host that lets browsers keep files": 10 * time.Minute, "host that has every file checked": 0} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, built, "/")
			h.maxAge = maxAge
			p := newPerson(t)
			b := p.tab()
			b.open(h.base)
			b.ready()
			b.offlineReady()
			total, programs := 0, 0
			for _, sent := range h.transfers() {
				total += sent.bytes
				if sent.file == "app.wasm.gz" && sent.bytes > 0 {
					programs++
				}
			}
			t.Logf("first visit: %d bytes, of which program %d", total, len(built["app.wasm.gz"]))
			if programs != 1 {
				t.Errorf("the program was sent %d times, want once", programs)
			}
			if rest := total - len(built["app.wasm.gz"]); rest > 800_000 {
				t.Errorf("the first visit sends %d bytes besides the program, want at most 800,000", rest)
			}
			b.close()
			again := p.tab()
			again.open(h.base)
			again.ready()
			again.offlineReady()
			for _, sent := range h.transfers() {
				if sent.bytes > 0 && sent.file != "sw.js" {
					t.Errorf("the second visit got %s again", sent.file)
				}
			}
			var took float64
			again.eval(`performance.getEntriesByName("fleetsize-boot-time")[0].duration`, &took)
			t.Logf("second visit: running %.0f ms after the loader", took)
		})
	}
}
