package views

import (
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// sheetTitle names the groups of inputs that open as a sheet on narrow screens.
var sheetTitle = map[string]string{"work": "Workload and model", "demand": "Demand", "targets": "Targets", "posture": "Posture, hardware and money"}

// railUI renders the inputs. On narrow screens the same element is a sheet
// that shows one group at a time.
func (v *Page) railUI() app.UI {
	class := "rail"
	if v.sheet != "" {
		class += " sheet"
	}
	rail := app.Elem("aside").ID("rail").Class(class).Aria("label", "Inputs").DataSet("group", v.sheet)
	return rail.Body(
		node("div", "sheet-h",
			leaf("h2", "", sheetTitle[v.sheet]),
			button("btn", txt("Done")).ID("sheet-close").
				OnClick(func(ctx app.Context, e app.Event) { v.closeSheet(ctx) }),
		),
		v.group("work", "Workload",
			v.presetChips(),
			v.numberField("in", ""),
			v.numberField("out", ""),
			v.numberField("hit", hitHint(v.s)),
			v.ragMore(),
			v.talkMore(),
		),
		v.group("work", "Model",
			v.modelBox(),
			v.weightsSegment(),
			v.modelMore(),
			v.layoutMore(),
		),
		v.group("demand", "Demand", v.demandBody()...),
		v.group("targets", "Targets", v.targetsBody()...),
		v.group("posture", "Posture", v.postureSegment(), v.postureMore()),
		v.group("posture", "Hardware", v.hardware()),
		v.group("posture", "Money", v.moneyBody()...),
		el("div", "grp",
			button("btn ghost", txt("Reset all")).ID("reset-all").
				OnClick(func(ctx app.Context, e app.Event) { v.resetAll(ctx) }),
		).DataSet("in", "posture"),
	)
}

func (v *Page) group(sheet, title string, body ...app.UI) app.UI {
	return el("section", "grp", append([]app.UI{leaf("h2", "", title)}, body...)...).DataSet("in", sheet)
}

func (v *Page) presetChips() app.UI {
	current := v.s.State.Workload
	var options []option
	for _, id := range presetIDs {
		p, ok := v.s.Catalog().Preset(id)
		if !ok {
			continue
		}
		on := p.ID == current
		label := p.Name
		if on && edited(v.s) {
			label += ", edited"
		}
		options = append(options, option{id: p.ID, label: label, on: on, title: presetTitle(p)})
	}
	return v.radios("chips", "Preset", "preset", options, v.pickPreset)
}

func presetTitle(p *catalog.Preset) string {
	return units.Count(float64(p.Input)) + " / " + units.Count(float64(p.Output)) + " tokens"
}

func hitHint(s *Sizing) string {
	if s.State.Talk().Reused > 0.5 {
		return "More than half reused is a strong assumption"
	}
	return "Share of the prompt found in the prefix cache"
}

// weightsSegment offers the precisions people choose between; the rest is
// under More.
func (v *Page) weightsSegment() app.UI {
	current := catalog.Precision(v.s.State.Weights)
	list := []catalog.Precision{"", catalog.BF16, catalog.FP8, catalog.INT4}
	known := false
	for _, p := range list {
		known = known || p == current
	}
	if !known {
		list = append(list, current)
	}
	var options []option
	for _, p := range list {
		label := precisionName(p)
		title := ""
		if p == "" && v.s.Req.Model != nil {
			title = "As published: " + weightsName(v.s.Req.Model.Native)
		}
		options = append(options, option{id: orAuto(string(p)), label: label, title: title, on: p == current})
	}
	return v.radios("seg", "Weights", "weights", options, func(ctx app.Context, id string) {
		v.edit(ctx, edit{change: func(st *state) { st.Weights = fromAuto(id) }})
	})
}

func orAuto(s string) string {
	if s == "" {
		return "auto"
	}
	return s
}

func fromAuto(s string) string {
	if s == "auto" {
		return ""
	}
	return s
}

// modelMore holds what few people change: all precisions, KV precision,
// engine, layout, and the way to add a model.
func (v *Page) modelMore() app.UI {
	s := v.s
	all := []catalog.Precision{"", catalog.BF16, catalog.FP16, catalog.FP8, catalog.FP8Block, catalog.INT8, catalog.INT4, catalog.MXFP4, catalog.NVFP4, fleet.AnyPrecision}
	pick := func(current string, list []catalog.Precision) (options []option) {
		for _, p := range list {
			options = append(options, option{id: orAuto(string(p)), label: precisionName(p), on: string(p) == current})
		}
		return options
	}
	var engines []option
	for _, e := range s.Catalog().Engines {
		engines = append(engines, option{id: e.ID, label: e.Name, on: s.Req.Engine != nil && s.Req.Engine.ID == e.ID})
	}
	return v.more("model-more", moreModelText(s), s.State.KV != "" || s.State.Engine != defaults.Engine,
		v.choose("q", "Weights", pick(s.State.Weights, all), func(ctx app.Context, id string) {
			v.edit(ctx, edit{change: func(st *state) { st.Weights = fromAuto(id) }})
		}),
		v.choose("kv", "KV cache", pick(s.State.KV, []catalog.Precision{"", catalog.BF16, catalog.FP8, catalog.INT8, catalog.NVFP4}), func(ctx app.Context, id string) {
			v.edit(ctx, edit{change: func(st *state) { st.KV = fromAuto(id) }})
		}),
		v.choose("eng", "Engine", engines, func(ctx app.Context, id string) {
			v.edit(ctx, edit{change: func(st *state) { st.Engine, st.EngineVer = id, "" }})
		}),
		button("btn ghost", iconPlus(), txt("Add a model from config.json")).ID("add-model").
			OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "model-dialog") }),
	)
}

