package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// few is the worked example with few accelerators: sessions of many steps wait for each answer.
const few = "#v=1&g=h100-sxm,l40s,h200-sxm,a100-sxm"

// The session of a sales engineer with a customer on the line: preset, model, people, target, link.
func TestStoryboard(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	p.allowClipboard()
	b := start(t, h, p, few)
	b.theme("light")
	worked := b.headline()
	if !strings.Contains(worked, "10 req/s of RAG") {
		t.Errorf("the worked example says %q", worked)
	}
	b.sameAsCommand()
	b.shot("size-1280-light")

	b.edit(func() { b.click(`.rail [data-preset="chat"]`) })
	if got := b.headline(); !strings.Contains(got, "Chat") {
		t.Errorf("after Chat: %q", got)
	}
	b.edit(func() { b.click(`.rail [data-preset="rag"]`) })
	if got := b.headline(); got != worked {
		t.Errorf("back at RAG: %q, want %q", got, worked)
	}

	// The model, from the keyboard alone: search, first hit, Enter.
	b.keys("/")
	b.waitFor("the search has the focus", `document.activeElement.id === "model"`)
	b.keys("llama 3.3 70b")
	b.waitFor("the hits", `document.querySelector('#model-list [role=option]')?.dataset.model.includes("70b")`)
	b.view("model-search-1280")
	b.edit(func() { b.keys(kb.Enter) })
	if got := b.link(); !strings.Contains(got, "m=llama-3-3-70b") && !strings.Contains(got, "m=llama-3.3-70b") {
		t.Errorf("after choosing the model the link is %s", got)
	}
	b.edit(func() { b.click(`[data-weights="fp8"]`) })

	b.edit(func() { b.click(`[data-demand="users"]`) })
	b.edit(func() { b.insert("#users", "2500") })
	// Twelve requests an hour and a peak of 2.5 times the average are the defaults:
	// 2,500 people × 12 requests an hour ÷ 3,600 s × 2.5 = 20.8 req/s
	if chain := b.text("[data-chain]"); !strings.Contains(chain, "20.8") {
		t.Errorf("the chain from people to load reads %q", chain)
	}

	b.edit(func() { b.insert("#ttft", "1s") })
	strict := b.table()
	b.edit(func() { b.click(`[data-ttft="3"]`) })
	relaxed := b.table()
	if len(relaxed) < len(strict) {
		t.Errorf("%d accelerators hold 3 s, %d hold 1 s", len(relaxed), len(strict))
	}
	for _, r := range relaxed {
		for _, s := range strict {
			if r.GPU == s.GPU && r.GPUs > s.GPUs {
				t.Errorf("%s: waiting 3 s takes %d GPUs, 1 s takes %d", r.GPU, r.GPUs, s.GPUs)
			}
		}
	}
	b.sameAsCommand()

	// Where the number comes from: the row of another accelerator opens with its memory.
	second := b.table()[1].GPU
	b.click(fmt.Sprintf(`[data-open=%q]`, second))
	b.waitFor("the detail", fmt.Sprintf(`document.querySelector("tr[data-detail='%s']")`, second))
	if detail := b.text("tr[data-detail]"); !strings.Contains(detail, "First limit") {
		t.Errorf("the open row says %q", detail)
	}
	b.shot("storyboard-1280-light")

	b.click("#share")
	b.click("#copy-link")
	b.waitFor("the confirmation", `document.querySelector("[data-toast]").textContent.includes("Link copied")`)
	link := b.copied()
	if want := h.base + "#" + b.link(); link != want {
		t.Errorf("copied %s, the address is %s", link, want)
	}
	if len(link) > 300 {
		t.Errorf("the link has %d characters, want at most 300: %s", len(link), link)
	}
	headline, table := b.headline(), b.table()

	b.open("about:blank")
	b.open(link)
	b.live()
	again(t, b, headline, table)

	// The customer opens the same link elsewhere, then without a network.
	customer := newPerson(t)
	c := start(t, h, customer, strings.TrimPrefix(link, h.base))
	again(t, c, headline, table)
	c.offlineReady()
	c.close()
	h.stop()
	c = start(t, h, customer, strings.TrimPrefix(link, h.base))
	again(t, c, headline, table)
	b.clean(h)
}

