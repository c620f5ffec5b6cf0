package views

import (
	"strconv"
	"strings"

	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// measureRail is the left column of the Measure view: where the rows come from
// and what they must be about.
func (v *Page) measureRail() app.UI {
	switch {
	case v.endpoint.on:
		return v.liveRail()
	case v.replies.on:
		return v.askRail()
	}
	st := &v.study
	class := "rail keep"
	if len(st.table.Rows) == 0 {
		class += " first" // above the content on narrow screens
	}
	return app.Elem("aside").ID("rail").Class(class).Aria("label", "Source").DataSet("group", "").Body(
		v.liveSource(),
		node("section", "grp", append([]app.UI{heading("Tables that ship")}, v.exampleButtons("source"))...),
		v.ownTable(),
		v.scenario(),
		node("section", "grp",
			heading("In a terminal"),
			leaf("p", "sm mut", "The same engine, for large tables and scripts."),
			leaf("p", "eq", "fleetsize validate FILE"),
			leaf("p", "eq", "fleetsize fit -o fit.json FILE"),
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
	return node("div", "pick", body...)
}

// ownTable takes a file that is dropped or chosen, or pasted text.
func (v *Page) ownTable() app.UI {
	st := &v.study
	body := []app.UI{
		heading("Your table"),
		el("div", "drop",
			leaf("p", "sm", "Drop a CSV or a result file here, or"),
			node("div", "row",
				node("label", "btn", txt("Choose a file"),
					app.Input().ID("study-file").Class("sr").Type("file").Attr("accept", ".csv,.tsv,.txt,.json,.jsonl,text/csv,application/json").
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
			el("label", "sm", txt("Rows as CSV, first line = column names, or a result file")).Attr("for", "study-text"),
			app.Textarea().ID("study-text").Class("inp mono").Rows(8).Attr("spellcheck", "false"),
			button("btn go", txt("Read it")).ID("study-read").OnClick(func(ctx app.Context, e app.Event) {
				if size := lengthOf("study-text"); size > maxTable {
					v.study.fault = tableTooLong("The text", float64(size))
					v.study.rev++
					return
				}
				v.openTable("paste", "the pasted table", valueOf("study-text"))
			}),
		)
	}
	return node("section", "grp", append(body,
		el("p", "msg", txt(st.fault)).ID("study-msg").Role("alert").Attr("hidden", flag(st.fault == "")),
		leaf("p", "hint mut xs", "Columns: model, gpu, tp, engine, weights, isl, osl, concurrency, ttft_ms, itl_ms, output_tok_s, in any order; NVIDIA's NIM tables as they are; result files of "+strings.Join(importer.Formats()[:8], ", ")+". Nothing leaves this browser."),
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
	return node("section", "grp", append(body, v.openFields()...)...)
}

// openFields choose what the rows leave out.
func (v *Page) openFields() []app.UI {
	st := &v.study
	if len(st.table.Rows) == 0 {
		return nil
	}
	open := st.asRead
	cat := v.s.Catalog()
	var body []app.UI
	field := func(wanted bool, id, label, unset, now string, list []option, set func(string)) {
		if !wanted {
			return
		}
		all := append([]option{{id: "", label: unset, on: now == ""}}, list...)
		body = append(body, v.choose(id, label, all, func(ctx app.Context, id string) {
			set(id)
			v.reread()
		}))
	}
	var models, gpus, engines, sizes, precisions []option
	for _, m := range cat.Models {
		if m.Class == catalog.ClassGenerative {
			models = append(models, option{id: m.ID, label: m.Name, on: m.ID == st.fill.Model})
		}
	}
	for _, g := range cat.GPUs {
		gpus = append(gpus, option{id: g.ID, label: gpuName(g), on: g.ID == st.fill.GPU})
	}
	for _, e := range cat.Engines {
		engines = append(engines, option{id: e.ID, label: e.Name, on: e.ID == st.fill.Engine})
	}
	for _, n := range []int{1, 2, 4, 8, 16} {
		sizes = append(sizes, option{id: countText(n), label: countText(n), on: n == st.fill.TP})
	}
	for _, q := range []catalog.Precision{catalog.BF16, catalog.FP16, catalog.FP8, catalog.INT8, catalog.INT4, catalog.NVFP4, catalog.MXFP4} {
		precisions = append(precisions, option{id: string(q), label: q.Label(), on: q == st.fill.Weights})
	}
	field(open.Model, "study-model", "Model", "Choose…", st.fill.Model, models, func(id string) { st.fill.Model = id })
	field(open.GPU, "study-on", "Measured on", "Choose…", st.fill.GPU, gpus, func(id string) { st.fill.GPU = id })
	foreign := st.format.Foreign()
	field(open.Engine && foreign, "study-eng", "Engine", "Choose…", st.fill.Engine, engines, func(id string) { st.fill.Engine = id })
	size := ""
	if st.fill.TP > 0 {
		size = countText(st.fill.TP)
	}
	field(open.Layout && foreign, "study-tp", "GPUs of a replica", "1, not stated", size, sizes, func(id string) { st.fill.TP, _ = strconv.Atoi(id) })
	field(open.Weights && foreign, "study-q", "Weights", "As published", string(st.fill.Weights), precisions, func(id string) { st.fill.Weights = catalog.Precision(id) })
	return body
}

// maxTable is the largest table read in the page, in bytes; larger ones are
// for the terminal.
const maxTable = 4 << 20

func tableTooLong(name string, size float64) string {
	return name + " has " + units.Sig(size/1e6, 2) + " MB; the page reads 4 MB. Use fleetsize validate in a terminal, or split the file."
}

// readTable reads a chosen or dropped file.
func (v *Page) readTable(files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	name := file.Get("name").String()
	if size := file.Get("size").Float(); size > maxTable {
		v.study.fault = tableTooLong(name, size)
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		content := text.String()
		v.root.Dispatch(func(app.Context) { v.openTable("file", name, content) })
	}, func(app.Value) {
		v.root.Dispatch(func(app.Context) { v.study.fault = name + " could not be read. Paste its text instead." })
	})
}
