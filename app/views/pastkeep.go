package views

import (
	"strings"
	"time"

	"fleetsize/app/export"
	"fleetsize/app/link"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// pastKey holds the past sizings of this browser. They are never sent anywhere.
const pastKey = "fleetsize-past"

// pastStay is how long an exact answer is looked at until its sizing is kept, ms
// of the browser's clock.
const pastStay = 15_000

// pastState is what the page knows of past sizings.
type pastState struct {
	list    []*past
	read    bool
	off     bool // none are to be kept
	visit   bool // storage does not take them: the list lasts until the page is closed
	now     int64
	base    string // what makes an edited sizing the same one as entry now: model and workload
	name    string // the name that was kept last
	owed    int    // request whose answer is to be kept for good once it is there
	query   string
	model   string
	chosen  map[int64]bool
	removed []*past // last, to be brought back
	opened  *past   // as it was kept
}

// readPast takes up what is stored, by other tabs, too, and returns it; ok is
// false where nothing is.
func (v *Page) readPast() (list []*past, ok bool) {
	p := &v.past
	text, ok := stored(pastKey)
	f := parsePast(text)
	if ok && !p.visit {
		p.list, p.off = f.List, f.Off
	}
	p.read, p.visit = true, p.visit || !ok
	return f.List, ok
}

// changePast changes what is stored now, so that nothing of other tabs is lost,
// and the list on show. f must leave its argument as it is.
func (v *Page) changePast(f func([]*past) []*past) {
	p := &v.past
	list, ok := v.readPast()
	list = f(list)
	ok = ok && store(pastKey, pastFile{p.off, list}.String())
	if p.visit = p.visit || !ok; p.visit {
		list = f(p.list)
	}
	p.list = list
	v.data.rev++
}

// followPast has the page follow what other tabs keep.
func (v *Page) followPast(e app.Value) {
	if key := e.Get("key"); !key.Truthy() || key.String() == pastKey {
		v.later(func(app.Context) {
			v.readPast()
			v.data.rev++
		})
	}
}

// pastSizing is the sizing on the page as an entry; ok is false where there is
// nothing to keep: no exact answer, the untouched example, or one that its link
// does not reproduce.
func (v *Page) pastSizing(firm bool) (e *past, ok bool) {
	s := v.s
	e = &past{}
	if !s.Filled || s.Quick != nil || s.Trouble != "" || s.fit != "" || s.Req.Model == nil {
		return e, false
	}
	e.Link = linkOfPast(s.State)
	if again, _ := link.Parse(s.shipped, "#"+e.Link); again.String() != e.Link || !firm && e.Link == defaults.String() {
		return e, false
	}
	e.At = time.Now().UnixMilli()
	e.ID = e.At
	e.Model, e.Name = pastText(s.Req.Model.Name), pastText(s.State.Title)
	w := s.Req.Workload
	e.Work = pastText(strings.ReplaceAll(demandClause(s)+export.TargetClause(s.Req.Targets)+", "+countText(w.Input)+"/"+countText(w.Output)+" tokens", "\u00a0", " "))
	if o := s.Best(); o != nil {
		e.GPUs, e.GPU = o.GPUs, pastText(gpuName(o.GPU))
		_, e.Tier = tierKind(o.Tier)
		if o.Priced {
			e.USD = units.Round(o.USDPerMonth, 6)
		}
	}
	return e, true
}

// linkOfPast is a state as it is kept: without what is about the page, and
// without pairs that the program does not know, which could be anything.
func linkOfPast(st link.State) string {
	st.View, st.Sort, st.Open, st.Unknown = defaults.View, defaults.Sort, defaults.Open, nil
	return st.String()
}

// keepPast keeps the sizing on the page: for good where firm, else until it is
// edited further. Right after an edit it waits for the exact answer.
func (v *Page) keepPast(firm bool) {
	p := &v.past
	e, ok := v.pastSizing(firm)
	if !ok {
		if firm {
			p.owed = v.flow.seq
		}
		return
	}
	v.readPast()
	if p.off {
		return
	}
	e.Firm = firm || e.Name != "" && e.Name != p.name
	replaces, base := p.now, e.Model+v.s.State.Workload
	if base != p.base {
		replaces = 0
	}
	p.name, p.base, p.now = e.Name, base, 0
	for _, o := range p.list {
		if o.Link == e.Link && o.ID != replaces {
			replaces = -1 // it was there before this one was made: later edits leave it alone
		}
	}
	v.changePast(func(list []*past) []*past { return putPast(list, e, replaces) })
	for _, o := range p.list {
		if o.Link == e.Link && replaces >= 0 {
			p.now = o.ID
		}
	}
}

// stayed keeps the sizing once its answer was looked at for a while.
func (v *Page) stayed() {
	seq := v.flow.seq
	v.wait(pastStay, func(ctx app.Context) {
		ctx.PreventUpdate()
		switch {
		case seq != v.flow.seq:
		case document().Get("hidden").Truthy():
			v.stayed()
		default:
			v.keepPast(false)
			if v.view() == viewData {
				v.later(func(app.Context) {})
			}
		}
	})
}

// openPast opens an entry, as a step of the history and of undo.
func (v *Page) openPast(ctx app.Context, e *past) {
	next, notes := link.Parse(v.s.base, "#"+e.Link)
	next.View = defaults.View
	v.past.opened = e
	v.openState(ctx, next, notes)
	v.say("Opened. Undo brings back what was here before.")
}

// openState opens another sizing and its view; undo leads back.
func (v *Page) openState(ctx app.Context, next link.State, notes []link.Note) {
	v.past.now = 0
	v.s.take(next, notes)
	v.changed(ctx, edit{big: true})
	v.viewOpened(ctx)
	v.refreshFields(ctx)
}

// answer is what an entry was answered with.
func (e *past) answer() string {
	if e.USD == 0 {
		return e.option() + ", " + lower(units.NoPrice)
	}
	return e.option() + ", " + e.cost() + " a month"
}

func (e *past) option() string {
	if e.GPUs == 0 {
		return "none"
	}
	return countText(e.GPUs) + " × " + e.GPU
}

func (e *past) cost() string {
	if e.USD == 0 {
		return units.NoPrice
	}
	return units.USD(e.USD)
}

// day is when an entry was kept.
func (e *past) day() string { return day(time.UnixMilli(e.At).Format("2006-01-02")) }

// pastBanner says where an opened sizing is answered differently now.
func (v *Page) pastBanner() (b banner, ok bool) {
	was := v.past.opened
	if was == nil || was.Link != linkOfPast(v.s.State) {
		return b, false
	}
	now, ok := v.pastSizing(true)
	if !ok || now.answer() == was.answer() {
		return b, false
	}
	return banner{kind: "chg", lead: "Then " + was.answer() + "; now " + now.answer() + ".",
		text: "The catalog or the program has changed since " + was.day() + ".", key: "past" + was.Link}, true
}
