package views

import (
	"fleetsize/calc/sizingchart"
	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// howState is the How view.
type howState struct {
	accuracy *catalog.Accuracy
	failure  error
	read     bool

	chart      []sizingchart.Compared // rows known so far
	chartFault string
	asked      bool
	rev        int
}

// figures are the shipped accuracy results, read when they are first wanted.
func (h *howState) figures() *catalog.Accuracy {
	if !h.read {
		h.read = true
		h.accuracy, h.failure = catalog.LoadAccuracy()
	}
	return h.accuracy
}

// howView says how the page computes, within which limits, and how accurate it is.
type howView struct {
	app.Compo
	Rev  int
	Part string
	P    *Page
}

// OnMount and OnUpdate have the chart computed once it is looked at.
func (c *howView) OnMount(ctx app.Context) { c.ask() }

// OnUpdate follows the part being changed, also by going back.
func (c *howView) OnUpdate(ctx app.Context) { c.ask() }

func (c *howView) ask() {
	if c.Part == chartPage {
		c.P.askChart()
	}
}

// Render draws the whole view.
func (c *howView) Render() app.UI {
	v := c.P
	if c.Part == chartPage {
		return node("div", "leafless",
			el("section", "answer", node("h1", "say", txt("The engine against a sizing chart "), leaf("b", "", "you may know")), v.howNav()).ID("how"),
			v.howChart())
	}
	a := v.how.figures()
	return node("div", "leafless",
		el("section", "answer", node("h1", "say", txt("How it computes, and how far it is "), leaf("b", "", "off")), leaf("p", "mut", howIntro), v.howNav()).ID("how"),
		howComputes(),
		formulaList(),
		howLimits(),
		accuracySummary(a),
		accuracyGroups(a),
		accuracyOthers(a),
	)
}

const howIntro = "One engine answers everything: a simulation of continuous batching, step by step, over a cost of each step that is built from the model's dimensions and the accelerator's data sheet. A few efficiencies are fitted to measurements; the rest is arithmetic."

// lawPart is one step of the computation: what, the law, and what it means.
type lawPart struct{ title, law, text string }

var howParts = []lawPart{
	{"A step", "t = t₀ + t_L·L + c_s·B + t_k·L·T + φ·T ÷ (e_c·F·g) + A ÷ (e_a·F₁₆·g) + W ÷ (e_d·BW·g) + κ·K ÷ (e_d·e_kv·BW·g) + communication",
		"Each iteration computes the prompt chunks it admits and one token for every running request. Its times add up: launch, layers L, running requests B, matrix products of T tokens at the dense peak F, prefill attention A, reading the weights W and the cached context K at bandwidth BW, over g GPUs."},
	{"Weights and cache", "W = dense weights + experts that T tokens touch; K = tokens in context, windows and compressed caches as the model has them",
		"Weights are read once a step, the cache of every running request in every step: a light load waits for weights, long contexts wait for the cache."},
	{"Communication", "n_ar·L·min(α + T·d·2 bytes·(g−1) ÷ (e_β·β), 2·α + 2·T·d·2 bytes·(g−1) ÷ (g·e_β·β))",
		"All-reduces of every layer in a tensor-parallel group, in one round or in two that move less. Over PCIe, in a torus and in engines without such kernels: α·log₂ g and the lesser traffic; over PCIe both the delay and the bandwidth are worse."},
	{"Requests", "admitted while KV memory and sequence slots are free; prompts in chunks up to the token budget",
		"Requests arrive, wait for a slot and for memory, are prefilled beside the decoding ones, and leave. TTFT, time per token and throughput are read off the simulation, not off averages."},
	{"Front end", "d_req per request + c_f per output token; t_r on every TTFT",
		"HTTP, tokenizer and scheduling on the CPU. At high rates they can be the limit."},
	{"GPUs", "replicas = ⌈demand ÷ (utilization · replica rate)⌉ + spare; GPUs = replicas · TP · PP",
		"The replica rate is the highest Poisson arrival rate with every target met at the chosen percentile, at most 85 % of capacity and less where few slots make p95 unstable."},
}

// howComputes is the law in six steps.
func howComputes() app.UI {
	body := []app.UI{leaf("h2", "all", "How it computes")}
	for _, q := range howParts {
		body = append(body, node("div", "blk-h", leaf("h3", "", q.title), leaf("p", "eq", q.law), leaf("p", "sm", q.text)))
	}
	return el("section", "cols", body...).ID("how-computes")
}

var howLimitTexts = []string{
	"A benchmark is a finite run that starts all at once; a sizing is steady state. Both are simulated as what they are, and differ.",
	"Percentiles near saturation depend on few requests: the recommended load stops before.",
	"A number nobody measured on your engine, model and accelerator is an estimate with a 10–90 % range; the tier beside it says which: Measured, Calibrated, Estimated, Specs only.",
	"Lengths are fixed or uniform. A workload with rare, very long prompts waits longer than its mean says.",
	"Not modeled: routing between replicas by prefix, LoRA adapters, multimodal encoders, network between client and server.",
	"A few rows of your own do more than any prior: load them under Measure and fit.",
}

func howLimits() app.UI {
	var items []app.UI
	for _, t := range howLimitTexts {
		items = append(items, leaf("li", "", t))
	}
	return el("section", "fig", heading("Limits"), node("ul", "dots", items...)).ID("how-limits")
}

// pc is a figure that is in per cent already.
func pc(x float64) string { return units.Fixed(x, 1) + " %" }

// ownErrors is a mean error with its median, or a dash where nothing was measured.
func ownErrors(e catalog.AccuracyErrors) string {
	if e.N == 0 {
		return "–"
	}
	return pc(e.MAPE) + " (" + pc(e.Median) + ")"
}
