package views

import (
	"math"
	"strings"

	"fleetsize/calc/explain"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// formats are the precisions an accelerator may have units for.
var formats = []catalog.Precision{catalog.BF16, catalog.FP8, catalog.INT8, catalog.MXFP4}

// keeps reports whether the accelerator table shows g; what is no number does
// not filter.
func (d *dataState) keeps(g *catalog.GPU) bool {
	f := catalog.GPUFilter{Query: d.query, Vendor: d.vendor, Format: catalog.Precision(d.format)}
	if x, err := units.ParseNumber(d.memory); err == nil {
		f.Memory = x * 1e9
		if d.binary {
			f.Memory = x * (1 << 30)
		}
	}
	if x, err := units.ParseNumber(d.since); err == nil && x > 1900 {
		f.Since = int(math.Ceil(min(x, 1e6)))
	}
	return f.Keeps(g)
}

// dataGPUs is the table of accelerators.
func (v *Page) dataGPUs() app.UI {
	d := &v.data
	d.binary = v.gib
	unit, size := v.memoryUnit()
	cat := v.s.Catalog()
	vendorOptions := []option{{id: "", label: "All", on: d.vendor == ""}}
	for _, name := range vendors(cat) {
		vendorOptions = append(vendorOptions, option{id: name, label: name, on: name == d.vendor})
	}
	formatOptions := []option{{id: "", label: "Any", on: d.format == ""}}
	for _, p := range formats {
		formatOptions = append(formatOptions, option{id: string(p), label: precisionName(p), on: string(p) == d.format})
	}
	var list []*catalog.GPU
	for _, g := range cat.GPUs {
		if d.keeps(g) {
			list = append(list, g)
		}
	}
	columns := v.gpuColumns("Memory, " + unit)
	list = ordered(d, columns, list)
	var body []app.UI
	for i, g := range list {
		if i >= max(d.shown, pageRows) {
			break
		}
		body = append(body, v.gpuRow(g, "Memory, "+unit, size))
		if d.open == g.ID {
			body = append(body, factsRow(10, v.gpuFacts(g), g.Sources, g.Notes))
		}
	}
	title := countText(len(list)) + " accelerators"
	if len(list) == 0 {
		title = "No accelerator is like that: widen a filter"
	}
	return el("section", "fig",
		node("div", "row", leaf("h2", "", title), node("div", "end row",
			v.sheetOf("gpus-csv", "fleetsize-accelerators.csv", func() string { return gpusCSV(list) }),
			button("btn sm", iconPlus(), txt("Add a GPU")).ID("data-add-gpu").OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "gpu-dialog") }))),
		node("div", "row filters",
			v.search("gpus-search", "Search accelerators", d.query, func(x string) { d.query = x }),
			v.filter("gpus-vendor", "Vendor", vendorOptions, func(x string) { d.vendor = x }),
			v.small("gpus-memory", "Memory from", unit, d.memory, func(x string) { d.memory = x }),
			v.filter("gpus-format", "Computes in", formatOptions, func(x string) { d.format = x }),
			v.small("gpus-since", "Since", "year", d.since, func(x string) { d.since = x }),
		),
		node("div", "tb", el("table", "tbl cards",
			leaf("caption", "sr", title),
			node("thead", "", node("tr", "", append(append([]app.UI{colHead("", "GPU")}, sortHeads(d, columns)...), colHead("", "Confidence"))...)),
			node("tbody", "", body...),
		).Attr("hidden", flag(len(list) == 0))),
		v.moreRows("gpus-more", len(list)),
	).ID("data-gpus")
}

// gpuColumns are the numbers of the table.
func (v *Page) gpuColumns(memory string) []dataColumn[*catalog.GPU] {
	return []dataColumn[*catalog.GPU]{
		{memory, "", false, func(g *catalog.GPU) float64 { return g.MemoryBytes }},
		{"TB/s", "", false, func(g *catalog.GPU) float64 { return g.BandwidthBytesPerS }},
		{"BF16 TFLOPS", "lg", false, func(g *catalog.GPU) float64 { return g.HalfFLOPS() }},
		{"FP8 TFLOPS", "lg", false, func(g *catalog.GPU) float64 { return g.DenseFLOPS.FP8 }},
		{"Link, GB/s", "lg", false, func(g *catalog.GPU) float64 { return g.LinkBytesPerS }},
		{"W", "", true, func(g *catalog.GPU) float64 { return g.TDPWatts }},
		{"$/h", "", true, v.rentOf},
		{"Year", "lg", false, func(g *catalog.GPU) float64 { return float64(g.LaunchYear) }},
	}
}

