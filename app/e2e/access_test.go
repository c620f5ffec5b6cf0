package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp/kb"
)

// The answer is announced once, when the inputs have rested and it is exact, in a short sentence.
func TestLiveRegion(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	b.eval(`{
		const region = document.querySelector("[data-live][role=status][aria-live=polite]");
		self.said = []; self.typed = 0;
		new MutationObserver(() => said.push([performance.now() - typed, region.textContent])).observe(region, {childList: true, characterData: true, subtree: true});
		document.getElementById("rps").addEventListener("input", () => { typed = performance.now(); });
	}; true`, nil)
	// Typed at once: a busy machine may take longer from key to key than the inputs have to rest.
	b.eval(`for (const text of ["1", "12", "125"]) {
		const e = document.getElementById("rps");
		e.value = text;
		e.dispatchEvent(new Event("input", {bubbles: true}));
	}; true`, nil)
	b.waitFor("an announcement", `said.length > 0`)
	b.final()
	var seen []struct {
		After float64
		Text  string
	}
	b.eval(`said.map(([After, Text]) => ({After, Text}))`, &seen)
	gpus := strings.TrimPrefix(b.text(`[data-kpi="gpus"] .big [data-x]`), "≈")
	if len(seen) != 1 || !strings.HasPrefix(seen[0].Text, gpus+" ") || !strings.HasSuffix(seen[0].Text, " dollars a month") {
		t.Errorf("typing 125 was announced as %+v, the card shows %s GPUs", seen, gpus)
	}
	if seen[0].After < 590 {
		t.Errorf("announced %.0f ms after the last key, want at least 600", seen[0].After)
	}
}

// Every chart says what it shows, can be read as a table, and Size's can be read point by point from the keyboard.
func TestChartsAsTables(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	for _, view := range []struct{ link, settled string }{
		{few, `document.querySelector("#load svg.ch")`},
		{few + "&api=3:15&t=explain", `document.querySelector("#moves svg.ch") && document.querySelector("#pareto svg.ch") && !document.querySelector(".prog:not(.done)")`},
		{few + "&api=3:15&b.g=l40s&b.n=B&t=compare", `document.querySelectorAll("[data-option]").length === 2 && !document.querySelector(".prog:not(.done)")`},
	} {
		b.eval(fmt.Sprintf(`location.hash = %q; true`, view.link), nil)
		b.waitFor("the charts of "+view.link, view.settled)
		var charts []string
		b.eval(`[...document.querySelectorAll("main figure:has(svg.ch)")].map((f) => f.id)`, &charts)
		if len(charts) == 0 {
			t.Errorf("%s has no charts", view.link)
		}
		for _, id := range charts {
			var seen struct{ Finding, Name, Toggle string }
			b.eval(fmt.Sprintf(`(() => {
				const f = document.getElementById(%q), svg = f.querySelector("svg.ch");
				return {Finding: f.querySelector("figcaption")?.innerText ?? "", Toggle: f.querySelector("figcaption button[aria-pressed=false][aria-label^='Show as table']")?.id ?? "",
					Name: svg.getAttribute("role") + " " + (svg.getAttribute("aria-label") || document.getElementById(svg.getAttribute("aria-labelledby")?.split(" ")[0])?.textContent || svg.querySelector("title")?.textContent || "")};
			})()`, id), &seen)
			if seen.Finding == "" || len(seen.Name) < 10 || seen.Toggle == "" {
				t.Errorf("the chart %q of %s: caption %q, name %q, button for its table %q", id, view.link, seen.Finding, seen.Name, seen.Toggle)
				continue
			}
			b.click("#" + seen.Toggle)
			b.waitFor("the table of "+id, fmt.Sprintf(`(() => { const t = document.querySelector("#%s table"); return t && t.querySelectorAll("th").length > 1 && t.querySelectorAll("tbody tr").length > 0 && !document.querySelector("#%s svg.ch"); })()`, id, id))
			b.click("#" + seen.Toggle)
			b.waitFor("the drawing of "+id, fmt.Sprintf(`document.querySelector("#%s svg.ch")`, id))
		}
	}
	b.eval(fmt.Sprintf(`location.hash = %q; true`, few), nil)
	b.waitFor("the price of latency", `document.querySelector("#price svg.ch") && document.getElementById("price-read") && document.querySelector("#load svg.ch")`)
	b.final()
	b.settled()
	b.eval(`document.getElementById("price-read").focus()`, nil)
	b.keys(kb.ArrowRight)
	b.waitFor("the first point", `document.getElementById("price-said").textContent.length > 5`)
	first := b.text("#price-said")
	b.keys(kb.ArrowRight)
	b.waitFor("the second point", fmt.Sprintf(`document.getElementById("price-said").innerText !== %q`, first))
	b.keys(kb.ArrowLeft)
	b.waitFor("the first again", fmt.Sprintf(`document.getElementById("price-said").innerText === %q`, first))
}

