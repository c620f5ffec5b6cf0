package views

import (
	"strings"

	"fleetsize/app/wire"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// rowColumns are what the page adds to a table that is saved: the columns of
// validate -rows, and what requests hold.
var rowColumns = append(append([]string{}, wire.RowColumns...), wire.HeldColumns...)

func rowValues(s *score.Scored) []string { return append(wire.RowValues(s), wire.HeldValues(s)...) }

// measureBlocked says that rows are about other hardware than the scenario.
func (v *Page) measureBlocked() app.UI {
	st := &v.study
	labels, n := v.strangers()
	if n == 0 {
		if st.fault == "" {
			return nil
		}
		return node("div", "bans", el("div", "ban blk", iconBlock(), leaf("p", "", st.fault)).DataSet("banner", "blk"))
	}
	name := st.expect
	if g, ok := v.s.Catalog().GPU(st.expect); ok {
		name = gpuName(g)
	}
	var told []string
	for i, l := range labels {
		if i == 4 {
			told = append(told, "and others")
			break
		}
		told = append(told, string(l.Reason)+" ("+countText(l.N)+")")
	}
	text := " " + plural(n, "row") + " of " + countText(len(st.table.Rows)) + " say " + strings.Join(told, ", ") + "; the scenario is " + name + "."
	if st.agreed {
		return node("div", "bans", el("div", "ban", iconInfo(), node("p", "", leaf("b", "", "Other hardware."), txt(text+" They are predicted as labeled."))).DataSet("banner", "info"))
	}
	return node("div", "bans", el("div", "ban blk", iconBlock(), node("p", "", leaf("b", "", "Other hardware than the scenario."), txt(text)),
		button("btn", txt("Predict as labeled")).ID("study-agree").OnClick(func(ctx app.Context, e app.Event) {
			st := &v.study
			st.agreed = true
			v.score()
		})).DataSet("banner", "blk"))
}

// listedProblems is how many problems are shown before the rest is asked for.
const listedProblems = 5

// measureProblems lists what is wrong with the file and its rows, before
// anything is made of them.
func (v *Page) measureProblems() app.UI {
	st := &v.study
	all := append(append(append([]measured.Problem{}, st.open...), st.found...), st.odd...)
	if len(all) == 0 {
		return el("p", "sm mut", txt(plural(len(st.table.Rows), "row")+" read, none contradicts physics or itself.")).ID("problems")
	}
	list := func(from, to int) app.UI {
		var body []app.UI
		for _, q := range all[from:to] {
			body = append(body, el("li", "", iconWarn(), leaf("span", "", q.String())).DataSet("problem", string(q.Code)))
		}
		return node("ul", "warns sm", body...)
	}
	first := min(listedProblems, len(all))
	body := []app.UI{heading(upperFirst(inWords(len(all))) + " " + either(len(all) == 1, "thing", "things") + " to look at in the table"), list(0, first)}
	if len(all) > first {
		body = append(body, fold("problems-more", countText(len(all)-first)+" more", list(first, len(all))))
	}
	return el("section", "fig", body...).ID("problems")
}

// reader is the line under a chart that says its points one by one.
func (v *Page) reader(id string, points []string) app.UI {
	st := &v.study
	at := st.reading[id]
	said := ""
	if at > 0 && at <= len(points) {
		said = points[at-1]
	}
	move := func(way int) {
		if st.reading == nil {
			st.reading = map[string]int{}
		}
		st.reading[id] = next(st.reading[id], way, len(points))
	}
	return node("div", "row under",
		button("lnk", txt("Read point by point")).ID(id+"-read").Aria("describedby", id+"-said").
			OnKeyDown(func(ctx app.Context, e app.Event) {
				switch e.Get("key").String() {
				case "ArrowRight", "ArrowDown":
					move(1)
				case "ArrowLeft", "ArrowUp":
					move(-1)
				default:
					ctx.PreventUpdate()
					return
				}
				e.PreventDefault()
			}, app.EventScope("read", id, len(points), st.rev)).
			OnClick(func(ctx app.Context, e app.Event) { move(1) }, app.EventScope("readclick", id, len(points), st.rev)),
		el("span", "mut sm", txt(said)).ID(id+"-said").Aria("live", "polite"),
	)
}

// asTable reports whether a chart is shown as its data.
func (st *study) asTable(id string) bool { return st.tables[id] }

// swap shows a chart as its data, or back.
func (st *study) swap(id string) {
	if st.tables == nil {
		st.tables = map[string]bool{}
	}
	st.tables[id] = !st.tables[id]
}