// rentOf is the hourly rent of an accelerator in USD under the sizing's prices, 0
// without one.
func (v *Page) rentOf(g *catalog.GPU) float64 {
	if q, ok := v.s.Req.Money.Quote(g); ok && !v.s.Req.Money.Owned() {
		return q.USD
	}
	if g.Rent != nil {
		return g.Rent.USD
	}
	return 0
}

func (v *Page) gpuRow(g *catalog.GPU, memory string, size float64) app.UI {
	class := ""
	if v.data.open == g.ID {
		class = "open"
	}
	rent := units.NoPrice
	if x := v.rentOf(g); x > 0 {
		rent = units.Fixed(x, 2)
	}
	year := "–"
	if g.LaunchYear > 0 {
		year = units.Plain(float64(g.LaunchYear))
	}
	status := confidenceWord(g.Confidence)
	if g.Status != "shipping" && g.Status != "" {
		status += ", " + g.Status
	}
	cell := func(label, class, id, text string) app.UI { return v.catalogCell(label, class, id, g.ID, text) }
	return el("tr", class,
		el("th", "", node("span", "gpu", v.openFacts(g.ID, gpuName(g)), node("span", "", txt(gpuName(g)), leaf("span", "mut sm", " "+g.Vendor+" "+g.Architecture)))).Attr("scope", "row"),
		cell(memory, "", "memory", units.Sig(g.MemoryBytes/size, 4)), cell("TB/s", "", "bandwidth", units.SigFixed(g.BandwidthBytesPerS/1e12, 3)),
		cell("BF16 TFLOPS", "lg", "half", tera(g.HalfFLOPS())), cell("FP8 TFLOPS", "lg", "fp8", tera(g.DenseFLOPS.FP8)),
		cell("Link, GB/s", "lg", "link", giga(g.LinkBytesPerS)), cell("W", "", "watts", orUnknown(g.TDPWatts)), cell("$/h", "", "rent", rent), cell("Year", "lg", "year", year),
		leaf("td", "sm", status),
	).DataSet("accelerator", g.ID)
}

// catalogCell is a figure of the catalog in a table; a number says where it is
// from. The Tab key reaches those of the open row.
func (v *Page) catalogCell(label, class, id, about, text string) app.UI {
	body := app.UI(txt(text))
	if strings.ContainsAny(text, "0123456789") {
		body = numIn(explain.Ref("cat_"+id, "", about), text, v.data.open == about)
	}
	return el("td", "num "+class, body).DataSet("l", label)
}

// wholeText is a number of a column of whole numbers; small ones keep a digit.
func wholeText(x float64) string {
	if x < 20 {
		return units.Sig(x, 3)
	}
	return units.Count(x)
}

func tera(x float64) string {
	if x > 0 {
		return wholeText(x / 1e12)
	}
	return "none"
}

func giga(x float64) string {
	if x > 0 {
		return wholeText(x / 1e9)
	}
	return "none"
}

func orUnknown(x float64) string {
	if x > 0 {
		return units.Sig(x, 4)
	}
	return units.Unknown
}

// confidenceWord is how sure a catalog entry is.
func confidenceWord(c string) string {
	switch c {
	case "high":
		return "Sources agree"
	case "medium":
		return "One source"
	case "low":
		return "Unconfirmed"
	}
	return upperFirst(c)
}