// Every stop of the Tab key is seen: it has an outline, and no bar covers it.
func TestFocusIsSeen(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	for _, size := range [][2]int64{{1280, 800}, {390, 844}} {
		b.size(size[0], size[1])
		b.reload(`location.reload()`) // where the Tab key goes on from is else now the start of the page, now its end
		b.live()
		b.waitFor("the page as wide as its window", `(() => { const all = [...document.querySelectorAll("#price svg.ch, #load svg.ch")]; return all.length === 2 && all.every((s) => Math.abs(s.getBoundingClientRect().width / s.viewBox.baseVal.width - 1) < .02); })()`)
		b.settled()
		stops, last := map[string]bool{}, ""
		for range 400 {
			b.keys(kb.Tab)
			var at struct {
				Name          string
				Marked, InWay bool
			}
			b.eval(`(() => {
				const e = document.activeElement;
				if (e === document.body) return {Name: ""};
				const style = getComputedStyle(e), box = e.getBoundingClientRect();
				const ring = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none"; };
				const mine = (x) => x && (e.contains(x) || x.contains(e) && !x.matches("body, html, main, .shell, #page") || [...e.labels ?? []].some((l) => l.contains(x)));
				const seen = [.1, .5, .9].some((u) => [.1, .5, .9].some((v) => mine(document.elementFromPoint(box.left + u * box.width, box.top + v * box.height))));
				return {
					Name: e.tagName + "#" + (e.id || e.dataset.x || e.dataset.step || e.dataset.open || [...e.parentElement.children].indexOf(e) + " " + e.textContent.slice(0, 30)),
					Marked: ring(e) || e.closest(".nf, .in, label") && ring(e.closest(".nf, .in, label")) || style.strokeWidth >= "2" && e instanceof SVGElement,
					InWay: box.width > 1 && !seen,
				};
			})()`, &at)
			if at.Name == "" {
				break
			}
			last = at.Name
			if stops[last] = true; !at.Marked || at.InWay {
				t.Errorf("at %d × %d, %s: shows its focus %v, covered %v", size[0], size[1], at.Name, at.Marked, at.InWay)
			}
		}
		t.Logf("at %d × %d: %d stops, the last is %s", size[0], size[1], len(stops), last)
		if len(stops) < 40 {
			t.Errorf("at %d × %d the Tab key stops %d times, at last at %s: %q", size[0], size[1], len(stops), last, slices.Sorted(maps.Keys(stops)))
		}
	}
}

// Every view fits what a window of 1,280 by 800 pixels leaves at a zoom of 200 and of 400 %, and fits with text
// alone at 200 %, as the browser's settings enlarge it.
func TestReflow(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "#v=1&g=h100-sxm,l40s")
	for _, view := range auditable {
		b.eval(fmt.Sprintf("location.hash = %q; true", view.link+"&g=h100-sxm,l40s"), nil)
		b.waitFor(view.name, view.settled)
		for _, zoom := range []int64{2, 4} {
			b.size(1280/zoom, 800/zoom)
			b.noSidewaysScroll()
		}
		b.size(1280, 800)
		var text string
		b.do("text at 200 %", page.SetFontSizes(&page.FontSizes{Standard: 32, Fixed: 26}))
		b.waitFor("the text has grown", `getComputedStyle(document.body).fontSize === "28px"`)
		b.noSidewaysScroll()
		b.eval(`[...document.querySelectorAll("h1, h2, h3, p, label, button, .big")].filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.matches(".sr, .sr *, .name")
			&& e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX === "hidden").map((e) => e.textContent.slice(0, 40)).join("; ")`, &text)
		if text != "" {
			t.Errorf("%s cuts large text: %s", view.name, text)
		}
		b.do("text as usual", page.SetFontSizes(&page.FontSizes{Standard: 16, Fixed: 13}))
		b.waitFor("the text is as before", `getComputedStyle(document.body).fontSize === "14px"`)
	}
}

