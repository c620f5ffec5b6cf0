package views

import (
	"fleetsize/calc/measured"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// measureRail is the left column of the Measure view: where the rows come from
// and what they must be about.
func (v *Page) measureRail() app.UI {
	st := &v.study
	class := "rail keep"
	if len(st.table.Rows) == 0 {
		class += " first" // above the content on narrow screens
	}
	return app.Elem("aside").ID("rail").Class(class).Aria("label", "Source").DataSet("group", "").Body(
		el("section", "grp", append([]app.UI{heading("Tables that ship")}, v.exampleButtons("source"))...),
		v.ownTable(),
		v.scenario(),
		el("section", "grp",
			heading("In a terminal"),
			p("sm mut", "The same engine, for large tables and scripts."),
			p("eq", "fleetsize validate TABLE.csv"),
			p("eq", "fleetsize fit -o fit.json TABLE.csv"),
		),
	)
}

// exampleButtons loads one of the tables that ship.
func (v *Page) exampleButtons(place string) app.UI {
	var body []app.UI
	for _, x := range measured.Examples() {
		id := x.ID
		body = append(body, button("btn", txt(x.Name)).DataSet("example", id).Aria("pressed", boolean(v.study.source == id)).
			OnClick(func(ctx app.Context, e app.Event) { v.openExample(id) }, app.EventScope("example", place, id)))
	}
	return el("div", "pick", body...)
}

// ownTable takes a file that is dropped or chosen, or pasted text.
func (v *Page) ownTable() app.UI {
	st := &v.study
	body := []app.UI{
		heading("Your table"),
		el("div", "drop",
			p("sm", "Drop a CSV file here, or"),
			el("div", "row",
				el("label", "btn", txt("Choose a file"),
					app.Input().ID("study-file").Class("sr").Type("file").Attr("accept", ".csv,.tsv,.txt,text/csv").
						OnChange(func(ctx app.Context, e app.Event) { v.readTable(ctx.JSSrc().Get("files")) })),
				button("btn ghost", txt("Paste")).ID("study-paste").Aria("expanded", boolean(st.paste)).
					OnClick(func(ctx app.Context, e app.Event) {
						st.paste = !st.paste
						if st.paste {
							ctx.Defer(func(app.Context) { focus("study-text") })
						}
					}),
			),
		).ID("study-drop").
			On("dragover", func(ctx app.Context, e app.Event) { e.PreventDefault(); ctx.PreventUpdate() }).
			On("drop", func(ctx app.Context, e app.Event) {
				e.PreventDefault()
				v.readTable(e.Get("dataTransfer").Get("files"))
			}),
	}
	if st.paste {
		body = append(body,
			el("label", "sm", txt("Rows as CSV, first line = column names")).Attr("for", "study-text"),
			app.Textarea().ID("study-text").Class("inp mono").Rows(8).Attr("spellcheck", "false"),
			button("btn go", txt("Read it")).ID("study-read").OnClick(func(ctx app.Context, e app.Event) {
				v.openTable("paste", "the pasted table", valueOf("study-text"))
			}),
		)
	}
	return el("section", "grp", append(body,
		el("p", "msg", txt(st.fault)).ID("study-msg").Role("alert").Attr("hidden", flag(st.fault == "")),
		p("hint mut xs", "Columns: model, gpu, tp, engine, weights, isl, osl, concurrency, ttft_ms, itl_ms, output_tok_s, in any order; NVIDIA's NIM tables as they are. Nothing leaves this browser."),
	)...)
}

// scenario says what the rows must be about.
func (v *Page) scenario() app.UI {
	st := &v.study
	cat := v.s.Catalog()
	hardware := []option{{id: "any", label: "As the rows say", on: st.expect == ""}}
	for _, g := range cat.GPUs {
		hardware = append(hardware, option{id: g.ID, label: gpuName(g), on: g.ID == st.expect})
	}
	body := []app.UI{heading("Scenario"),
		v.choose("study-gpu", "Hardware", hardware, func(ctx app.Context, id string) {
			if id == "any" {
				id = ""
			}
			st.expect, st.expectSet, st.agreed = id, true, false
			v.score()
		}),
	}
	if len(st.table.Rows) > 0 && (st.model != "" || !st.table.NamesModels()) {
		models := []option{{id: "", label: "Choose…", on: st.model == ""}}
		for _, m := range cat.Models {
			if m.Class == catalog.ClassGenerative {
				models = append(models, option{id: m.ID, label: m.Name, on: m.ID == st.model})
			}
		}
		body = append(body, v.choose("study-model", "Model", models, func(ctx app.Context, id string) {
			st.model = id
			v.reread()
		}))
	}
	return el("section", "grp", body...)
}

// maxTable is the largest table read in the page, in bytes; larger ones are
// for the terminal.
const maxTable = 4 << 20

// readTable reads a chosen or dropped file.
func (v *Page) readTable(files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	name := file.Get("name").String()
	if size := file.Get("size").Float(); size > maxTable {
		v.study.fault = name + " has " + units.Sig(size/1e6, 2) + " MB; the page reads 4 MB. Use fleetsize validate in a terminal, or split the file."
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		content := text.String()
		v.root.Dispatch(func(app.Context) { v.openTable("file", name, content) })
	}, func(app.Value) {
		v.root.Dispatch(func(app.Context) { v.study.fault = name + " could not be read. Paste its text instead." })
	})
}
