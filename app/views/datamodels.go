package views

import (
	"strings"

	"fleetsize/calc/explain"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dataModels is the table of models.
func (v *Page) dataModels() app.UI {
	d := &v.data
	cat := v.s.Catalog()
	classes := []option{{id: "", label: "All", on: d.class == ""}}
	for _, c := range []catalog.ModelClass{catalog.ClassGenerative, catalog.ClassEmbedding, catalog.ClassReranker, catalog.ClassSpeech, catalog.ClassVision} {
		classes = append(classes, option{id: string(c), label: upperFirst(string(c)), on: string(c) == d.class})
	}
	var list []*catalog.Model
	for _, m := range cat.SearchModels(d.models, 0) {
		if d.class == "" || string(m.Class) == d.class {
			list = append(list, m)
		}
	}
	unit, _ := v.memoryUnit()
	columns := modelColumns("Weights, " + unit)
	list = ordered(d, columns, list)
	var body []app.UI
	for i, m := range list {
		if i >= max(d.shown, pageRows) {
			break
		}
		body = append(body, v.modelRow(m))
		if d.open == m.ID {
			body = append(body, factsRow(9, modelFacts(m, "published dimensions, pack of "+day(cat.Date)), m.Sources, join(" ", m.PublishedNote, m.Notes)))
		}
	}
	title := countText(len(list)) + " models"
	if len(list) == 0 {
		title = "No model is called that: add it from its config.json"
	}
	return el("section", "fig",
		node("div", "row", leaf("h2", "", title), node("div", "end row",
			v.sheetOf("models-csv", "fleetsize-models.csv", func() string { return modelsCSV(list) }),
			button("btn sm", iconPlus(), txt("Add a model")).ID("data-add-model").OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "model-dialog") }))),
		node("div", "row filters",
			v.search("models-search", "Search models", d.models, func(x string) { d.models = x }),
			v.filter("models-class", "Kind", classes, func(x string) { d.class = x }),
		),
		node("div", "tb", el("table", "tbl cards",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", append(append([]app.UI{colHead("", "Model")}, sortHeads(d, columns)...), colHead("lg", "Published in"), colHead("", "Confidence"), node("td", ""))...)),
			node("tbody", "", body...),
		).Attr("hidden", flag(len(list) == 0))),
		v.moreRows("models-more", len(list)),
	).ID("data-models")
}

// modelColumns are the numbers of the table.
func modelColumns(weights string) []dataColumn[*catalog.Model] {
	return []dataColumn[*catalog.Model]{
		{"Parameters, B", "", false, func(m *catalog.Model) float64 { return m.Work().TotalParams }},
		{"Active, B", "lg", false, func(m *catalog.Model) float64 { w := m.Work(); return w.DenseParams + w.ActiveExpertParams }},
		{weights, "", true, func(m *catalog.Model) float64 { return m.WeightBytes(m.Native) }},
		{"KV, kB per token", "", true, func(m *catalog.Model) float64 { return m.Work().KVElems }},
		{"Context", "lg", false, func(m *catalog.Model) float64 { return float64(m.MaxContext) }},
	}
}

func (v *Page) modelRow(m *catalog.Model) app.UI {
	class := ""
	if v.data.open == m.ID {
		class = "open"
	}
	w := m.Work()
	unit, size := v.memoryUnit()
	id := m.ID
	cell := func(label, class, fact, text string) app.UI { return v.catalogCell(label, class, fact, id, text) }
	var use app.UI = txt("")
	if m.Class == catalog.ClassGenerative || m.Custom {
		use = button("lnk", txt("Use")).Aria("label", "Size "+m.Name).DataSet("use", id).OnClick(func(ctx app.Context, e app.Event) {
			v.pickModel(ctx, id)
			v.say(m.Name + " is the model now")
		}, app.EventScope("use", id))
	}
	return el("tr", class,
		el("th", "", node("span", "gpu", v.openFacts(id, m.Name), node("span", "", txt(m.Name), leaf("span", "mut sm", " "+modelKind(m))))).Attr("scope", "row"),
		cell("Parameters, B", "", "params", units.SigFixed(w.TotalParams/1e9, 3)), cell("Active, B", "lg", "active", units.SigFixed((w.DenseParams+w.ActiveExpertParams)/1e9, 3)),
		cell("Weights, "+unit, "", "weights", units.SigFixed(m.WeightBytes(m.Native)/size, 3)), cell("KV, kB per token", "", "kv", kvText(w)),
		cell("Context", "lg", "context", countText(m.MaxContext)), leaf("td", "lg sm", weightsName(m.Native)), leaf("td", "sm", confidenceWord(m.Confidence)), node("td", "num", use),
	).DataSet("catalog-model", id)
}