func again(t *testing.T, b *tab, headline string, table []fleet) {
	t.Helper()
	if got := b.headline(); got != headline {
		t.Errorf("the link opens as %q, want %q", got, headline)
	}
	got := b.table()
	if len(got) != len(table) {
		t.Fatalf("the link opens with %d rows, want %d", len(got), len(table))
	}
	for i := range got {
		if got[i] != table[i] {
			t.Errorf("row %d is %v, want %v", i, got[i], table[i])
		}
	}
}

// The same session on a phone, where inputs open as sheets.
func TestStoryboardOnPhone(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	p := newPerson(t)
	b := p.tab()
	b.theme("light")
	b.size(390, 844)
	b.open(h.base + few)
	b.live()
	b.noSidewaysScroll()
	b.shot("size-390-light")

	b.edit(func() { b.click(`.sum [data-preset="chat"]`) })
	b.edit(func() { b.click(`.sum [data-preset="rag"]`) })
	b.click("#sum-work")
	b.waitFor("the sheet", `document.querySelector("#rail.sheet")`)
	b.noSidewaysScroll()
	b.view("sheet-390-light")
	b.click("#model")
	b.keys("llama 3.3 70b")
	b.waitFor("the hits", `document.querySelector('#model-list [role=option]')?.dataset.model.includes("70b")`)
	b.edit(func() { b.click(`#model-list [role=option]`) })
	b.edit(func() { b.click(`.rail [data-weights="fp8"]`) })
	b.click("#sheet-close")
	b.click("#sum-demand")
	b.edit(func() { b.click(`[data-demand="users"]`) })
	b.edit(func() { b.insert("#users", "2,500") })
	b.click("#sheet-close")
	b.click("#sum-targets")
	b.edit(func() { b.insert("#ttft", "1s") })
	b.edit(func() { b.click(`[data-ttft="2"]`) })
	b.click("#sheet-close")
	b.waitFor("the sheet is gone", `!document.querySelector("#rail.sheet")`)
	b.sameAsCommand()
	b.noSidewaysScroll()
	b.shot("storyboard-390-light")
	b.clean(h)
}

// The same session without a mouse.
func TestStoryboardFromKeyboard(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	b.edit(func() { b.keys("2") })
	if got := b.headline(); !strings.Contains(got, "Chat") {
		t.Errorf("after the key 2: %q", got)
	}
	b.edit(func() { b.keys("1") })
	b.keys("/")
	b.waitFor("the search has the focus", `document.activeElement.id === "model"`)
	b.keys("llama 3.3 70b")
	b.waitFor("the hits", `document.querySelector('#model-list [role=option]')?.dataset.model.includes("70b")`)
	b.keys(kb.ArrowDown, kb.ArrowUp)
	b.edit(func() { b.keys(kb.Enter) })
	b.tabTo(`.rail [data-weights]`)
	b.edit(func() { b.keys(kb.ArrowRight, kb.ArrowRight) })
	b.waitFor("FP8", `document.querySelector('[data-weights="fp8"]').getAttribute("aria-checked") === "true"`)
	b.tabTo(`[data-demand]`)
	b.edit(func() { b.keys(kb.ArrowRight) })
	b.tabTo("#users")
	b.edit(func() { b.keys("2500", kb.Enter) })
	b.waitFor("people", `document.querySelector("#users").value.replace(",", "") === "2500"`)
	b.tabTo("#ttft")
	b.edit(func() { b.keys("2s", kb.Enter) })
	b.edit(func() { b.keys(kb.ArrowUp) })
	b.sameAsCommand()
	b.tabTo("tr[data-gpu]:not(.open) [data-open]")
	var gpu string
	b.eval(`document.activeElement.dataset.open`, &gpu)
	b.keys(kb.Enter)
	b.waitFor("the detail", fmt.Sprintf(`document.querySelector("tr[data-detail='%s']")`, gpu))
	b.waitFor("the focus stays on the row", fmt.Sprintf(`document.activeElement.dataset.open === %q`, gpu))
	b.clean(h)
}
