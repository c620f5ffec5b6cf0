package views

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/rag"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// ragMore is the prompt in parts and what runs before the model.
func (v *Page) ragMore() app.UI {
	s := v.s
	st := &s.State
	changed := st.Chunks > 0 || st.Embedder != "" || st.Reranker != "" || st.Retrieval > 0
	return v.foldable("rag-more", ragSummary(s), changed, &v.ragOpen, v.ragBody)
}

func (v *Page) ragBody() (body []app.UI) {
	s := v.s
	st := &s.State
	if st.Chunks == 0 {
		body = append(body, button("btn ghost", txt("State the prompt in parts")).ID("rag-split").
			OnClick(func(ctx app.Context, e app.Event) { v.edit(ctx, edit{change: splitPrompt}) }))
	} else {
		body = append(body,
			v.numberField("sys", "The same in every request"),
			v.numberField("hist", "Earlier turns, where they are not counted as turns"),
			v.numberField("ask", ""),
			v.numberField("chunks", promptSum(s.State.Parts())),
			v.numberField("chunk", ""),
			node("div", "row",
				button("lnk", txt("Count the system prompt as reused")).ID("rag-reuse").
					OnClick(func(ctx app.Context, e app.Event) { v.edit(ctx, edit{change: reuseSystem}) }),
				button("lnk", txt("Back to one number")).ID("rag-whole").
					OnClick(func(ctx app.Context, e app.Event) {
						v.edit(ctx, edit{change: func(st *state) {
							st.Input = st.Parts().Tokens()
							st.Chunks, st.ChunkSize, st.System, st.History, st.Question = 0, 0, 0, 0, 0
						}})
					})),
		)
	}
	body = append(body,
		v.choose("emb", "Embedding", encoderOptions(s.Catalog(), catalog.ClassEmbedding, st.Embedder), func(ctx app.Context, id string) {
			v.edit(ctx, edit{change: func(st *state) { st.Embedder = fromAuto(id) }})
		}))
	if st.Embedder != "" {
		body = append(body, v.numberField("docs", "To index again; off = none"))
		if st.Docs > 0 {
			body = append(body, v.numberField("doc", ""), v.numberField("hours", "Time allowed for it"))
		}
	}
	body = append(body,
		v.choose("rer", "Reranking", encoderOptions(s.Catalog(), catalog.ClassReranker, st.Reranker), func(ctx app.Context, id string) {
			v.edit(ctx, edit{change: func(st *state) { st.Reranker = fromAuto(id) }})
		}))
	if st.Reranker != "" {
		body = append(body, v.numberField("cand", "Passages compared with the question"))
	}
	return append(body, v.numberField("ret", "What the index takes"), leaf("p", "hint eqv", pipelineText(s)))
}

// foldable is more whose body is drawn only while it is open.
func (v *Page) foldable(id, summary string, changed bool, open *bool, draw func() []app.UI) app.UI {
	var body []app.UI
	if *open {
		body = draw()
	}
	return v.more(id, summary, changed, body...).Attr("open", flag(*open)).
		On("toggle", func(ctx app.Context, e app.Event) { *open = ctx.JSSrc().Get("open").Truthy() }, app.EventScope(id))
}

// splitPrompt turns the prompt in force into a system prompt, a question and
// passages of 500 tokens.
func splitPrompt(st *state) {
	in := int(st.Talk().Prompt(1))
	st.System, st.Question, st.ChunkSize = min(400, in/4), min(100, max(1, in/8)), 0
	st.Chunks = max(1, (in-st.System-st.Question)/500)
}

// reuseSystem counts the system prompt as found in the prefix cache.
func reuseSystem(st *state) {
	if share := st.Parts().ReusedShare(); share > 0 {
		st.Hit = units.Round(100*share, 3)
	}
}

