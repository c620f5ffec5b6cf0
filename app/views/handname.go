package views

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// nameID is the field of the sizing's name in its dialog; that of the
// report has "report-" before it.
const nameID = "name"

// nameField names the sizing: the name is in the link, on paper and in the
// names of files.
func (v *Page) nameField(prefix string) app.UI {
	id := prefix + nameID
	return node("div", "stackf",
		el("label", "sm", txt("Name, in the link for all to read")).Attr("for", id),
		app.Input().ID(id).Class("inp").Type("text").Attr("maxlength", "80").Attr("autocomplete", "off").
			Attr("placeholder", "For example RAG pilot").Attr("value", v.s.State.Title).
			OnChange(func(ctx app.Context, e app.Event) {
				text := ctx.JSSrc().Get("value").String()
				v.edit(ctx, edit{big: true, quiet: true, change: func(st *state) { st.Title = text }})
				v.chartRev++ // the report shows it
				v.setNames(ctx)
				v.keepPast(text != "")
			}, app.EventScope(id)),
	)
}

// setNames puts the name into its fields, whose text go-app leaves alone once
// somebody has typed.
func (v *Page) setNames(ctx app.Context) {
	ctx.Defer(func(app.Context) {
		for _, id := range []string{nameID, "report-" + nameID} {
			if e := app.Window().GetElementByID(id); e.Truthy() {
				e.Set("value", v.s.State.Title)
			}
		}
	})
}
