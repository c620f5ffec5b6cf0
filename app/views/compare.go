package views

import (
	"strings"

	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// compare is the Compare view's own state.
type compare struct {
	rev     int
	equal   bool // rows that are the same for all are shown, too
	editing byte // option whose settings are open, 0 = none
	fault   map[string]string
}

// compareView is the Compare view. It is redrawn when Rev changes.
type compareView struct {
	app.Compo
	Rev int
	P   *Page
}

// Render draws the options side by side and what follows from them.
func (c *compareView) Render() app.UI {
	v := c.P
	cols := v.columns()
	return node("div", "leafless",
		el("section", "answer", node("h1", "say", compareSentence(v.s, cols)...)).ID("compare").Aria("label", "Comparison"),
		v.sameForAll(cols),
		v.compareTable(cols),
		v.optionEditor(cols),
		node("div", "cols", v.compareDots(cols), v.comparePareto(cols)),
		v.otherWayRound(),
		v.mixPanel(),
		v.scenarioTable(),
	)
}

// contender is one option: A is the sizing itself unless another is pinned as A.
type contender struct {
	letter  byte
	title   string
	pinned  bool
	state   link.State
	req     fleet.Requirement
	ask     string        // link whose answer is asked of the worker; "" = option is from the sizing
	option  *fleet.Option // nil while it is computed, or where there is none
	text    string        // why there is none
	pending bool
}

// about is the reference to an entry about the contender: of options other
// than the sizing itself it begins with their letter and a point, as their keys
// in links do.
func (c *contender) about(id string) string {
	if c.letter == 'A' && c.ask == "" {
		return onGPU(id, c.option.GPU.ID)
	}
	return string(c.letter-'A'+'a') + "." + explain.Ref(id, "", "")
}

// number is a text of the contender whose number explains itself. A text with
// marks or without a digit stays as it is.
func (c *contender) number(id, text string) app.UI {
	if id == "" || !strings.ContainsAny(text, "0123456789") {
		return node("span", "", rich(text)...)
	}
	return num(c.about(id), text)
}

// columns are the options to show: what is pinned, else what is proposed.
func (v *Page) columns() []*contender {
	s := v.s
	var cols []*contender
	for _, letter := range []byte{'a', 'b', 'c'} {
		st, ok := s.State.Option(s.base, letter)
		if !ok {
			continue
		}
		st.View = defaults.View
		c := &contender{letter: letter - 'a' + 'A', title: "This sizing", pinned: true, state: st, req: s.Req}
		if len(s.State.Differs(letter)) > 0 {
			c.title, c.ask = optionTitle(s, letter), st.String()
			c.req, _ = st.Requirement(s.base)
		} else if c.option = s.Best(); c.option == nil {
			c.text = sentence(s)
			c.pending = !s.Final && s.Now().Problem == nil
		}
		cols = append(cols, c)
	}
	if len(cols) == 1 {
		cols = v.proposed(cols)
	}
	v.fillColumns(cols)
	return cols
}

// proposed adds the options worth putting beside the sizing.
func (v *Page) proposed(cols []*contender) []*contender {
	s := v.s
	list := negotiate.Propose(s.Now(), s.Req.Targets.Percentile, s.Req.Workload.Output)
	main := s.State.Main()
	main.View = defaults.View
	for i, p := range list {
		if i == 0 && cols[0].ask == "" {
			cols[0].title = aimTitle(p.Aim)
			continue
		}
		st := restricted(main, p.GPU.ID, 0, 0)
		if len(cols) == 3 || p.Option != nil && st.String() == cols[0].ask {
			continue // A was pinned to it
		}
		c := &contender{letter: byte('A' + len(cols)), title: aimTitle(p.Aim), option: p.Option}
		if p.Option == nil {
			st = restricted(main, p.GPU.ID, p.Layout.TP, p.Layout.PP)
			c.ask = st.String()
		}
		c.state = st
		c.req, _ = st.Requirement(s.base)
		cols = append(cols, c)
	}
	return cols
}

// restricted is a state that considers one accelerator, with a layout where
// tp is given.
func restricted(st link.State, gpu string, tp, pp int) link.State {
	st.GPUs = []link.GPUChoice{{ID: gpu, TP: tp}}
	if pp > 1 {
		st.PP = pp
	}
	return st
}

// fillColumns puts the worker's answers where they belong.
func (v *Page) fillColumns(cols []*contender) {
	told, _ := v.of(worker.TopicOptions)
	i := 0
	for _, c := range cols {
		if c.ask == "" {
			continue
		}
		c.pending = true
		if i < len(told.Options) && i < len(v.negotiate.options) {
			c.option, c.text, c.pending = told.Options[i].Option, told.Options[i].Text, false
		}
		i++
	}
}

func aimTitle(a negotiate.Aim) string {
	switch a {
	case negotiate.LowestCost:
		return "Lowest cost"
	case negotiate.NextCost:
		return "Next in cost"
	case negotiate.Backed:
		return "Lowest cost, calibrated"
	case negotiate.FewestNodes:
		return "Fewest nodes"
	case negotiate.FewestGPUs:
		return "Fewest GPUs"
	}
	return "Fastest answers"
}

// optionTitle is the name an option was given, else what it differs by.
func optionTitle(s *Sizing, letter byte) string {
	for _, p := range s.State.Differs(letter) {
		if p.Key == "n" {
			if st, ok := s.State.Option(s.base, letter); ok && st.Title != "" {
				return st.Title
			}
		}
	}
	return differsBy(s, letter)
}

// differsBy says in words what an option has that the sizing has not.
func differsBy(s *Sizing, letter byte) string {
	st, ok := s.State.Option(s.base, letter)
	if !ok {
		return ""
	}
	req, _ := st.Requirement(s.base)
	var parts []string
	for _, p := range s.State.Differs(letter) {
		if word := pairWords(&req, &st, p); word != "" && !contains(parts, word) {
			parts = append(parts, word)
		}
	}
	if len(parts) == 0 {
		return "As the sizing"
	}
	return join(", ", parts...)
}

// pairWords names one differing setting.
func pairWords(r *fleet.Requirement, st *link.State, p link.Pair) string {
	switch p.Key {
	case "n":
		return ""
	case "g":
		var names []string
		for _, c := range r.GPUs {
			name := gpuName(c.GPU)
			if c.TP > 0 {
				name += " TP" + units.Count(float64(c.TP))
			}
			names = append(names, name)
		}
		if len(names) > 2 {
			return plural(len(names), "accelerator")
		}
		if len(names) == 0 {
			return "all accelerators"
		}
		return join(" or ", names...)
	case "m":
		return r.Model.Name
	case "q":
		if r.Weights == "" {
			return "published weights"
		}
		return precisionName(r.Weights) + " weights"
	case "kv":
		if r.KV == "" {
			return "KV cache as the engine has it"
		}
		return precisionName(r.KV) + " KV cache"
	case "eng":
		return r.Engine.Name
	case "tp":
		if r.TP == 0 {
			return "any TP"
		}
		return "TP" + units.Count(float64(r.TP))
	case "pp":
		if r.PP == 0 {
			return "any PP"
		}
		return "PP" + units.Count(float64(r.PP))
	case "buy":
		if r.Money.Owned() {
			return "bought"
		}
		return "rented"
	case "in", "out", "w":
		return units.Count(float64(r.Workload.Input)) + "/" + units.Count(float64(r.Workload.Output)) + " tokens"
	case "hit":
		return units.Percent(r.Workload.CachedShare) + " reused"
	case "pos", "util", "spare", "nodespare", "grow", "yrs":
		return postureText(r.Posture)
	case "ttft", "itl", "e2e", "pct":
		return targetsText(r.Targets)
	case "spec":
		if st.SpecTokens == 0 {
			return "no speculation"
		}
		return units.Count(float64(st.SpecTokens)) + " tokens drafted"
	case "pd":
		if st.Split == "" {
			return "prefill and decode together"
		}
		return "prefill and decode apart"
	}
	return p.Key + " " + p.Value
}

// pinKey pins what the keyboard is on: the row that has the focus, the open
// row, or the best.
func (v *Page) pinKey(ctx app.Context, key string) {
	id := ""
	if !app.IsServer {
		if at := document().Get("activeElement"); at.Truthy() {
			if row := at.Call("closest", "tr[data-gpu], tr[data-detail]"); row.Truthy() {
				set := row.Get("dataset")
				for _, name := range []string{"gpu", "detail"} {
					if x := set.Get(name); x.Truthy() {
						id = x.String()
					}
				}
			}
		}
	}
	if id == "" && v.openSet {
		id = v.open
	}
	if id == "" {
		if best := v.s.Best(); best != nil {
			id = best.GPU.ID
		}
	}
	v.pin(ctx, key[0], id)
}

// nextLetter is where the next pin goes: the first option that is free, else C.
func nextLetter(st *link.State) byte {
	switch {
	case len(st.B) == 0:
		return 'b'
	}
	return 'c'
}

// pin makes an accelerator one of the options. The sizing stays as it is.
func (v *Page) pin(ctx app.Context, letter byte, id string) {
	g, ok := v.s.Catalog().GPU(id)
	if !ok {
		return
	}
	st := restricted(v.s.State.Main(), id, 0, 0)
	for _, c := range v.columns() {
		if at := c.letter - 'A' + 'a'; c.pinned && at != letter && (c.ask == st.String() || c.ask == "" && c.option != nil && c.option.GPU.ID == id) {
			v.say(gpuName(g) + " is option " + string(c.letter) + " already")
			return
		}
	}
	v.setOption(ctx, letter, st)
	v.say(gpuName(g) + " pinned as option " + upperFirst(string(letter)))
}

// setOption makes a state option a, b or c.
func (v *Page) setOption(ctx app.Context, letter byte, st link.State) {
	v.edit(ctx, edit{big: true, quiet: true, change: func(s *state) { *s = s.WithOption(letter, st) }})
	v.compareChanged()
}

// compareChanged follows an edit that leaves the sizing as it is.
func (v *Page) compareChanged() {
	v.compare.rev++
	v.fleetRev++
	v.pursue()
}

// removeOption takes an option away: A is the sizing itself again, C moves up
// where B went.
func (v *Page) removeOption(ctx app.Context, letter byte) {
	v.compare.editing = 0
	v.edit(ctx, edit{big: true, quiet: true, change: func(st *state) {
		switch letter {
		case 'a':
			st.A = nil
			return
		case 'b':
			st.B = st.C
		}
		st.C = nil
	}})
	v.compareChanged()
}

// keepProposals pins what is proposed, so that it can be edited and shared.
func (v *Page) keepProposals(ctx app.Context) {
	cols := v.columns()
	v.edit(ctx, edit{big: true, quiet: true, change: func(s *state) {
		for _, c := range cols {
			if c.pinned {
				continue
			}
			st := c.state
			st.Title = c.title
			*s = s.WithOption(c.letter-'A'+'a', st)
		}
	}})
	v.compareChanged()
}

// pinAnother pins the next proposal, or a copy of A to be edited.
func (v *Page) pinAnother(ctx app.Context) {
	letter := nextLetter(&v.s.State)
	base := v.s.State.Main()
	shown := map[string]bool{}
	for _, c := range v.columns() {
		if c.option != nil {
			shown[c.option.GPU.ID] = true
		}
	}
	next := base
	for i := range v.s.Now().Options {
		if o := &v.s.Now().Options[i]; !shown[o.GPU.ID] {
			next = restricted(base, o.GPU.ID, 0, 0)
			break
		}
	}
	v.setOption(ctx, letter, next)
	v.compare.editing = letter
}
