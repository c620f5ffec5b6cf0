package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/sizingchart"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// chartPage is the part of the How view that compares with a sizing chart, as
// the link names it: t=how&x=chart.
const chartPage = "chart"

// howPage is the part of the How view that is looked at.
func (v *Page) howPage() string {
	if v.view() == viewHow && v.s.State.Open == chartPage {
		return chartPage
	}
	return ""
}

// howNav leads to the parts of the How view.
func (v *Page) howNav() app.UI {
	now := v.howPage()
	parts := []option{
		{id: "law", label: "How and how well", on: now == ""},
		{id: chartPage, label: "The sizing chart", on: now == chartPage},
	}
	return node("div", "row", v.radios("seg", "Part of this view", "how", parts, func(ctx app.Context, id string) {
		if id != chartPage {
			id = ""
		}
		v.setOpen(id)
	}))
}

// askChart has the chart compared, once.
func (v *Page) askChart() {
	h := &v.how
	if app.IsServer || h.asked || len(h.chart) == len(sizingchart.Rows()) {
		return
	}
	h.asked = true
	v.compute(worker.StudyRequest{Chart: true}, func(r worker.StudyReply) bool {
		switch r.Stage {
		case worker.StudyChart:
			h.chart = r.Chart
		case worker.StudyFailed:
			h.chartFault, h.asked = upperFirst(r.Error)+".", false
		}
		h.rev++
		return true
	})
}

// compute answers a request in a worker of its own that ends with it, or here
// where there is none to start.
func (v *Page) compute(r worker.StudyRequest, take func(worker.StudyReply) bool) {
	here := func() {
		go func() {
			trouble := guarded(func() {
				worker.Study(v.s.shipped, r, func(reply worker.StudyReply) bool {
					woken := make(chan bool, 1)
					v.later(func(app.Context) { woken <- take(reply) })
					return <-woken
				})
			})
			if trouble != "" {
				v.later(func(app.Context) { take(worker.StudyReply{Stage: worker.StudyFailed, Error: trouble, Last: true}) })
			}
		}()
	}
	var c *client
	over := false
	end := func() {
		if c != nil && !over {
			over = true
			c.stop()
		}
	}
	c = newClient(func(text string) {
		v.root.Dispatch(func(app.Context) {
			reply, ok := worker.DecodeStudyReply(text)
			if over {
				return
			}
			if !ok || !take(reply) || reply.Last {
				end()
			}
			if !ok {
				here()
			}
		})
	}, func() { v.root.Dispatch(func(app.Context) { end(); here() }) })
	if c == nil {
		here()
		return
	}
	if text, err := worker.EncodeStudy(r); err == nil {
		c.post(text)
	}
}

// howChart is the page of the sizing chart.
func (v *Page) howChart() app.UI {
	h := &v.how
	rows := sizingchart.Rows()
	state := "computing"
	if len(h.chart) == len(rows) {
		state = "final"
	}
	var body []app.UI
	for i := range rows {
		var c *sizingchart.Compared
		if i < len(h.chart) {
			c = &h.chart[i]
		}
		body = append(body, chartRow(&rows[i], c)...)
	}
	th := []app.UI{colHead("", "req/s per GPU"), colHead("num", "Chart"), colHead("num", "Ours"), colHead("num", "Ours ÷ chart")}
	return el("section", "fig",
		node("div", "row", heading(chartFinding(h.chart, len(rows))), node("div", "end row", csvButton("sizing-chart-csv", func() string { return chartCSV(v.how.chart) }, v, "fleetsize-sizing-chart.csv"))),
		leaf("p", "mut sm", "Requests per second per GPU and GPUs for 10 req/s, prompts of 5,000 tokens and answers of 500, first token within 0.5 or 3 s on average. The chart states neither precision nor layout: ours is NIM with FP8 on Hopper, 16 bit elsewhere, the best tensor-parallel size, no margin but the 85 % of capacity that is the most we plan with. Every figure of ours is computed as you look."),
		el("p", "msg", txt(h.chartFault)).Role("alert").Attr("hidden", flag(h.chartFault == "")),
		el("div", "scroll", node("table", "tbl data bychart", leaf("caption", "sr", "Sizing chart and our figures"), node("thead", "", node("tr", "", th...)), node("tbody", "", body...))).
			TabIndex(0).Role("region").Aria("label", "Sizing chart and our figures"),
		leaf("p", "mut xs", "Source: "+sizingchart.Source+"."),
	).ID("sizing-chart").DataSet("state", state)
}

