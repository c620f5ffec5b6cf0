package views

import (
	"fleetsize/app/export"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askBody is what to ask the customer: every input that is not confirmed, why
// it matters, and a button that confirms it.
func (v *Page) askBody() []app.UI {
	p := v.handover()
	open := export.OpenQuestions(p)
	body := []app.UI{
		leaf("h2", "", "Questions to ask"),
		leaf("p", "mut sm", confirmedText(v.s)+". What the answer rests on until then:"),
	}
	var rows []app.UI
	for i, q := range open {
		next := "ask-copy" // has the focus when this one is gone
		if i+1 < len(open) {
			next = "ask-" + open[i+1].ID
		}
		rows = append(rows, node("li", "",
			leaf("b", "", q.Ask),
			leaf("p", "mut sm", q.Why),
			node("p", "row sm", leaf("span", "", q.Name+": "+q.Value+", "+string(q.Status)),
				button("lnk", txt("Mark as confirmed")).Aria("label", q.Name+": mark as confirmed").ID("ask-"+q.ID).
					OnClick(func(ctx app.Context, e app.Event) {
						v.confirm(ctx, q.ID)
						ctx.Defer(func(app.Context) { focus(next) })
					}, app.EventScope(q.ID, next))),
		))
	}
	if len(open) == 0 {
		body = append(body, leaf("p", "", "Every input is confirmed."))
	}
	return append(body, node("ol", "asks", rows...),
		node("div", "row", button("btn", iconCopy(), txt("Copy as text")).ID("ask-copy").
			OnClick(func(ctx app.Context, e app.Event) {
				v.copyText(ctx, export.AskText(v.handover()), "Copied as a list of questions")
			})))
}
