package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// untouched are the buttons that the walk does not press: they save a file, print, ask an address, take the
// page away, put the whole sizing back, or have the whole catalog computed.
const untouched = `[id^=save-], [id$=-csv], [id^=report-save], #print, #report-print, #live-check, #live-start, #reload, #reset-all, #gpu-all, [data-vendor]`

// walker presses, as the Enter key does, one of each kind of enabled, visible button of the page, those that
// appear on the way too, and tells after which of them nothing has the focus any more. What was pressed
// outside of the view, or before, is not pressed again. It returns after a few.
const walker = `self.walk = async (untouched, busy) => {
	self.walked ??= new Set();
	const failed = [], view = () => document.getElementById("main").className, home = location.hash, here = view();
	const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 10))); // the framework draws up to 8 ms after an input
	const idle = async (waiting) => {
		let changed = true;
		const watch = new MutationObserver(() => { changed = true; });
		watch.observe(document.body, {attributes: true, childList: true, characterData: true, subtree: true});
		for (let quiet = 0; quiet < 2; ) {
			changed = false;
			await frame();
			quiet = changed || waiting && document.querySelector(busy) ? 0 : quiet + 1;
		}
		watch.disconnect();
	};
	const kind = (e) => [e.closest("#main") ? view() : "", e.parentElement.closest("[id]")?.id.replace(/\d+/g, "#"), e.tagName, e.getAttribute("class"),
		Object.keys(e.dataset).join() || e.id.replace(/^ask-(?!copy).*/, "ask-"), e.closest("#main") && e.role === "radio" ? Object.values(e.dataset) : ""].join(" ");
	const must = async (holds, what) => { // a busy computer may be slow to show it
		for (let tries = 100; !holds() && tries > 0; tries--) await frame();
		if (!holds()) failed.push(what);
	};
	const kept = () => ![null, document.body].includes(document.activeElement);
	const next = () => {
		const layer = document.querySelector("dialog[open]");
		for (const part of layer ? [layer] : ["drawer", "share-menu", "main", "page"].map((id) => document.getElementById(id)))
			for (const e of part.querySelectorAll("button, summary, [role=button]"))
				if (!e.disabled && e.checkVisibility({visibilityProperty: true}) && e.ariaChecked !== "true" && !e.matches(untouched) && !walked.has(kind(e))) return e;
	};
	const key = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
	const fleet = () => new URLSearchParams(location.hash.slice(1)).get("g");
	const considered = fleet();
	let presses = 0;
	for (await idle(true); presses < 6; presses++) {
		const e = next(), layer = document.querySelector("dialog[open]");
		if (!e && !layer) break;
		if (!e) {
			layer.close();
			await idle();
			await must(kept, "closing " + layer.id);
			continue;
		}
		const what = kind(e) + " " + JSON.stringify(e.dataset) + " " + (e.ariaLabel ?? e.textContent).slice(0, 50);
		e.focus();
		if (!e.checkVisibility()) { // the answer to an earlier press has just come
			await idle(true);
			continue;
		}
		walked.add(kind(e));
		await must(() => document.activeElement === e || e.focus(), "trying to focus " + what);
		if (key(e, "Enter")) e.click?.();
		await idle();
		await must(kept, "pressing " + what);
		if (document.querySelector("#drawer:not([hidden]), #share-menu:not([hidden])") && !next()?.closest("#drawer, #share-menu")) {
			key(document.activeElement, "Escape");
			await idle();
			await must(kept, "Escape after " + what);
		}
		const away = view() !== here || fleet() !== considered;
		if (away) location.hash = home; // back, and without the whole catalog's answers
		if (away || document.querySelector(busy)) {
			await idle(true);
			await must(kept, "what followed on " + what);
		}
	}
	return {Failed: failed, Presses: presses};
}; true`

// No button takes the focus away from the page: where it goes, the focus moves to what stands beside it.
func TestFocusIsKept(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	p := newPerson(t)
	p.allowClipboard()
	b := start(t, h, p, "#v=1&g=h100-sxm")
	b.eval(walker, nil)
	all := 0
	for _, link := range []string{"", ",l40s&t=compare", "&own=h100-sxm:8&mix=chat:5,rag:2&b.g=l40s&b.n=B&t=compare", "&t=explain", "&t=measure", "&t=report", "&t=data", "&t=how"} {
		b.eval(fmt.Sprintf("location.hash = %q; true", "#v=1&g=h100-sxm"+link), nil)
		b.waitFor(link, fmt.Sprintf(`document.getElementById("main").matches(".%s")`, viewOf(link)))
		for {
			var seen struct {
				Failed  []string
				Presses int
			}
			b.eval(fmt.Sprintf("walk(%q, %q)", untouched, busy), &seen) // a few at a time: a busy computer takes long over them
			for _, f := range seen.Failed {
				t.Errorf("%s: nothing has the focus after %s", link, f)
			}
			if seen.Presses == 0 {
				break
			}
			all += seen.Presses
		}
	}
	t.Logf("%d buttons pressed", all)
	if all < 150 {
		t.Errorf("only %d buttons were pressed", all)
	}
	b.clean(h)
}

