package views

import (
	"fleetsize/app/chart"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// deepState is the Explain view: what is looked at and how.
type deepState struct {
	rev      int
	gpu      string // accelerator, "" = the recommended one
	requests int    // requests S of the curves over lengths, 0 = as planned
	tokens   int    // tokens L of the curves over requests, 0 = the prompt
	budget   int    // tokens P of the fixed budget, 0 = as planned
	phase    string // of the grid: prefill or decode
	quantity string // of the grid: step, compute, memory, larger
	tables   map[string]bool
}

// deepView takes one option apart: where the time of a request and of a step
// goes, what is read, which roof is hit.
type deepView struct {
	app.Compo
	Rev int
	P   *Page
}

// deep is the option under the lens and its step cost.
type deep struct {
	v     *Page
	o     *fleet.Option
	book  *explain.Book
	cost  *step.Cost
	shape serve.Load
	width float64

	batch, context float64 // decoding requests at the planned peak and their mean context
}

// Render draws the whole view.
func (c *deepView) Render() app.UI {
	v := c.P
	d, ok := v.lens()
	if !ok {
		return node("div", "leafless", node("section", "answer", headlineUI(v.s)), v.banners(), v.summary())
	}
	return node("div", "leafless",
		el("section", "answer", d.headline(), d.choose()).ID("deep"),
		v.summary(),
		node("div", "cols",
			node("div", "stack", d.requestFigure(), d.memoryFigure()),
			node("div", "stack", d.bytesFigure(), d.rooflineFigure()),
		),
		&loadView{Rev: v.chartRev, P: v},
		d.overTokens(),
		d.overRequests(),
		d.budgetFigure(),
		d.gridFigure(),
		d.samples(),
		d.numbers(),
		v.deepMore(),
	)
}

// lens looks at the chosen accelerator.
func (v *Page) lens() (*deep, bool) {
	o := v.optionOf(v.deep.gpu)
	if o == nil {
		if o = v.s.Best(); o == nil {
			return nil, false
		}
	}
	b := explain.New(&v.s.Req, v.s.Now(), o, v.s.State.Context(v.s.Catalog()))
	cost, shape, ok := b.Cost()
	if !ok {
		return nil, false
	}
	d := &deep{v: v, o: o, book: b, cost: cost, shape: shape, width: v.width("deep")}
	d.batch, d.context = b.Value("decode_batch"), b.Value("decode_context")
	return d, true
}

// headline says what binds and where most of the wait goes.
func (d *deep) headline() app.UI {
	parts := d.waitParts()
	most, sum := 0, 0.0
	for i, p := range parts {
		sum += p.Value
		if p.Value > parts[most].Value {
			most = i
		}
	}
	body := []app.UI{leaf("b", "", upperFirst(limitWords(d.o.Binding))), txt(" is the first limit on " + gpuName(d.o.GPU))}
	if sum > 0 {
		body = append(body, txt(": "+units.Percent(parts[most].Value/sum)+" of the "), num(onGPU("ttft", d.o.GPU.ID), units.Duration(d.book.Value("ttft"), 2)),
			txt(" before the first token goes to "+lowerName(parts[most].Name)+"."))
	} else {
		body = append(body, txt("."))
	}
	return node("h1", "say", body...)
}

// choose selects the accelerator.
func (d *deep) choose() app.UI {
	v := d.v
	var body []app.UI
	for _, o := range v.s.Now().Options {
		body = append(body, app.Option().Value(o.GPU.ID).Selected(o.GPU.ID == d.o.GPU.ID).Text(gpuName(o.GPU)+", "+layoutName(o.Layout)))
	}
	return node("div", "row",
		app.Select().ID("deep-gpu").Class("sel").Aria("label", "Accelerator to explain").Body(body...).
			OnChange(func(ctx app.Context, e app.Event) {
				v.deep.gpu = ctx.JSSrc().Get("value").String()
				v.deep.rev++
				v.loadGPU = v.deep.gpu
				v.send(v.flow.seq)
			}),
		leaf("p", "sm mut", d.v.s.Req.Model.Name+", "+precisionText(d.o)+", "+d.v.s.Req.Engine.Name+". One replica at the planned peak."),
	)
}

// figure frames a drawing: a finding, its basis, the controls, and its data as
// a table.
func (d *deep) figure(id, finding, basis string, drawing *chart.Chart, controls ...app.UI) app.UI {
	v := d.v
	table := v.deep.tables[id]
	row := append(controls,
		tableButton(id+"-table", table, func(ctx app.Context, e app.Event) {
			if v.deep.tables == nil {
				v.deep.tables = map[string]bool{}
			}
			v.deep.tables[id] = !v.deep.tables[id]
			v.deep.rev++
		}),
		csvButton(id+"-csv", func() string { return drawing.CSV() }, v, "fleetsize-"+id+".csv"))
	body := app.UI(node("div", "plot", app.Raw(drawing.Markup())))
	if table {
		body = chartTable(drawing)
	}
	return app.Elem("figure").ID(id).Class("fig").Body(
		app.Elem("figcaption").Body(heading(finding), node("p", "", rich(basis)...), node("div", "row", row...)),
		body,
	)
}

// half is the width of a drawing in one of two columns, or in the only one:
// which it is follows from the window, so it is measured.
func (d *deep) half() float64 {
	if w := d.v.widths["parts"]; w > 0 {
		return d.v.width("parts")
	}
	if d.width < 720 {
		return d.width
	}
	return (d.width - 48) / 2
}

// pick is a select of numbers; 0 is the planned value.
func (d *deep) pick(id, name string, current int, planned string, values []int, set func(int)) app.UI {
	v := d.v
	body := []app.UI{app.Option().Value("0").Selected(current == 0).Text(planned)}
	for _, n := range values {
		body = append(body, app.Option().Value(units.Plain(float64(n))).Selected(n == current).Text(units.Count(float64(n))))
	}
	return node("label", "row sm", txt(name), app.Select().ID(id).Class("sel").Body(body...).
		OnChange(func(ctx app.Context, e app.Event) {
			set(int(parseFloat(ctx.JSSrc().Get("value").String())))
			v.deep.rev++
		}))
}

// words is a select of names.
func (d *deep) words(id, name, current string, options [][2]string, set func(string)) app.UI {
	v := d.v
	var body []app.UI
	for _, o := range options {
		body = append(body, app.Option().Value(o[0]).Selected(o[0] == current).Text(o[1]))
	}
	return app.Select().ID(id).Class("sel").Aria("label", name).Body(body...).
		OnChange(func(ctx app.Context, e app.Event) {
			set(ctx.JSSrc().Get("value").String())
			v.deep.rev++
		})
}
