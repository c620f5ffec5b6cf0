package views

import (
	"time"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// pickPreset takes a workload with its usual targets; demand, model and
// posture stay.
func (v *Page) pickPreset(ctx app.Context, id string) {
	v.s.Drafts = map[string]Draft{}
	v.edit(ctx, edit{big: true, change: func(st *state) { takePreset(st, id) }})
	v.refreshFields(ctx)
}

// takePreset puts a workload's own numbers in place of what was changed.
func takePreset(st *state, id string) {
	st.Workload = id
	st.Input, st.Output, st.Hit = 0, 0, -1
	st.TTFT, st.ITL, st.E2E = link.Target{}, link.Target{}, link.Target{}
}

// pickDemand states the demand another way, keeping its size.
func (v *Page) pickDemand(ctx app.Context, id string) {
	flight := inFlight(v.s)
	v.edit(ctx, edit{change: func(st *state) {
		st.Demand = restate(st.Demand, fleet.DemandKind(id), v.s.Now().DemandReqPerS, flight)
	}})
}

// restate is a demand of about the same size in another form. rate is the
// peak in req/s and flight the requests in flight, where known.
func restate(d fleet.Demand, kind fleet.DemandKind, rate, flight float64) fleet.Demand {
	if d.Kind == kind {
		return d
	}
	if r := d.PeakReqPerS(); r > 0 {
		rate = r
	}
	next := link.DemandDefaults(kind)
	peak := d.PeakFactor
	if peak < 1 {
		peak = 2.5
	}
	switch kind {
	case fleet.People:
		next.PeakFactor = peak
		if rate > 0 {
			next.Users = whole(rate * 3600 / next.ReqPerHour / peak)
		}
	case fleet.PerDay:
		next.PeakFactor = peak
		if rate > 0 {
			next.ReqPerDay = whole(rate * 86400 / peak)
		}
	case fleet.InFlight:
		if flight > 0 {
			next.InFlight = whole(flight)
		}
	default:
		if rate > 0 {
			next.ReqPerS = units.Round(rate, 3)
		}
	}
	return next
}

// whole is a count of at least one, to four significant digits.
func whole(x float64) float64 {
	x = units.Round(x, 4)
	if x < 1 {
		return 1
	}
	return float64(int64(x + 0.5))
}

func (v *Page) resetAll(ctx app.Context) {
	v.s.Drafts = map[string]Draft{}
	v.edit(ctx, edit{big: true, change: func(st *state) {
		v.past.now = 0
		title, unknown := st.Title, st.Unknown
		*st = link.Default()
		st.Title, st.Unknown = title, unknown
	}})
	v.refreshFields(ctx)
	v.say("Everything is back at its default. Undo brings it back.")
}

// refreshFields puts every field's value into its element.
func (v *Page) refreshFields(ctx app.Context) {
	for id := range fields {
		v.setValue(ctx, id)
	}
	v.setModelText(ctx)
	v.setNames(ctx)
}

// apply changes the state by link pairs, as remedies state them.
func (v *Page) apply(ctx app.Context, pairs, said string) {
	v.edit(ctx, edit{big: true, change: func(st *state) {
		next, _ := st.With(v.s.base, pairs)
		*st = next
	}})
	v.refreshFields(ctx)
	v.say("Applied: " + said)
}

func (v *Page) undo(ctx app.Context, forward bool) {
	done := false
	if forward {
		done = v.s.Redo()
	} else {
		done = v.s.Undo()
	}
	if !done {
		ctx.PreventUpdate()
		return
	}
	v.changed(ctx, edit{})
	v.refreshFields(ctx)
}

// say shows a toast for a few seconds.
func (v *Page) say(text string) {
	v.toast = text
	v.toastSeq++
	turn := v.toastSeq
	v.after(4*time.Second, func(ctx app.Context) {
		if turn != v.toastSeq {
			ctx.PreventUpdate()
			return
		}
		v.toast = ""
	})
}

func (v *Page) copyLink(ctx app.Context) {
	v.menu = false
	v.flushAddress()
	v.copyText(ctx, shareURL(v.s.Link()), "Link copied")
}

func (v *Page) copyText(ctx app.Context, text, said string) {
	copyToClipboard(text, func(ok bool) {
		v.root.Dispatch(func(ctx app.Context) {
			if ok {
				v.say(said)
			} else {
				v.say("The browser refused to copy. The address bar holds the link.")
			}
		})
	})
}

func (v *Page) setTheme(ctx app.Context) {
	v.theme = map[string]string{"": "light", "light": "dark", "dark": ""}[v.theme]
	storeLook("theme", v.theme)
}

// setProjector turns larger type, heavier lines and harder contrast on or off.
// The charts are drawn anew for the width that the larger type leaves them.
func (v *Page) setProjector(ctx app.Context) {
	v.projector = !v.projector
	storeLook("contrast", either(v.projector, "projector", ""))
	ctx.Defer(v.remeasure)
}

func (v *Page) openSheet(ctx app.Context, group string) {
	v.sheet = group
	ctx.Defer(func(app.Context) { focus("sheet-close") })
}

func (v *Page) closeSheet(ctx app.Context) {
	group := v.sheet
	v.sheet = ""
	ctx.Defer(func(app.Context) { focus("sum-" + group) })
}
