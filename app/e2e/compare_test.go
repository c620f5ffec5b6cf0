package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// Pin two rows of the table, look at the three options, name one, share them.
func TestCompareOptions(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	b := start(t, h, p, "#v=1&g=h100-sxm,l40s,h200-sxm")
	rows := b.table()
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	b.click(fmt.Sprintf(`[data-open=%q]`, rows[1].GPU))
	b.click(fmt.Sprintf(`[data-pin=%q]`, rows[1].GPU))
	b.waitFor("B is in the link", `location.hash.includes("b.g=")`)
	b.click(fmt.Sprintf(`[data-open=%q]`, rows[2].GPU))
	b.keys("c") // pins the open row
	b.waitFor("C is in the link", `location.hash.includes("c.g=")`)
	b.chord("g", "c")
	b.waitFor("Compare", `document.querySelector("#compare")`)
	const fleetOf = `[...document.querySelectorAll("[data-option]")].map((c) => c.querySelector(".bigc").textContent)`
	b.waitFor("three answers", fleetOf+`.filter((t) => t.includes("×") && !t.includes("≈")).length === 3`)
	var fleets []string
	b.eval(fleetOf, &fleets)
	for i, f := range fleets {
		if !strings.HasPrefix(f, fmt.Sprint(rows[i].GPUs)+" × ") {
			t.Errorf("option %d is %q, the table says %d GPUs", i, f, rows[i].GPUs)
		}
	}
	if best := b.text(`[data-row="Cost a month"] .w`); !strings.Contains(best, "▲") {
		t.Errorf("the best cost reads %q", best)
	}
	var shown bool
	b.eval(`!!document.querySelector('[data-row="Model"]')`, &shown)
	if shown {
		t.Error("a row that is the same for all is shown")
	}
	b.click("#equal-rows")
	b.waitFor("equal rows", `document.querySelector('[data-row="Model"]')`)

	b.click("#edit-b")
	b.insert("#opt-b-name", "Plan B")
	b.keys(kb.Tab)
	b.waitFor("the name", `document.querySelector("[data-option=B]").textContent.includes("Plan B") && location.hash.includes("b.n=Plan%20B")`)
	link := b.link()
	b.clean(h)
	b.close()

	other := newPerson(t).tab()
	other.t = t
	other.open(h.base + "#" + link)
	other.ready()
	other.waitFor("the same options", fleetOf+`.filter((t) => t.includes("×") && !t.includes("≈")).length === 3`)
	var again []string
	other.eval(fleetOf, &again)
	if strings.Join(again, "|") != strings.Join(fleets, "|") {
		t.Errorf("the link opens with %q, want %q", again, fleets)
	}
	other.click("#remove-b")
	other.waitFor("C has moved up", `document.querySelectorAll("[data-option]").length === 2 && !location.hash.includes("c.g")`)
	other.size(390, 844)
	other.noSidewaysScroll()
	other.clean(h)
}

// Hardware at hand, a budget and a mix answer in words on the same page.
func TestOtherWayRound(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := newPerson(t).tab()
	b.t = t
	b.open(h.base + "#v=1&t=compare&g=h100-sxm,l40s&own=h100-sxm:8")
	b.ready()
	answer := func(what string) {
		t.Helper()
		b.waitFor(what, fmt.Sprintf(`(document.querySelector("#reverse-answer:not(.stale)")?.textContent || "").includes(%q)`, what))
	}
	answer("8 × H100 SXM hold")
	before := b.text("#reverse-answer")
	b.insert("#own-n-0", "16")
	b.keys(kb.Tab)
	answer("16 × H100 SXM hold")
	if after := b.text("#reverse-answer"); after == before || !strings.Contains(b.link(), "own=h100-sxm-80gb:16") && !strings.Contains(b.link(), "own=h100-sxm:16") {
		t.Errorf("16 instead of 8: %q after %q; link %s", after, before, b.link())
	}
	b.click("[data-own-remove]")
	b.insert("#budget", "20k")
	b.keys(kb.Tab)
	answer("$20,000 a month, spent on")
	b.insert("#budget", "lots")
	b.keys(kb.Tab)
	b.waitFor("the complaint names it", `document.querySelector("#budget-fault").textContent.includes("lots")`)
	b.click("#mix-add")
	b.waitFor("the mix", `(document.querySelector("#mix-answer")?.textContent || "").includes("serve the whole mix in one shared pool")`)
	b.waitFor("latencies by workload", `document.querySelector("#mix-classes").textContent.includes("RAG Q&A") && document.querySelector("#mix-classes").textContent.includes("Chat")`)
	b.shot("compare-mix")
	b.insert("#mix-ttft-1", "1ms") // what no pool holds
	b.keys(kb.Tab)
	b.waitFor("its own target counts", `document.querySelector("#mix-answer").textContent.includes("No accelerator serves every workload of the mix. Chat: TTFT") && location.hash.includes("ttft1ms")`)
	b.noSidewaysScroll()
	b.clean(h)
}

