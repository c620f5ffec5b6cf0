package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// What opens over the page or inside a view: how to get there, what is audited, and for what closes with the
// Escape key the control that has the focus afterwards.
var openings = []struct {
	name, link string
	do         []string // selectors to press, one after the other; "?" is the key
	part, back string
}{
	{"share menu", few, []string{"#share"}, "#share-menu:not([hidden])", "share"},
	{"QR code", few, []string{"#share", "#show-qr"}, "#hand-dialog[open]:has(svg)", "share"},
	{"questions", few, []string{"#share", "#show-ask"}, "#hand-dialog[open]:has(.asks)", "share"},
	{"name", few, []string{"#share", "#show-name"}, "#hand-dialog[open]:has(#name)", "share"},
	{"deployment", few, []string{"#share", "#show-deploy"}, "#hand-dialog[open]:has(pre)", "share"},
	{"keys", few, []string{"#theme", "#theme", "#theme", "?"}, "#keys-dialog[open]", "theme"}, // round to the system's theme
	{"own GPU with faults", few + "&t=data", []string{"#data-add-gpu", "#gpu-add"}, "#gpu-dialog[open]:has(.msg:not([hidden]))", "data-add-gpu"},
	{"own model with faults", few + "&t=data", []string{`[data-part="models"]`, "#data-add-model", "#config-add"}, "#model-dialog[open]:has(.msg:not([hidden]))", "data-add-model"},
	{"side by side", few + "&t=data", []string{`[data-part="hardware"]`}, "#data-hardware:has([data-hardware])", ""},
	{"sizing chart", few + "&t=how", []string{`[data-how="chart"]`}, "#main:has(#sizing-chart)", ""},
	{"options being edited", few + "&b.g=l40s&b.n=B&t=compare", []string{"#edit-b"}, "#main:has(.editor)", ""},
	{"live endpoint", few + "&t=measure", []string{`[data-source="live"]`}, "body:has(#live-url)", ""},
}

// Dialogs, menus, sheets and what unfolds inside views pass the audit on a laptop in light and on a phone in
// dark, do not scroll sideways, and give the focus back where it came from.
func TestDialogsAccessible(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), few)
	b.loadAudit()
	audit := func(name, part string, width, height int64, theme, rules string) {
		t.Helper()
		b.size(width, height)
		b.theme(theme)
		for _, f := range b.auditOf(part, rules) {
			t.Errorf("%s at %d, %s: %s: %s\n  %s", name, width, theme, f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
		}
		b.noSidewaysScroll()
		var wide string
		b.eval(fmt.Sprintf(`(() => { const e = document.querySelector(%q); return [e, ...e.querySelectorAll("*")].filter((e) => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX) && !e.matches("pre, input, textarea, .chips, .tabs"))
			.map((e) => e.tagName + "." + e.className + "#" + e.id + " " + e.scrollWidth + " > " + e.clientWidth).join("; "); })()`, part), &wide)
		if wide != "" {
			t.Errorf("%s at %d scrolls sideways: %s", name, width, wide)
		}
		b.view(fmt.Sprintf("open-%s-%d-%s", strings.ReplaceAll(name, " ", "-"), width, theme))
	}
	for i, o := range openings {
		b.size(1280, 844)
		if i == 0 || o.link != openings[i-1].link {
			b.eval(fmt.Sprintf("location.hash = %q; true", o.link), nil)
			b.settled()
		}
		for _, press := range o.do {
			if press == "?" {
				b.keys(press)
			} else {
				b.click(press)
			}
		}
		b.waitFor(o.name, fmt.Sprintf("document.querySelector(%q)", o.part))
		height := int64(844)
		if o.back == "" {
			height = 6000 // what the bars cover counts as too small
		}
		audit(o.name, o.part, 1280, height, "light", colorRules)
		audit(o.name, o.part, 390, height, "dark", allRules)
		b.size(1280, 844)
		if o.back == "" {
			continue
		}
		b.keys(kb.Escape)
		b.waitFor(o.name+" closes", fmt.Sprintf("!document.querySelector(%q)", o.part))
		b.waitFor("the focus is back after "+o.name, fmt.Sprintf("document.activeElement.id === %q", o.back))
	}
	b.size(390, 844)
	b.eval(fmt.Sprintf("location.hash = %q; true", few), nil)
	for _, group := range []string{"work", "demand", "targets", "posture"} {
		b.waitFor("the summary", `document.querySelector("#sum-`+group+`")?.checkVisibility()`)
		b.eval(`document.getElementById("sum-`+group+`").scrollIntoView({block: "center", behavior: "instant"}); true`, nil)
		b.click("#sum-" + group)
		b.waitFor("the sheet", fmt.Sprintf(`document.querySelector("#rail.sheet")?.dataset.group === %q`, group))
		audit("sheet of "+group, "#rail", 390, 844, "light", allRules)
		b.keys(kb.Escape)
		b.waitFor("the focus is back after "+group, fmt.Sprintf(`document.activeElement.id === "sum-%s"`, group))
	}
	b.click("#sum-work")
	b.size(1280, 844) // a tablet that is turned
	b.waitFor("the inputs stand beside the answer again", `(() => { const rail = document.getElementById("rail").getBoundingClientRect(), main = document.getElementById("main").getBoundingClientRect(); return rail.right <= main.left && main.width > 600; })()`)
	b.clean(h)
}