// printedCount is a number as the chart prints it, with thousands separated.
func printedCount(text string) string {
	x, err := units.ParseNumber(text)
	_, decimals, _ := strings.Cut(text, ".")
	if err != nil {
		return text
	}
	return units.Fixed(x, len(decimals))
}

// chartRow is a row of figures and one with what explains it; c is nil as long
// as it is not computed.
func chartRow(r *sizingchart.Row, c *sizingchart.Compared) []app.UI {
	under := func(class, text, small string) app.UI {
		return node("td", class, txt(text), leaf("span", "rangeof", small))
	}
	name := []app.UI{txt(r.Model), leaf("span", "rangeof", r.GPU+", "+nobreak("within "+units.Duration(r.TTFT, 2)))}
	chart := td("num mut", "no figure")
	if r.Rate.OK {
		chart = under("num", r.Rate.Text, printedCount(r.GPUs.Text)+"\u00a0GPUs")
	}
	if c == nil {
		return []app.UI{node("tr", "", el("th", "", name...).Attr("scope", "row"), chart, td("num", "…"), td("num", "…"))}
	}
	ours, ratio := td("num mut", "no layout"), td("num mut", "none")
	if c.Ours.OK {
		ours = under("num", units.SigFixed(c.Ours.Rate, 3), units.SigFixed(c.Ours.GPUs, 3)+"\u00a0GPUs, "+layoutSize(c.Ours.TP))
	}
	if c.Ratio > 0 {
		ratio = td("num", units.SigFixed(c.Ratio, 2)+"×")
	}
	var why []app.UI
	for _, f := range c.Findings {
		why = append(why, el("p", "", txt(f.Text)).DataSet("finding", f.Code))
	}
	// A link of the page's own: the address changes, which the page follows and
	// the browser can go back from. go-app would take an anchor for itself.
	name = append(name, button("lnk xs", txt("Open in Size")).Aria("label", "Open in Size: "+r.Model+" on "+r.GPU).DataSet("open-link", c.Link).
		OnClick(func(ctx app.Context, e app.Event) { app.Window().Get("location").Set("hash", c.Link) }, app.EventScope("chart-open", c.Link)))
	return []app.UI{
		node("tr", "first", el("th", "", name...).Attr("scope", "row"), chart, ours, ratio),
		node("tr", "", el("td", "wrap sm mut", why...).Attr("colspan", "4")),
	}
}

func layoutSize(tp int) string { return "TP" + countText(tp) }

// chartFinding sums the rows up in a sentence.
func chartFinding(rows []sizingchart.Compared, all int) string {
	if len(rows) < all {
		return "A known sizing chart against our figures"
	}
	n := map[string]int{}
	stated := 0
	for i := range rows {
		if rows[i].Rate.OK {
			stated++
		}
		for _, f := range rows[i].Findings {
			n[f.Code]++
		}
	}
	parts := []string{countText(n[sizingchart.Agrees]) + " of " + countText(stated) + " rows of a known sizing chart lie within 25 % of our figures"}
	if k := n[sizingchart.OneStream]; k > 0 {
		parts = append(parts, countText(k)+" are one request at a time")
	}
	if k := n[sizingchart.Contradicts]; k == 1 {
		parts = append(parts, "one contradicts itself")
	} else if k > 1 {
		parts = append(parts, countText(k)+" contradict themselves")
	}
	return strings.Join(parts, ", ")
}

// chartCSV is the comparison as a table.
func chartCSV(rows []sizingchart.Compared) string {
	var b strings.Builder
	b.WriteString(strings.Join(sizingchart.Columns, ",") + "\n")
	for i := range rows {
		b.WriteString(rows[i].CSV() + "\n")
	}
	return b.String()
}
