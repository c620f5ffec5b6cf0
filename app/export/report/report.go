package report

import (
	"strings"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/app/export/deploy"
	"fleetsize/app/export/qr"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// chartWidth is the width of drawings in CSS pixels: the text column of a page.
const chartWidth = 700

// phoneWidth is that of the drawings shown in place of them on phones.
const phoneWidth = 300

// Pages is the report as markup: one article a page.
func Pages(p *export.Proposal) string { return settle(pages(p), false) }

// Preview is Pages for the screen, with numbers to press.
func Preview(p *export.Proposal) string { return settle(pages(p), true) }

func pages(p *export.Proposal) string {
	pages := []string{first(p)}
	if o := p.Best(); o != nil {
		pages = append(pages, options(p, o), money(p, o))
	}
	lines := room(p)
	pages = append(pages, accelerators(p, lines)...)
	pages = append(pages, register(p, lines)...)
	if o := p.Best(); o != nil {
		pages = append(pages, formulas(p, o)...)
		pages = append(pages, start(p, o))
	}
	return bound(p, pages)
}

// bound puts the footer under each page.
func bound(p *export.Proposal, pages []string) string {
	code := code(p)
	var b strings.Builder
	for i, body := range pages {
		b.WriteString(el("article", "leaf", body, foot(p, code, i+1, len(pages))))
	}
	return el("div", "paper", b.String())
}

// code is the link as a QR code; "" where a reader could not open the link.
func code(p *export.Proposal) string {
	if !strings.HasPrefix(p.Link, "http") {
		return ""
	}
	c, err := qr.Encode(p.Link)
	if err != nil {
		return ""
	}
	return c.SVG(codeClasses[size(c.Version)], "The link as a QR code")
}

// codeClasses are the sizes a code is printed in: about 0.3 mm a module.
var codeClasses = [...]string{"qr", "qr q1", "qr q2", "qr q3"}

func size(version int) int {
	switch {
	case version > 20:
		return 3
	case version > 12:
		return 2
	case version > 6:
		return 1
	}
	return 0
}

// room is how many table lines a page takes, heading and footer apart, on the
// shorter of the two papers (Letter). A long link has a large code.
func room(p *export.Proposal) int {
	lines := 30
	if strings.HasPrefix(p.Link, "http") {
		if c, err := qr.Encode(p.Link); err == nil {
			lines -= [...]int{0, 1, 2, 4}[size(c.Version)]
		}
	}
	return lines - visible(p.Link)/450
}

func foot(p *export.Proposal, code string, page, pages int) string {
	facts := "Data of " + p.Catalog().Date
	if p.Version != "" {
		facts += " · engine " + p.Version
	}
	if p.Day != "" {
		facts += " · " + export.Day(p.Day)
	}
	facts += " · page " + units.Count(float64(page)) + " of " + units.Count(float64(pages))
	address := text("b", "", p.Link)
	if strings.HasPrefix(p.Link, "http") {
		address = `<a href="` + escape(p.Link) + `">` + escape(p.Link) + `</a>`
	}
	return el("footer", "", el("div", "", el("p", "url", address), text("p", "", facts), text("p", "", export.Disclaimer)), code)
}

// head is the line above the first page.
func head(p *export.Proposal) string {
	day := "LLM inference sizing"
	if p.Day != "" {
		day += " · " + export.Day(p.Day)
	}
	return el("header", "row", text("b", "", p.Title()), text("span", "mut end", day))
}

// first is the sentence, the figures, the price of latency and the paragraph
// for a tender.
func first(p *export.Proposal) string {
	say := ""
	for _, part := range export.Sentence(p) {
		if part.Strong {
			say += text("b", "", part.Text)
		} else {
			say += escape(part.Text)
		}
	}
	body := head(p) + el("h2", "say", say)
	o := p.Best()
	if o == nil {
		return body
	}
	body += figures(p, o)
	if len(p.Price) > 0 {
		body += figureOf(export.PriceFinding(p.Price, p.Req.Targets.TTFT, nil), export.PriceBasis(p), func(width float64) *chart.Chart {
			return chart.Lines(export.PriceSpec(p, "report-price", "target", "target"), width)
		})
	}
	body += el("section", "blk-h", text("h3", "", "For your proposal"), text("p", "", export.RFP(p)))
	return body + worthKnowing(o)
}

// worthKnowing lists the warnings of an answer.
func worthKnowing(o *fleet.Option) string {
	if len(o.Warnings) == 0 {
		return ""
	}
	list := ""
	for _, w := range o.Warnings {
		list += text("li", "", w.Text)
	}
	return el("section", "blk-h", text("h3", "", "Worth knowing"), el("ul", "dots sm", list))
}

// figureOf is a chart under its finding, drawn for paper and for phones; the style
// sheet shows one.
func figureOf(finding, basis string, draw func(width float64) *chart.Chart) string {
	return el("figure", "fig", el("figcaption", "", text("h2", "", finding), text("p", "", basis)),
		el("div", "onpaper", draw(chartWidth).Picture("")), el("div", "onphone", draw(phoneWidth).Picture("-phone")))
}

// memoryChart draws the memory of one replica.
func memoryChart(o *fleet.Option) func(width float64) *chart.Chart {
	return func(width float64) *chart.Chart { return export.MemoryChart(o, width, false) }
}

// options are the proposed options, targets with verdicts, cost and the bill of
// materials of the recommended one.
func options(p *export.Proposal, o *fleet.Option) string {
	pct := p.Req.Targets.Percentile
	word := export.Percentile(pct)
	var rows [][]cell
	for _, k := range p.Picks() {
		pick := func(id, text string) cell {
			if !strings.ContainsAny(text, "0123456789") {
				return number(text)
			}
			if len(p.Pinned) > 0 && k.Letter != "A" { // an answer of its own
				return number(mark(strings.ToLower(k.Letter)+"."+explain.Ref(id, "", ""), text))
			}
			return numbered(id, k.Option.GPU.ID, text)
		}
		rows = append(rows, []cell{
			{"", el("span", "gpu", el("span", "opt", escape(k.Letter))+" "+escape(k.Why))},
			plain(export.Fleet(k.Option) + " " + export.GPUName(k.Option.GPU)), pick("gpus", export.GPUs(k.Option)), pick("nodes", units.Count(float64(k.Option.Nodes))), pick("usd_month", export.Money(k.Option)),
			pick("ttft", units.Duration(k.Option.At.TTFT.At(pct), 2)), pick("itl", units.Duration(k.Option.At.ITL.Known().At(pct), 2)), {"", badge(kind(k.Option.Tier), export.Tier(k.Option))},
		})
	}
	title := "Options for the same requirement"
	if len(p.Pinned) > 0 {
		title = "Options"
	}
	body := text("h2", "", title) +
		table(heads("Option", "Fleet", "#GPUs", "#Nodes", "#A month", "#TTFT "+word, "#Per token "+word, "Confidence"), rows)

	rows = nil
	for _, k := range export.KPIs(p, o) {
		verdict := ""
		switch k.Met {
		case 1:
			verdict = badge("s1", k.Verdict)
		case -1:
			verdict = badge("s2", k.Verdict)
		default:
			verdict = text("span", "mut", k.Verdict)
		}
		rows = append(rows, []cell{plain(k.Name), number(k.Target), numbered(k.Ref, o.GPU.ID, k.Value), {"", verdict}})
	}
	body += text("h2", "", "Targets and verdicts, "+export.GPUName(o.GPU)) + table(heads("Figure", "#Target", "#Value", "Verdict"), rows)

	return body + text("h2", "", "Bill of materials") + table(heads("Item", "#Count", "Note"), materials(p, o))
}

// money is what the recommended option and its work cost, what it draws, and
// how it grows.
func money(p *export.Proposal, o *fleet.Option) string {
	var rows [][]cell
	for _, l := range export.Costs(o) {
		value := number(l.Value)
		if l.Ref != "" {
			value = numbered(l.Ref, o.GPU.ID, l.Value)
		}
		rows = append(rows, []cell{plain(l.Name), value, muted(l.Basis)})
	}
	body := text("h2", "", "Cost and power, "+export.GPUName(o.GPU)) + table(heads("Figure", "#Value", "Basis"), rows)
	if s := &o.Pipeline; len(s.Stages) > 0 || s.Retrieval > 0 {
		rows = nil
		if s.Retrieval > 0 {
			rows = append(rows, []cell{plain("Retrieval"), muted("index"), number("0"), number(units.Duration(s.Retrieval, 2))})
		}
		for _, st := range s.Stages {
			rows = append(rows, []cell{plain(string(st.Kind)), plain(st.Name), number(units.Count(float64(st.GPUs))), number(units.Duration(st.Latency, 2))})
		}
		body += text("h2", "", "Before the model: "+units.Duration(s.Ahead, 2)) + table(heads("Stage", "Model", "#GPUs", "#Time"), rows)
	}
	if r := &p.Req; r.Posture.Growth > 0 && r.Posture.Years >= 2 && r.Demand.Kind != "" {
		g := o.Growth(r, r.Posture.Years)
		rows = nil
		for _, y := range g.Years {
			year := func(id, s string) cell {
				return number(mark(explain.Ref(id, o.GPU.ID, units.Plain(float64(y.Year))), s))
			}
			usd := number(units.NoPrice)
			if g.Priced {
				usd = year("growth_usd", units.USD(y.USD))
			}
			rows = append(rows, []cell{plain(units.Count(float64(y.Year))), year("growth_peak", units.Sig(y.Peak, 3)), year("growth_gpus", units.Count(float64(y.GPUs))),
				year("growth_buy", units.Count(float64(y.Buy))), year("growth_nodes", units.Count(float64(y.Nodes))), usd})
		}
		body += text("h2", "", "Growth of "+units.Percent(r.Posture.Growth)+" a year") + table(heads("Year", "#Peak", "#GPUs", "#To add", "#Nodes", "#Cost in the year"), rows)
		if g.Priced {
			last := func(id string) string { return explain.Ref(id, o.GPU.ID, units.Plain(float64(len(g.Years)))) }
			body += text("p", "sm mut", "Adding as needed costs "+mark(last("growth_total"), units.USD(g.Total))+" over the years, everything from the start "+mark(last("growth_all_usd"), units.USD(g.AllTotal))+".")
		}
	}
	return body
}

// materials is what to buy or rent.
func materials(p *export.Proposal, o *fleet.Option) [][]cell {
	n := func(x int) cell { return number(units.Count(float64(x))) }
	per := max(1, o.GPU.GPUsPerNode)
	rows := [][]cell{
		{plain("Servers with " + export.Count(per, "GPU") + " each"), n(o.Nodes), muted(spareNodes(p.Req.Posture.SpareNodes))},
		{plain(o.GPU.Name), n(o.GPUs), muted(export.Count(o.Replicas, "replica") + " of " + export.Layout(o.Layout) + ", " + units.Count(float64(o.ReplicasSpare)) + " spare")},
	}
	if paid := o.Bill.GPUs; paid > o.GPUs {
		rows = append(rows, []cell{plain("GPUs paid for"), n(paid), muted("with spare nodes and what runs before the model")})
	}
	return rows
}

func spareNodes(n int) string {
	if n == 0 {
		return "no spare server"
	}
	return export.Count(n, "spare server") + " included"
}

// start is how to begin: the engine's command and the sources.
func start(p *export.Proposal, o *fleet.Option) string {
	starts := deploy.For(o, &p.Req).Starts(nil)
	body := text("h2", "", "Starting point for deployment")
	s := starts[0]
	body += text("p", "sm mut", "One replica with "+s.Name+" as the estimate assumed it. Check every flag against the release you run.") + el("pre", "eq", escape(strings.TrimSpace(s.Text)))
	if len(s.Notes) > 0 {
		list := ""
		for _, n := range s.Notes {
			list += text("li", "", n)
		}
		body += el("ul", "dots sm", list)
	}
	return body + sources(p, o)
}

// sources are where the figures of the recommended option come from.
func sources(p *export.Proposal, o *fleet.Option) string {
	var rows [][]cell
	add := func(what, source string) {
		if source != "" {
			rows = append(rows, []cell{plain(what), muted(source)})
		}
	}
	if f := o.Profile; f != nil {
		basis := f.Source
		if f.Rows > 0 {
			basis += " (" + units.Count(float64(f.Rows)) + " measured rows)"
		}
		add("Speed: "+f.Label, basis)
	}
	if q := o.Bill.Quote; o.Priced {
		source := q.Source
		if q.AsOf != "" {
			source += ", " + export.Day(q.AsOf)
		}
		add("Price", source)
	}
	if f := o.GPU.AllInKW; f != nil {
		add("Power", f.Source+", "+export.Day(f.AsOf))
	}
	for i, s := range o.GPU.Sources {
		if i < 3 {
			add(o.GPU.Name, s)
		}
	}
	for i, s := range p.Req.Model.Sources {
		if i < 3 {
			add(p.Req.Model.Name, s)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return text("h2", "", "Sources") + table(heads("About", "Source"), rows)
}
