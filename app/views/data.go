package views

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dataState is the Data view's own state.
type dataState struct {
	_ [0]func() // nothing compares it: no code for that in the program

	rev    int
	part   string // gpus, models, hardware, own, past; "" = gpus
	query  string // search of the accelerators
	vendor string
	memory string // least GB as typed
	format string // precision with hardware support
	since  string // year as typed
	models string // search of the models
	class  string
	open   string // id of the row whose facts are open
	shown  int    // rows shown, 0 = one page
	order  string // column of the hardware comparison
	sort   string // column of the accelerators or models; "" = the catalog's order
	binary bool   // memory is typed and shown in GiB
	need   string // memory need in GB as typed; "" = the model's
	fault  string // why a file or a price was refused
}

// pageRows is how many rows a table has until more are asked for.
const pageRows = 25

// dataView is the catalog as a person reads it. It is redrawn when Rev changes.
type dataView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the part that is looked at.
func (c *dataView) Render() app.UI {
	v := c.P
	d := &v.data
	cat := v.s.Catalog()
	part := d.part
	if part == "" {
		part = "gpus"
	}
	var options []option
	for _, o := range []option{{id: "gpus", label: "Accelerators"}, {id: "models", label: "Models"}, {id: "hardware", label: "Side by side"}, {id: "own", label: "Your entries"}, {id: pastPart, label: "Past sizings"}} {
		o.on = o.id == part
		options = append(options, o)
	}
	var body []app.UI
	switch part {
	case "models":
		body = []app.UI{v.dataModels()}
	case "hardware":
		body = []app.UI{v.dataHardware()}
	case "own":
		body = []app.UI{v.dataOwn(), v.dataPrices()}
	case pastPart:
		body = []app.UI{v.dataPast()}
	default:
		body = []app.UI{v.dataGPUs(), v.dataFits()}
	}
	return node("div", "leafless", append([]app.UI{
		el("section", "answer",
			node("h1", "say", leaf("b", "", countText(len(cat.GPUs))+" accelerators and "+countText(len(cat.Models))+" models"), txt(", each figure with where it comes from.")),
			node("p", "mut sm", txt("Data pack of "+day(cat.Date)+". "+memoryWords(v.gib)+" What is not published is said so, never 0. "), v.gibButton("gib-data")),
			v.radios("seg parts", "Part of the catalog", "part", options, func(ctx app.Context, id string) {
				d.part, d.open, d.shown = id, "", 0
				d.rev++
			}),
		).ID("data").Aria("label", "Catalog"),
	}, body...)...)
}

// memoryWords say how memory and rates are counted.
func memoryWords(gib bool) string {
	if gib {
		return "Memory is in GiB (2³⁰ bytes), rates are dense and decimal."
	}
	return "Memory and rates are dense and decimal (GB = 10⁹ bytes)."
}

// search is a field that filters a table while it is typed.
func (v *Page) search(id, label, now string, set func(string)) app.UI {
	return node("div", "cb", node("div", "in", iconSearch(),
		app.Input().ID(id).Type("search").Aria("label", label).Attr("placeholder", label).Attr("autocomplete", "off").Attr("value", now).
			OnInput(func(ctx app.Context, e app.Event) {
				set(ctx.JSSrc().Get("value").String())
				v.data.shown = 0
				v.data.rev++
			}, app.EventScope(id))))
}

// filter is a select that narrows a table.
func (v *Page) filter(id, label string, options []option, set func(string)) app.UI {
	var body []app.UI
	for _, o := range options {
		body = append(body, app.Option().Value(o.id).Selected(o.on).Text(o.label))
	}
	return node("label", "row sm", txt(label), app.Select().ID(id).Class("sel").Aria("label", label).Body(body...).
		OnChange(func(ctx app.Context, e app.Event) {
			set(ctx.JSSrc().Get("value").String())
			v.data.shown = 0
			v.data.rev++
		}, app.EventScope(id)))
}