// Search, filters and facts of the catalog; prices of one's own; the keys.
func TestDataView(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := start(t, h, newPerson(t), "#v=1&g=h100-sxm,l40s")
	b.chord("g", "d")
	b.waitFor("Data", `document.querySelector("#data")`)
	b.insert("#gpus-search", "h100")
	b.waitFor("three kinds of H100", `(() => { const r = [...document.querySelectorAll("[data-accelerator]")]; return r.length >= 2 && r.every((e) => e.textContent.includes("H100")); })()`)
	b.click(`[data-facts="h100-sxm-80gb"]`)
	b.waitFor("its facts", `document.querySelector(".data tr.in").textContent.includes("Read from")`)
	b.click(`[data-sort-data="W"]`)
	b.waitFor("the thriftiest H100 first", `document.querySelector("th[aria-sort=ascending] [data-sort-data=W]") && document.querySelector("[data-accelerator]").dataset.accelerator === "h100-pcie-80gb"`)
	b.click(`#data-fits [data-x^="cat-held-free"]`)
	b.waitFor("what is left says how", `document.querySelector("#drawer-h").textContent.startsWith("Left for KV cache, ")`)
	b.click(`#drawer .eq [data-x^="cat-usable"]`)
	b.waitFor("the fact with its source and date", `document.querySelector("#drawer-h").textContent.startsWith("Memory of one GPU") && /catalog of 20\d\d-/.test(document.querySelector("#drawer dl").textContent)`)
	b.keys(kb.Escape)
	b.waitFor("the drawer to close", `document.querySelector("#drawer").hidden`)
	b.click("#gib-data")
	b.waitFor("memory in GiB", `document.querySelector("#data-gpus th").parentElement.textContent.includes("Memory, GiB") && !/\d GB(?!\/)/.test(document.querySelector(".data").textContent)`)
	b.click("#gib-data")
	b.click(`[data-part="models"]`)
	b.waitFor("a page of models", `document.querySelectorAll("[data-catalog-model]").length === 25`)
	b.click(`[data-part="hardware"]`)
	b.waitFor("every accelerator", `document.querySelectorAll("[data-hardware]").length === 25`)
	b.click(`[data-order="usd"]`)
	b.waitFor("sorted", `document.querySelector("th.on [data-order=usd]")`)
	b.size(390, 844)
	b.noSidewaysScroll()
	b.size(1280, 900)
	b.keys("?")
	b.waitFor("the list of keys", `document.querySelector("#keys-dialog").open`)
	b.click("#letters")
	b.click("#keys-close")
	b.chord("g", "s")
	b.settled()
	var still bool
	b.eval(`document.querySelector("#data") !== null && localStorage.getItem("fleetsize-letters") === "off"`, &still)
	if !still {
		t.Error("single letters still work after they were switched off")
	}
	b.clean(h)
}

// Typing goes on while studies are computed: the newest input wins.
func TestStudiesGiveWay(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := newPerson(t).tab()
	b.t = t
	b.open(h.base + "#v=1&t=explain")
	b.ready()
	b.waitFor("studies at work", `document.querySelector("#moves .prog:not(.done)")`)
	b.insert("#in", "4321")
	b.waitFor("the tornado of the new prompt", `document.querySelector("#moves .prog.done") && !document.querySelector("#moves .stale") && document.querySelector("#moves").textContent.includes("5,401")`)
	b.clean(h)
}
