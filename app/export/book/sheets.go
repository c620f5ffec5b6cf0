package book

import (
	"strconv"

	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
	"fleetsize/calc/units"
)

// shown is a figure of the option shown, from a column of the Fleet sheet.
func (w *writer) shown(col int) string {
	return "INDEX(" + xlsx.Ref(fleetName, col, w.fleetRow) + ":$" + xlsx.Column(col) + "$" + strconv.Itoa(w.fleetRow+len(w.books)-1) + ",option)"
}

// result is a figure of the option shown.
func (w *writer) result(id string) (*xlsx.Cell, bool) {
	col, ok := w.fleetColumn[id]
	if !ok {
		return nil, false
	}
	b := w.books[0]
	now := b.Value(id)
	cell := xlsx.F(w.shown(col), now)
	if now != now {
		cell = xlsx.FT(w.shown(col), missing(id))
	}
	return cell.As(format(b.UnitOf(id))), true
}

// summary is the answer on one page; figures follow the Fleet sheet.
func (w *writer) summary() *xlsx.Sheet {
	p := w.p
	s := &xlsx.Sheet{Name: summaryName, Widths: []float64{34, 22, 16, 60}}
	s.Add(xlsx.T(p.Title()).Large())
	s.Add(xlsx.T(export.Plain(export.Sentence(p))))
	s.Add(xlsx.T("The sentence is from the day of the export; the figures below follow the Inputs sheet.").Muted())
	s.Add()
	if len(w.books) > 0 {
		s.Add(xlsx.Head("Figure", "Value", "Unit", "From")...)
		o := p.Best()
		s.Add(xlsx.T("Accelerator"), xlsx.FT(w.shown(0), export.GPUName(o.GPU)).Bold(), xlsx.T(""), xlsx.T("Fleet, row of Inputs: option").Muted())
		s.Add(xlsx.T("Layout of a replica"), xlsx.FT(w.shown(1), export.Layout(o.Layout)), xlsx.T(""), xlsx.T("engine").Muted())
		b := w.books[0]
		for _, id := range w.columns {
			cell, _ := w.result(id)
			if id == "gpus" || id == "usd_month" {
				cell = cell.Bold()
			}
			s.Add(xlsx.T(w.applying(id).Title), cell, xlsx.T(b.UnitOf(id)), xlsx.T("Fleet, "+id).Muted())
		}
		s.Add()
		s.Add(xlsx.T("Targets and verdicts, " + export.GPUName(o.GPU)).Bold())
		s.Add(xlsx.Head("Figure", "Value", "Target", "Verdict")...)
		for _, k := range export.KPIs(p, o) {
			s.Add(xlsx.T(k.Name), xlsx.T(k.Value), xlsx.T(k.Target), xlsx.T(k.Verdict))
		}
	}
	s.Add()
	s.Add(xlsx.T("Link"), xlsx.T(p.Link))
	s.Add(xlsx.T("Data of"), xlsx.T(p.Catalog().Date))
	if p.Day != "" {
		s.Add(xlsx.T("Made on"), xlsx.T(p.Day))
	}
	if p.Version != "" {
		s.Add(xlsx.T("Program"), xlsx.T("Fleetsize "+p.Version))
	}
	s.Add(xlsx.T(export.Disclaimer).Muted())
	return s
}

