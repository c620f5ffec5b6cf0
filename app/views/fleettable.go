package views

import (
	"strings"

	"fleetsize/app/chart"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// fleetView is the table of accelerators. It is redrawn when Rev changes and
// not on every keystroke elsewhere.
type fleetView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the table, what is not viable and what is not considered.
func (f *fleetView) Render() app.UI {
	v := f.P
	s := v.s
	return el("section", "fig",
		node("div", "row",
			leaf("h2", "", tableTitle(s)),
			node("div", "end row",
				v.sortSelect(),
				button("btn ghost sm", iconCopy(), leaf("span", "lg", "Copy CSV")).ID("copy-csv").Aria("label", "Copy CSV of the table").
					OnClick(func(ctx app.Context, e app.Event) { v.copyText(ctx, tableCSV(s), "Table copied as CSV") }),
				button("btn ghost sm", iconSave(), leaf("span", "lg", "Save CSV")).ID("save-csv").Aria("label", "Save CSV of the table").
					OnClick(func(ctx app.Context, e app.Event) {
						saveFile("fleetsize.csv", "text/csv", tableCSV(s))
						v.say("Saved as fleetsize.csv")
					}),
			),
		),
		v.progress(),
		v.table(),
		v.notViable(),
		v.notConsidered(),
	).ID("fleet").Attr("hidden", flag(s.Answer.Problem != nil))
}

// tableTitle says what the table shows, as a sentence.
func tableTitle(s *Sizing) string {
	n := len(s.Answer.Options)
	if n == 0 && len(s.Answer.Excluded) == 0 {
		return "Ranking every accelerator…"
	}
	if n == 0 {
		return "No accelerator meets the targets"
	}
	order := "cheapest first, unpriced last"
	if c := column(s.State.Sort); c.id != "cost" {
		order = c.order
	}
	verb := " accelerators meet the targets, "
	if n == 1 {
		verb = " accelerator meets the targets, "
	}
	return upperFirst(inWords(n)) + verb + order
}

// progress is a thin bar while rows are still previews. It keeps its place so
// that the table does not move.
func (v *Page) progress() app.UI {
	s := v.s
	done, total := s.Done, s.Total
	if total == 0 {
		total = 1
	}
	text := units.Count(float64(done)) + " of " + units.Count(float64(total)) + " answered exactly"
	class := "prog"
	if s.Filled {
		class += " done"
		done = total
	}
	return node("div", class,
		el("progress", "", txt(text)).Attr("max", units.Count(float64(total))).Attr("value", units.Plain(float64(done))).Aria("label", text).DataSet("progress", boolean(!s.Filled)),
	)
}

func (v *Page) sortBy(ctx app.Context, id string) {
	v.edit(ctx, edit{quiet: true, change: func(st *state) { st.Sort = id }})
	v.fleetRev++
}

// sortSelect is the way to sort where the table is cards.
func (v *Page) sortSelect() app.UI {
	var body []app.UI
	current := column(v.s.State.Sort).id
	for _, c := range columns {
		body = append(body, app.Option().Value(c.id).Selected(c.id == current).Text(upperFirst(c.order)))
	}
	return app.Select().ID("sort").Class("sel narrowonly").Aria("label", "Sort by").Body(body...).
		OnChange(func(ctx app.Context, e app.Event) { v.sortBy(ctx, ctx.JSSrc().Get("value").String()) })
}

func (v *Page) table() app.UI {
	s := v.s
	current := column(s.State.Sort).id
	head := []app.UI{
		colHead("", "GPU"),
		colHead("lg lo", "Layout"),
	}
	for _, c := range columns {
		id := c.id
		th := el("th", c.class).Attr("scope", "col")
		label, arrow := c.head, ""
		if id == current {
			th, arrow = el("th", c.class+" on").Attr("scope", "col").Aria("sort", "ascending"), " ▴"
			if id == "rate" {
				th = th.Aria("sort", "descending")
				arrow = " ▾"
			}
		}
		head = append(head, th.Body(button("", txt(label+arrow)).DataSet("sort", id).Title("Sort: %s", c.order).
			OnClick(func(ctx app.Context, e app.Event) { v.sortBy(ctx, id) }, app.EventScope("sort", id))))
	}
	head = append(head, colHead("", "Confidence"))
	var body []app.UI
	list := rows(s)
	for i, o := range list {
		if i >= shown && !v.showAll {
			break
		}
		open := v.isOpen(o, i)
		best := s.Best() != nil && o.GPU.ID == s.Best().GPU.ID
		body = append(body, v.row(o, open, best))
		// A closed detail keeps its place, so that opening another row moves
		// no element and the focus stays where it is.
		detail := app.UI(el("tr", "in").Attr("hidden", "true"))
		if open {
			detail = v.detail(o, best)
		}
		body = append(body, detail)
	}
	table := el("table", "tbl cards",
		leaf("caption", "sr", "Fleet for each accelerator, "+column(current).order),
		node("thead", "", node("tr", "", head...)),
		node("tbody", "", body...),
	).Attr("hidden", flag(len(list) == 0))
	word := "Show all " + units.Count(float64(len(list)))
	if v.showAll {
		word = "Show the first " + units.Count(shown)
	}
	return node("div", "tblbox", table,
		button("btn ghost sm", txt(word)).ID("show-all").Aria("expanded", boolean(v.showAll)).Attr("hidden", flag(len(list) <= shown)).
			OnClick(func(ctx app.Context, e app.Event) { v.showAll = !v.showAll; v.fleetRev++ }))
}

// shown is how many rows the table has until all are asked for.
const shown = 12

// isOpen reports whether a row shows its detail: the best one until another
// was chosen.
func (v *Page) isOpen(o *fleet.Option, place int) bool {
	if !v.openSet {
		best := v.s.Best()
		return best != nil && best.GPU.ID == o.GPU.ID
	}
	return v.open == o.GPU.ID
}

func (v *Page) toggleRow(id string, isOpen bool) {
	v.openSet, v.open = true, id
	if isOpen {
		v.open = ""
	}
	v.fleetRev++
}

// about marks numbers that are not exact yet.
func about(o *fleet.Option, text string) string {
	if o.Preview {
		return "≈" + text
	}
	return text
}

func (v *Page) row(o *fleet.Option, open, best bool) app.UI {
	s := v.s
	pct := s.Req.Targets.Percentile
	id := o.GPU.ID
	class := join(" ", either(best, "best", ""), either(open, "open", ""))
	kind, _ := tierKind(o.Tier)
	price := app.UI(leaf("span", "mut", units.NoPrice))
	if o.Priced {
		price = el("b", "", numIn(onGPU("usd_month", id), about(o, units.Sig(o.USDPerMonth, 3)), open))
	}
	mark := chart.Key(o.GPU)
	if o.Tier == fleet.Estimated || o.Tier == fleet.SpecsOnly {
		mark = mark.Estimated()
	}
	return el("tr", class,
		el("th", "", node("span", "gpu",
			button("", iconChevron()).Aria("expanded", boolean(open)).Aria("label", gpuName(o.GPU)+" details").DataSet("open", id).ID("open-"+id).
				OnClick(func(ctx app.Context, e app.Event) {
					v.toggleRow(id, open)
					// Rows move when another one closes; the focus stays with the accelerator.
					ctx.Defer(func(app.Context) { focus("open-" + id) })
				}, app.EventScope("open", id, open)),
			mark.Swatch(), txt(gpuName(o.GPU)))).Attr("scope", "row"),
		node("td", "lg lo mut nw", richIn(layoutMarked(o), open)...),
		node("td", "num lg l2 nw", numIn(onGPU("rate_per_gpu", id), rateText(o), open)),
		el("td", "num nw", node("b", "", numIn(onGPU("gpus", id), about(o, units.Count(float64(o.GPUs))), open)), gpuBand(o, open)).DataSet("l", "GPUs"),
		node("td", "num lg l2", numIn(onGPU("nodes", id), units.Count(float64(o.Nodes)), open)),
		el("td", "num", numIn(onGPU("ttft", id), units.SigFixed(o.At.TTFT.At(pct), 2), open)).DataSet("l", "TTFT, s"),
		node("td", "num lg", numIn(onGPU("speed", id), speedText(o, pct), open)),
		el("td", "num", price).DataSet("l", "$/month"),
		node("td", "num lg nw", powerNumber(o, open)),
		node("td", "tr", badgeIn(kind, tierMarked(o), open)),
	).DataSet("gpu", id)
}

// gpuBand is the range of the count where the error band changes it.
func gpuBand(o *fleet.Option, tab bool) app.UI {
	if !(o.GPURange.High > o.GPURange.Low) || o.Tier == fleet.Measured {
		return nil
	}
	return node("span", "rangeof", numIn(onGPU("gpus_low", o.GPU.ID), units.Range(o.GPURange.Low, o.GPURange.High), tab))
}

// layoutMarked is layoutText with numbers that explain themselves.
func layoutMarked(o *fleet.Option) string {
	id := o.GPU.ID
	text := mark(onGPU("replicas", id), units.Count(float64(o.Replicas))) + " × "
	name, stages, deep := strings.Cut(layoutName(o.Layout), " ")
	text += mark(onGPU("tensor_parallel", id), name)
	if deep {
		text += " " + mark(onGPU("pipeline_stages", id), stages)
	}
	return text
}

// tierMarked is tierText with numbers that explain themselves.
func tierMarked(o *fleet.Option) string {
	word, band, ok := strings.Cut(tierText(o), " ±")
	if !ok {
		return word
	}
	return word + " " + mark(onGPU("rate_spread", o.GPU.ID), "±"+band)
}

func rateText(o *fleet.Option) string { return units.SigFixed(o.ReqPerSPerGPU, digits(o.Tier)) }

// digits is how many significant digits a confidence deserves.
func digits(c fleet.Confidence) int {
	if c == fleet.Measured || c == fleet.Calibrated {
		return 3
	}
	return 2
}

func speedText(o *fleet.Option, pct string) string {
	if itl := o.At.ITL.At(pct); itl > 0 {
		return units.SigFixed(1/itl, 2)
	}
	return units.Unknown
}

// powerNumber is powerText, explained where it is known.
func powerNumber(o *fleet.Option, tab bool) app.UI {
	if !o.Powered {
		return txt(powerText(o))
	}
	return numIn(onGPU("kw", o.GPU.ID), powerText(o), tab)
}

func powerText(o *fleet.Option) string {
	if !o.Powered {
		return units.Unknown
	}
	return units.SigFixed(o.KW, 2)
}
