package e2e

import (
	"strings"
	"testing"
)

// A background calculation that hangs without a word is started anew and asked again; when that hangs as
// well, the page computes on its own. What was entered meanwhile is kept and answered.
func TestHangingWorker(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	// The page's turns of 5 s last 1 s here. Workers started while "deaf" is set never hear a word.
	b.do("workers that hang", onEveryPage(`
		const wait = self.setTimeout, post = Worker.prototype.postMessage;
		self.setTimeout = (f, ms, ...rest) => wait(f, ms === 5000 ? 1000 : ms, ...rest);
		self.heard = new Set();
		self.deaf = Infinity; // workers from this one on
		Worker.prototype.postMessage = function (message, ...rest) {
			if (typeof message === "string") {
				heard.add(this);
				if ([...heard].indexOf(this) >= deaf) return;
			}
			return post.call(this, message, ...rest);
		};
	`))
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
