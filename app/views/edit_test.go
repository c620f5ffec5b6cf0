package views

import (
	"math"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
)

func itoa(n int) string { return fields["in"].show(float64(n)) }

func TestLadder(t *testing.T) {
	for _, c := range []struct {
		x    float64
		dir  int
		want float64
	}{
		{1, 1, 2}, {2, 1, 5}, {5, 1, 10}, {3, 1, 5}, {3, -1, 2}, {2, -1, 1}, {1, -1, 0.5}, {0.5, -1, 0.2}, {5000, 1, 10000}, {5000, -1, 2000},
		{4999.9999, 1, 5000}, {0, 1, 0.1}, {0, -1, 0}, {999, 1, 1000}, {1000, -1, 500}, {0.1, -1, 0.1},
	} {
		if got := ladder(c.x, c.dir, 0.1); got != c.want {
			t.Errorf("ladder(%v, %d) = %v, want %v", c.x, c.dir, got, c.want)
		}
	}
}

func TestLinear(t *testing.T) {
	for _, c := range []struct {
		x    float64
		dir  int
		want float64
	}{{70, 1, 75}, {70, -1, 65}, {72, 1, 75}, {72, -1, 70}, {0, -1, -5}} {
		if got := linear(c.x, c.dir, 5); got != c.want {
			t.Errorf("linear(%v, %d) = %v, want %v", c.x, c.dir, got, c.want)
		}
	}
}

// Every field: stepping stays in bounds, up and down are each other's way
// back in direction, what is shown parses to itself, and reset undoes an edit.
func TestEveryField(t *testing.T) {
	cat := testCatalog(t)
	for id, f := range fields {
		start := map[string]string{"users": "users=2500", "rph": "users=2500", "peak": "users=2500", "day": "day=1m", "flight": "flight=50", "yrs": "grow=20&yrs=2",
			"lr": "lr=0.5", "use": "use=40", "yield": "spec=30:2.1"}[id]
		s := NewSizing(cat, start)
		x := f.get(s)
		if !math.IsNaN(x) && (x < f.lo || x > f.hi) {
			t.Errorf("%s starts at %v, outside %v to %v", id, x, f.lo, f.hi)
		}
		for _, dir := range []int{1, -1} {
			y := x
			for range 60 {
				z := f.next(y, dir, false)
				if z < f.lo || z > f.hi {
					t.Errorf("%s steps from %v to %v, outside %v to %v", id, y, z, f.lo, f.hi)
				}
				if float64(dir)*(z-y) < 0 {
					t.Errorf("%s steps %d from %v to %v", id, dir, y, z)
				}
				back, err := f.read(f.show(z))
				if !math.IsNaN(z) && (err != nil || math.Abs(back-z) > 1e-3*math.Abs(z)) {
					t.Errorf("%s shows %v as %q, which reads as %v, %v", id, z, f.show(z), back, err)
				}
				y = z
			}
		}
		before := s.State.String()
		z := f.next(f.next(x, 1, false), 1, false)
		if math.IsNaN(x) {
			z = f.hi / 2
			if f.whole {
				z = math.Trunc(z)
			}
		}
		if !s.Edit(id, func(st *state) { f.set(st, z) }) {
			t.Errorf("%s: setting %v changes nothing", id, z)
			continue
		}
		if got := f.get(s); math.Abs(got-z) > 1e-9*math.Abs(z) {
			t.Errorf("%s: set to %v, reads %v", id, z, got)
		}
		if !f.changed(s) {
			t.Errorf("%s: %v does not count as changed", id, z)
		}
		s.Edit("", f.reset)
		if f.changed(s) {
			t.Errorf("%s: changed after its reset", id)
		}
		if start == "" && s.State.String() != before {
			t.Errorf("%s: reset gives %q, want %q", id, s.State.String(), before)
		}
	}
}

