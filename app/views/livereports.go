package views

import (
	"fleetsize/calc/bench"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// reportHeads head the table of reports.
var reportHeads = []string{"Report", "On", "Load", "tok/s", "Per GPU", "Per kW", "M tok per USD", "Per user p50, p25", "TTFT p50, p95"}

// liveReports lists reports side by side: what the best phase of each gives per
// GPU, per watt and per dollar, and how its users fare there.
func (v *Page) liveReports() app.UI {
	l := &v.endpoint
	var rows []app.UI
	for i, r := range append([][]string{reportHeads}, l.reports...) {
		cells := make([]app.UI, len(r))
		for k, c := range r {
			name, class := "td", "num"
			if k == 0 || i == 0 {
				name = "th"
			}
			if k < 2 {
				class = ""
			}
			cells[k] = el(name, class, txt(c))
		}
		rows = append(rows, node("tr", "", cells...))
	}
	table := app.UI(nil)
	if len(l.reports) > 0 {
		table = grid("Reports side by side", node("thead", "", rows[0]), rows[1:]...)
	}
	return el("section", "blk", leaf("h2", "", "Reports side by side"),
		leaf("p", "mut sm", "The phase of each with the most output that the client did not limit. Power is the GPUs' data-sheet limit, the price the catalog's rent. Speeds in tok/s."),
		table,
		node("label", "btn", txt("Open reports"),
			app.Input().ID("live-reports-file").Class("sr").Type("file").Multiple(true).Attr("accept", ".json").
				OnChange(func(ctx app.Context, e app.Event) { v.openReports(ctx.JSSrc().Get("files")) })),
	).ID("live-reports")
}

// reportCells are a report's figures; "–" where something is not known.
func (v *Page) reportCells(name string, d *bench.Document) []string {
	cells := make([]string, len(reportHeads))
	for i := range cells {
		cells[i] = "–"
	}
	cells[0] = name
	var best *bench.PhaseDoc
	for i := range d.Phases {
		if f := &d.Phases[i]; f.Use == "" && f.OutputTokPerS != nil && (best == nil || *f.OutputTokPerS > *best.OutputTokPerS) {
			best = f
		}
	}
	if best == nil {
		return cells
	}
	rate := *best.OutputTokPerS
	cells[2], cells[3] = best.Label, units.Sig(rate, 3)
	pair := func(cell int, a, b *float64, print func(x float64) string) {
		if a != nil && b != nil {
			cells[cell] = print(*a) + ", " + print(*b)
		}
	}
	pair(7, best.Speed.P50, best.Speed.P25, func(x float64) string { return units.Sig(x, 3) })
	pair(8, best.TTFT.P50, best.TTFT.P95, func(x float64) string { return units.Duration(x/1e3, 3) })
	s := d.Setup.Deployment
	if s == nil || max(s.GPUs, s.TP) < 1 {
		return cells
	}
	rate /= float64(max(s.GPUs, s.TP))
	cells[1], cells[4] = behindWords(v.s.Catalog(), *s), units.Sig(rate, 3)
	if g, ok := v.s.Catalog().GPU(s.GPU); ok {
		if g.TDPWatts > 0 {
			cells[5] = units.Sig(1e3*rate/g.TDPWatts, 3)
		}
		if g.Rent != nil && g.Rent.USD > 0 {
			cells[6] = units.Sig(3600*rate/g.Rent.USD/1e6, 3)
		}
	}
	return cells
}

// openReports reads report files.
func (v *Page) openReports(files app.Value) {
	for i := 0; files.Truthy() && i < files.Length(); i++ {
		name := files.Index(i).Get("name").String()
		settle(files.Index(i).Call("text"), func(text app.Value) {
			d, err := bench.DecodeDocument([]byte(text.String()))
			v.root.Dispatch(func(app.Context) {
				cells := []string{name, "no report of fleetsize bench"}
				if err == nil {
					cells = v.reportCells(name, &d)
				}
				v.endpoint.reports = append(v.endpoint.reports, cells)
				v.study.rev++
			})
		}, func(app.Value) {})
	}
}
