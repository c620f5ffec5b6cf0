package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// Links and files that mean harm: nothing of them runs or becomes markup, and the page goes on answering.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "#v=1&g=h100-sxm,l40s")
	const harm = `"'><img src=x onerror="self.harmed=1"><script>self.harmed=1</script></textarea>` + "\u202e\x1b"
	harmless := func(what string) {
		t.Helper()
		var seen struct {
			Harmed, Crashed bool
			Images          int
		}
		b.eval(`({Harmed: self.harmed === 1, Crashed: document.getElementById("crash") !== null, Images: document.querySelectorAll("img, #app script").length})`, &seen)
		if seen.Harmed || seen.Crashed || seen.Images > 0 {
			t.Errorf("%s: %+v", what, seen)
		}
	}
	for _, view := range []string{"size", "compare", "explain", "measure", "report", "data", "how"} {
		pairs := "v=1&g=h100-sxm,l40s&t=" + view
		for _, key := range []string{"n", "b.n", "x", "m", "own", "mix", "px", "zzz", "rps", "cm", "cg"} {
			pairs += "&" + key + "=" + url.QueryEscape(harm)
		}
		b.eval(fmt.Sprintf(`location.hash = %q; true`, pairs), nil)
		b.waitFor(view, fmt.Sprintf(`document.querySelector('nav.tabs [data-view=%q]').getAttribute("aria-current") === "page"`, view))
		harmless(view)
	}
	b.eval(`location.hash = "v=1&rps=3&n=" + "x".repeat(1 << 20); true`, nil)
	b.eval(`location.hash = "v=1&g=h100-sxm,l40s&t=size&rps=7"; true`, nil)
	b.waitFor("the page answers still", `document.querySelector("[data-headline]")?.innerText.includes("7")`)
	b.final()

	// A config.json of brackets, of markup and of layers without end.
	b.click(`[data-view="data"]`)
	b.click(`[data-part="models"]`)
	b.click("#data-add-model")
	for _, config := range []string{
		strings.Repeat("[", 200000),
		`{"model_type":` + fmt.Sprintf("%q", "<img src=x onerror=self.harmed=1>") + `}`,
		`{"model_type":"llama","hidden_size":4096,"num_hidden_layers":2000000000,"num_attention_heads":32,"intermediate_size":14336,"vocab_size":128256}`,
	} {
		b.eval(fmt.Sprintf(`document.getElementById("config-json").value = %q; true`, config), nil)
		b.click("#config-add")
		b.waitFor("the refusal", `document.querySelector("#model-dialog .msg")?.textContent.length > 10`)
		harmless("config.json")
	}
	b.keys(kb.Escape)
	harmless("the end")
	for _, problem := range b.problems {
		if !strings.Contains(problem, "status of 4") {
			t.Errorf("the page complained: %s", problem)
		}
	}
}

// Files of 100 MB are refused unread, wherever the page takes files; and what another program or version has left
// in the page's storage does not stop it.
func TestHugeFilesAndForeignStorage(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("foreign storage", onEveryPage(`
		for (const [key, value] of Object.entries({past: '{"list":[null,{"id":"x"},' + "[".repeat(1e5), theme: "{", contrast: "[".repeat(1e5), letters: "\u0000", prices: "\t\n=1\t".repeat(2e5) + "<img src=x onerror=self.harmed=1>\tpx=h100-sxm:NaN", profiles: "null"}))
			localStorage.setItem("fleetsize-" + key, value);
		self.read = [];
		for (const way of ["text", "arrayBuffer", "stream", "slice"]) {
			const real = Blob.prototype[way];
			Blob.prototype[way] = function (...rest) { if (this instanceof File) read.push(way); return real.apply(this, rest); };
		}
	`))
	b.open(h.base + "#v=1&g=h100-sxm,l40s")
	b.live()
	b.click("#money-more > summary")
	b.waitFor("price profiles", `document.getElementById("profile-name")`)
	tried := map[string]bool{}
	for _, view := range []string{"size", "data", "measure", "report"} {
		b.eval(fmt.Sprintf(`location.hash = "v=1&g=h100-sxm,l40s&t=%s"; true`, view), nil)
		b.waitFor(view, fmt.Sprintf(`document.querySelector('nav.tabs [data-view=%q]').getAttribute("aria-current") === "page"`, view))
		b.settled()
		var ids []string
		b.eval(`(() => {
			const all = [...document.querySelectorAll("input[type=file]")].filter((e) => !e.disabled);
			const huge = new File([new ArrayBuffer(100 << 20)], "huge.json", {type: "application/json"});
			for (const e of all) {
				const held = new DataTransfer();
				held.items.add(huge);
				e.files = held.files;
				e.dispatchEvent(new Event("change", {bubbles: true}));
			}
			return all.map((e) => e.id);
		})()`, &ids)
		b.settled()
		for _, id := range ids {
			tried[id] = true
		}
		var read []string
		b.eval(`read`, &read)
		if len(read) > 0 {
			t.Fatalf("%s: one of %v reads a file of 100 MB", view, ids)
		}
	}
	for _, id := range []string{"config-file", "study-file", "report-open", "profile-import"} {
		if !tried[id] {
			t.Errorf("%s was not tried, only %v", id, tried)
		}
	}
	b.eval(`location.hash = "v=1&g=h100-sxm,l40s&rps=17"; true`, nil)
	b.waitFor("the page answers still", `document.querySelector("[data-headline]")?.innerText.includes("17")`)
	var harmed bool
	b.eval(`self.harmed === 1`, &harmed)
	if harmed {
		t.Error("what lay in the storage has run")
	}
	b.clean(h)
}