func TestFieldsReadWhatPeopleType(t *testing.T) {
	for _, c := range []struct {
		id, text string
		want     float64
	}{
		{"in", "5k", 5000}, {"in", "2,500", 2500}, {"in", "5000 tokens", 5000}, {"in", "1.5M", 1.5e6},
		{"rps", "20", 20}, {"rps", "300/min", 5}, {"rps", "86400/day", 1},
		{"day", "1.5M", 1.5e6}, {"day", "1.5M/day", 1.5e6}, {"day", "10/s", 864000}, {"rph", "12", 12}, {"users", "2,500 people", 2500},
		{"ttft", "3", 3}, {"ttft", "500ms", 0.5}, {"ttft", "0.5s", 0.5}, {"itl", "50", 50}, {"itl", "0.05s", 50}, {"e2e", "2min", 120},
		{"util", "70 %", 70}, {"hit", "30", 30}, {"peak", "2.5×", 2.5},
	} {
		got, err := fields[c.id].read(c.text)
		if err != nil || math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("%s.read(%q) = %v, %v, want %v", c.id, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct{ id, text, names string }{
		{"in", "abc", "abc"}, {"in", "", "empty"}, {"in", "0", "out of range"}, {"in", "2.5", "whole number"}, {"in", "-3", "out of range"},
		{"ttft", "3 parsecs", "3 parsecs"}, {"util", "120", "out of range"}, {"rps", "off", "off"}, {"users", "1e20", "1e20"},
	} {
		if got, err := fields[c.id].read(c.text); err == nil || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%s.read(%q) = %v, %v, want an error naming %q", c.id, c.text, got, err, c.names)
		}
	}
	if x, err := fields["ttft"].read("off"); err != nil || !math.IsNaN(x) {
		t.Errorf(`ttft.read("off") = %v, %v, want off`, x, err)
	}
}

func TestUndoRedo(t *testing.T) {
	s := NewSizing(testCatalog(t), "")
	start := s.Link()
	for _, v := range []int{1, 12, 120} { // one field, typed digit by digit: one step
		s.Edit("in", func(st *state) { st.Input = v })
	}
	s.Edit("", func(st *state) { takePreset(st, "chat") })
	chat := s.Link()
	if s.Edit("", func(st *state) {}) {
		t.Error("an edit that changes nothing counts")
	}
	if !s.Undo() || s.State.Input != 120 {
		t.Errorf("undo gives in=%d, want 120", s.State.Input)
	}
	if !s.Undo() || s.Link() != start {
		t.Errorf("second undo gives %q, want %q", s.Link(), start)
	}
	if s.Undo() {
		t.Error("undo beyond the start")
	}
	if !s.Redo() || !s.Redo() || s.Link() != chat {
		t.Errorf("redo gives %q, want %q", s.Link(), chat)
	}
	s.Undo()
	s.Edit("", func(st *state) { st.TP = 2 })
	if s.Redo() {
		t.Error("redo after an edit")
	}
}

func TestUndoDoesNotShareLists(t *testing.T) {
	s := NewSizing(testCatalog(t), "g=h100-sxm,l40s")
	s.Edit("", func(st *state) { st.GPUs[0].TP = 2 })
	s.Undo()
	if s.State.GPUs[0].TP != 0 {
		t.Error("undo did not bring the list back")
	}
}

func TestRestateKeepsTheLoad(t *testing.T) {
	start := fleet.Demand{Kind: fleet.PerSecond, ReqPerS: 10}
	for _, kind := range []fleet.DemandKind{fleet.People, fleet.PerDay} {
		d := restate(start, kind, 10, 105)
		if got := d.PeakReqPerS(); math.Abs(got-10) > 0.01 {
			t.Errorf("%s: %v req/s, want 10", kind, got)
		}
		if back := restate(d, fleet.PerSecond, 0, 0); math.Abs(back.ReqPerS-10) > 0.01 {
			t.Errorf("%s and back: %v req/s, want 10", kind, back.ReqPerS)
		}
	}
	if d := restate(start, fleet.InFlight, 10, 105); d.InFlight != 105 {
		t.Errorf("in flight: %v, want 105", d.InFlight)
	}
	if d := restate(start, fleet.People, 10, 0); d.Users != 1200 || chain(d) != "1,200 people × 12 requests/h ÷ 3,600 × 2.5 peak = 10 req/s" {
		t.Errorf("people: %+v, %q", d, chain(d))
	}
}

func TestPresetTakesItsTargets(t *testing.T) {
	s := NewSizing(testCatalog(t), "in=9k&ttft=1s&users=2500&m=llama-3.3-70b")
	s.Edit("", func(st *state) { takePreset(st, "agent") })
	r := s.Req
	if r.Workload.Input != 20000 || r.Targets.TTFT != 0 || r.Targets.E2E <= 0 || r.Workload.CachedShare != 0.8 {
		t.Errorf("agent: %+v %+v", r.Workload, r.Targets)
	}
	if r.Demand.Users != 2500 || r.Model.ID != "llama-3-3-70b" {
		t.Error("a preset changed the demand or the model")
	}
	if edited(s) {
		t.Error("a fresh preset counts as edited")
	}
	s.Edit("", func(st *state) { st.Input = 100 })
	if want := "2,500\u00a0people using edited Agent"; !edited(s) || demandClause(s) != want {
		t.Errorf("demand reads %q, want %q", demandClause(s), want)
	}
}

func TestConsider(t *testing.T) {
	cat := testCatalog(t)
	s := NewSizing(cat, "")
	count := func() (n int) {
		for _, g := range cat.GPUs {
			if considered(&s.State, g) {
				n++
			}
		}
		return n
	}
	all := count()
	s.Edit("", func(st *state) { consider(cat, st, "h100-sxm-80gb", false) })
	if count() != all-1 || len(s.Req.GPUs) != all-1 {
		t.Errorf("%d considered after leaving one out of %d", count(), all)
	}
	s.Edit("", func(st *state) { consider(cat, st, "h100-sxm-80gb", true) })
	if s.State.GPUs != nil {
		t.Error("the default set is not the default again")
	}
	s.Edit("", func(st *state) { consider(cat, st, "rtx-4090", true) })
	if count() != all+1 {
		t.Errorf("%d considered after adding one to %d", count(), all)
	}
	one := NewSizing(cat, "g=h100-sxm")
	one.Edit("", func(st *state) { consider(cat, st, "h100-sxm-80gb", false) })
	if len(one.State.GPUs) != 1 {
		t.Error("the last accelerator can be removed, which would mean all of them")
	}
}

func TestSlider(t *testing.T) {
	for i, stop := range stops {
		if got := toSlider(stop); math.Abs(got-float64(i)) > 1e-9 {
			t.Errorf("toSlider(%v) = %v, want %d", stop, got, i)
		}
		if got := fromSlider(float64(i)); got != stop {
			t.Errorf("fromSlider(%d) = %v, want %v", i, got, stop)
		}
	}
	if got, end := toSlider(0), float64(len(stops)-1); got != end {
		t.Errorf("without a target the slider stands at %v, want its loose end, %v", got, end)
	}
	last := 0.0
	for x := -1.0; x <= 6; x += 0.05 {
		s := fromSlider(x)
		if s < last || s < stops[0] || s > stops[len(stops)-1] {
			t.Errorf("fromSlider(%v) = %v after %v", x, s, last)
		}
		last = s
	}
}

func TestShortcuts(t *testing.T) {
	for _, c := range []struct {
		key                  string
		command, alt, typing bool
		want                 keyAction
	}{
		{"/", false, false, false, keySearch}, {"/", false, false, true, 0}, {"1", false, false, false, keyPreset}, {"7", false, false, false, keyPreset},
		{"8", false, false, false, 0}, {"1", false, false, true, 0}, {"z", true, false, false, keyUndo}, {"z", true, false, true, 0}, {"Z", true, false, false, keyUndo},
		{"k", true, false, true, keyCopy}, {"k", false, false, false, 0}, {"t", false, false, false, keyTable}, {"t", false, false, true, 0}, {"t", true, false, false, 0},
		{"Escape", false, false, true, keyClose}, {"/", false, true, false, 0}, {"a", false, false, false, keyPin}, {"a", false, false, true, 0}, {"g", false, false, false, keyGo}, {"?", false, false, false, keyHelp}, {"d", false, false, false, 0},
	} {
		if got, _ := shortcut(c.key, c.command, c.alt, c.typing, 7); got != c.want {
			t.Errorf("shortcut(%q, command %v, alt %v, typing %v) = %v, want %v", c.key, c.command, c.alt, c.typing, got, c.want)
		}
	}
}
