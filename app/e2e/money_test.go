package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Prices in the browser: renting and owning, a price of one's own that ranks,
// the cost stated per token, and a price profile that this browser keeps.
func TestMoneyInputs(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	b := start(t, h, p, "#v=1&g=h100-sxm,l40s,a100-sxm")
	cost := func() string { return b.text("[data-kpi=cost] .big") }
	rent := cost()
	b.edit(func() { b.click(`.rail [data-buy="own"]`) })
	if own := cost(); own == rent || !strings.Contains(b.link(), "buy=own") {
		t.Errorf("renting and owning cost %s and %s; link %s", rent, own, b.link())
	}
	b.click("#money-more > summary")
	b.edit(func() { b.insert("#kwh", "0.3") })
	b.edit(func() { b.insert(`[id="px:l40s"]`, "900") })
	if rows := b.table(); len(rows) == 0 || rows[0].GPU != "l40s" {
		t.Errorf("an L40S at 900 USD is not first: %v", rows)
	}
	b.sameAsCommand()
	for _, c := range []struct{ per, says string }{{"out", "all of the cost"}, {"term", "over 3 years"}, {"", "Next: "}} {
		b.choose("#cost-per", c.per)
		b.waitFor("the cost "+c.says, fmt.Sprintf(`document.querySelector("[data-kpi=cost]").innerText.includes(%q)`, c.says))
	}
	priced := b.link()
	b.insert("#profile-name", "Spring list")
	b.click("#profile-save")
	b.waitFor("the profile is kept", `(localStorage.getItem("fleetsize-prices") || "").startsWith("Spring list\t")`)
	b.clean(h)
	b.close()

	// Another sizing in the same browser takes the profile over.
	b = start(t, h, p, "#v=1&w=chat&g=h100-sxm,l40s,a100-sxm")
	b.click("#money-more > summary")
	b.edit(func() { b.choose("#profile", "Spring list") })
	link := b.link()
	for _, pair := range strings.Split(priced, "&") {
		if key, _, _ := strings.Cut(pair, "="); (key == "buy" || key == "px" || key == "kwh") && !strings.Contains(link, pair) {
			t.Errorf("%s of the profile is not in %s", pair, link)
		}
	}
	if !strings.Contains(link, "w=chat") {
		t.Errorf("the profile changed more than prices: %s", link)
	}
	b.noSidewaysScroll()
	b.clean(h)
}

// The prompt in parts, stages before the model, a conversation and the peak as
// a percentile, each on the page and on the command line alike.
func TestPipelineInputs(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := start(t, h, newPerson(t), "#v=1&users=2500&g=h100-sxm,l40s&grow=30&yrs=3")
	b.click("#rag-more > summary")
	b.edit(func() { b.click("#rag-split") })
	b.edit(func() { b.choose("#rer", "bge-reranker-v2-m3") })
	if card := b.text("[data-kpi=gpus]"); !strings.Contains(card, "before the model") {
		t.Errorf("the reranker's GPUs are not on the card: %q", card)
	}
	b.edit(func() { b.choose("#peakby", "p95") })
	b.click("#talk-more > summary")
	b.edit(func() { b.insert("#turns", "4") })
	link := b.link()
	for _, pair := range []string{"chunks=9", "rer=bge-reranker-v2-m3", "peak=p95", "turns=4"} {
		if !strings.Contains(link, pair) {
			t.Errorf("%s is not in %s", pair, link)
		}
	}
	if text := b.text("#money"); !strings.Contains(text, "Year 3") || !strings.Contains(text, "output tokens") {
		t.Errorf("no growth or no unit price: %q", text)
	}
	b.sameAsCommand()
	b.noSidewaysScroll()
	b.clean(h)
}
