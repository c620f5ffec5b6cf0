package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A number opens where it comes from; what it is computed from opens nested;
// everything works from the keyboard, and the link holds what is open.
func TestExplainNumbers(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	p.allowClipboard()
	b := start(t, h, p, "#v=1&g=h100-sxm,l40s&rps=12")
	const drawer = `document.querySelector("#drawer:not([hidden])")`
	shown := b.text(`[data-kpi="gpus"] .big [data-x]`)
	b.click(`[data-kpi="gpus"] .big [data-x]`)
	b.waitFor("the drawer", drawer)
	if got := b.text("#drawer .big"); !strings.HasPrefix(got, shown) {
		t.Errorf("the drawer explains %q, the card shows %q", got, shown)
	}
	if got := b.text("#drawer"); !strings.Contains(got, "you entered") || !strings.Contains(got, "posture Standard") {
		t.Errorf("the drawer does not say where the inputs come from: %s", got)
	}
	if got := b.link(); !strings.Contains(got, "x=gpus") {
		t.Errorf("the link %s does not hold the open number", got)
	}
	b.shot("explain-drawer-1280")

	b.click(`#drawer .eq [data-x^="rate-per-replica"]`)
	b.waitFor("the nested number", `document.querySelector("#drawer-h").textContent.startsWith("Requests a second per replica")`)
	b.click(`#drawer .eq [data-x^="safe-share"]`)
	b.waitFor("the next one", `document.querySelector("#drawer-h").textContent.startsWith("Safe share")`)
	b.click(`#drawer .trail button`)
	b.waitFor("the first one", `document.querySelector("#drawer-h").textContent.startsWith("GPUs on")`)

	b.click("#drawer-copy")
	b.waitFor("the notice", `!document.querySelector("[data-toast]").hidden`)
	if got := b.copied(); !strings.Contains(got, "With numbers") || !strings.Contains(got, "12 req/s") {
		t.Errorf("the copied text is %q", got)
	}
	b.click("#drawer-excel")
	b.waitFor("the formula", `navigator.clipboard.readText().then((t) => t.startsWith("=(MAX(1,ROUNDUP("))`)

	b.keys(kb.Escape)
	b.waitFor("the drawer to close", "!"+drawer)
	b.waitFor("the focus to go back", `document.activeElement.dataset.x === "gpus"`)
	if got := b.link(); strings.Contains(got, "x=") {
		t.Errorf("the link %s still holds a number", got)
	}

	// From the keyboard alone.
	b.tabTo(`[data-kpi="power"] .big [data-x]`)
	b.keys("x")
	b.waitFor("the power", `document.querySelector("#drawer-h").textContent.startsWith("Power on")`)
	b.keys(kb.Escape)
	b.waitFor("the drawer to close", "!"+drawer)

	// Segments of a drawing are numbers, too.
	b.click(`tr[data-detail] [data-x^="memory-kv-used"]`)
	b.waitFor("the segment", `document.querySelector("#drawer-h").textContent.startsWith("KV cache in use on")`)
	b.click(`#drawer [data-goto="in"]`)
	b.waitFor("the input", `document.activeElement.id === "in"`)
	b.waitFor("the drawer to close", "!"+drawer)
	b.clean(h)
}

// The Explain view, and the drawer as a sheet on a phone.
func TestExplainOnEveryWidth(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	b := start(t, h, p, "#v=1&g=h100-sxm,l40s")
	b.chord("g", "e")
	b.waitFor("the roofline", `document.querySelector("#roofline svg")`)
	b.eval(`(() => { const s = document.querySelector("#deep-gpu"); s.value = "l40s"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`, nil)
	b.waitFor("the other accelerator", `document.querySelector("#deep h1").textContent.includes("L40S")`)
	b.click("#grid-table")
	b.waitFor("the grid as a table", `document.querySelectorAll("#grid tbody tr").length > 50`)
	b.shot("explain-1280")
	b.size(390, 844)
	b.noSidewaysScroll()
	b.shot("explain-390")
	b.click(`#deep [data-x]`)
	b.waitFor("the sheet", `document.querySelector("#drawer:not([hidden])")`)
	var box struct{ Top, Bottom, Left, Right float64 }
	b.eval(`document.querySelector("#drawer").getBoundingClientRect().toJSON()`, &box)
	if box.Left != 0 || box.Right != 390 || box.Top < 844*0.2 {
		t.Errorf("on a phone the drawer is at %+v, want a sheet that leaves the answer in sight", box)
	}
	b.noSidewaysScroll()
	b.shot("explain-sheet-390")
	b.clean(h)
}
