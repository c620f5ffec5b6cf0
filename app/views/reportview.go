package views

import (
	"fleetsize/app/export/deploy"
	"fleetsize/app/export/qr"
	"fleetsize/app/export/report"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// reportView is the printed report on the screen. It is redrawn when Rev
// changes and not on every keystroke elsewhere.
type reportView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the ways to hand the answer over and the pages.
func (r *reportView) Render() app.UI {
	v := r.P
	var tools []app.UI
	for _, h := range hands {
		if h.id != "print" {
			tools = append(tools, v.handButton(h, "report-", "btn"))
		}
	}
	tools = append(tools, node("label", "btn", iconSave(), txt("Open a saved JSON"),
		app.Input().ID("report-open").Class("sr").Type("file").Attr("accept", ".json,application/json").
			OnChange(func(ctx app.Context, e app.Event) { v.openSaved(ctx, ctx.JSSrc().Get("files")) })))
	state := "preview"
	if v.s.Filled && !v.stale() {
		state = "final"
	}
	return el("div", "leafless",
		node("div", "row noprint",
			leaf("h1", "say", "Report preview"),
			node("div", "end row", button("btn go", iconSave(), txt("Print or PDF")).ID("report-print").
				OnClick(func(ctx app.Context, e app.Event) { v.print(ctx) })),
		),
		node("div", "tools noprint", tools...),
		node("div", "noprint", v.nameField("report-")),
		el("p", "sm mut noprint", txt("Computing the exact answer; the pages follow.")).Attr("hidden", flag(state == "final")),
		app.Raw(report.Preview(v.handover())),
	).DataSet("report", state)
}

// openHand opens the dialog with the QR code, the open questions or the deployment commands.
func (v *Page) openHand(ctx app.Context, which string) {
	v.hand.dialog = which
	ctx.Defer(func(app.Context) {
		if d := app.Window().GetElementByID("hand-dialog"); d.Truthy() && !d.Get("open").Truthy() {
			d.Call("showModal")
		}
	})
}

// handDialog holds the QR code, the open questions, the name or the deployment commands. What it shows is
// computed only while it is open.
func (v *Page) handDialog() app.UI {
	body := el("div", "blk-h")
	switch v.hand.dialog {
	case "qr":
		body = el("div", "blk-h", v.qrBody()...)
	case "ask":
		body = el("div", "blk-h", v.askBody()...)
	case "name":
		body = el("div", "blk-h", v.nameField(""))
	case "deploy":
		body = el("div", "blk-h", v.deployBody()...)
	}
	return el("dialog", "", body, node("div", "row",
		button("btn", txt("Close")).ID("hand-close").OnClick(func(ctx app.Context, e app.Event) { closeDialog("hand-dialog") }),
	)).ID("hand-dialog").Class("hand").Aria("label", "Hand over").
		On("close", func(ctx app.Context, e app.Event) { v.hand.dialog = "" })
}

func (v *Page) qrBody() []app.UI {
	address := shareURL(v.s.Link())
	code, err := qr.Encode(address)
	if err != nil {
		return []app.UI{leaf("h2", "", "QR code"), leaf("p", "msg", upperFirst(err.Error())+". Save the sizing as JSON instead.")}
	}
	return []app.UI{
		leaf("h2", "", "QR code of the link"),
		app.Raw(code.SVG("qrbig", "QR code of "+address)),
		leaf("p", "sm mut wrap", address),
	}
}

// deployBody lists the starting points; one is shown.
func (v *Page) deployBody() []app.UI {
	o := v.s.Best()
	if o == nil {
		return []app.UI{leaf("h2", "", "Deployment commands"), leaf("p", "", "Nothing meets the targets, so there is nothing to deploy.")}
	}
	starts := deploy.For(o, &v.s.Req).Starts(v.s.Catalog().Engines)
	chosen := starts[0]
	var options []option
	for _, s := range starts {
		if s.ID == v.hand.start {
			chosen = s
		}
	}
	for _, s := range starts {
		options = append(options, option{id: s.ID, label: s.Name, on: s.ID == chosen.ID})
	}
	var notes []app.UI
	for _, n := range chosen.Notes {
		notes = append(notes, leaf("li", "", n))
	}
	return []app.UI{
		leaf("h2", "", "Starting point for deployment"),
		leaf("p", "mut sm", "With the settings the estimate assumed. Check every flag against the release you run."),
		v.choose("deploy-start", "For", options, func(ctx app.Context, id string) { v.hand.start = id }),
		el("pre", "eq", txt(chosen.Text)).ID("deploy-text").TabIndex(0),
		node("ul", "dots sm", notes...),
		node("div", "row",
			button("btn go", iconCopy(), txt("Copy")).ID("deploy-copy").
				OnClick(func(ctx app.Context, e app.Event) { v.copyText(ctx, chosen.Text, "Copied") }, app.EventScope("deploy-copy", chosen.ID)),
			button("btn", iconSave(), txt("Save")).ID("deploy-save").
				OnClick(func(ctx app.Context, e app.Event) { saveDeploy(v, chosen) }, app.EventScope("deploy-save", chosen.ID)),
		),
	}
}

func saveDeploy(v *Page, s deploy.Start) {
	name := "fleetsize-" + s.ID + "." + s.Ends
	saveBytes(name, "text/plain", []byte(s.Text))
	v.say("Saved as " + name)
}