// small is a short field that narrows a table.
func (v *Page) small(id, label, unit, now string, set func(string)) app.UI {
	return node("label", "row sm", txt(label),
		app.Input().ID(id).Class("inp short").Type("text").Attr("inputmode", "decimal").Attr("value", now).Aria("label", join(", ", label, unit)).
			OnInput(func(ctx app.Context, e app.Event) {
				set(ctx.JSSrc().Get("value").String())
				v.data.shown = 0
				v.data.rev++
			}, app.EventScope(id)),
		leaf("span", "mut", unit))
}

// moreRows shows another page of a table.
func (v *Page) moreRows(id string, total int) app.UI {
	shown := max(v.data.shown, pageRows)
	return button("btn ghost sm", txt("Show "+countText(min(pageRows, max(0, total-shown)))+" more of "+countText(total))).ID(id).Attr("hidden", flag(total <= shown)).
		OnClick(func(ctx app.Context, e app.Event) { v.data.shown = shown + pageRows; v.data.rev++ }, app.EventScope(id, shown))
}

// openFacts opens or closes the facts of a row.
func (v *Page) openFacts(id, name string) app.UI {
	open := v.data.open == id
	return button("", iconChevron()).Aria("expanded", boolean(open)).Aria("label", name+" sources").DataSet("facts", id).ID("facts-"+id).
		OnClick(func(ctx app.Context, e app.Event) {
			if v.data.open = id; open {
				v.data.open = ""
			}
			v.data.rev++
			ctx.Defer(func(app.Context) { focus("facts-" + id) })
		}, app.EventScope("facts", id, open))
}

// fact is one figure of an entry with its source.
type fact struct{ name, value, source string }

// factsRow lists every figure of an open entry.
func factsRow(columns int, facts []fact, sources []string, notes string) app.UI {
	var rows []app.UI
	for _, f := range facts {
		if f.value == "" {
			continue
		}
		rows = append(rows, node("tr", "", rowHead(f.name), node("td", "", rich(f.value)...), node("td", "mut sm", source(f.source))))
	}
	var list []app.UI
	for _, s := range sources {
		list = append(list, node("li", "", source(s)))
	}
	return node("tr", "in", el("td", "", node("div", "det",
		node("table", "tbl facts", leaf("caption", "sr", "Figures and their sources"), node("tbody", "", rows...)),
		node("div", "sm", leaf("h3", "", "Read from"), node("ul", "plain mut", list...)),
		el("p", "sm mut", txt(notes)).Attr("hidden", flag(notes == "")),
	)).Attr("colspan", countText(columns)))
}

// source is where a figure was read: a link where it is one.
func source(text string) app.UI {
	if len(text) > 8 && (text[:8] == "https://" || text[:7] == "http://") && !hasSpace(text) {
		return app.A().Href(text).Target("_blank").Rel("noopener noreferrer").Text(shortened(text))
	}
	return txt(shortened(text))
}

func hasSpace(s string) bool {
	for i := range len(s) {
		if s[i] == ' ' {
			return true
		}
	}
	return false
}

// shortened keeps a long address readable.
func shortened(s string) string {
	const most = 90
	if len(s) <= most {
		return s
	}
	cut := most - 1
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not inside a character
		cut--
	}
	return s[:cut] + "…"
}

// sheetOf offers a table's data as a file.
func (v *Page) sheetOf(id, name string, text func() string) app.UI {
	return button("btn ghost sm", iconSave(), txt("CSV")).ID(id).Aria("label", "Save the table as CSV").
		OnClick(func(ctx app.Context, e app.Event) {
			saveFile(name, "text/csv", text())
			v.say("Saved as " + name)
		}, app.EventScope(id, v.data.rev))
}

// about1 marks quick estimates.
func about1(preview bool, text string) string {
	if preview {
		return "≈" + text
	}
	return text
}
