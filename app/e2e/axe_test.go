package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// auditable are the views, each with what shows that it has settled.
var auditable = []struct{ name, link, settled string }{
	{"size", "#v=1", `document.querySelector("[data-table-state]")?.dataset.tableState === "final"`},
	{"compare", "#v=1&t=compare", `document.querySelector("#main.compare")`},
	{"explain", "#v=1&t=explain", `document.querySelector("#main.explain")`},
	{"drawer", "#v=1&x=gpus", `document.querySelector("#drawer:not([hidden]) .eq")`},
	{"measure", "#v=1&t=measure", `document.querySelector("#main.measure")`},
	{"report", "#v=1&t=report", `document.querySelector("#main.report")`},
	{"data", "#v=1&t=data", `document.querySelector("#main.data")`},
	{"how", "#v=1&t=how", `document.querySelector("#main.how")`},
}

// A finding is one rule of the audit that elements of the page break.
type finding struct {
	ID, Help string
	Nodes    []string
}

// Every view passes the audit of axe-core for WCAG 2.2 AA in both themes, on a laptop and on a phone.
func TestAccessible(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/")
	p := newPerson(t)
	b := p.tab()
	b.open(h.base)
	b.ready()
	b.loadAudit()
	for _, v := range auditable {
		t.Run(v.name, func(t *testing.T) {
			b.t = t
			defer func(outer *testing.T) { b.t = outer }(p.t)
			b.eval(fmt.Sprintf("location.hash = %q; true", v.link), nil)
			b.waitFor(v.name+" is there", v.settled)
			for _, width := range []int64{1280, 390} {
				b.size(width, 12000) // what the bars cover counts as too small
				for _, theme := range []string{"light", "dark"} {
					b.theme(theme)
					for _, f := range b.audit(theme == "dark") {
						t.Errorf("%s at %d, %s: %s: %s\n  %s", v.name, width, theme, f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
					}
				}
				b.noSidewaysScroll()
			}
			b.clean(h)
		})
	}
	b.eval(`document.getElementById("main").append(document.createElement("button"))`, nil)
	if found := b.audit(false); len(found) != 1 || found[0].ID != "button-name" {
		t.Errorf("the audit of a page with a nameless button finds %v", found)
	}
}

// loadAudit gives the page axe-core.
func (b *tab) loadAudit() {
	b.t.Helper()
	file := os.Getenv("E2E_AXE")
	if file == "" {
		file = "../../build/axe.min.js"
	}
	source, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatalf("axe-core is missing (make e2e fetches it): %v", err)
	}
	b.do("loading the audit", chromedp.Evaluate(string(source)+"\n;true", nil))
}

// Sets of rules, as axe-core takes them: all for WCAG 2.2 AA, those that colors matter to, and the contrast of AAA.
const (
	allRules   = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	colorRules = `{type: "rule", values: ["color-contrast", "link-in-text-block"]}`
	moreRules  = `{type: "rule", values: ["color-contrast-enhanced"]}`
)

// audit returns what the page breaks now, of all rules or only those that colors matter to.
func (b *tab) audit(colors bool) []finding {
	b.t.Helper()
	if colors {
		return b.auditOf("body", colorRules)
	}
	return b.auditOf("body", allRules)
}

// auditOf returns which of the rules a part of the page breaks.
func (b *tab) auditOf(selector, rules string) []finding {
	b.t.Helper()
	b.settled()
	context := fmt.Sprintf("document.querySelector(%q)", selector)
	if selector == "body" {
		context = "document"
	}
	var found []finding
	b.eval(fmt.Sprintf(`axe.run(`+context+`, {runOnly: `+rules+`, resultTypes: ["violations"]}).then((r) => r.violations.map((v) => ({ID: v.id, Help: v.help,
		Nodes: v.nodes.slice(0, %d).map((n) => n.html.slice(0, 200) + " " + n.any.concat(n.all).map((c) => c.message).join("; ").slice(0, 200))})))`, 5), &found)
	return found
}
