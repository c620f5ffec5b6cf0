package views

import (
	"fleetsize/app/chart"
	"fleetsize/calc/roofline"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// gridRequests and gridTokens span the surfaces.
var (
	gridRequests = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}
	gridTokens   = []float64{128, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072}
)

// gridPhase is the phase the grid shows.
func (d *deep) gridPhase() (w work, phase, quantity string, f func(s, l float64) float64) {
	prefill, decode := d.phases()
	w, phase = decode, "decode"
	if d.v.deep.phase == "prefill" {
		w, phase = prefill, "prefill"
	}
	quantity = d.v.deep.quantity
	switch quantity {
	case "compute":
		f = w.compute
	case "memory":
		f = w.memory
	case "larger":
		f = w.larger
	default:
		quantity, f = "step", w.step
	}
	return w, phase, quantity, f
}

// gridFigure is a phase over requests and lengths: the surface, and where
// compute and memory change places.
func (d *deep) gridFigure() app.UI {
	w, phase, quantity, f := d.gridPhase()
	spec := chart.SurfaceSpec{
		Head:    chart.Head{ID: "grid", Title: w.name + " over requests and length"},
		RowName: "Requests S", ColumnName: "tokens L of each request", Low: "memory", High: "compute", Value: "ms",
		Note: "A line runs where compute and memory change places; a bar on top marks cells within 5 % of it.",
	}
	most, memory, cells := d.mostTokens(), 0, 0
	for _, l := range gridTokens {
		if l <= most {
			spec.Columns = append(spec.Columns, units.Count(l))
		}
	}
	for _, s := range gridRequests {
		spec.Rows = append(spec.Rows, units.Count(s))
		var row []chart.SurfaceCell
		for i := range spec.Columns {
			l := gridTokens[i]
			c := chart.SurfaceCell{Value: 1000 * f(s, l), Ref: d.at(quantity+"_at", w.prefill, s, l)}
			if m := w.memory(s, l); m > 0 {
				c.Ratio = w.compute(s, l) / m
			}
			cells++
			if c.Ratio < 1 {
				memory++
			}
			row = append(row, c)
		}
		spec.Cells = append(spec.Cells, row)
	}
	finding := upperFirst(lower(w.name)) + " is memory-bound in " + units.Count(float64(memory)) + " of " + units.Count(float64(cells)) + " combinations of requests and length"
	if memory == 0 {
		finding = upperFirst(lower(w.name)) + " is compute-bound everywhere"
	} else if memory == cells {
		finding = upperFirst(lower(w.name)) + " is memory-bound everywhere"
	}
	return d.figure("grid", finding, "Color: which of the two takes longer. Requests that do not fit into memory wait and are not read.", chart.Surface(spec, d.width),
		d.words("deep-phase", "Phase", phase, [][2]string{{"decode", "Decode step"}, {"prefill", "Prefill"}}, func(s string) { d.v.deep.phase = s }),
		d.words("deep-quantity", "Quantity", quantity, [][2]string{{"step", "Whole step"}, {"compute", "Compute"}, {"memory", "Memory"}, {"larger", "Larger of both"}}, func(s string) { d.v.deep.quantity = s }),
	)
}

// samples are sample points to check the model by hand.
func (d *deep) samples() app.UI {
	prefill, decode := d.phases()
	head := []string{"Phase", "S", "L", "Compute, ms", "Memory, ms", "Larger, ms", "Whole step, ms", "FLOP/B", "Bound by"}
	var rows [][]string
	add := func(w work, s, l float64, i roofline.Intensity) {
		ms := func(id string, f func(s, l float64) float64) string {
			return mark(d.at(id, w.prefill, s, l), units.Sig(1000*f(s, l), 3))
		}
		rows = append(rows, []string{w.name, units.Count(s), units.Count(l), ms("compute_at", w.compute), ms("memory_at", w.memory), ms("larger_at", w.larger), ms("step_at", w.step),
			mark(d.at("intensity_at", w.prefill, s, l), units.Sig(i.FLOPPerByte, 3)), string(i.Bound)})
	}
	for _, l := range []float64{512, 4096, 32768} {
		for _, s := range []float64{1, 8, 64} {
			if l <= d.mostTokens() {
				add(prefill, s, l, roofline.PrefillIntensity(d.cost, s, l))
			}
		}
	}
	for _, l := range []float64{512, 4096, 32768} {
		for _, s := range []float64{1, 8, 64} {
			if l <= d.mostTokens() {
				add(decode, s, l, roofline.DecodeIntensity(d.cost, s, l))
			}
		}
	}
	return folded("deep-samples", "Sample points, to check by hand", dataTable("Sample points", head, rows))
}

// folded is a block that opens.
func folded(id, title string, body ...app.UI) app.UI {
	return el("details", "more", node("summary", "", leaf("h2", "", title), iconChevron()), node("div", "more-b", body...)).ID(id)
}

// dataTable is a plain table of texts.
func dataTable(caption string, head []string, rows [][]string) app.UI {
	var th, tr []app.UI
	for i, h := range head {
		class := "num"
		if i == 0 {
			class = ""
		}
		th = append(th, colHead(class, h))
	}
	for _, cells := range rows {
		var td []app.UI
		for i, c := range cells {
			if i == 0 {
				td = append(td, rowHead(c))
			} else {
				td = append(td, node("td", "num", rich(c)...))
			}
		}
		tr = append(tr, node("tr", "", td...))
	}
	return el("div", "scroll", node("table", "tbl data", leaf("caption", "sr", caption), node("thead", "", node("tr", "", th...)), node("tbody", "", tr...))).
		TabIndex(0).Role("region").Aria("label", caption)
}
