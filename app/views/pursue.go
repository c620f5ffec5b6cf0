package views

import (
	"time"

	"fleetsize/app/chart"
	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// negotiation holds the studies behind the first answer. They are computed
// once the sizing is exact, by the same worker, and only for the view that is
// looked at; a newer sizing interrupts them.
type negotiation struct {
	rev     int    // counts changes of what is shown
	seq     int    // newest Ask
	key     string // what it asked for
	busy    bool
	told    map[worker.Topic]worker.Told
	options []fleet.Requirement // of the options asked about
	here    *worker.Asked       // computed on this thread
	tables  map[string]bool     // charts shown as tables
	whole   bool                // a budget buys whole servers
}

// of is what is known of a topic, and whether it is of the present answer.
func (v *Page) of(t worker.Topic) (told worker.Told, fresh bool) {
	n := &v.negotiate
	told = n.told[t]
	return told, told.Seq == n.seq && n.seq > 0 && !v.stale() && v.s.Quick == nil
}

// answerLink is the state as a link without what is about the page.
func (v *Page) answerLink() string {
	st := v.s.State
	fresh := link.Default()
	st.View, st.Sort, st.Open, st.Title, st.Confirmed = fresh.View, fresh.Sort, fresh.Open, fresh.Title, nil
	return st.String()
}

// wanted is what the view looked at asks for; ok is false when nothing.
func (v *Page) wanted() (a worker.Ask, options []fleet.Requirement, ok bool) {
	a = worker.Ask{Link: v.answerLink(), Own: v.s.own, Fit: v.s.fit, Whole: v.negotiate.whole}
	best := v.s.Best()
	if best != nil {
		a.GPU = best.GPU.ID
	}
	switch v.view() {
	case viewExplain:
		a.Topics = []worker.Topic{worker.TopicMoves, worker.TopicPareto}
		a.GPUs = v.paretoGPUs(nil)
	case viewCompare:
		var with []string
		for _, c := range v.columns() {
			if c.ask != "" {
				a.Links = append(a.Links, c.ask)
				options = append(options, c.req)
			}
			if c.option != nil {
				with = append(with, c.option.GPU.ID)
			}
		}
		if len(a.Links) > 0 {
			a.Topics = append(a.Topics, worker.TopicOptions)
		}
		st := &v.s.State
		if len(st.Own) > 0 || st.Budget > 0 {
			a.Topics = append(a.Topics, worker.TopicReverse)
		}
		if len(st.Mix) > 0 {
			a.Topics = append(a.Topics, worker.TopicMix)
		}
		a.Topics = append(a.Topics, worker.TopicScenarios, worker.TopicPareto)
		if len(st.Own) > 0 {
			a.Topics = append(a.Topics, worker.TopicModels)
		}
		a.GPUs = v.paretoGPUs(with)
	case viewReport:
		for _, c := range v.columns() {
			if c.ask != "" {
				a.Links = append(a.Links, c.ask)
				options = append(options, c.req)
			}
		}
		if len(a.Links) == 0 {
			return a, nil, false
		}
		a.Topics = []worker.Topic{worker.TopicOptions}
	case viewData:
		a.Topics = []worker.Topic{worker.TopicHardware}
	default:
		return a, nil, false
	}
	return a, options, v.s.Now().Problem == nil
}

// paretoGPUs are the accelerators of the Pareto chart: those named, then those
// of the price chart, four at most.
func (v *Page) paretoGPUs(first []string) []string {
	const most = 4
	var ids []string
	add := func(id string) {
		if len(ids) < most && !contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range first {
		add(id)
	}
	for _, c := range v.price.Curves {
		add(c.GPU.ID)
	}
	return ids
}

// pursue asks for the studies of the view looked at, once the sizing is exact.
func (v *Page) pursue() {
	n := &v.negotiate
	if app.IsServer || v.root.Context == nil || v.stale() || !v.s.Filled || v.s.Trouble != "" {
		return
	}
	a, options, ok := v.wanted()
	if !ok {
		return
	}
	key, err := worker.EncodeAsk(a)
	if err != nil || key == n.key {
		return
	}
	n.seq++
	n.key, n.busy, n.here = key, true, nil
	if n.told == nil {
		n.told = map[worker.Topic]worker.Told{}
	}
	delete(n.told, worker.TopicOptions) // they belong to columns that may have changed
	n.options = options
	n.rev++
	v.compare.rev++
	v.data.rev++
	a.Seq = n.seq
	if v.flow.client != nil && !v.flow.broken {
		if text, err := worker.EncodeAsk(a); err == nil {
			v.flow.client.post(text)
			v.watch()
		}
		return
	}
	n.here = v.computer().StartAsk(a)
	v.pursueHere(n.seq)
}

// interrupted forgets a study that a sizing took the worker away from, so that
// it is asked for again afterwards.
func (v *Page) interrupted() {
	n := &v.negotiate
	if n.busy {
		n.key, n.busy, n.here = "", false, nil
	}
}

// pursueHere computes in slices on this thread, after the sizing.
func (v *Page) pursueHere(seq int) {
	v.later(func(ctx app.Context) {
		n := &v.negotiate
		if seq != n.seq || n.here == nil || v.stale() {
			v.interrupted()
			ctx.PreventUpdate()
			return
		}
		until := time.Now().Add(slice)
		for more := true; more; {
			var told worker.Told
			var ok bool
			if trouble := guarded(func() { told, ok, more = n.here.Step() }); trouble != "" {
				told, ok, more = worker.Told{Seq: seq, Error: trouble, Done: true, Last: true}, true, false
			}
			if ok {
				v.takeTold(told)
			}
			if more && time.Now().After(until) {
				v.pursueHere(seq)
				return
			}
		}
		n.here = nil
	})
}

// receiveTold takes a piece of a study from the worker.
func (v *Page) receiveTold(ctx app.Context, seq int, text string) {
	v.spoke(false)
	if seq != v.negotiate.seq {
		ctx.PreventUpdate()
		return
	}
	if told, ok := worker.DecodeTold(text, v.negotiate.options); ok {
		v.spoke(told.Last)
		v.takeTold(told)
	}
}

// takeTold shows a piece of a study.
func (v *Page) takeTold(t worker.Told) {
	n := &v.negotiate
	if n.told == nil {
		n.told = map[worker.Topic]worker.Told{}
	}
	if t.Topic != "" {
		n.told[t.Topic] = t
	}
	if t.Last {
		n.busy = false
	}
	n.rev++
	v.compare.rev++
	v.data.rev++
}

// working is a thin bar while a study is under way, keeping its place.
func (v *Page) working(t worker.Topic, label string) app.UI {
	told, fresh := v.of(t)
	done := fresh && told.Done
	share := told.Share
	if !fresh {
		share = 0
	}
	class := "prog"
	if done || !v.negotiate.busy && !v.stale() {
		class += " done"
	}
	return node("div", class, el("progress", "", txt(label)).Attr("max", "100").Attr("value", itoaShare(share)).Aria("label", label).DataSet("study", string(t)))
}

// itoaShare is a share in whole per cent.
func itoaShare(x float64) string { return units.Count(float64(int(100*x + 0.5))) }

// tableOf swaps one of the studies' charts for its data.
func (v *Page) tableOf(id string) app.UI {
	return tableButton(id+"-toggle", v.negotiate.tables[id], func(ctx app.Context, e app.Event) {
		n := &v.negotiate
		if n.tables == nil {
			n.tables = map[string]bool{}
		}
		n.tables[id] = !n.tables[id]
		n.rev++
		v.compare.rev++
		v.data.rev++
	})
}

// figure is a chart of a study: the finding as its title, what it shows, the
// drawing or its table.
func (v *Page) figure(id, finding, basis string, t worker.Topic, c *chart.Chart) app.UI {
	var body app.UI
	if v.negotiate.tables[id] {
		body = chartTable(c)
	} else {
		class := "plot"
		if _, fresh := v.of(t); !fresh && t != "" {
			class += " stale"
		}
		body = el("div", class, app.Raw(c.Markup()))
	}
	progress := app.UI(nil)
	if t != "" {
		progress = v.working(t, c.Title)
	}
	return app.Elem("figure").ID(id).Class("fig").Body(
		app.Elem("figcaption").Body(
			node("h2", "", rich(finding)...),
			node("p", "", rich(basis)...),
			node("div", "row", v.tableOf(id), csvButton(id+"-csv", func() string { return c.CSV() }, v, "fleetsize-"+id+".csv")),
		),
		progress,
		body,
	)
}
