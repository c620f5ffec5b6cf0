package views

import (
	"strconv"
	"strings"
	"time"

	"fleetsize/app/chart"
	"fleetsize/app/link"
	"fleetsize/calc/fleet"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// pastPart is the part of the Data view that lists past sizings.
const pastPart = "past"

// pastBars is how many sizings the charts show while none is ticked.
const pastBars = 10

// pastColumns are the numbers of the list. As kept the newest is first.
var pastColumns = []dataColumn[*past]{
	{"Kept", "", false, func(e *past) float64 { return float64(e.At) }},
	{"GPUs", "", true, func(e *past) float64 { return float64(e.GPUs) }},
	{"Cost a month", "", true, func(e *past) float64 { return e.USD }},
}

// showPast opens the list.
func (v *Page) showPast(ctx app.Context) {
	v.menu = false
	v.data.part, v.data.shown = pastPart, 0
	v.data.rev++
	v.openView(ctx, viewData)
}

// matches reports whether an entry is one that is searched for.
func (p *pastState) matches(e *past) bool {
	return (p.model == "" || e.Model == p.model) && strings.Contains(lower(e.Name+"\n"+e.Model+"\n"+e.GPU+"\n"+e.Work), lower(p.query))
}

// ticked reports whether it is one of those, and ticked.
func (p *pastState) ticked(e *past) bool { return p.chosen[e.ID] && p.matches(e) }

// dataPast is the list of past sizings. What can be pressed says in data-press
// what it does and to which entry, so that one handler does for all.
func (v *Page) dataPast() app.UI {
	p := &v.past
	if !p.read {
		v.readPast()
	}
	models := []option{{label: "any", on: p.model == ""}}
	names := map[string]bool{}
	for _, e := range p.list {
		if !names[e.Model] {
			names[e.Model] = true
			models = append(models, option{id: e.Model, label: e.Model, on: e.Model == p.model})
		}
	}
	list := ordered(&v.data, pastColumns, siftPast(p.list, p.matches))
	var rows strings.Builder
	for _, e := range list[:min(len(list), max(v.data.shown, pageRows))] {
		rows.WriteString(e.row(p.chosen[e.ID]))
	}
	heads := ""
	for _, c := range pastColumns {
		on, arrow := "", ""
		if c.head == v.data.sort {
			on, arrow = ` on" aria-sort="descending`, " ▾"
			if c.less {
				on, arrow = ` on" aria-sort="ascending`, " ▴"
			}
		}
		heads += `<th scope="col" class="num` + on + `"><button type="button" id="past-` + c.head[:1] + `" data-press="sort ` + c.head + `">` + c.head + arrow + `</button></th>`
	}
	title := plural(len(list), "past sizing")
	if len(list) == 0 {
		title = "No past sizing"
	}
	note := "A sizing is kept once you have stayed with its answer for a while, copied, saved or named it: its link, your prices included, and the answer of that day. It stays in this browser. Keys and endpoints are never part of it; with a fit of your own, or a model that no link carries, nothing is kept."
	if p.visit {
		note = "This browser stores nothing for the page: the list lasts until it is closed."
	}
	hide, gone, off := "", " hidden", ""
	if len(p.list) == 0 {
		hide = " hidden"
	}
	if len(p.removed) > 0 {
		gone = ""
	}
	if !p.off {
		off = " checked"
	}
	return el("section", "fig",
		app.Raw(`<div class="det"><h2>`+title+`</h2><p class="mut sm">`+note+`</p><div class="row"><label class="chk"><input type="checkbox" id="past-keep" data-press="keep"`+off+`>Keep past sizings in this browser</label>`+
			`<button type="button" class="btn sm" id="past-clear" data-press="remove 0"`+hide+`>Remove all</button>`+
			`<span class="row sm"`+gone+`>`+plural(len(p.removed), "sizing")+` removed. <button type="button" class="lnk" id="past-undo" data-press="undo">Undo</button></span></div></div>`),
		el("div", "row filters",
			v.search("past-search", "Search past sizings", p.query, func(x string) { p.query = x }),
			v.filter("past-model", "Model", models, func(x string) { p.model = x }),
			app.Raw(`<button type="button" class="btn sm" id="past-compare" data-press="compare">Compare the ticked</button>`),
		).Attr("hidden", flag(hide != "")),
		app.Raw(`<div class="tb"`+hide+`><table class="tbl cards"><caption class="sr">`+title+`</caption><thead><tr><th scope="col">Sizing</th>`+heads+`<td></td></tr></thead><tbody>`+rows.String()+`</tbody></table></div>`),
		v.moreRows("past-more", len(list)),
		v.pastCharts(list),
	).ID("data-past").OnClick(v.pressPast)
}

// row is an entry in the table; its figures are those of the day beside them.
func (e *past) row(chosen bool) string {
	on, sub := "", e.Work
	if chosen {
		on = " checked"
	}
	if e.Name != "" {
		sub = e.Model + ", " + sub
	}
	id := strconv.FormatInt(e.ID, 10)
	title := escape(e.title())
	sub = escape(join(", ", sub, lower(e.Tier)))
	act := func(word string) string {
		what := lower(word)
		return `<button type="button" class="lnk" id="past-` + what + id + `" data-press="` + what + " " + id + `" aria-label="` + word + " " + title + ", " + sub + `">` + word + `</button> `
	}
	return `<tr data-past="` + id + `"><th scope="row"><label class="chk"><input type="checkbox" id="past-pick` + id + `" data-press="pick ` + id + `"` + on + `><span>` + title + ` <span class="mut sm">` + sub + `</span></span></label></th>` +
		`<td class="num" data-l="Kept">` + e.day() + time.UnixMilli(e.At).Format(", 15:04") + `</td><td class="num" data-l="GPUs">` + escape(e.option()) + `</td><td class="num" data-l="Cost a month">` + e.cost() + `</td>` +
		`<td class="num">` + act("Open") + act("Remove") + `</td></tr>`
}

// pressPast does what was pressed in the list.
func (v *Page) pressPast(ctx app.Context, ev app.Event) {
	p, d := &v.past, &v.data
	on := ev.Get("target").Call("closest", "[data-press]")
	if !on.Truthy() {
		ctx.PreventUpdate()
		return
	}
	what, about, _ := strings.Cut(on.Get("dataset").Get("press").String(), " ")
	id, _ := strconv.ParseInt(about, 10, 64)
	focused := on.Get("id").String() // it is drawn anew
	those := siftPast(p.list, func(e *past) bool { return e.ID == id || id == 0 })
	switch what {
	case "open":
		for _, e := range those {
			v.openPast(ctx, e)
		}
		return
	case "compare":
		v.comparePast(ctx, siftPast(p.list, p.ticked))
		return
	case "sort":
		if d.sort == about {
			about = ""
		}
		d.sort = about
	case "pick":
		if p.chosen == nil {
			p.chosen = map[int64]bool{}
		}
		p.chosen[id] = !p.chosen[id]
	case "keep":
		v.changePast(func(list []*past) []*past {
			p.off = !on.Get("checked").Truthy()
			return list
		})
	case "remove":
		focused = "past-undo"
		p.removed = those
		v.changePast(func(list []*past) []*past { return siftPast(list, func(e *past) bool { return e.ID != id && id > 0 }) })
	case "undo":
		focused = "past-keep"
		v.changePast(func(list []*past) []*past {
			for _, e := range p.removed {
				list = putPast(list, e, 0)
			}
			return list
		})
		p.removed = nil
	}
	d.rev++
	v.shown(func() { focus(focused) })
}

// comparePast opens the ticked sizings as options A, B and C where the same is
// asked of them. Others stand side by side in the charts and their tables.
func (v *Page) comparePast(ctx app.Context, chosen []*past) {
	var next link.State
	var first fleet.Requirement
	for i, e := range chosen {
		st, _ := link.Parse(v.s.base, "#"+e.Link)
		req, _ := st.Requirement(v.s.base)
		if i == 0 {
			next, first = st.Main(), req
		} else {
			next = next.WithOption(byte('a'+i), st.Main())
		}
		if req.Workload != first.Workload || req.Demand != first.Demand || req.Targets != first.Targets {
			v.say("Their workload, demand or targets differ. The charts have them side by side.")
			return
		}
	}
	if n := len(chosen); n < 2 || n > 3 {
		v.say("Tick two or three sizings first.")
		return
	}
	next.View = viewCompare
	v.openState(ctx, next, nil)
}

// pastCharts are GPUs and cost of the ticked sizings, else of the first ones of
// the list, as they were kept.
func (v *Page) pastCharts(list []*past) app.UI {
	which, chosen := " ticked", siftPast(list, v.past.ticked)
	if len(chosen) == 0 {
		chosen, which = list[:min(len(list), pastBars)], " from the top"
	}
	if len(chosen) == 0 {
		return nil
	}
	var body []app.UI
	for i, id := range []string{"past-gpus", "past-cost"} {
		c := pastColumns[1+i]
		spec := chart.BarsSpec{Head: chart.Head{ID: id, Title: c.head + " of past sizings", Empty: "None is known."}, Axis: chart.Axis{Name: c.head}}
		for _, e := range chosen {
			text := e.option()
			if i > 0 {
				text = e.cost()
			}
			spec.Rows = append(spec.Rows, chart.BarRow{Name: e.title() + ", " + e.day(), Value: c.of(e), Text: text})
		}
		body = append(body, v.figure(id, c.head+", "+plural(len(chosen), "sizing")+which, "As kept on the day beside each; opening one computes it again.", "", chart.Bars(spec, v.width(id))))
	}
	return node("div", "cols", body...)
}