// viewOf is the view that a link opens.
func viewOf(link string) string {
	_, view, ok := strings.Cut(link, "t=")
	if !ok {
		return "size"
	}
	view, _, _ = strings.Cut(view, "&")
	return view
}

// A chart is one stop of the Tab key: arrow keys, Home and End go from point to point, and the place stays
// when the Tab key leaves, when a number is explained, and when the chart is drawn anew.
func TestChartFromKeyboard(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	charts := 0
	for _, link := range []string{few, few + "&b.g=l40s&b.n=B&t=compare", few + "&api=3:15&t=explain"} {
		b.eval(fmt.Sprintf("location.hash = %q; true", link), nil)
		b.waitFor(link, fmt.Sprintf(`document.getElementById("main").matches(".%s")`, viewOf(link)))
		b.complete()
		var seen struct {
			Charts int
			Wrong  []string
		}
		b.eval(`(() => { const all = [...document.querySelectorAll("svg.ch:has(.press)")]; return {Charts: all.length,
			Wrong: all.filter((c) => c.querySelectorAll('[tabindex="0"]').length !== 1 || c.querySelector("[tabindex]").tabIndex !== 0).map((c) => c.querySelector("title").textContent)}; })()`, &seen)
		if charts += seen.Charts; len(seen.Wrong) > 0 {
			t.Errorf("%s: not one stop of the Tab key, the first point: %q", link, seen.Wrong)
		}
	}
	if charts < 8 {
		t.Errorf("only %d charts have points to press", charts)
	}
	b.eval(`self.points = () => [...document.querySelectorAll("#pareto .press")]; self.at = () => points().indexOf(document.activeElement); self.rows = points().map((p) => p.getAttribute("aria-label").split(":")[0]); true`, nil)
	is := func(what, expression string) {
		t.Helper()
		b.waitFor(what, expression)
	}
	b.tabTo("#pareto .press")
	is("the first point", `at() === 0`)
	b.keys(kb.ArrowRight)
	is("the next point", `at() === 1`)
	b.keys(kb.ArrowLeft, kb.ArrowLeft)
	is("the first point is the end", `at() === 0`)
	b.keys(kb.ArrowDown)
	is("the next line", `at() > 1 && rows[at()] !== rows[0]`)
	b.keys(kb.ArrowUp)
	is("the line before", `rows[at()] === rows[0]`)
	b.keys(kb.End)
	is("the last point", `at() === points().length - 1`)
	b.keys(kb.Home, kb.ArrowRight)
	is("the second point", `at() === 1 && document.activeElement.getAttribute("aria-label").length > 10 && document.activeElement.matches(":focus-visible")`)
	is("its reading", `document.activeElement.parentElement.querySelector(".tip").checkVisibility()`)
	b.view("chart-focus")
	b.keys(kb.Tab)
	is("one press leaves the chart", `!document.activeElement.closest("#pareto svg.ch")`)
	b.do("Shift and Tab", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(input.ModifierShift)))
	is("back where it was", `at() === 1`)
	for _, key := range []string{"x", kb.Enter} {
		b.keys(key)
		is("the explanation", `document.querySelector("#drawer:not([hidden]) .eq")`)
		b.keys(kb.Escape)
		is("back on the point", `document.querySelector("#drawer").hidden && at() === 1`)
	}
	b.eval(`self.old = document.querySelector("#pareto svg.ch"); true`, nil)
	b.size(1100, 800)
	is("the same point in another drawing", `!old.isConnected && at() === 1 && document.activeElement.tabIndex === 0 && document.querySelectorAll('#pareto [tabindex="0"]').length === 1`)
	b.eval(`document.getElementById("share").focus(); self.old = document.querySelector("#pareto svg.ch"); true`, nil)
	b.size(1280, 800)
	is("the place in another drawing", `!old.isConnected && points()[1].tabIndex === 0 && document.querySelectorAll('#pareto .press[tabindex="0"]').length === 1`)
	b.clean(h)
}