// kvText is the KV cache of one token at 16 bit.
func kvText(w catalog.Work) string {
	if w.KVElems > 0 {
		return units.SigFixed(w.KVElems*2/1e3, 3)
	}
	return "none"
}

// modelKind says how a model is built, in a few words.
func modelKind(m *catalog.Model) string {
	kind := string(m.Class)
	if m.Class == catalog.ClassGenerative {
		kind = "dense"
		if m.MoE != nil {
			kind = countText(m.MoE.Experts) + " experts, " + countText(m.MoE.TopK) + " used"
		}
	}
	if m.Custom {
		kind += ", yours"
	}
	return kind
}

// modelFacts are the dimensions of a model and what follows from them.
func modelFacts(m *catalog.Model, from string) []fact {
	w := m.Work()
	derived := "derived from the dimensions"
	of := func(id, text string) string {
		if text == "none" {
			return text
		}
		return mark(explain.Ref("cat_"+id, "", m.ID), text)
	}
	large := func(id string, x float64, digits int, million, billion string) string {
		if x < 1e9 {
			return of(id, units.Sig(x/1e6, digits)) + million
		}
		return of(id, units.Sig(x/1e9, digits)) + billion
	}
	list := []fact{
		{"Layers", countText(m.Layers), from}, {"Hidden size", countText(m.Hidden), from},
		{"Attention heads", countText(m.Heads) + ", KV heads " + countText(m.KVHeads) + ", width " + countText(m.HeadDim), from},
		{"Attention", strings.ToUpper(m.Attention.Type), from}, {"FFN width", countText(m.Intermediate), from}, {"Vocabulary", countText(m.Vocab), from},
		{"Context", contextText(m.MaxContext) + " tokens", from},
		{"Parameters", large("params", w.TotalParams, 5, " M", " B"), derived},
		{"Compute per token", large("flop", w.LinearFLOP, 4, " MFLOP", " GFLOP"), derived},
		{"KV cache per token", of("kv", kvText(w)) + " kB at 16 bit", derived},
	}
	if e := m.MoE; e != nil {
		list = append(list, fact{"Experts", countText(e.Experts) + ", " + countText(e.TopK) + " per token, " + countText(e.Shared) + " shared", from})
	}
	if m.PublishedTotal > 0 {
		list = append(list, fact{"Published size", units.Sig(m.PublishedTotal/1e9, 5) + " B", from})
	}
	return append(list, fact{"Repository", m.HFRepo, ""})
}

// modelsCSV is the table with exact numbers.
func modelsCSV(list []*catalog.Model) string {
	var b strings.Builder
	b.WriteString("id,name,family,class,repository,parameters,active_parameters,layers,hidden,heads,kv_heads,head_dim,context,weights_precision,weights_bytes,kv_bytes_per_token_16bit,confidence\r\n")
	for _, m := range list {
		w := m.Work()
		b.WriteString(csvLine(m.ID, m.Name, m.Family, string(m.Class), m.HFRepo, plainOr(w.TotalParams), plainOr(w.DenseParams+w.ActiveExpertParams), countPlain(m.Layers), countPlain(m.Hidden), countPlain(m.Heads),
			countPlain(m.KVHeads), countPlain(m.HeadDim), countPlain(m.MaxContext), string(m.Native.Dense), plainOr(m.WeightBytes(m.Native)), plainOr(w.KVElems*2), m.Confidence))
	}
	return b.String()
}

// countPlain is a count for a file: no commas.
func countPlain(n int) string { return units.Plain(float64(n)) }