// gpuFacts are all figures of an accelerator.
func (v *Page) gpuFacts(g *catalog.GPU) []fact {
	sheet := "data sheet, pack of " + day(v.s.Catalog().Date)
	usable := sheet
	if g.UsableEstimated {
		usable = "derived: no published figure"
	}
	unit, size := v.memoryUnit()
	list := []fact{
		{"Memory as sold", units.Sig(g.MemoryBytes/size, 4) + " " + unit + " " + g.MemoryType, sheet},
		{"Memory usable", units.Sig(g.UsableBytes/size, 4) + " " + unit, usable},
		{"Bandwidth", units.Sig(g.BandwidthBytesPerS/1e12, 4) + " TB/s", sheet},
	}
	f := g.DenseFLOPS
	for _, q := range []struct {
		name string
		x    float64
	}{{"FP32", f.FP32}, {"TF32", f.TF32}, {"FP16", f.FP16}, {"BF16", f.BF16}, {"FP8", f.FP8}, {"INT8", f.INT8}, {"FP6", f.FP6}, {"FP4", f.FP4}} {
		if q.x > 0 {
			list = append(list, fact{q.name + ", dense", units.Sig(q.x/1e12, 4) + " TFLOPS", sheet})
		}
	}
	link := "none beyond PCIe"
	if g.LinkBytesPerS > 0 {
		link = units.Sig(g.LinkBytesPerS/1e9, 4) + " GB/s one way over " + g.LinkType + ", " + countText(g.LinkDomain) + " GPUs"
	}
	list = append(list, fact{"Link", link, sheet}, fact{"PCIe", orEmpty(g.PCIeBytesPerS/1e9, " GB/s one way"), sheet},
		fact{"Rated power", orEmpty(g.TDPWatts, " W"), sheet}, fact{"GPUs in a server", countText(g.GPUsPerNode), sheet})
	if a := g.AllInKW; a != nil {
		list = append(list, fact{"Power, cooling included", units.Sig(a.Value, 3) + " kW", join(", ", a.Source, day(a.AsOf))})
	}
	list = append(list, priceFact("Rent", g.Rent, " USD per GPU-hour"), priceFact("Purchase", g.Purchase, " USD per GPU"))
	return list
}

func orEmpty(x float64, unit string) string {
	if x > 0 {
		return units.Sig(x, 4) + unit
	}
	return "not published"
}

func priceFact(name string, p *catalog.Price, unit string) fact {
	if p == nil {
		return fact{name, units.NoPrice, ""}
	}
	text := units.Sig(p.USD, 4) + unit
	if p.High > p.Low && p.Low > 0 {
		text += " (seen " + units.Sig(p.Low, 3) + " to " + units.Sig(p.High, 3) + ")"
	}
	return fact{name, text, join(", ", p.Source, day(p.AsOf))}
}

// gpusCSV is the table with exact numbers.
func gpusCSV(list []*catalog.GPU) string {
	var b strings.Builder
	b.WriteString("id,name,vendor,architecture,class,status,memory_gb,usable_gb,bandwidth_gb_s,bf16_tflops,fp8_tflops,fp4_tflops,link_gb_s,link_domain,tdp_w,gpus_per_node,usd_per_hour,price_as_of,usd_purchase,year,confidence\r\n")
	for _, g := range list {
		rent, asOf, buy := "", "", ""
		if g.Rent != nil {
			rent, asOf = units.Plain(g.Rent.USD), g.Rent.AsOf
		}
		if g.Purchase != nil {
			buy = units.Plain(g.Purchase.USD)
		}
		b.WriteString(csvLine(g.ID, g.Name, g.Vendor, g.Architecture, g.Class, g.Status, plainOr(g.MemoryBytes/1e9), plainOr(g.UsableBytes/1e9), plainOr(g.BandwidthBytesPerS/1e9),
			plainOr(g.HalfFLOPS()/1e12), plainOr(g.DenseFLOPS.FP8/1e12), plainOr(g.DenseFLOPS.FP4/1e12), plainOr(g.LinkBytesPerS/1e9), countText(g.LinkDomain), plainOr(g.TDPWatts), countText(g.GPUsPerNode),
			rent, asOf, buy, plainOr(float64(g.LaunchYear)), g.Confidence))
	}
	return b.String()
}

// plainOr is a number for a file, empty where it is not known.
func plainOr(x float64) string {
	if x > 0 {
		return units.Plain(units.Round(x, 9))
	}
	return ""
}

// csvLine is one line with quotes where needed; a cell that a spreadsheet
// would take for a formula starts with an apostrophe.
func csvLine(cells ...string) string {
	for i, c := range cells {
		if c != "" && strings.IndexByte("=+-@\t\r", c[0]) >= 0 {
			if _, err := units.ParseNumber(c); err != nil {
				c = "'" + c
			}
		}
		if strings.ContainsAny(c, ",\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		cells[i] = c
	}
	return strings.Join(cells, ",") + "\r\n"
}
