package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Back and forward undo and redo big steps, to the first one too.
func TestHistory(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := start(t, h, newPerson(t), "#v=1&rps=4&g=h100-sxm,l40s")
	first := b.headline()
	b.edit(func() { b.click(`.rail [data-preset="chat"]`) })
	second := b.headline()
	b.edit(func() { b.click(`.rail [data-preset="reasoning"]`) })
	third := b.headline()
	if first == second || second == third {
		t.Fatalf("presets change nothing: %q, %q, %q", first, second, third)
	}
	for _, step := range []struct {
		move string
		want string
	}{{"back", second}, {"back", first}, {"forward", second}, {"forward", third}, {"back", second}} {
		b.eval("history."+step.move+"()", nil)
		b.waitFor(step.move+" shows "+step.want, fmt.Sprintf(`document.querySelector("[data-headline]").innerText.replaceAll("\u00a0", " ") === %q`, step.want))
		b.final()
	}
	b.sameAsCommand()
	b.clean(h)
}

// Every form of a link opens as what it says; the address becomes the fragment form.
func TestLinkForms(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	want := ""
	for _, rest := range []string{
		"#v=1&w=chat&m=llama-3-3-70b&q=fp8&rps=3&g=h100-sxm,l40s",
		"?v=1&w=chat&m=llama-3-3-70b&q=fp8&rps=3&g=h100-sxm,l40s",
		"index.html#v=1&w=chat&m=llama-3-3-70b&q=fp8&rps=3&g=h100-sxm,l40s",
		"#v=1&w=chat&m=llama-3.3-70b&q=FP8&rps=3&g=H100-SXM,l40s",
		"?rps=99&w=rag#v=1&w=chat&m=llama-3-3-70b&q=fp8&rps=3&g=h100-sxm,l40s",
	} {
		b := start(t, h, p, rest)
		if want == "" {
			want = b.headline()
			b.sameAsCommand()
		}
		if got := b.headline(); got != want || !strings.Contains(got, "3 req/s of Chat") {
			t.Errorf("%s opens as %q, want %q", rest, got, want)
		}
		var search string
		b.eval("location.search", &search)
		if link := b.link(); search != "" || !strings.Contains(link, "rps=3") {
			t.Errorf("%s leaves the address %s#%s", rest, search, link)
		}
		b.clean(h)
		b.close()
	}
}

// A bad value is named beside a usable answer; unknown keys survive.
func TestBadLink(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "#v=1&w=rag&rps=banana&future=42&g=h100-sxm,l40s")
	banners := b.text(".bans")
	for _, want := range []string{"rps", "banana", "future"} {
		if !strings.Contains(banners, want) {
			t.Errorf("the notices do not name %s: %q", want, banners)
		}
	}
	if len(b.table()) == 0 {
		t.Error("no answer")
	}
	b.edit(func() { b.insert("#rps", "12") })
	if link := b.link(); !strings.Contains(link, "future=42") || !strings.Contains(link, "rps=12") {
		t.Errorf("after an edit the link is %s", link)
	}
	b.clean(h)
}

// Reset puts the defaults into the fields, not just into the answer.
func TestReset(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "")
	worked := b.headline()
	b.eval(`location.hash = "v=1&in=9k&rps=55&ttft=500ms&g=h100-sxm"; true`, nil)
	b.waitFor("another sizing", `document.querySelector("#rps").value === "55"`)
	b.insert("#out", "many")
	b.waitFor("the complaint", `!document.querySelector("#out-msg").hidden`)
	b.click("#reset-all")
	for field, want := range map[string]string{"#in": "5,000", "#out": "500", "#rps": "10", "#ttft": "3"} {
		b.waitFor(field+" shows "+want, fmt.Sprintf(`document.querySelector(%q).value === %q`, field, want))
	}
	b.waitFor("the worked answer", fmt.Sprintf(`document.querySelector("[data-headline]").innerText.replaceAll("\u00a0", " ") === %q`, worked))
	b.waitFor("no complaint", `document.querySelector("#out-msg").hidden`)
	b.clean(h)
}

// The page fits every width in both themes.
func TestWidthsAndThemes(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "")
	for _, width := range []int64{320, 390, 700, 1024, 1280, 1920} {
		b.size(width, 900)
		b.noSidewaysScroll()
		for _, theme := range []string{"light", "dark"} {
			b.theme(theme)
			var background string
			b.eval(`getComputedStyle(document.body).backgroundColor`, &background)
			if dark := background == "rgb(17, 21, 26)"; dark != (theme == "dark") {
				t.Errorf("%s at %d: the background is %s", theme, width, background)
			}
			b.shot(fmt.Sprintf("size-%d-%s", width, theme))
		}
	}
	b.clean(h)
}

// A chosen theme and the projector contrast are there before the program runs, and are not in the link. The
// larger type fits, and charts grow with it.
func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	p := newPerson(t)
	b := start(t, h, p, "")
	b.theme("light")
	b.waitFor("the dark theme", `(document.documentElement.dataset.theme !== "dark" && document.getElementById("theme").click(), document.documentElement.dataset.theme === "dark")`)
	chartScale := `(() => { const s = document.querySelector("#price svg.ch"); return s.getBoundingClientRect().width / s.viewBox.baseVal.width })()`
	b.waitFor("charts at the usual size", `Math.abs(`+chartScale+` - 1) < .02`)
	b.click("#projector")
	b.waitFor("the projector contrast", `document.documentElement.dataset.contrast === "projector" && document.getElementById("projector").ariaPressed === "true"`)
	for _, width := range []int64{320, 700, 1024, 1280} {
		b.size(width, 800)
		b.waitFor("charts drawn for the larger type", `Math.abs(`+chartScale+` - 1.18) < .02`)
		b.noSidewaysScroll()
	}
	if link := b.link(); strings.Contains(link, "dark") || strings.Contains(link, "projector") {
		t.Errorf("the link carries the look: %s", link)
	}
	again := p.tab()
	again.theme("light")
	again.do("without the program", onEveryPage("delete self.WebAssembly"))
	again.open(h.base)
	again.waitFor("the end of loading", `document.documentElement.dataset.boot === "failed"`)
	var look string
	again.eval(`document.documentElement.dataset.theme + " " + document.documentElement.dataset.contrast`, &look)
	if look != "dark projector" {
		t.Errorf("on the next visit the look is %s before the program runs", look)
	}
}

// Typing is never held up by the calculation behind it.
func TestTypingStaysQuick(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "")
	b.click("#rps")
	b.keys("1", "2", "5")
	b.waitFor("the last edit shows", `document.querySelector("[data-headline]").innerText.includes("125")`)
	b.final()
	var edits []float64
	b.eval(`performance.getEntriesByName("fleetsize-edit").map((e) => e.duration)`, &edits)
	if len(edits) == 0 {
		t.Fatal("no edit was measured")
	}
	t.Logf("from an edit to the headline, ms: %.0f", edits)
	b.sameAsCommand()
	b.clean(h)
}
