package views

import (
	"fleetsize/app/worker"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// besideButton shows the rows of the user's table beside the sizing's figures
// wherever one of them matches. Rows that ship are always there.
func (v *Page) besideButton() app.UI {
	st := &v.study
	if st.source != "file" && st.source != "paste" {
		return nil
	}
	on := v.beside != nil && v.beside.CSV == st.text
	return button("btn ghost sm", txt("Beside the answer")).ID("rows-beside").Aria("pressed", boolean(on)).
		Title("%s", "Shows the row nearest to the answer beside its figures in Size").
		OnClick(func(ctx app.Context, e app.Event) { v.showBeside(ctx, !on) }, app.EventScope("beside", st.rev, on))
}

// showBeside has the sizing answered again with or without the rows.
func (v *Page) showBeside(ctx app.Context, on bool) {
	st := &v.study
	st.rev++
	v.beside = nil
	said := "The table no longer stands beside the answer"
	if on {
		v.beside = &worker.OwnRows{CSV: st.text, Fill: st.fill}
		said = "In Size, the nearest row now stands beside each option it matches"
	}
	if v.flow.here != nil {
		v.flow.here.Beside(v.beside)
	}
	v.preview()
	v.ask(ctx, 0)
	v.say(said)
}