func moreModelText(s *Sizing) string {
	kv, engine := "KV auto", "engine"
	if s.State.KV != "" {
		kv = "KV " + precisionName(catalog.Precision(s.State.KV))
	}
	if s.Req.Engine != nil {
		engine = s.Req.Engine.Name
	}
	return kv + ", " + engine
}

// more is a disclosure with a one-line summary of what it holds, and a dot
// when something in it was changed.
func (v *Page) more(id, summary string, changed bool, body ...app.UI) app.HTMLElem {
	dot := el("span", "dotted").Attr("hidden", flag(!changed)).Role("img").Aria("label", "changed from default")
	head := el("summary", "", leaf("span", "", summary), dot, iconChevron())
	if v.early {
		body = nil
	}
	return el("details", "more", head, node("div", "more-b", body...)).ID(id)
}

func (v *Page) postureSegment() app.UI {
	current := v.s.State.Posture
	var options []option
	for _, p := range []option{{id: "lean", label: "Lean"}, {id: "std", label: "Standard"}, {id: "cautious", label: "Cautious"}} {
		p.on = p.id == current || current == "" && p.id == "std"
		options = append(options, p)
	}
	return v.radios("seg", "Posture", "posture", options, func(ctx app.Context, id string) {
		v.edit(ctx, edit{change: func(st *state) {
			st.Posture = id
			st.Util, st.Spare, st.NodeSpare, st.Grow, st.Years = -1, -1, -1, -1, -1
		}})
	})
}

func (v *Page) postureMore() app.UI {
	st := v.s.State
	changed := st.Util >= 0 || st.Spare >= 0 || st.NodeSpare >= 0 || st.Grow >= 0 || st.Years >= 0
	return v.more("posture-more", postureText(v.s.Req.Posture), changed,
		v.numberField("util", "Share of what the replicas hold that the peak may use"),
		v.numberField("spare", "Replicas that may fail without missing a target"),
		v.numberField("nodespare", ""),
		v.numberField("grow", "A year"),
		v.numberField("yrs", "Years of growth to provide for"),
	)
}

// postureText is "70 % peak, 1 spare, no growth".
func postureText(p fleet.Posture) string {
	spare := units.Count(float64(p.SpareReplicas)) + " spare"
	if p.SpareReplicas == 0 {
		spare = "no spare"
	}
	nodes := ""
	if p.SpareNodes > 0 {
		nodes = plural(p.SpareNodes, "spare node")
	}
	grow := "no growth"
	if p.Growth > 0 {
		grow = units.Percent(p.Growth) + " growth"
		if p.Years > 0 {
			grow += " for " + plural(p.Years, "year")
		}
	}
	return join(", ", units.Percent(p.Utilization)+" peak", spare, nodes, grow)
}

// matches reports whether every word of query is in text; both in lower case.
func matches(text, query string) bool {
	for _, word := range strings.Fields(query) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
