package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// keptPast are the kept sizings, each as its link and whether it is kept for good.
const keptPast = `(JSON.parse(localStorage.getItem("fleetsize-past") || "{}").list || [])`

// A sizing is kept once it was looked at for a while, copied or named, and not for each keystroke; the list is
// searched, sorted, drawn, compared, emptied and brought back; another tab sees it; opening one recomputes.
func TestPastSizings(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	b := p.tab()
	// A while is over at once where the test says so.
	b.do("a quick while", onEveryPage(`
		const later = self.setTimeout;
		self.setTimeout = (f, ms, ...rest) => ms === 15000 ? ((self.whiles ||= []).push(f), 0) : later(f, ms, ...rest);
		self.aWhile = () => { for (const f of (self.whiles || []).splice(0)) f(); };
	`))
	b.open(h.base + "#v=1&g=h100-sxm,l40s&rps=10")
	b.live()
	b.final()
	awaits := func(what, expression string) {
		t.Helper()
		b.waitFor(what, `(aWhile(), `+expression+`)`)
	}
	b.edit(func() { b.insert("#rps", "12") })
	b.final()
	awaits("the sizing that was looked at", keptPast+`.length === 1 && `+keptPast+`[0].link.includes("rps=12")`)
	b.edit(func() { b.insert("#rps", "14") })
	b.final()
	awaits("the edited one in its place", keptPast+`.length === 1 && `+keptPast+`[0].link.includes("rps=14")`)
	b.click("#share")
	b.click("#save-table")
	b.waitFor("it is kept for good", keptPast+`[0].firm === true`)
	b.edit(func() { b.insert("#rps", "16") })
	b.final()
	awaits("another beside the one that was saved", keptPast+`.length === 2`)

	b.click("#share")
	b.click("#show-past")
	b.waitFor("the list", `document.querySelectorAll("[data-past]").length === 2`)
	b.insert("#past-search", "14 req/s")
	b.waitFor("one that matches", `document.querySelectorAll("[data-past]").length === 1`)
	b.insert("#past-search", "")
	b.waitFor("both", `document.querySelectorAll("[data-past]").length === 2 && document.querySelectorAll("#past-gpus rect.m2").length === 2`)
	b.click("#past-C")
	b.waitFor("the cheaper first", `document.querySelector("#data-past th[aria-sort=ascending] #past-C") && document.querySelector("[data-past]").textContent.includes("14 req/s")`)
	b.click("#past-gpus-toggle")
	b.waitFor("the chart as a table", `document.querySelectorAll("#past-gpus tbody tr").length === 2`)
	b.click("#past-gpus-toggle")
	b.click("[data-past] input")
	b.waitFor("one is drawn", `document.querySelectorAll("#past-gpus rect.m2").length === 1 && document.activeElement.dataset.press?.startsWith("pick")`)
	b.click("#past-compare")
	b.waitFor("what is asked for", `document.querySelector("[data-toast]").textContent.includes("two or three")`)
	b.loadAudit()
	for _, width := range []int64{1280, 320} {
		b.size(width, 800)
		for _, theme := range []string{"light", "dark"} {
			b.theme(theme)
			for _, f := range b.auditOf("#data-past", allRules) {
				t.Errorf("at %d, %s: %s: %s\n  %s", width, theme, f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
			}
			b.shot(fmt.Sprintf("past-%d-%s", width, theme))
		}
		b.noSidewaysScroll()
	}
	b.size(1280, 800)

	two := start(t, h, p, "#v=1&g=h100-sxm,l40s&rps=30&n=Second")
	two.final()
	two.chord("g", "d")
	two.click(`[data-part="past"]`)
	two.waitFor("the first tab's sizings", `document.querySelectorAll("[data-past]").length === 2`)
	two.click("[data-past] [data-press^=remove]")
	two.waitFor("one is gone, the focus on what brings it back", `document.querySelectorAll("[data-past]").length === 1 && document.activeElement.id === "past-undo"`)
	b.waitFor("gone in the first tab", `document.querySelectorAll("[data-past]").length === 1`)
	two.click("#past-undo")
	two.waitFor("it is back", `document.querySelectorAll("[data-past]").length === 2`)
	b.waitFor("back in the first tab", `document.querySelectorAll("[data-past]").length === 2`)
	b.click("#past-clear")
	b.waitFor("an empty list", `document.querySelectorAll("[data-past]").length === 0 && localStorage.getItem("fleetsize-past") === null`)
	b.click("#past-undo")
	b.waitFor("all are back", keptPast+`.length === 2 && document.querySelectorAll("[data-past]").length === 2`)

	// What was kept said otherwise: the page says both.
	b.eval(`(() => { const f = JSON.parse(localStorage.getItem("fleetsize-past")); f.list.find((e) => e.link.includes("rps=14")).gpus = 77; localStorage.setItem("fleetsize-past", JSON.stringify(f)); return true; })()`, nil)
	b.reload(`location.reload()`)
	b.click(`[data-part="past"]`)
	b.insert("#past-search", "14 req/s")
	b.waitFor("the one", `document.querySelectorAll("[data-past]").length === 1 && document.querySelector("[data-past]").textContent.includes("77 × ")`)
	b.click("[data-past] [data-press^=open]")
	b.waitFor("then and now", `/Then 77 × .*; now \d+ × /.test(document.querySelector(".bans").textContent)`)
	b.sameAsCommand()
	b.shot("past-then-now")
	b.eval("history.back()", nil)
	b.waitFor("the list again", `document.querySelector("#data-past")`)
	b.click("#past-keep")
	b.waitFor("nothing more is kept", `JSON.parse(localStorage.getItem("fleetsize-past")).off === true`)
	b.clean(h)
	two.clean(h)
}
