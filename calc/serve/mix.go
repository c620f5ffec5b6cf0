package serve

import (
	"math"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// Class is one kind of request among several that share a replica. Each
// arrival is of a class drawn by share, whatever came before it; all are served
// in order of arrival, none before another.
type Class struct {
	Share         float64 // of the requests; counts relative to the sum of all shares, ≥ 0
	Input, Output int     // as in Load, and so on
	LengthRatio   float64
	CachedShare   float64
}

// MaxClasses is the most kinds of request that a load may mix.
const MaxClasses = 64

// Latencies are those of the requests of one class, in seconds.
type Latencies struct {
	TTFT, ITL, E2E Quantiles
	Requests       int // measured ones; 0 where the closed form tells, or nothing (NaN)
}

// Classes are the classes of a mix, none where there is one kind of request.
func (l *Load) Classes() []Class {
	if l.Mix == nil {
		return nil
	}
	return *l.Mix
}

// class is l with the requests of class k only.
func (l *Load) class(k int) Load {
	one, c := *l, &l.Classes()[k]
	one.Mix = nil
	one.Input, one.Output, one.LengthRatio, one.CachedShare = c.Input, c.Output, c.LengthRatio, c.CachedShare
	return one
}

// shares is the sum of the shares of the classes.
func (l *Load) shares() (sum float64) {
	for i := range l.Classes() {
		sum += l.Classes()[i].Share
	}
	return sum
}

// validMix reports the first fault of the classes.
func (l *Load) validMix() error {
	for k := range l.Classes() {
		if share := l.Classes()[k].Share; !(share >= 0 && share <= maxRate) {
			return badLoad("Mix", "share of %g: use 0 to %g", share, maxRate)
		}
		one := l.class(k)
		if err := one.Validate(); err != nil {
			return err
		}
	}
	if sum := l.shares(); len(l.Classes()) > MaxClasses || !(sum > 0) {
		return badLoad("Mix", "%d kinds of request with shares of %g in all: use 1 to %d, with a share above 0", len(l.Classes()), sum, MaxClasses)
	}
	return nil
}

// kind is one class of a running mix: its bounds, and what was measured of it.
type kind struct {
	load           Load
	lengths        lengths // bounds only; the tables are those of the run
	upTo           float64 // it is drawn by numbers below this and not below those before
	ttft, itl, e2e sample
}

// mix is the classes of a run; without any there is one kind of request.
type mix struct {
	kinds []kind
	of    []uint8 // by request
}

// begin prepares for the classes of l, of which n requests are measured in all.
func (m *mix) begin(l *Load, n int) {
	for len(m.kinds) < len(l.Classes()) {
		m.kinds = append(m.kinds, kind{})
	}
	m.kinds = m.kinds[:len(l.Classes())]
	if len(m.kinds) == 0 {
		return
	}
	upTo, sum := 0.0, l.shares()
	for i := range m.kinds {
		k, w := &m.kinds[i], l.Classes()[i].Share/sum
		k.load = l.class(i)
		k.lengths.bounds(&k.load)
		upTo += w
		k.upTo = upTo
		if i == len(l.Classes())-1 {
			k.upTo = math.Inf(1)
		}
		for _, s := range [...]*sample{&k.ttft, &k.itl, &k.e2e} {
			s.reset(min(int(w*float64(n)*1.1)+64, 1<<16))
		}
	}
}

// draw is request number i of the run: its class and its tokens. d has the tables.
func (m *mix) draw(d *lengths, i int) (class uint8, in, out, cached float64) {
	j := d.index(i)
	at := 0
	for d.w[j] >= m.kinds[at].upTo {
		at++
	}
	k := &m.kinds[at]
	in, out = k.lengths.in, k.lengths.out
	if !k.lengths.exact {
		in, out = draw(k.lengths.in0, in, d.u[j]), draw(k.lengths.out0, out, d.v[j])
	}
	return uint8(at), in, out, k.load.cached(in)
}

// set notes the class of a request.
func (m *mix) set(id int32, class uint8) {
	for len(m.of) <= int(id) {
		m.of = append(m.of, 0)
	}
	m.of[id] = class
}

// add records a measured request.
func (m *mix) add(id int32, ttft, itl, e2e float64) {
	k := &m.kinds[m.of[id]]
	k.ttft.add(ttft)
	k.itl.add(itl)
	k.e2e.add(e2e)
}

// join appends what was measured in another replica.
func (m *mix) join(n *mix) {
	for i := range m.kinds {
		a, b := &m.kinds[i], &n.kinds[i]
		a.ttft.join(&b.ttft)
		a.itl.join(&b.itl)
		a.e2e.join(&b.e2e)
	}
}

// latencies are those of each class; nil with one kind of request.
func (m *mix) latencies(s *summary) *[]Latencies {
	if len(m.kinds) == 0 {
		return nil
	}
	out := make([]Latencies, len(m.kinds))
	for i := range out {
		k := &m.kinds[i]
		out[i] = Latencies{TTFT: s.of(&k.ttft), ITL: s.of(&k.itl), E2E: s.of(&k.e2e), Requests: len(k.ttft.x)}
	}
	return &out
}

// unseen fills in what the closed form says of classes that are so rare that no
// request of theirs was measured; in a closed loop nothing is known of them.
func (s *Sim) unseen(r *Result) {
	if r.Classes == nil {
		return
	}
	var form *[]Latencies
	for k := range *r.Classes {
		c := &(*r.Classes)[k]
		switch {
		case c.Requests > 0 || s.load.Classes()[k].Share == 0:
			continue
		case !s.open:
			nan := Quantiles{math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()}
			c.TTFT, c.ITL, c.E2E = nan, nan, nan
			continue
		case form == nil:
			form = Open(s.cost, s.load).Classes
		}
		*c = (*form)[k]
	}
}

// longest is the largest number of output tokens a request of l may have.
func (l *Load) longest() float64 {
	n := l.Output
	if len(l.Classes()) > 0 {
		n = 0
	}
	for i := range l.Classes() {
		n = max(n, l.Classes()[i].Output)
	}
	return float64(n)
}

// blend is the mean request of a mix, for the closed form, and the shape of
// each class beside the others. What requests hold and read while they decode
// is weighted by how long they do; the spread is the larger of the prompts' and
// the answers'. Differences to the first class are added up, so that equal
// classes blend into exactly one of them.
func blend(c *step.Cost, l *Load) (s shape, each []shape) {
	w, sum := make([]float64, len(l.Classes())), l.shares()
	each = make([]shape, len(l.Classes()))
	for k := range each {
		one := l.class(k)
		each[k], w[k] = newShape(c, &one), l.Classes()[k].Share/sum
	}
	first := &each[0]
	s = *first
	for k := range each {
		e := &each[k]
		s.in += w[k] * (e.in - first.in)
		s.out += w[k] * (e.out - first.out)
		s.computed += w[k] * (e.computed - first.computed)
		s.cached += w[k] * (e.cached - first.cached)
		s.flop += w[k] * (e.flop - first.flop)
		s.turns += w[k] * (e.turns - first.turns)
		s.frontEnd += w[k] * (e.frontEnd - first.frontEnd)
	}
	vin, vout := 0.0, 0.0
	for k := range each {
		e := &each[k]
		stay := w[k] * (e.turns + 1) / (s.turns + 1)
		s.context += stay * (e.context - first.context)
		s.need += stay * (e.need - first.need)
		vin += w[k] * (e.spread*e.in*e.in + (e.in-s.in)*(e.in-s.in))
		vout += w[k] * (e.spread*e.out*e.out + (e.out-s.out)*(e.out-s.out))
	}
	s.spread = max(vin/(s.in*s.in), vout/(s.out*s.out))
	s.interval = max(1, min(float64(c.Scheduler().StreamInterval), s.out))
	if l.Prefilled {
		s.interval = 1
	}
	s.slots, s.byKV = slots(c, c.Scheduler(), s.need)
	for k := range each {
		e := &each[k]
		e.context, e.slots, e.byKV = s.context, s.slots, s.byKV
	}
	return s, each
}

// beside is what requests of shape e see of the state: the same waits and
// steps, a prompt and an answer of their own.
func (o *open) beside(e *shape) open {
	one := *o
	one.s = e
	one.prefill, _ = e.unhindered(o.running)
	return one
}

// classes are the latencies of each class by the closed form.
func (o *open) classes(l *Load, each []shape) *[]Latencies {
	out := make([]Latencies, len(each))
	for k := range each {
		if l.Classes()[k].Share == 0 {
			continue
		}
		one := o.beside(&each[k])
		r := one.result(l.Requests)
		out[k] = Latencies{TTFT: r.TTFT, ITL: r.ITL, E2E: r.E2E}
	}
	return &out
}

// worstOf is the largest logarithm of a latency over its target among the
// classes, and whose it is.
func (o *open) worstOf(l *Load, each []shape, ts []catalog.Targets) (gap float64, limit Limit) {
	gap = math.Inf(-1)
	for k := range each {
		if l.Classes()[k].Share == 0 {
			continue
		}
		one := o.beside(&each[k])
		r := one.result(0)
		if g, at := gapOf(&r, &ts[min(k, len(ts)-1)]); g > gap {
			gap, limit = g, at
		}
	}
	return gap, limit
}