// options are the proposed options: what they cost follows the Fleet sheet,
// how fast they answer is the engine's.
func (w *writer) options() *xlsx.Sheet {
	p := w.p
	pct := p.Req.Targets.Percentile
	word := export.Percentile(pct)
	s := &xlsx.Sheet{Name: "Options", Widths: []float64{10, 34, 20, 14, 10, 10, 14, 10, 14, 16, 16, 30}, FreezeRows: 3}
	s.Add(xlsx.T("Options").Large())
	s.Add(xlsx.T("GPUs, nodes, cost and power follow the Inputs sheet where the option is in the Fleet sheet; latencies are the engine's.").Muted())
	s.Add(xlsx.Head("Option", "Why", "GPU", "Layout", "GPUs", "Nodes", "USD a month", "kW", "TTFT "+word+", s", "Per token "+word+", ms", "Whole answer "+word+", s", "Confidence")...)
	for _, k := range p.Picks() {
		o := k.Option
		at := -1 // not in the table: pinned with other settings
		for i := range p.Answer.Options {
			if &p.Answer.Options[i] == o {
				at = i
			}
		}
		still := map[string]*xlsx.Cell{"gpus": xlsx.N(float64(o.GPUs)).As(xlsx.Whole), "nodes": xlsx.N(float64(o.Nodes)).As(xlsx.Whole), "usd_month": xlsx.T(units.NoPrice), "kw": xlsx.T(units.Unknown)}
		if o.Priced {
			still["usd_month"] = xlsx.N(o.USDPerMonth).As(xlsx.Cents)
		}
		if o.Powered {
			still["kw"] = xlsx.N(o.KW).As("0.00")
		}
		live := func(id string) *xlsx.Cell {
			if at < 0 {
				return still[id]
			}
			col, ok := w.fleetColumn[id]
			if !ok {
				return xlsx.T(missing(id))
			}
			ref, now := xlsx.Ref(fleetName, col, w.fleetRow+at), w.books[at].Value(id)
			if now != now {
				return xlsx.FT(ref, missing(id))
			}
			return xlsx.F(ref, now).As(format(w.books[at].UnitOf(id)))
		}
		s.Add(xlsx.T(k.Letter).Bold(), xlsx.T(k.Why), xlsx.T(export.GPUName(o.GPU)), xlsx.T(export.Layout(o.Layout)),
			live("gpus"), live("nodes"), live("usd_month"), live("kw"),
			xlsx.N(o.At.TTFT.At(pct)).As("0.000"), xlsx.N(o.At.ITL.Known().At(pct)*1e3).As("0.0"), xlsx.N(o.At.E2E.At(pct)).As("0.00"), xlsx.T(export.Tier(o)))
	}
	return s
}

// table is what the engine found for every accelerator, as values.
func (w *writer) table() *xlsx.Sheet {
	p := w.p
	pct := p.Req.Targets.Percentile
	word := export.Percentile(pct)
	s := &xlsx.Sheet{Name: "GPU table", FreezeRows: 3, FreezeCols: 1,
		Widths: []float64{22, 24, 10, 10, 10, 10, 10, 10, 14, 14, 12, 12, 12, 14, 10, 14, 10, 22, 24, 12, 12, 12}}
	s.Add(xlsx.T("GPU table").Large())
	s.Add(xlsx.T("Values of the day of the export, as the engine found them. The Fleet sheet recomputes counts and cost.").Muted())
	s.Add(xlsx.Head("GPU", "Catalog id", "TP", "PP", "Replicas", "Spare", "GPUs", "Nodes", "req/s a replica", "req/s a GPU", "TTFT "+word+", s", "ITL "+word+", ms", "Answer "+word+", s",
		"USD a month", "kW", "Weights", "KV", "First limit", "Confidence", "GPUs, low", "GPUs, high", "Memory, GB")...)
	for i := range p.Answer.Options {
		o := &p.Answer.Options[i]
		price, power := xlsx.T(units.NoPrice), xlsx.T(units.Unknown)
		if o.Priced {
			price = xlsx.N(o.USDPerMonth).As(xlsx.Cents)
		}
		if o.Powered {
			power = xlsx.N(o.KW).As("0.00")
		}
		whole := func(n int) *xlsx.Cell { return xlsx.N(float64(n)).As(xlsx.Whole) }
		s.Add(xlsx.T(export.GPUName(o.GPU)).Bold(), xlsx.T(o.GPU.ID).Muted(), whole(o.Layout.TP), whole(o.Layout.PP), whole(o.Replicas), whole(o.ReplicasSpare), whole(o.GPUs), whole(o.Nodes),
			xlsx.N(o.ReplicaRate).As(xlsx.Fine), xlsx.N(o.ReqPerSPerGPU).As(xlsx.Fine), xlsx.N(o.At.TTFT.At(pct)).As("0.000"), xlsx.N(o.At.ITL.Known().At(pct)*1e3).As("0.00"), xlsx.N(o.At.E2E.At(pct)).As("0.00"),
			price, power, xlsx.T(export.Weights(o.Weights)), xlsx.T(string(o.KV)), xlsx.T(o.FirstLimit()), xlsx.T(export.Tier(o)),
			xlsx.N(o.GPURange.Low).As(xlsx.Whole), xlsx.N(o.GPURange.High).As(xlsx.Whole), xlsx.N(o.Memory.Capacity/1e9).As("0.0"))
	}
	if list := export.NotViable(&p.Answer); len(list) > 0 {
		s.Add()
		s.Add(xlsx.T("Not viable").Bold())
		s.Add(xlsx.Head("GPU", "Catalog id", "Reason")...)
		for _, x := range list {
			s.Add(xlsx.T(export.GPUName(x.GPU)), xlsx.T(x.GPU.ID).Muted(), xlsx.T(x.Text))
		}
	}
	return s
}

