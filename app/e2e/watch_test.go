package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// workersThatHang makes the page's turns of 5 s last 1 s, and workers from the
// one numbered "deaf" on never hear a word.
const workersThatHang = `
	const wait = self.setTimeout, post = Worker.prototype.postMessage;
	self.setTimeout = (f, ms, ...rest) => wait(f, ms === 5000 ? 1000 : ms, ...rest);
	self.heard = new Set();
	self.deaf = Infinity;
	Worker.prototype.postMessage = function (message, ...rest) {
		if (typeof message === "string") {
			heard.add(this);
			if ([...heard].indexOf(this) >= deaf) return;
		}
		return post.call(this, message, ...rest);
	};
`

// A background calculation that hangs without a word is started anew and asked again; when that hangs as
// well, the page computes on its own. What was entered meanwhile is kept and answered.
func TestHangingWorker(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("workers that hang", onEveryPage(workersThatHang))
	b.open(h.base + "#v=1&g=h100-sxm,l40s")
	b.live()
	b.eval(`{
		const post = Worker.prototype.postMessage, first = [...heard][0];
		Worker.prototype.postMessage = function (message, ...rest) { if (this !== first || typeof message !== "string") return post.call(this, message, ...rest); };
	}; true`, nil)
	b.insert("#rps", "23")
	b.waitFor("a second worker", `heard.size === 2`)
	b.final()
	if text := b.text("[data-headline]"); !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), "23 req/s") {
		t.Errorf("after the restart the page says %q", text)
	}

	b.eval(`deaf = 0; true`, nil) // none hears any more
	b.insert("#rps", "41")
	b.waitFor("a third worker", `heard.size === 3`)
	b.insert("#rps", "47")
	b.waitFor("the page says so", `document.querySelector(".toast")?.innerText.includes("does not answer")`)
	b.final()
	if text := b.text("[data-headline]"); !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), "47 req/s") {
		t.Errorf("without a worker the page says %q", text)
	}
	if !strings.Contains(b.link(), "rps=47") {
		t.Errorf("the link is %s", b.link())
	}
	b.clean(h)
}

// A fit whose worker hangs is asked of a second one; should that hang as well,
// the page fits by itself, says so, and still can be stopped.
func TestHangingStudy(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("workers that hang", onEveryPage(workersThatHang))
	b.open(h.base + "#v=1&t=measure")
	b.ready()
	b.waitFor("the page is live", `document.documentElement.dataset.ready === "true"`)
	b.click(`#study [data-example="nim-8b"]`)
	b.waitFor("every row is predicted", `document.querySelector("#study").dataset.study === "ready" && document.querySelector("#heat-itl") !== null`)
	var workers int
	b.eval(`heard.size`, &workers)
	b.eval(`deaf = heard.size - 1; true`, nil)
	b.click("#fit")
	b.waitFor("another worker", fmt.Sprintf(`heard.size === %d`, workers+1))
	b.waitFor("the page says so", `document.querySelector(".toast")?.innerText.includes("does not answer")`)
	b.click("#study-cancel")
	b.waitFor("the fit ends", `document.querySelector("#study").dataset.study === "ready"`)
	if got := b.text("#fit-panel"); !strings.Contains(got, "Stopped early") && !strings.Contains(got, "Canceled before rows were held out") {
		t.Errorf("the fit that the page made by itself says %q", got)
	}
	b.clean(h)
}