func encoderOptions(c *catalog.Catalog, class catalog.ModelClass, current string) []option {
	list := []option{{id: "auto", label: "None", on: current == ""}}
	for _, m := range c.Models {
		if m.Class == class {
			list = append(list, option{id: m.ID, label: m.Name, on: m.ID == current})
		}
	}
	return list
}

// promptSum is "400 + 0 + 100 + 9 × 500 = 5,000 tok".
func promptSum(p rag.Prompt) string {
	n := func(x int) string { return units.Count(float64(x)) }
	return n(p.System) + " + " + n(p.History) + " + " + n(p.Question) + " + " + n(p.Chunks) + " × " + n(p.ChunkSize) + " = " + n(p.Tokens()) + " tok"
}

// ragSummary is the pipeline in a line.
func ragSummary(s *Sizing) string {
	st := &s.State
	text := "RAG: prompt as a whole"
	if st.Chunks > 0 {
		parts := st.Parts()
		text = "RAG: " + units.Count(float64(parts.Chunks)) + " × " + units.Count(float64(parts.ChunkSize)) + " tok"
	}
	embedded, reranked := "", ""
	if st.Embedder != "" {
		embedded = "embedded"
	}
	if st.Reranker != "" {
		reranked = "reranked"
	}
	return join(", ", text, embedded, reranked)
}

// pipelineText is what runs before the model on the recommended accelerator.
func pipelineText(s *Sizing) string {
	o := s.Best()
	if o == nil || o.Pipeline.Ahead <= 0 {
		return "Its time is taken off the first-token target, its GPUs join the bill"
	}
	text := units.Duration(o.Pipeline.Ahead, 2) + " before the model on " + gpuName(o.GPU)
	for _, st := range o.Pipeline.Stages {
		text += " · " + string(st.Kind) + " " + units.Duration(st.Latency, 2) + ", " + plural(st.GPUs, "GPU")
	}
	return text
}

// talkMore is a conversation, and tasks of several calls.
func (v *Page) talkMore() app.UI {
	s := v.s
	st := &s.State
	return v.foldable("talk-more", talkSummary(s), st.Turns > 1 || st.Calls > 1 || st.LengthRatio > 0, &v.talkOpen, func() []app.UI {
		return []app.UI{
			v.numberField("turns", turnsHint(s)),
			v.numberField("calls", callsHint(s)),
			v.numberField("lr", "Lengths spread evenly between this and the whole"),
		}
	})
}

func talkSummary(s *Sizing) string {
	st := &s.State
	spread, calls := "", ""
	if st.LengthRatio > 0 {
		spread = "lengths " + units.Percent(st.LengthRatio) + "–100 %"
	}
	if st.Calls > 1 {
		calls = units.Count(float64(st.Calls)) + " calls a task"
	}
	turns := "Single turn"
	if st.Turns > 1 {
		turns = units.Count(float64(st.Turns)) + " turns"
	}
	return join(", ", turns, calls, spread)
}

// turnsHint is the arithmetic of a conversation.
func turnsHint(s *Sizing) string {
	k := s.State.Talk()
	if k.Turns < 2 {
		return "History grows with every turn and is reused"
	}
	mean, share := k.Mean()
	return "Prompts of " + units.Count(k.Prompt(1)) + " to " + units.Count(k.Prompt(k.Turns)) + " tok: mean " +
		units.Count(units.Round(mean, 3)) + ", " + units.Percent(share) + " reused"
}

func callsHint(s *Sizing) string {
	n := s.State.Calls
	if n < 2 {
		return "The demand then counts tasks"
	}
	d := s.State.Demand
	if d.Kind == fleet.InFlight {
		return "A task has one call in flight at a time"
	}
	return units.Sig(d.PeakReqPerS(), 3) + " tasks/s × " + units.Count(float64(n)) + " calls = " + units.Rate(s.Req.Demand.PeakReqPerS())
}

