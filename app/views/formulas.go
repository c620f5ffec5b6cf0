package views

import (
	"fleetsize/calc/explain"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// formulaList is the registry as a page: every formula with what it is, its
// cases, and its validity and source.
func formulaList() app.UI {
	var items []app.UI
	last := ""
	for _, f := range explain.Formulas() {
		law := f.Symbols()
		if f.Case != "" {
			law += "  (" + caseWords(f.Case) + ")"
		}
		if f.ID == last {
			items = append(items, leaf("p", "eq", law))
			continue
		}
		last = f.ID
		items = append(items, leaf("h3", "", f.Title), leaf("p", "sm", f.What), leaf("p", "eq", law))
		if f.Basis != "" {
			items = append(items, leaf("p", "xs mut", f.Basis))
		}
	}
	return folded("how-formulas", "Every formula: "+units.Count(float64(len(explain.Formulas())))+", one registry for page, sheet, report and command line",
		leaf("p", "sm mut", "Press a number anywhere to see its formula with your numbers. Names in a formula are formulas themselves or inputs; ceil rounds up, simulate stands for a run of the simulation."),
		node("div", "formulas", items...))
}

// caseWords says where a case of a formula applies.
func caseWords(id string) string {
	words := map[string]string{
		"steady": "no growth", "pooled": "least-loaded router", "sum": "several pools together", "parts": "prompt stated in parts", "flight": "demand in requests in flight", "users": "demand as people", "day": "demand a day", "p95": "peak from the mean",
		"direct": "links on which every GPU reads from all others", "linked": "fast links between servers", "staged": "replicas larger than a server", "allin": "published all-in power",
		"group": "tensor parallel", "stages": "pipeline parallel", "free": "engines that take a share of what weights leave",
		"grow": "engines whose cache grows with the request", "state": "recurrent states or pipelines", "plain": "full attention only",
		"own": "bought, not rented", "pipeline": "with retrieval before the model", "embedder": "with an embedding model",
		"single": "answers of one token", "split": "prompts and decoding on GPUs of their own", "draft": "speculative decoding", "modes": "drafts, expert or data parallelism",
		"indexing": "with documents to index again", "reranker": "with a reranking model",
	}
	if w, ok := words[id]; ok {
		return w
	}
	return id
}
