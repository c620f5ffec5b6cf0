package fleet

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"fleetsize/calc/serve"
	"fleetsize/catalog"
)

// Split asks for disaggregated replicas, whose prompts are computed on GPUs of
// their own. The zero value is none.
type Split struct {
	Auto            bool // search the numbers of instances, 1 to 8 each
	Prefill, Decode int  // instances of a replica; both > 0, or both 0
}

// On reports whether replicas are disaggregated.
func (s Split) On() bool { return s.Auto || s.Prefill > 0 && s.Decode > 0 }

// ParseSplit reads "" (none), "auto" or "P:D" as in "2:3".
func ParseSplit(text string) (Split, error) {
	switch text {
	case "":
		return Split{}, nil
	case "auto":
		return Split{Auto: true}, nil
	}
	p, d, _ := strings.Cut(text, ":")
	a, errA := strconv.Atoi(p)
	b, errB := strconv.Atoi(d)
	if errA != nil || errB != nil || a < 1 || b < 1 {
		return Split{}, fmt.Errorf("%q is no split: write auto, or instances for prompts and for decoding, as in 1:3", text)
	}
	return Split{Prefill: a, Decode: b}, nil
}

// widestSplit bounds the search: instances of either kind in a replica.
const widestSplit = 8

// Pairs of instance sizes are evaluated whole as long as they need at most
// splitSlack times the GPUs of the best, at most splitTried of them.
const (
	splitTried = 4
	splitSlack = 1.4
)

// splitCandidates evaluates disaggregated layouts on accelerator g with the
// closed form. Queues of different instances are independent, so a replica of
// P prefill and D decode instances holds
//
//	min(P·(rate of a prefill instance inside the TTFT target), D·(rate of a decode instance inside the ITL target))
//
// The best numbers of instances follow from two rates per instance size; only
// the best pairs of sizes are then evaluated whole, end-to-end target and
// transfer included.
func (e *Estimator) splitCandidates(r *Requirement, g *catalog.GPU, tp int, w catalog.Weights) (found []candidate, obstacles []obstacle) {
	kv := r.kv(w)
	var sides []side
	for _, l := range layouts(r, g, tp) {
		if l.PP > 1 && (r.PP == 0 && len(sides) > 0) {
			continue // stages only where nothing else fits
		}
		p, err := e.replica(r, g, l, w, kv)
		if err != nil {
			obstacles = append(obstacles, obstacleOf(l, w, err))
			continue
		}
		sides = append(sides, r.side(p, g))
	}
	var pairs []pair
	for i := range sides {
		for j := range sides {
			if sides[i].layout.PP != sides[j].layout.PP {
				continue
			}
			pairs = append(pairs, r.match(&sides[i], &sides[j]))
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].before(&pairs[j]) })
	for i := range pairs {
		if len(found) > 0 && (i >= splitTried || pairs[i].gpus > splitSlack*pairs[0].gpus) {
			break
		}
		p, err := e.replica(r, g, pairs[i].layout, w, kv)
		if err != nil {
			obstacles = append(obstacles, obstacleOf(pairs[i].layout, w, err))
			continue
		}
		c := candidate{replica: p, weights: w, kv: kv}
		if o := e.preview(r, &c); o != nil {
			obstacles = append(obstacles, *o)
			continue
		}
		found = append(found, c)
	}
	return found, obstacles
}

// side is an instance size with the rates it holds as either kind of instance.
type side struct {
	layout          Layout
	prompts, decode float64 // req/s
	stay            float64 // seconds a request spends decoding, roughly
}

func (r *Requirement) side(p *replica, g *catalog.GPU) side {
	s := side{layout: p.layout}
	goals := func(of func(*catalog.Targets)) []catalog.Targets {
		ts := r.goalsOn(g)
		for i := range ts {
			of(&ts[i])
		}
		return ts
	}
	prompts := p.shape.Prompts()
	s.prompts, _ = serve.MaxRate(p.cost, prompts, goals(func(t *catalog.Targets) { t.ITL = 0 })...)
	s.prompts = min(s.prompts, topShare*serve.Capacity(p.cost, prompts))
	if p.shape.Output == 1 {
		s.decode = math.Inf(1)
		return s
	}
	decode := p.shape
	decode.Prefilled = true
	s.decode, _ = serve.MaxRate(p.cost, decode, goals(func(t *catalog.Targets) { t.TTFT = 0 })...)
	s.decode = min(s.decode, SafeShare(p.slots)*serve.Capacity(p.cost, decode))
	if s.decode > 0 {
		decode.Rate = s.decode
		s.stay = serve.Open(p.cost, decode).E2E.Mean
	}
	return s
}

// pair is a prefill and a decode instance size with the best numbers of both.
type pair struct {
	layout Layout
	gpus   float64 // of the fleet; +Inf = holds nothing
	rate   float64
}

func (a *pair) before(b *pair) bool {
	if a.gpus != b.gpus {
		return a.gpus < b.gpus
	}
	return a.layout.GPUs() < b.layout.GPUs()
}

// match finds the numbers of instances that serve the demand with the fewest
// GPUs, then with the smallest replica.
func (r *Requirement) match(p, d *side) pair {
	layout := d.layout
	layout.PrefillTP = p.layout.TP
	best := pair{gpus: math.Inf(1)}
	try := func(a, b int) {
		x := pair{layout: layout, gpus: math.Inf(1)}
		x.layout.Prefill, x.layout.Decode = a, b
		x.rate = min(float64(a)*p.prompts, float64(b)*d.decode)
		if x.rate > 0 {
			demand := r.sizedReqPerS()
			if r.Demand.Kind == InFlight {
				demand = r.sizedInFlight() / max(d.stay, 1e-9)
			}
			need := math.Max(1, math.Ceil(demand/(r.Posture.Utilization*x.rate)-1e-9))
			x.gpus = (need + float64(r.Posture.SpareReplicas)) * float64(x.layout.GPUs())
		}
		if best.layout.Prefill == 0 || x.before(&best) {
			best = x
		}
	}
	if !r.Split.Auto {
		try(r.Split.Prefill, r.Split.Decode)
		return best
	}
	for a := 1; a <= widestSplit; a++ {
		for b := 1; b <= widestSplit; b++ {
			try(a, b)
		}
	}
	return best
}
