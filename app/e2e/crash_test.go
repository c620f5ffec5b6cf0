package e2e

import (
	"bytes"
	"compress/gzip"
	"maps"
	"strings"
	"testing"
)

// Whatever stops the program, the page says so, the address holds the last input, and there are ways back.
func TestCrash(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	p.allowClipboard()
	for _, c := range []struct{ name, harm string }{
		{"in the program's loop", `performance.mark = () => { throw new Error("sabotage") }; rate(13)`},
		{"beside the program's loop", `const e = new KeyboardEvent("keydown", {key: "?", bubbles: true});
			e.preventDefault = () => { throw new Error("sabotage") }; document.dispatchEvent(e)`},
		{"through WebAssembly", `Object.defineProperty(self, "performance", {configurable: true, value: {}}); rate(13)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, h, p, "#v=1&g=h100-sxm&rps=7")
			// The second input comes before the address may be written again.
			b.eval(`{
				const rate = (x) => { const e = document.getElementById("rps"); e.value = x; e.dispatchEvent(new Event("input", {bubbles: true})); };
				rate(11);
				rate(12);
				`+c.harm+`;
			}; true`, nil)
			b.waitFor("the dialog", `document.querySelector("#crash[open]")`)
			if link := b.link(); link != "v=1&rps=12&g=h100-sxm-80gb" {
				t.Errorf("the address holds %s", link)
			}
			if said := b.text("#crash"); !strings.Contains(said, "not of what you entered") || !strings.Contains(said, "Version ") {
				t.Errorf("the dialog says %q", said)
			}
			b.view("crash-" + strings.ReplaceAll(c.name, " ", "-"))
			var focused, address string
			b.eval(`document.activeElement.textContent`, &focused)
			b.eval(`location.href`, &address)
			if focused != "Reload" {
				t.Errorf("the focus is on %q", focused)
			}
			b.click(`#crash .btn:nth-of-type(2)`)
			b.waitFor("the confirmation", `document.querySelector("#crash .btn:nth-of-type(2)").textContent === "Link copied"`)
			if got := b.copied(); got != address {
				t.Errorf("copied %s, want %s", got, address)
			}
			b.reload(`document.querySelector("#crash .btn.go").click()`)
			b.live()
			if got := b.headline(); !strings.Contains(got, "12 req/s") {
				t.Errorf("after the reload: %q", got)
			}
			b.eval(`fleetsize.crash("once more"); true`, nil)
			b.reload(`document.querySelector("#crash .btn:last-of-type").click()`)
			b.eval(`location.href`, &address)
			if address = strings.TrimSuffix(address, "#v=1"); address != h.base {
				t.Errorf("starting over leads to %s", address)
			}
			b.close()
		})
	}
}

// A page that gets no more memory says so instead of freezing.
func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	var used float64
	b := measureView(t, newHost(t, built, "/"))
	b.eval(`fleetsize.memory()`, &used)
	b.close()
	h := newHost(t, with("app.wasm.gz", packed(limited(t, int(used)+6<<20))), "/")
	b = measureView(t, h)
	b.click("#study-paste")
	b.waitFor("the field for pasting", `document.querySelector("#study-text")`)
	b.eval(`document.getElementById("study-text").value = "model,gpu,ttft_ms\n" + "llama-3.1-8b,h100-sxm,100\n".repeat(150000); true`, nil)
	b.eval(`document.getElementById("study-read").click(); true`, nil)
	b.waitFor("the dialog", `document.querySelector("#crash[open]")`)
	if link := b.link(); !strings.Contains(link, "g=h100-sxm") {
		t.Errorf("the address holds %s", link)
	}
}

// A background thread that does not start, breaks off, or gets no memory leaves the page answering on its own.
// Where nothing is wrong, the page does not give the thread up.
func TestWorkerFails(t *testing.T) {
	t.Parallel()
	worker := string(built["worker.js"])
	script := func(s string) files { return with("worker.js", []byte(s)) }
	starved := script(strings.Replace(worker, "async function start({ module, exec }) {",
		`async function start({ exec }) { const module = await WebAssembly.compileStreaming(fetch("little.wasm"));`, 1))
	if string(starved["worker.js"]) == worker {
		t.Fatal("worker.js starts the program in another way than this test knows")
	}
	starved["little.wasm"] = limited(t, 0)
	for _, c := range []struct {
		name  string
		files files
		ended int
	}{
		{"nothing is wrong", built, 0},
		{"it does not load", script("throw new Error('sabotage')"), 1},
		{"it breaks off", script(`const post = self.postMessage.bind(self);
			self.postMessage = (m) => { post(m); setTimeout(() => { throw new Error("sabotage") }) };` + worker), 1},
		{"it gets no memory", starved, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHost(t, c.files, "/")
			b := newPerson(t).tab()
			b.t = t
			b.do("counting", onEveryPage(`self.ended = 0; self.answers = 0;
				const end = Worker.prototype.terminate; Worker.prototype.terminate = function () { ended++; end.call(this); };`))
			b.open(h.base)
			b.live()
			b.eval(`location.hash = "v=1&g=h100-sxm,l40s"; true`, nil)
			b.waitFor("two accelerators", `location.hash.includes("g=") && document.querySelectorAll("tr[data-gpu]").length === 2`)
			b.edit(func() { b.insert("#rps", "12") })
			b.sameAsCommand()
			var ended int
			b.eval("ended", &ended)
			if ended != c.ended {
				t.Errorf("the page ended its worker %d times, want %d", ended, c.ended)
			}
			b.close()
		})
	}
}

// with is the site with another file.
func with(name string, content []byte) files {
	fs := maps.Clone(built)
	fs[name] = content
	return fs
}

func packed(content []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	z.Write(content)
	z.Close()
	return b.Bytes()
}

// limited is the program with a limit to its memory in bytes, at least what it starts with.
func limited(t *testing.T, most int) []byte {
	t.Helper()
	const memories, page = 5, 64 << 10
	wasm := unpack(t, built["app.wasm.gz"])
	read := func(at int) (x, after int) { // LEB128
		for shift := 0; ; shift += 7 {
			b := wasm[at]
			at++
			x |= int(b&0x7f) << shift
			if b < 0x80 {
				return x, at
			}
		}
	}
	write := func(x int) (b []byte) {
		for ; x >= 0x80; x >>= 7 {
			b = append(b, byte(x)|0x80)
		}
		return append(b, byte(x))
	}
	for at := 8; at < len(wasm); {
		id := wasm[at]
		size, body := read(at + 1)
		if id == memories {
			if wasm[body] != 1 || wasm[body+1] != 0 {
				t.Fatalf("the program's memory is declared as % x", wasm[body:body+size])
			}
			least, _ := read(body + 2)
			section := append([]byte{1, 1}, write(least)...)
			section = append(section, write(max(least, most/page))...)
			section = append(append([]byte{memories}, write(len(section))...), section...)
			return append(append(append([]byte{}, wasm[:at]...), section...), wasm[body+size:]...)
		}
		at = body + size
	}
	t.Fatal("the program has no memory")
	return nil
}
