package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp/kb"
)

// A browser that keeps nothing for the page, not even the question whether it does, stops nothing; where
// something was to be kept, the page says so.
func TestStorageForbidden(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("forbidding storage", onEveryPage(`
		for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
			Object.defineProperty(self, name, { configurable: true, get() { throw new DOMException("forbidden", "SecurityError"); } });
		navigator.serviceWorker.register = () => Promise.reject(new DOMException("forbidden", "SecurityError"));`))
	b.open(h.base + "#v=1&g=h100-sxm,l40s&px=h100-sxm:2.49")
	b.live()
	b.waitFor("no copy for offline use", `document.documentElement.dataset.offline === "unavailable"`)
	b.theme("light")
	b.waitFor("the dark theme", `(document.documentElement.dataset.theme !== "dark" && document.getElementById("theme").click(), document.documentElement.dataset.theme === "dark")`)
	b.keys("?")
	b.waitFor("the list of keys", `document.querySelector("#keys-dialog").open`)
	b.click("#letters")
	b.keys(kb.Escape)
	b.keepsNothing()
	b.clean(h)
}

// Where the disk has no room for the copy for offline use, the page runs without one and promises none.
func TestNoRoomForOfflineCopy(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("a small disk", storage.OverrideQuotaForOrigin(strings.TrimSuffix(h.base, "/")).WithQuotaSize(100_000))
	b.open(h.base + "#v=1&g=h100-sxm,l40s")
	b.live()
	b.waitFor("no copy for offline use", `document.documentElement.dataset.offline === "unavailable"`)
	if said := b.text(".foot"); strings.Contains(said, "Offline ready") {
		t.Errorf("the page says %q", said)
	}
	b.edit(func() { b.insert("#rps", "12") })
	b.sameAsCommand()
}

// keepsNothing saves a price profile where nothing can be kept: the page says so and goes on.
func (b *tab) keepsNothing() {
	b.t.Helper()
	b.click("#money-more > summary")
	b.insert("#profile-name", "Mine")
	b.click("#profile-save")
	b.waitFor("word of it", `document.querySelector("[data-toast]").textContent.includes("keeps nothing")`)
	b.edit(func() { b.insert("#rps", "12") })
	b.sameAsCommand()
}