// peakFields are how the peak comes about from the mean.
func (v *Page) peakFields(hint string) []app.UI {
	d := v.s.State.Demand
	by := v.choose("peakby", "Peak from", []option{
		{id: "factor", label: "a factor", on: !d.PeakP95},
		{id: "p95", label: "Poisson p95", on: d.PeakP95},
	}, func(ctx app.Context, id string) {
		v.edit(ctx, edit{change: func(st *state) { st.Demand.PeakP95 = id == "p95" }})
	})
	if d.PeakP95 {
		return []app.UI{by, leaf("p", "hint eqv", "95 of 100 seconds bring at most "+units.Sig(v.s.Req.Demand.PeakReqPerS(), 3)+
			" requests when "+units.Sig(v.s.Req.Demand.MeanReqPerS(), 3)+" come on the mean, each on its own")}
	}
	return []app.UI{by, v.numberField("peak", hint)}
}

// layoutMore is how the model is laid out and decoded.
func (v *Page) layoutMore() app.UI {
	st := &v.s.State
	return v.foldable("layout-more", layoutSummary(st),
		st.TP > 0 || st.PP > 0 || st.EP > 0 || st.DP > 0 || st.Split != "" || st.SpecTokens > 0 || st.Router == "least", &v.layoutOpen, v.layoutBody)
}

func (v *Page) layoutBody() []app.UI {
	s := v.s
	st := &s.State
	splits := []option{{id: "auto-off", label: "Off", on: st.Split == ""}, {id: "auto", label: "Search", on: st.Split == "auto"}}
	known := st.Split == "" || st.Split == "auto"
	for _, x := range []string{"1:1", "1:2", "1:3", "2:1", "3:1"} {
		splits = append(splits, option{id: x, label: x, on: st.Split == x})
		known = known || st.Split == x
	}
	if !known {
		splits = append(splits, option{id: st.Split, label: st.Split, on: true})
	}
	body := []app.UI{
		v.numberField("tp", "GPUs per replica, tensor parallel; off = search"),
		v.numberField("pp", "Pipeline stages; off = search"),
		v.numberField("ep", "GPUs that share the experts"),
		v.numberField("dp", "Attention replicas in a group"),
		v.choose("pd", "Prefill : decode", splits, func(ctx app.Context, id string) {
			if id == "auto-off" {
				id = ""
			}
			v.edit(ctx, edit{change: func(st *state) { st.Split = id }})
		}),
		v.numberField("draft", "Speculative decoding; off = none"),
	}
	if st.SpecTokens > 0 {
		body = append(body, v.numberField("yield", "On the mean, its own included: the engine logs it as acceptance length"))
	}
	return append(body, v.choose("rt", "Router", []option{
		{id: "random", label: "Random", on: st.Router != "least"},
		{id: "least", label: "Least loaded", on: st.Router == "least"},
	}, func(ctx app.Context, id string) { v.edit(ctx, edit{change: func(st *state) { st.Router = id }}) }), leaf("p", "hint eqv", routerText(s)))
}

// routerText is what the router does to the recommended option.
func routerText(s *Sizing) string {
	o := s.Best()
	switch {
	case s.State.Router != "least":
		return "Each replica sees random arrivals of its share"
	case o != nil && o.RandomRate > 0:
		return "A replica holds " + units.Rate(o.ReplicaRate) + " instead of " + units.Rate(o.RandomRate) + " at random"
	}
	return "To the replica with the fewest requests; matters from two replicas on"
}

func layoutSummary(st *state) string {
	n := func(name string, x int) string {
		if x == 0 {
			return ""
		}
		return name + units.Count(float64(x))
	}
	split, spec, least := "", "", ""
	if st.Split != "" {
		split = "split " + st.Split
	}
	if st.SpecTokens > 0 {
		spec = "speculative"
	}
	if st.Router == "least" {
		least = "least loaded"
	}
	if text := join(", ", n("TP", st.TP), n("PP", st.PP), n("EP", st.EP), n("DP", st.DP), split, spec, least); text != "" {
		return "Layout " + text
	}
	return "Layout: search"
}