// assumptions is the register.
func (w *writer) assumptions() *xlsx.Sheet {
	rows := export.Register(w.p)
	s := &xlsx.Sheet{Name: "Assumptions", Widths: []float64{30, 44, 14, 28, 60, 60}, FreezeRows: 3}
	s.Add(xlsx.T("Assumptions").Large())
	s.Add(xlsx.T(export.StatusText(rows) + ". Confirmed: by the customer; default: nobody has stated it.").Muted())
	s.Add(xlsx.Head("Input", "Value", "Status", "Owner or next step", "Ask the customer", "Why it matters")...)
	for _, a := range rows {
		q := export.QuestionOf(a.ID)
		s.Add(xlsx.T(a.Name), xlsx.T(a.Value).Wrap(), xlsx.T(string(a.Status)), xlsx.T(a.Next), xlsx.T(q.Ask).Wrap(), xlsx.T(q.Why).Wrap())
	}
	return s
}

// materials is what to buy or rent for the option shown.
func (w *writer) materials() *xlsx.Sheet {
	s := &xlsx.Sheet{Name: "BOM", Widths: []float64{46, 16, 14, 60}, FreezeRows: 3}
	s.Add(xlsx.T("Bill of materials").Large())
	s.Add(xlsx.T("For the option shown in Summary; counts follow the Inputs sheet.").Muted())
	s.Add(xlsx.Head("Item", "Count", "Unit", "Note")...)
	if len(w.books) == 0 {
		return s
	}
	o := w.p.Best()
	add := func(item, id, unit, note string) {
		if cell, ok := w.result(id); ok {
			s.Add(xlsx.T(item), cell, xlsx.T(unit), xlsx.T(note).Muted())
		}
	}
	add("Servers", "nodes", "nodes", "with "+export.Count(max(1, o.GPU.GPUsPerNode), "GPU")+" each for "+export.GPUName(o.GPU)+", spare nodes included")
	add("Accelerators in use and spare", "gpus", "GPUs", "replicas with their spares")
	add("Accelerators paid for", "gpus_paid", "GPUs", "with those of spare nodes")
	add("Model replicas", "replicas", "replicas", w.p.Req.Model.Name+", "+export.Layout(o.Layout)+", "+export.Weights(o.Weights)+" weights")
	add("Power at the wall", "kw", "kW", o.PowerBasis)
	add("Energy", "kwh_month", "kWh a month", "")
	add("Purchase", "up_front", "USD", "")
	add("Cost", "usd_month", "USD a month", "a month is 730 h")
	return s
}
