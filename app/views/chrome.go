package views

import (
	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

const disclaimer = export.Disclaimer

func (v *Page) topBar() app.UI {
	theme := map[string]string{"": "system", "light": "light", "dark": "dark"}[v.theme]
	return app.Elem("header").Class("top").Body(
		node("span", "brand", logo(), leaf("span", "lg", "Fleetsize")),
		v.tabBar(),
		node("div", "end",
			v.title(),
			button("icon", iconUndo()).ID("undo").Aria("label", "Undo").Attr("disabled", flag(!v.s.CanUndo())).
				OnClick(func(ctx app.Context, e app.Event) { v.undo(ctx, e.Get("shiftKey").Truthy()) }),
			button("icon", iconProjector()).ID("projector").Aria("label", "Projector contrast").Title("Projector contrast: larger type, heavier lines").Aria("pressed", boolean(v.projector)).
				OnClick(func(ctx app.Context, e app.Event) { v.setProjector(ctx) }),
			button("icon", iconTheme(v.theme)).ID("theme").Aria("label", "Theme: "+theme).Title("Theme: "+theme).
				OnClick(func(ctx app.Context, e app.Event) { v.setTheme(ctx) }),
			node("div", "menu",
				button("btn go", iconShare(), txt("Share")).ID("share").Aria("expanded", boolean(v.menu)).Aria("controls", "share-menu").
					OnClick(func(ctx app.Context, e app.Event) {
						v.menu = !v.menu
						if v.menu {
							ctx.Defer(func(app.Context) { focus("copy-link") })
						}
					}),
				v.shareMenu(),
			),
		),
	)
}

// title is the sizing's name where the link carries one.
func (v *Page) title() app.UI {
	if v.s.State.Title == "" {
		return nil
	}
	return leaf("span", "name mut", v.s.State.Title)
}

func (v *Page) footer() app.UI {
	ready := ""
	if v.offline {
		ready = "Offline ready"
	}
	return app.Elem("footer").Class("foot").Body(
		leaf("span", "", "Data pack "+v.s.Catalog().Date),
		button("lnk lg mut", txt(confirmedText(v.s))).ID("ask-open").OnClick(func(ctx app.Context, e app.Event) { v.openHand(ctx, "ask") }),
		button("lnk lg mut", txt("Keyboard")).ID("keys-open").OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "keys-dialog") }),
		app.A().Class("lg mut").Href("third-party.txt").Target("_blank").Text("Notices"),
		leaf("span", "end", disclaimer),
		el("span", "lg", txt(ready)).DataSet("offline", boolean(v.offline)),
	)
}

func (v *Page) toastUI() app.UI {
	return el("div", "toast", txt(v.toast)).Role("status").DataSet("toast", "yes").Attr("hidden", flag(v.toast == ""))
}

// summary is what narrow screens show in place of the rail: presets and four
// lines that open the inputs.
func (v *Page) summary() app.UI {
	s := v.s
	model := ""
	if s.Req.Model != nil {
		model = s.Req.Model.Name
		if s.State.Weights != "" {
			model += " " + precisionName(catalog.Precision(s.State.Weights))
		}
	}
	demand := demandText(s)
	if n := inFlight(s); n > 0 && s.Req.Demand.Kind != fleet.InFlight {
		demand += ", " + units.Sig(n, 3) + " in flight"
	}
	lines := []struct{ group, text string }{
		{"work", units.Count(float64(s.Req.Workload.Input)) + " / " + units.Count(float64(s.Req.Workload.Output)) + " tok · " + model},
		{"demand", demand},
		{"targets", targetsText(s.Req.Targets)},
		{"posture", postureWord(s.State.Posture) + ": " + postureText(s.Req.Posture)},
	}
	body := []app.UI{v.presetChips()}
	for _, l := range lines {
		group := l.group
		body = append(body, button("sum-row", leaf("span", "", l.text), iconChevron()).ID("sum-"+group).DataSet("sheet", group).
			Aria("expanded", boolean(v.sheet == group)).Aria("controls", "rail").
			OnClick(func(ctx app.Context, e app.Event) { v.openSheet(ctx, group) }, app.EventScope("sum", group)))
	}
	return app.Nav().Class("sum").Aria("label", "Input summary").Body(body...)
}

func postureWord(id string) string {
	switch id {
	case "lean":
		return "Lean"
	case "cautious":
		return "Cautious"
	}
	return "Standard"
}

// targetsText is "TTFT ≤ 3 s p95 · per token ≤ 50 ms".
func targetsText(t catalog.Targets) string {
	parts := export.Targets(t)
	if len(parts) == 0 {
		return "No latency target"
	}
	parts[0] += " " + percentileWord(t.Percentile)
	return join(" · ", parts...)
}
