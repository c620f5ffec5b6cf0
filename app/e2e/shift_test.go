package e2e

import (
	"fmt"
	"testing"
)

// Nothing moves while numbers change: neither as the program takes over from the pre-rendered answer, nor
// while a load is typed, stepped or dragged. Shifts are those that the browser counts, also the ones right
// after an input, which its own score forgives. 0.1 is what "good" pages stay below over a whole visit.
func TestNothingShifts(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	for _, width := range []int64{1280, 390} {
		b := newPerson(t).tab()
		b.size(width, 844)
		b.do("watching for shifts", onEveryPage(`
			self.shifts = [];
			const name = (n) => n && n.nodeType === 1 ? n.localName + (n.id ? "#" + n.id : "") + (n.className ? "." + n.getAttribute("class") : "") : String(n?.parentElement?.className);
			new PerformanceObserver((list) => {
				for (const e of list.getEntries()) shifts.push({Score: e.value, What: e.sources.map((s) => name(s.node) + " " + [s.previousRect.top, s.currentRect.top].map(Math.round).join("→")).join(", ")});
			}).observe({type: "layout-shift", buffered: true});
		`))
		most := 0.05
		if width < 1024 {
			most = 0.15 // of a small screen, the words of the sentence are a large part, and they take other lines
		}
		expect := func(what string) {
			t.Helper()
			b.settled()
			var seen []struct {
				Score float64
				What  string
			}
			b.eval(`shifts.splice(0)`, &seen)
			sum := 0.0
			for _, s := range seen {
				sum += s.Score
			}
			if sum > most {
				t.Errorf("%d px, %s: shifts of %.3f, at most %.2f: %v", width, what, sum, most, seen)
			}
		}
		b.open(h.base)
		b.live()
		expect("start")
		if width < 1024 {
			b.click("#sum-demand")
			b.waitFor("the sheet", `document.querySelector("#rail.sheet")`)
			expect("the sheet of inputs")
		}
		b.edit(func() { b.insert("#rps", "70") })
		b.settled()
		b.eval(`shifts.splice(0); true`, nil) // the first edit adds the way back below its field
		for _, load := range []string{"700"} {
			b.edit(func() { b.insert("#rps", load) })
			expect("load of " + load)
		}
		b.edit(func() { b.click(`[data-step="rps:+"]`) })
		expect("a step up")
		if width >= 1024 {
			b.eval(`(async () => {
				const range = document.getElementById("ttft-range");
				range.focus();
				for (let i = 0; i < 30; i++) {
					range.value = Number(range.min) + (Number(range.max) - Number(range.min)) * (0.5 + 0.45 * Math.sin(i / 3));
					range.dispatchEvent(new Event("input", {bubbles: true}));
					await new Promise((r) => requestAnimationFrame(r));
				}
				range.dispatchEvent(new Event("change", {bubbles: true}));
			})()`, nil)
			b.final()
			expect("dragging a slider")
			for _, view := range []string{"explain", "size"} {
				b.click(fmt.Sprintf(`nav.tabs [data-view=%q]`, view))
				b.settled()
				b.eval(`shifts.splice(0); true`, nil) // another view may look as it likes
			}
			b.edit(func() { b.insert("#rps", "33") })
			expect("an edit after another view")
		}
		b.clean(h)
	}
}
