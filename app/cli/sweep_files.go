//go:build !js

package cli

import (
	"strings"

	"fleetsize/app/export"
	"fleetsize/app/export/report"
	"fleetsize/app/link"
	"fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// matrix is a sweep to be written: done grows until the forms are made.
type matrix struct {
	link string // the pairs with their lists
	base string // address in front of links, "" = none
	cat  *catalog.Catalog
	list []cell
	done *[]swept
}

// tabled are the keys whose lists show in the table's columns in any case.
var tabled = map[string]bool{"m": true, "g": true, "w": true, "in": true, "out": true, "rps": true, "users": true, "day": true, "flight": true, "tp": true, "pp": true}

// text is the matrix for people. A list of any other key is a column of its
// own, so that rows can be told apart.
func (m *matrix) text() string {
	head := []string{"model", "GPU", "workload", "in/out", "demand"}
	right := []bool{false, false, false, true, true}
	var more []int
	if len(m.list) > 0 {
		for k, a := range m.list[0].axes {
			if !tabled[strings.ToLower(a.key)] {
				more, head, right = append(more, k), append(head, a.key), append(right, false)
			}
		}
	}
	t := table{right: append(right, false, true, true, true, true, true, true)}
	t.add(append(head, "layout", "GPUs", "nodes", "TTFT", "ITL", "$/month", "kW", "confidence")...)
	for i := range *m.done {
		r := &(*m.done)[i]
		w := r.in.req.Workload
		gpu := "any"
		if r.gpu != nil {
			gpu = r.gpu.Short
		}
		shape := units.Count(float64(w.Input)) + "/" + units.Count(float64(w.Output))
		o := r.option
		if o != nil {
			gpu = o.GPU.Short
		}
		row := []string{r.in.req.Model.ID, gpu, r.state.Workload, shape, demandShort(r.in.req.Demand)}
		for _, k := range more {
			row = append(row, r.axes[k].values[0])
		}
		if o == nil {
			t.add(append(row, "-", "-", "-", "-", "-", "-", "-", r.excluded.Text)...)
			continue
		}
		pct := r.in.req.Targets.Percentile
		money, power := "no price", "unknown"
		if o.Priced {
			money = units.Count(o.USDPerMonth)
		}
		if o.Powered {
			power = units.Sig(o.KW, 3)
		}
		t.add(append(row, replicas(o), units.Count(float64(o.GPUs)), units.Count(float64(o.Nodes)),
			units.Duration(o.At.TTFT.At(pct), 3), units.Duration(o.At.ITL.Known().At(pct), 3), money, power, tierText(o.Tier))...)
	}
	return t.String() + "\n" + disclaimer + "\n"
}

func demandShort(d fleet.Demand) string {
	if d.Kind == fleet.InFlight {
		return units.Count(d.InFlight) + " in flight"
	}
	return units.Rate(d.PeakReqPerS())
}

// forms are the forms of the matrix.
func (m *matrix) forms() []form {
	return []form{
		{".json", m.json},
		text(".csv", func() string { return columnsCSV(m.columns()) }),
		text(".md", func() string { return "```\n" + strings.TrimRight(m.text(), "\n") + "\n```\n" }),
		{".xlsx", func() ([]byte, error) {
			return columnsBook("Sweep", "One row for each combination; values as the engine found them.", m.columns()), nil
		}},
		{".html", func() ([]byte, error) {
			css, err := styleSheet()
			if err != nil {
				return nil, err
			}
			return []byte(report.Sweep(m.proposal(), m.table(), css)), nil
		}},
		{".svg", func() ([]byte, error) {
			c, _ := report.MatrixChart(m.table(), maxCells, 960)
			return []byte(c.SVG()), nil
		}},
	}
}

func (m *matrix) json() ([]byte, error) {
	d := wire.SweepDoc{SchemaVersion: wire.SchemaVersion, Cells: []wire.SweepCell{}, Planned: len(m.list), CutShort: len(*m.done) < len(m.list), Data: m.cat.Date}
	for i := range *m.done {
		r := &(*m.done)[i]
		gpu := ""
		if r.gpu != nil {
			gpu = r.gpu.ID
		}
		d.Cells = append(d.Cells, wire.Cell(r.in.req, r.state, gpu, r.option, r.excluded))
	}
	return wire.Encode(d)
}

func (m *matrix) columns() [][]column {
	var out [][]column
	for i := range *m.done {
		out = append(out, sweepColumns(&(*m.done)[i], m.base))
	}
	return out
}

// proposal is what the report says of itself. No link opens a matrix: its
// footer leads to the calculator, its rows to their sizings.
func (m *matrix) proposal() *export.Proposal {
	p := &export.Proposal{State: link.Default(), Link: m.base, Day: today(), Version: version()}
	p.Req.Catalog = m.cat
	if len(m.list) > 0 {
		p.State, p.Req = m.list[0].state, m.list[0].in.req
	}
	if p.State.Title == "" {
		p.State.Title = "Sweep of " + export.Count(len(m.list), "sizing")
	}
	if p.Link == "" {
		p.Link = "fleetsize sweep '" + m.link + "'"
	}
	return p
}

// varied says how the report names what a key varies, and writes its values:
// what stands before and behind one as it was typed.
var varied = map[string]struct{ name, before, behind string }{
	"m": {name: "Model"}, "g": {name: "Accelerator"}, "w": {name: "Workload"}, "eng": {name: "Engine"}, "buy": {name: "Basis"}, "pos": {name: "Posture"},
	"q": {name: "Weights", behind: " weights"}, "kv": {name: "KV cache", behind: " KV cache"},
	"in": {name: "Prompt", behind: " tok in"}, "out": {name: "Answer", behind: " tok out"}, "hit": {name: "Reused", behind: " % reused"},
	"rps": {name: "Demand", behind: " req/s"}, "users": {name: "Demand", behind: " people"}, "flight": {name: "Demand", behind: " in flight"}, "day": {name: "Demand", behind: " a day"},
	"ttft": {name: "TTFT target", before: "TTFT ≤ "}, "itl": {name: "Per-token target", behind: " per token"}, "e2e": {name: "Whole answer", behind: " whole answer"},
	"tp": {name: "TP", before: "TP"}, "pp": {name: "PP", before: "PP"}, "grow": {name: "Growth", behind: " % growth"}, "yrs": {name: "Years", behind: " years"}, "term": {name: "Term", behind: " years"},
	"chunks": {name: "Passages", behind: " passages"}, "util": {name: "Peak load", behind: " % load"}, "spare": {name: "Spares", behind: " spare"},
}

// valueText is a value of an axis as the report writes it.
func (m *matrix) valueText(r *swept, key, value string) string {
	v := varied[key]
	switch {
	case key == "m":
		return r.in.req.Model.Name
	case key == "g" && r.gpu != nil:
		return export.GPUName(r.gpu)
	case key == "eng":
		return r.in.req.Engine.Name
	case key == "w":
		if w, ok := m.cat.Preset(r.state.Workload); ok {
			return w.Name
		}
	case key == "q" || key == "kv":
		return strings.ToUpper(value) + v.behind
	case v.name == "":
		return key + "=" + value
	}
	return v.before + value + v.behind
}

// table is the matrix as the report takes it.
func (m *matrix) table() *report.Matrix {
	out := &report.Matrix{Planned: len(m.list)}
	for i := range *m.done {
		r := &(*m.done)[i]
		row := report.MatrixRow{Link: m.base + "#" + r.state.String(), Percentile: r.in.req.Targets.Percentile, Option: r.option}
		if r.excluded != nil {
			row.Text = r.excluded.Text
		}
		for _, a := range r.axes {
			key := strings.ToLower(a.key)
			row.Cells = append(row.Cells, m.valueText(r, key, a.values[0]))
			if i > 0 {
				continue
			}
			name := varied[key].name
			if name == "" {
				name = key
			}
			out.Heads = append(out.Heads, name)
		}
		if len(row.Cells) == 0 {
			row.Cells = []string{r.in.req.Model.Name}
			out.Heads = []string{"Model"}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