// On a screen that is touched every control offers a finger 44 pixels; those in running text and in drawings
// are also reached otherwise.
func TestTouchTargets(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.do("a touch screen", emulation.SetTouchEmulationEnabled(true), emulation.SetDeviceMetricsOverride(390, 844, 1, true))
	b.open(h.base + few)
	b.live()
	var coarse bool
	b.eval(`matchMedia("(pointer: coarse)").matches`, &coarse)
	if !coarse {
		t.Fatal("the browser does not say that it is touched")
	}
	small := func(where string) {
		t.Helper()
		var found []string
		b.eval(`[...document.querySelectorAll("button, input:not([type=range]), select, summary, a[href]")].filter((e) => {
			const box = (e.closest("label") ?? e).getBoundingClientRect();
			return e.checkVisibility({visibilityProperty: true}) && box.width > 1 && box.height < 43.5 && !e.closest("svg, p, td, th, h1, h2, .say, .kpi, .foot, .det, .tbl") && !e.matches(".xn, .skip, .nf *, .in *, .st, .sr");
		}).map((e) => e.tagName + "." + e.className + "#" + e.id + " " + e.textContent.slice(0, 20) + " " + Math.round(e.getBoundingClientRect().height))`, &found)
		if len(found) > 0 {
			t.Errorf("%s: less than 44 px high:\n%s", where, strings.Join(found, "\n"))
		}
	}
	small("Size")
	b.click("#sum-work")
	b.waitFor("the sheet", `document.querySelector("#rail.sheet")`)
	small("the inputs")
}

// People who asked for less motion see none.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.theme("light") // with reduced motion
	b.open(h.base + few)
	b.live()
	moving := func() (names []string) {
		b.eval(`[...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e); return s.transitionDuration.split(", ").some((d) => parseFloat(d) > 0) || s.animationName !== "none" && parseFloat(s.animationDuration) > 0 || s.scrollBehavior === "smooth"; }).map((e) => e.tagName + "." + e.className + "#" + e.id)`, &names)
		return names
	}
	if m := moving(); len(m) > 0 {
		t.Errorf("moves in spite of the setting: %q", m)
	}
	b.do("motion allowed", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "no-preference"}}))
	if len(moving()) == 0 {
		t.Error("nothing moves without the setting either: this test sees nothing")
	}
}

// People who asked for more contrast get that of WCAG AAA, 7:1, for text of any size, and see what is chosen
// without telling greys apart.
func TestMoreContrast(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	b.loadAudit()
	for _, theme := range []string{"light", "dark"} {
		b.do("more contrast", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-contrast", Value: "more"},
			{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
		for _, f := range b.auditOf("body", moreRules) {
			t.Errorf("%s: %s: %s\n  %s", theme, f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
		}
		b.view("more-contrast-1280-" + theme)
		var chosen, other string
		b.eval(`getComputedStyle(document.querySelector('.rail .seg [aria-checked="true"]')).outlineStyle`, &chosen)
		b.eval(`getComputedStyle(document.querySelector('.rail .seg [aria-checked="false"]')).outlineStyle`, &other)
		if chosen == other {
			t.Errorf("%s: the outline of what is chosen is %s, that of the rest too", theme, chosen)
		}
	}
}

// In the colors of the system what is chosen, what has the focus and what is drawn can still be told.
func TestForcedColors(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	b.waitFor("the price of latency", `document.querySelector("#price svg.ch path")`)
	b.do("forced colors", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}))
	b.settled()
	b.view("forced-colors-1280")
	var seen struct {
		Chosen, Other, Focus, Tab, OtherTab string
		Lines                               int
		Hidden                              []string
	}
	b.tabTo("#share")
	b.eval(`(() => {
		const style = (selector, ...names) => { const s = getComputedStyle(document.querySelector(selector)); return names.map((n) => s[n]).join(" "); };
		return {
			Chosen: style('.rail [aria-checked="true"]', "outlineStyle", "outlineColor"), Other: style('.rail [aria-checked="false"]', "outlineStyle", "outlineColor"),
			Focus: style("#share", "outlineStyle"),
			Tab: style('nav.tabs [aria-current]', "borderBottomColor", "borderBottomStyle", "color"), OtherTab: style('nav.tabs a:not([aria-current])', "borderBottomColor", "borderBottomStyle", "color"),
			Hidden: [...document.querySelectorAll(".btn.go, .chips > [aria-checked=true]")].filter((e) => { const s = getComputedStyle(e); return s.color === s.backgroundColor || s.forcedColorAdjust !== "none"; }).map((e) => e.textContent),
			Lines: new Set([...document.querySelectorAll("#price svg.ch path")].map((e) => getComputedStyle(e).stroke)).size,
		};
	})()`, &seen)
	if seen.Chosen == seen.Other || seen.Focus == "none" || seen.Lines < 2 {
		t.Errorf("chosen %q, other %q; focus %q; %d colors of lines", seen.Chosen, seen.Other, seen.Focus, seen.Lines)
	}
	if len(seen.Hidden) > 0 {
		t.Errorf("the system's plate behind text hides %q", seen.Hidden)
	}
	if seen.Tab == seen.OtherTab {
		t.Errorf("the tab in force looks like the others: %q", seen.Tab)
	}
}
