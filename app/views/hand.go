package views

import (
	"strings"
	"time"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/app/export/book"
	"fleetsize/app/export/report"
	"fleetsize/app/link"
	"fleetsize/app/wire"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// handState is what is open of handing the answer over.
type handState struct {
	dialog string // "qr", "ask", "name", "deploy" or ""
	start  string // deployment starting point looked at, "" = the first
}

// hand is one way to hand the answer over.
type hand struct {
	id, label string
	icon      func() app.UI
	do        func(v *Page, ctx app.Context)
}

// hands are the ways in the order of the Share menu.
var hands = []hand{
	{"copy-link", "Copy link", iconCopy, func(v *Page, ctx app.Context) { v.copyLink(ctx) }},
	{"show-qr", "QR code", iconTable, func(v *Page, ctx app.Context) { v.openHand(ctx, "qr") }},
	{"copy-text", "Copy as text", iconCopy, func(v *Page, ctx app.Context) { v.copyText(ctx, export.Text(v.handover()), "Copied as text") }},
	{"copy-md", "Copy as Markdown", iconCopy, func(v *Page, ctx app.Context) { v.copyText(ctx, export.Markdown(v.handover()), "Copied as Markdown") }},
	{"copy-rfp", "Copy RFP paragraph", iconCopy, func(v *Page, ctx app.Context) { v.copyRFP(ctx) }},
	{"save-xlsx", "XLSX with formulas", iconSave, func(v *Page, ctx app.Context) {
		v.save(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book.Workbook(v.handover()).Bytes())
	}},
	{"save-table", "CSV", iconSave, func(v *Page, ctx app.Context) { v.save(".csv", "text/csv", []byte(tableCSV(v.s))) }},
	{"save-json", "JSON", iconSave, func(v *Page, ctx app.Context) { v.saveJSON() }},
	{"save-svg", "Chart as SVG", iconSave, func(v *Page, ctx app.Context) { v.save(".svg", "image/svg+xml", []byte(v.priceSVG())) }},
	{"save-png", "Chart as PNG", iconSave, func(v *Page, ctx app.Context) { v.savePNG() }},
	{"save-html", "Report as HTML", iconSave, func(v *Page, ctx app.Context) { v.saveHTML() }},
	{"show-ask", "Questions to ask", iconTable, func(v *Page, ctx app.Context) { v.openHand(ctx, "ask") }},
	{"show-deploy", "Deployment commands", iconSave, func(v *Page, ctx app.Context) { v.openHand(ctx, "deploy") }},
	{"print", "Print or PDF", iconSave, func(v *Page, ctx app.Context) { v.print(ctx) }},
}

// handButton is one way as a button; prefix keeps its id apart from the same
// way elsewhere on the page.
func (v *Page) handButton(h hand, prefix, class string) app.UI {
	return button(class, h.icon(), txt(h.label)).ID(prefix+h.id).
		OnClick(func(ctx app.Context, e app.Event) {
			v.menu = false
			if prefix == "" {
				focus("share") // the menu goes; dialogs give the focus back to where it was
			}
			h.do(v, ctx)
			if h.id != "show-ask" && h.id != "show-deploy" {
				v.keepPast(true)
			}
		}, app.EventScope(prefix, h.id))
}

// shareMenu lists the ways.
func (v *Page) shareMenu() app.UI {
	var body []app.UI
	for _, h := range hands {
		if !v.early {
			body = append(body, v.handButton(h, "", "btn ghost"))
		}
	}
	if !v.early {
		body = append(body, button("btn ghost", icon(`<path d="m3 13 .7-3L11 2.7 13.3 5 6 12.3z"/>`), txt("Name this sizing")).ID("show-name").OnClick(func(ctx app.Context, e app.Event) {
			v.menu = false
			focus("share")
			v.openHand(ctx, "name")
		}), button("btn ghost", iconTable(), txt("Past sizings")).ID("show-past").OnClick(func(ctx app.Context, e app.Event) { v.showPast(ctx) }))
	}
	return el("div", "pop", append(body, leaf("p", "mut xs", "Anyone with the link sees the inputs and results. Prices you typed are included. API keys never are."))...).
		ID("share-menu").Attr("hidden", flag(!v.menu))
}

// handover is the answer with what goes on paper: the day, the program and the
// options of the Compare view.
func (v *Page) handover() *export.Proposal {
	p := v.s.proposal(v.price)
	if v.stale() {
		p.Price = nil
	}
	st := v.s.State
	st.View = link.Default().View // readers start at the answer
	p.Link = shareURL(st.String())
	p.Day = time.Now().Format("2006-01-02")
	p.Version = programVersion()
	for _, c := range v.columns() {
		if c.option != nil {
			p.Pinned = append(p.Pinned, export.Pick{Letter: string(c.letter), Why: c.title, Option: c.option})
		}
	}
	if len(p.Pinned) < 2 {
		p.Pinned = nil
	}
	return p
}

// programVersion is the version of the site; "" where it is not known.
func programVersion() string {
	if app.IsServer {
		return ""
	}
	if shell := app.Window().Get("fleetsize"); shell.Truthy() {
		return shell.Get("version").String()
	}
	return ""
}

// save lets the user save content under the sizing's name.
func (v *Page) save(ending, kind string, content []byte) {
	name := v.s.proposal(v.price).FileName() + ending
	saveBytes(name, kind, content)
	v.say("Saved as " + name)
}

func (v *Page) copyRFP(ctx app.Context) {
	text := export.RFP(v.handover())
	if text == "" {
		v.say("Nothing meets the targets, so there is nothing to propose.")
		return
	}
	v.copyText(ctx, text, "Copied as a paragraph for a tender")
}

func (v *Page) saveJSON() {
	data, err := wire.Encode(wire.Size(v.s.Answer, v.s.Req, v.s.State, v.s.Notes))
	if err != nil {
		v.say("The answer could not be written: " + err.Error())
		return
	}
	v.save(".json", "application/json", data)
}

// priceSVG is the price of latency as a file of its own.
func (v *Page) priceSVG() string {
	return chart.Lines(export.PriceSpec(v.handover(), "price", "target", "target"), 960).SVG()
}

// savePNG draws the chart's file on a canvas at twice its size.
func (v *Page) savePNG() {
	name := v.s.proposal(v.price).FileName() + ".png"
	drawPNG(v.priceSVG(), 2, func(ok bool) {
		v.root.Dispatch(func(app.Context) {
			if !ok {
				v.say("This browser can not draw the picture. Save the chart as SVG instead.")
				return
			}
			v.say("Saved as " + name)
		})
	}, name)
}

// saveHTML writes the report as a file of its own, with the page's styles.
func (v *Page) saveHTML() {
	p := v.handover()
	fetchTexts([]string{"tokens.css", "app.css"}, func(css []string, ok bool) {
		v.root.Dispatch(func(app.Context) {
			if !ok {
				v.say("The style sheets could not be read. Reload the page, then try again.")
				return
			}
			v.save(".html", "text/html", []byte(report.Standalone(p, strings.Join(css, "\n"))))
		})
	})
}

// print opens the report and has the browser print it.
func (v *Page) print(ctx app.Context) {
	v.openView(ctx, viewReport)
	v.later(func(app.Context) {
		v.later(func(ctx app.Context) {
			if !app.IsServer {
				app.Window().Call("print")
			}
			ctx.PreventUpdate()
		})
	})
}
