package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A sizing goes out as paragraph, as Markdown and as a file; the file opens again on another sizing, and undo
// leads back. A number of the report, and one of the money table, open their explanation.
func TestSavedSizing(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	p.allowClipboard()
	dir := p.downloads()
	b := start(t, h, p, "#v=1&rps=4&w=chat&g=h100-sxm-80gb,l40s&grow=20&yrs=2")
	for id, want := range map[string]string{"copy-rfp": "The proposed configuration provides ", "copy-md": "# "} {
		b.click("#share")
		b.click("#" + id)
		b.waitFor(id+" is on the clipboard", fmt.Sprintf("navigator.clipboard.readText().then((t) => t.startsWith(%q))", want))
	}
	b.click("#share")
	b.click("#save-json")
	downloaded(t, dir, "fleetsize.json")

	b.click(`#money [data-x^="growth-usd:"]`)
	b.waitFor("the explanation of a year's cost", `document.querySelector("#drawer")?.dataset.open?.startsWith("growth-usd:") && document.querySelector("#drawer-h").textContent.includes("Cost in the year")`)
	b.click("#drawer-close")

	b.edit(func() { b.click(`.rail [data-preset="reasoning"]`) })
	other := b.headline()
	b.click(`.tabs [data-view="report"]`)
	b.waitFor("the report", `document.querySelector("[data-report]")?.dataset.report === "final"`)
	b.click(`.leaf .kpis [data-x="gpus"]`)
	b.waitFor("the explanation of a number in the report", `document.querySelector("#drawer")?.dataset.open === "gpus"`)
	b.click("#drawer-close")
	b.do("opening the saved sizing", chromedp.SetUploadFiles("#report-open", []string{filepath.Join(dir, "fleetsize.json")}, chromedp.ByQuery))
	b.waitFor("the saved sizing is open", `location.hash.includes("w=chat") && location.hash.includes("grow=20")`)
	b.click(`.tabs [data-view="size"]`)
	b.waitFor("the answer", `document.querySelector("[data-headline]")?.innerText.includes("Chat")`)
	b.final()
	if got := b.headline(); got == other || !strings.Contains(got, "4 req/s of Chat") {
		t.Errorf("the saved sizing opens as %q", got)
	}
	b.sameAsCommand()
	b.click("#undo")
	b.waitFor("undo brings back what was there", fmt.Sprintf(`document.querySelector("[data-headline]")?.innerText.replaceAll("\u00a0", " ") === %q`, other))
	b.clean(h)
}
