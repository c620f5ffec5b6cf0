package explain

import (
	"math"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/rag"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Context is what only the link knows: which settings the user stated, and
// what the presets in force are called.
type Context struct {
	Stated    map[string]bool // link keys with a value of their own
	Confirmed map[string]bool // link keys the customer confirmed
	Preset    string          // name of the workload preset
	Posture   string          // name of the posture
	API       money.API       // price of a hosted API that was stated
}

// Book explains the numbers of one option.
type Book struct {
	Req *fleet.Requirement
	Opt *fleet.Option

	bare    bool // there is no option: only studies and the catalog are explained
	context Context
	answer  *fleet.Answer
	cost    *step.Cost // nil when the replica cannot be built
	shape   serve.Load
	applies map[string]bool // cases in force
	arg     string          // third part of the reference in hand
	curve   func(inFlight int) (serve.Result, bool)
	price   []fleet.PricePoint // price of latency of the option's accelerator
	years   *fleet.Growth      // nil until it is asked for
	studies Studies

	values map[string]float64
	decode step.Breakdown
	pre    prompt
}

// New explains option o of answer a to requirement r; with nil, where nothing
// meets the targets, what was asked for, studies and the catalog.
func New(r *fleet.Requirement, a *fleet.Answer, o *fleet.Option, c Context) *Book {
	b := &Book{Req: r, Opt: o, answer: a, context: c, applies: map[string]bool{}, values: map[string]float64{}}
	if b.bare = o == nil; b.bare {
		b.Opt = &fleet.Option{GPU: &catalog.GPU{}}
		b.asked()
		return b
	}
	if cost, shape, err := o.Cost(r); err == nil {
		b.cost, b.shape = cost, shape
		b.pre = promptOf(cost, shape)
	}
	b.cases()
	if b.cost != nil {
		b.decode = b.cost.Breakdown(step.Batch{
			Decoding: b.value("decode_batch"),
			Context:  b.value("decode_batch") * b.value("decode_context"),
		})
	}
	return b
}

// Cost is the step cost of one replica and the lengths of its requests; ok is
// false where the replica cannot be built.
func (b *Book) Cost() (c *step.Cost, shape serve.Load, ok bool) {
	return b.cost, b.shape, b.cost != nil
}

// Curve tells the book the load curve of its option, so that its points can be
// explained.
func (b *Book) Curve(points []fleet.LoadPoint) {
	b.curve = func(n int) (serve.Result, bool) {
		for _, p := range points {
			if p.InFlight == n {
				return p.At, true
			}
		}
		return serve.Result{}, false
	}
}

// Price tells the book the price of latency on the accelerator of its option,
// so that its points can be explained.
func (b *Book) Price(points []fleet.PricePoint) { b.price = points }

// asked finds out which cases of the formulas apply by what is asked for.
func (b *Book) asked() {
	r, on := b.Req, b.applies
	switch r.Demand.Kind {
	case fleet.People:
		on["users"] = true
	case fleet.PerDay:
		on["day"] = true
	case fleet.InFlight:
		on["flight"] = true
	}
	on["p95"] = r.Demand.PeakP95 && (on["users"] || on["day"])
	on["own"] = r.Money.Owned()
	on["steady"] = r.Posture.Growth == 0 || r.Posture.Years == 0
	on["parts"] = r.Prompt.Chunks > 0 && r.Turns <= 1
	on["pipeline"] = r.Pipeline.On()
}

// cases finds out which cases of the formulas apply.
func (b *Book) cases() {
	b.asked()
	o, r, on := b.Opt, b.Req, b.applies
	l := o.Layout
	on["split"] = l.Split()
	on["draft"] = r.Speculation.On()
	on["modes"] = on["split"] || on["draft"] || l.EP > 1 || l.DP > 1
	on["pooled"] = o.RandomRate > 0
	on["embedder"] = b.stage(rag.Embedding) != nil
	on["indexing"] = on["embedder"] && b.stage(rag.Embedding).DocRate > 0 && r.Pipeline.ReindexHours > 0
	on["reranker"] = b.stage(rag.Reranking) != nil
	per := max(1, o.GPU.GPUsPerNode)
	on["linked"] = !on["split"] && l.TP > per
	on["single"] = !(o.At.ITL.At(r.Targets.Percentile) > 0) // answers of one token have no time per token
	on["staged"] = !on["split"] && l.TP <= per && l.GPUs() > per
	on["allin"] = o.GPU.AllInKW != nil && o.GPU.AllInKW.Value > 0
	on["group"] = o.Layout.TP > 1 && o.Layout.PP == 1
	on["stages"] = o.Layout.PP > 1
	on["free"] = r.Engine.Memory.Basis == "free"
	if b.cost == nil {
		return
	}
	w := b.cost.Work()
	on["direct"] = o.Layout.TP > 1 && b.cost.Efficiency().DirectReduce
	on["grow"] = b.cost.Scheduler().Reserve == "grow"
	on["state"] = w.StateBytes > 0 || o.Layout.PP > 1
	on["plain"] = !on["modes"] && len(w.Windows) == 0 && w.SparseTopK == 0 && w.StateBytes == 0
}

// Value is the value of an entry or an input; NaN when it is not known.
func (b *Book) Value(id string) float64 { return b.value(id) }

func (b *Book) value(id string) float64 {
	key := id + ":" + b.arg
	if v, ok := b.values[key]; ok {
		return v
	}
	b.values[key] = math.NaN() // a cycle ends here
	v := b.compute(id)
	b.values[key] = v
	return v
}

func (b *Book) compute(id string) float64 {
	f := read().formula(id, b.applies)
	if f == nil {
		v, _ := b.leaf(id)
		return v
	}
	return f.body.eval(func(name string) float64 {
		if name == simulate {
			return b.simulated(id)
		}
		return b.value(name)
	})
}

// Ref is the reference to an entry: its id, the accelerator, and what else it
// needs, as links write it. Empty parts at the end are left out.
func Ref(id, gpu, arg string) string {
	ref := strings.ReplaceAll(id, "_", "-")
	if gpu != "" || arg != "" {
		ref += ":" + gpu
	}
	if arg != "" {
		ref += ":" + arg
	}
	return ref
}

// Split takes a reference apart.
func Split(ref string) (id, gpu, arg string) {
	id, rest, _ := strings.Cut(ref, ":")
	gpu, arg, _ = strings.Cut(rest, ":")
	return strings.ReplaceAll(id, "-", "_"), gpu, arg
}
