package views

import (
	"fleetsize/app/chart"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// tableButton swaps a chart for its data.
func tableButton(id string, table bool, f app.EventHandler) app.UI {
	image, word := iconTable(), "Table"
	if table {
		image, word = iconChart(), "Chart"
	}
	return button("btn ghost sm", node("span", "icn", image), leaf("span", "lg", word)).ID(id).
		Aria("label", "Show as "+lower(word)).Aria("pressed", boolean(table)).OnClick(f, app.EventScope(id))
}

func csvButton(id string, text func() string, v *Page, name string) app.UI {
	return button("btn ghost sm", iconSave(), leaf("span", "lg", "CSV")).ID(id).Aria("label", "Save the data as CSV").
		OnClick(func(ctx app.Context, e app.Event) {
			saveFile(name, "text/csv", text())
			v.say("Saved as " + name)
		}, app.EventScope(id, v.chartRev))
}

// chartTable is a chart's data as a table.
func chartTable(c *chart.Chart) app.UI {
	t := c.Table()
	var head, body []app.UI
	for i, h := range t.Head {
		class := "num"
		if i == 0 {
			class = ""
		}
		head = append(head, colHead(class, h))
	}
	for row, cells := range t.Rows {
		var tds []app.UI
		for i, text := range cells {
			if i == 0 {
				tds = append(tds, rowHead(text))
			} else if ref := t.Ref(row, i); ref != "" {
				tds = append(tds, node("td", "num", num(ref, text)))
			} else {
				tds = append(tds, leaf("td", "num", text))
			}
		}
		body = append(body, node("tr", "", tds...))
	}
	return el("div", "scroll", node("table", "tbl data",
		leaf("caption", "sr", c.Title),
		node("thead", "", node("tr", "", head...)),
		node("tbody", "", body...),
	)).TabIndex(0).Role("region").Aria("label", c.Title)
}
