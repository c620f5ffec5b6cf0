package e2e

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostInteractions is how many acts the session with a customer may take, from the worked example to the
// files that stay with them. A field that is filled, an option that is chosen and an item of a menu are one each.
const mostInteractions = 12

// printed stands in for the browser's print dialog, which no test can close.
const printed = `self.printed = 0; window.print = () => { printed++ };`

// The three minutes of a sales engineer with a customer on the line: a preset, the model, people, the wait, where
// the number comes from, what the customer confirms, three options, and link, spreadsheet and PDF to take away.
// It runs from a folder of a host, and ends as it began in the customer's browser, by the link alone.
func TestSession(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	p.allowClipboard()
	dir := p.downloads()
	b := p.tab()
	b.do("printing", onEveryPage(printed))
	b.open(h.base + few)
	b.live()
	acts := 0
	act := func(what string, f func()) {
		acts++
		if f(); t.Failed() {
			t.Fatalf("interaction %d, %s, went wrong", acts, what)
		}
	}
	act("preset", func() { b.click(`.rail [data-preset="rag"]`) })
	act("model", func() {
		b.keys("/")
		b.keys("llama 3.3 70b")
		b.waitFor("the hits", `document.querySelector('#model-list [role=option]')?.dataset.model.includes("70b")`)
		b.edit(func() { b.keys(kb.Enter) })
	})
	act("precision", func() { b.edit(func() { b.click(`[data-weights="fp8"]`) }) })
	act("people", func() { b.edit(func() { b.click(`[data-demand="users"]`) }) })
	act("how many", func() { b.edit(func() { b.insert("#users", "2500") }) })
	act("the wait for a first token", func() { b.edit(func() { b.click(`[data-ttft="2"]`) }) })
	headline, table := b.headline(), b.table()
	if len(table) == 0 || !strings.Contains(headline, "2,500 people") {
		t.Fatalf("the answer is %q with %d rows", headline, len(table))
	}
	act("is that real?", func() {
		b.click(`[data-kpi="gpus"] .big [data-x]`)
		b.waitFor("the explanation", `document.querySelector("#drawer:not([hidden]) .eq")`)
	})
	if got := b.text("#drawer .big"); !strings.HasPrefix(got, b.text(`[data-kpi="gpus"] .big [data-x]`)) {
		t.Errorf("the drawer explains %q, not the number on the card", got)
	}
	act("the prompt is confirmed", func() {
		b.click(`[data-confirm="in"]`)
		b.waitFor("confirmed", `document.querySelector('[data-confirm="in"]').getAttribute("aria-pressed") === "true"`)
	})
	act("three options", func() { // "g c" goes to Compare; what is proposed there is kept
		b.chord("g", "c")
		b.waitFor("the proposals", `document.querySelectorAll("[data-option]").length >= 2 && !document.querySelector("#keep-proposals").hidden`)
		b.click("#keep-proposals")
		b.waitFor("they are pinned", `location.hash.includes("b.")`)
	})
	var link string
	act("copy the link", func() {
		b.click("#share")
		b.click("#copy-link")
		b.waitFor("the confirmation", `document.querySelector("[data-toast]").textContent.includes("Link copied")`)
		link = b.copied()
	})
	act("the spreadsheet", func() {
		b.click("#share")
		b.click("#save-xlsx")
	})
	workbook := downloaded(t, dir, "fleetsize.xlsx")
	if _, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook))); err != nil {
		t.Errorf("the spreadsheet does not open: %v", err)
	}
	act("the PDF", func() {
		b.click("#share")
		b.click("#print")
		b.waitFor("printed", `self.printed === 1 && document.querySelectorAll(".leaf .qr").length > 0`)
	})
	if acts > mostInteractions {
		t.Errorf("the session takes %d interactions, want at most %d", acts, mostInteractions)
	}
	if len(link) > 300 || !strings.HasPrefix(link, h.base+"#v=1&") || !strings.Contains(link, "ok=in") {
		t.Errorf("the copied link, %d characters: %s", len(link), link)
	}
	if !strings.Contains(b.text(".main.report"), "1 of ") {
		t.Error("the report does not list what is confirmed")
	}

	// Back leads through the views to the answer as it was.
	for range 6 {
		var size bool
		b.eval(`document.querySelector("[data-headline]") !== null && !document.querySelector(".main.report, .main.compare")`, &size)
		if size {
			break
		}
		b.eval(`new Promise((done) => { addEventListener("popstate", done, {once: true}); history.back(); }).then(() => 1)`, nil)
		b.waitFor("the view of the address", `document.querySelector("nav.tabs [aria-current]").dataset.view === (new URLSearchParams(location.hash.slice(1)).get("t") ?? "size")`)
	}
	b.final()
	if got := b.headline(); got != headline {
		t.Errorf("back at the answer: %q, want %q", got, headline)
	}
	b.clean(h)
	b.close()

	customer := newPerson(t).tab()
	customer.open(link)
	customer.ready()
	customer.waitFor("the same options", `document.querySelectorAll("[data-option]").length >= 2`)
	customer.chord("g", "s")
	customer.waitFor("the answer", `document.querySelector("[data-headline]")`)
	customer.final()
	again(t, customer, headline, table)
	customer.clean(h)
}

// What follows the answer, without a mouse: its explanation, what is confirmed, the options, link and files.
func TestSessionFromKeyboard(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	p := newPerson(t)
	p.allowClipboard()
	dir := p.downloads()
	b := p.tab()
	b.do("printing", onEveryPage(printed))
	b.open(h.base + "#v=1&g=h100-sxm,l40s,h200-sxm&users=2500")
	b.live()
	b.tabTo(`[data-confirm="in"]`)
	b.keys(kb.Enter)
	b.waitFor("confirmed", `document.querySelector('[data-confirm="in"]').getAttribute("aria-pressed") === "true"`)
	b.tabTo(`[data-kpi="gpus"] .big [data-x]`)
	b.keys("x")
	b.waitFor("the explanation", `document.querySelector("#drawer:not([hidden]) .eq")`)
	b.keys(kb.Escape)
	b.waitFor("the focus to go back", `document.querySelector("#drawer").hidden && document.activeElement.dataset.x === "gpus"`)
	b.chord("g", "c")
	b.waitFor("the proposals", `document.querySelectorAll("[data-option]").length >= 2 && !document.querySelector("#keep-proposals").hidden`)
	b.tabTo("#keep-proposals")
	b.keys(kb.Enter)
	b.waitFor("they are pinned", `location.hash.includes("b.")`)
	b.do("Ctrl+K", chromedp.KeyEvent("k", chromedp.KeyModifiers(input.ModifierCtrl)))
	b.waitFor("the confirmation", `document.querySelector("[data-toast]").textContent.includes("Link copied")`)
	if got, want := b.copied(), h.base+"#"+b.link(); got != want {
		t.Errorf("copied %s, the address is %s", got, want)
	}
	for _, id := range []string{"save-xlsx", "print"} {
		b.tabTo("#share")
		b.keys(kb.Enter)
		b.waitFor("the menu", `!document.querySelector("#share-menu").hidden`)
		b.tabTo("#" + id)
		b.keys(kb.Enter)
	}
	downloaded(t, dir, "fleetsize.xlsx")
	b.waitFor("printed", `self.printed === 1 && document.querySelector(".main.report")`)
	b.clean(h)
}