// The key of an endpoint stays in the memory of the tab.
func TestKeyStaysInMemory(t *testing.T) {
	t.Parallel()
	endpoint := mockServer(t, "-ttft", "10ms", "-itl", "1ms")
	h := newHost(t, built, "/")
	b := measureView(t, h)
	const secret = "sk-do-not-keep-me"
	b.click(`[data-source="live"]`)
	b.type_("#live-url", endpoint)
	b.type_("#live-key", secret)
	b.click("#live-check")
	b.waitFor("the end of the check", `["ready","refused"].includes(document.getElementById("live").dataset.liveState)`)
	var kept string
	b.eval(`(async () => {
		const words = [location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state), document.cookie,
			JSON.stringify(await indexedDB.databases())];
		for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) words.push(r.url);
		for (const e of document.querySelectorAll("pre, a")) words.push(e.textContent + (e.href || ""));
		return words.join("\n");
	})()`, &kept)
	if strings.Contains(kept, secret) {
		t.Errorf("the key is kept: %s", kept)
	}
	b.reload(`location.reload()`)
	b.click(`[data-source="live"]`)
	b.waitFor("the field", `document.querySelector("#live-key")`)
	var left string
	b.eval(`document.querySelector("#live-key").value`, &left)
	if left != "" {
		t.Errorf("after a reload the key is still there: %q", left)
	}
	b.onlyAsked(h, endpoint)
}

// Two tabs keep price profiles side by side: neither drops the other's.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	p := newPerson(t)
	save := func(b *tab, name string) {
		t.Helper()
		if b.text("#profile-save") == "" {
			b.click("#money-more > summary")
		}
		b.insert("#profile-name", name)
		b.click("#profile-save")
		b.waitFor(name+" is kept", fmt.Sprintf(`localStorage.getItem("fleetsize-prices").includes(%q)`, name))
	}
	one := start(t, h, p, "#v=1&g=h100-sxm,l40s&px=h100-sxm:2.49")
	two := start(t, h, p, "#v=1&g=h100-sxm,l40s&px=h100-sxm:1.99&rps=30")
	save(one, "First")
	save(two, "Second")
	save(one, "Third")
	var kept string
	one.eval(`localStorage.getItem("fleetsize-prices")`, &kept)
	for _, name := range []string{"First", "Second", "Third"} {
		if !strings.Contains(kept, name) {
			t.Errorf("%s is gone: %q", name, kept)
		}
	}
	if !strings.Contains(one.link(), "2.49") || !strings.Contains(two.link(), "1.99") {
		t.Errorf("the tabs took over each other's inputs: %s, %s", one.link(), two.link())
	}
	one.clean(h)
	two.clean(h)
}

// Storage that is full does not stop the page, and it says so where something was to be kept.
func TestStorageFull(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("filling the storage", onEveryPage(`Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") };`))
	b.open(h.base + "#v=1&g=h100-sxm,l40s&px=h100-sxm:2.49")
	b.live()
	b.click("#theme")
	b.keepsNothing()
	b.clean(h)
}
