package negotiate

import (
	"math"
	"sort"

	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/catalog"
)

// Input names an input that moves the answer.
type Input string

const (
	InputPrompt Input = "in"
	InputAnswer Input = "out"
	InputReused Input = "hit"
	InputDemand Input = "demand"
	InputTTFT   Input = "ttft"
	InputITL    Input = "itl"
	InputE2E    Input = "e2e"
	InputLoad   Input = "util"
	InputGrowth Input = "grow"
	InputPrice  Input = "price"
)

// Share is how far every input is moved.
const Share = 0.25

// Outcome is the answer with one input at Value, in the input's base unit.
type Outcome struct {
	Tried  bool // false where the input cannot go there
	Value  float64
	Viable bool
	GPUs   int
	Exact  float64 // GPUs that serve before rounding up and without spares
	USD    float64 // a month; meaningful only when Priced
	Priced bool
	Text   string // why there is no answer

	// What the count comes from: the demand sized for, the share of what the
	// replicas hold that it may use, what one replica holds, in req/s or, where
	// the demand is stated so, in requests in flight, and its GPUs.
	Demand, Load, Rate float64
	PerReplica, Paid   int // Paid: GPUs on the bill
}

// Move is what happens when an input is a quarter smaller and larger.
type Move struct {
	Input     Input
	Now       float64
	Low, High Outcome
}

// Span is the largest change of the GPU count against base; losing the answer
// counts as more than any number.
func (m Move) Span(base Outcome) float64 {
	span := 0.0
	for _, o := range []Outcome{m.Low, m.High} {
		switch {
		case !o.Tried:
		case !o.Viable:
			return math.MaxFloat64
		default:
			span = math.Max(span, math.Abs(float64(o.GPUs-base.GPUs)))
		}
	}
	return span
}

// money is the largest change of the monthly cost.
func (m Move) money(base Outcome) float64 {
	span := 0.0
	for _, o := range []Outcome{m.Low, m.High} {
		if o.Tried && o.Viable && o.Priced && base.Priced {
			span = math.Max(span, math.Abs(o.USD-base.USD))
		}
	}
	return span
}

// exact is the largest change before rounding.
func (m Move) exact(base Outcome) float64 {
	span := 0.0
	for _, o := range []Outcome{m.Low, m.High} {
		if o.Tried && o.Viable {
			span = math.Max(span, math.Abs(o.Exact-base.Exact))
		}
	}
	return span
}

// Moves is what moves the answer on one accelerator, the strongest first.
type Moves struct {
	GPU   string
	Base  Outcome
	Moves []Move
}

// lever is an input and the way to move it.
type lever struct {
	input Input
	now   func(*fleet.Requirement) float64
	// move sets the input to about factor times its value and returns what it
	// became; false where it cannot.
	move func(r *fleet.Requirement, factor float64) (value float64, ok bool)
}

func wholeTokens(at func(*fleet.Requirement) *int) func(*fleet.Requirement, float64) (float64, bool) {
	return func(r *fleet.Requirement, factor float64) (float64, bool) {
		n := at(r)
		*n = max(1, int(math.Round(float64(*n)*factor)))
		return float64(*n), true
	}
}

func target(at func(*fleet.Requirement) *float64) func(*fleet.Requirement, float64) (float64, bool) {
	return func(r *fleet.Requirement, factor float64) (float64, bool) {
		*at(r) *= factor
		return *at(r), true
	}
}

var levers = []lever{
	{InputPrompt, func(r *fleet.Requirement) float64 { return float64(r.Workload.Input) }, wholeTokens(func(r *fleet.Requirement) *int { return &r.Workload.Input })},
	{InputAnswer, func(r *fleet.Requirement) float64 { return float64(r.Workload.Output) }, wholeTokens(func(r *fleet.Requirement) *int { return &r.Workload.Output })},
	{InputReused, func(r *fleet.Requirement) float64 { return r.Workload.CachedShare }, moveReused},
	{InputDemand, func(r *fleet.Requirement) float64 { return r.Demand.Amount() }, func(r *fleet.Requirement, factor float64) (float64, bool) {
		r.Demand = scaled(r.Demand, factor)
		return r.Demand.Amount(), true
	}},
	{InputTTFT, func(r *fleet.Requirement) float64 { return r.Targets.TTFT }, target(func(r *fleet.Requirement) *float64 { return &r.Targets.TTFT })},
	{InputITL, func(r *fleet.Requirement) float64 { return r.Targets.ITL }, target(func(r *fleet.Requirement) *float64 { return &r.Targets.ITL })},
	{InputE2E, func(r *fleet.Requirement) float64 { return r.Targets.E2E }, target(func(r *fleet.Requirement) *float64 { return &r.Targets.E2E })},
	{InputLoad, func(r *fleet.Requirement) float64 { return r.Posture.Utilization }, func(r *fleet.Requirement, factor float64) (float64, bool) {
		r.Posture.Utilization = math.Min(1, r.Posture.Utilization*factor)
		return r.Posture.Utilization, true
	}},
	{InputGrowth, func(r *fleet.Requirement) float64 { return r.Posture.Growth }, target(func(r *fleet.Requirement) *float64 { return &r.Posture.Growth })},
}

// moveReused moves the reused share of the prompt; from none at all it goes up
// by the quarter itself, and not down.
func moveReused(r *fleet.Requirement, factor float64) (float64, bool) {
	w := &r.Workload
	switch {
	case w.CachedShare > 0:
		w.CachedShare = math.Min(0.99, w.CachedShare*factor)
	case factor > 1:
		w.CachedShare = factor - 1
	default:
		return 0, false
	}
	return w.CachedShare, true
}

// scaled is a demand of factor times the size, stated the same way.
func scaled(d fleet.Demand, factor float64) fleet.Demand {
	d.ReqPerS *= factor
	d.Users *= factor
	d.ReqPerDay *= factor
	d.InFlight = math.Max(math.Min(1, d.InFlight), math.Round(d.InFlight*factor))
	return d
}

// MoveStudy moves every input of a requirement on one accelerator.
type MoveStudy struct {
	est    *fleet.Estimator
	req    fleet.Requirement
	gpu    *catalog.GPU
	queue  []lever
	total  int
	based  bool
	paid   int // GPUs the base is paid for
	result Moves
}

// NewMoves starts with nothing known.
func NewMoves(est *fleet.Estimator, r fleet.Requirement, g *catalog.GPU) *MoveStudy {
	s := &MoveStudy{est: est, req: r, gpu: g, result: Moves{GPU: g.ID}}
	for _, l := range levers {
		if now := l.now(&r); now > 0 || l.input == InputReused {
			s.queue = append(s.queue, l)
		}
	}
	s.total = len(s.queue) + 1
	return s
}

// Step answers one input.
func (s *MoveStudy) Step() (done bool) {
	if !s.based {
		s.based = true
		s.result.Base = s.outcome(s.req, s.req.Demand.Amount())
		if !s.result.Base.Viable {
			s.queue = nil
		} else if s.result.Base.Priced {
			s.result.Moves = append(s.result.Moves, s.price())
		}
		return len(s.queue) == 0
	}
	if len(s.queue) == 0 {
		return true
	}
	l := s.queue[0]
	s.queue = s.queue[1:]
	side := func(factor float64) Outcome {
		q := s.req
		value, ok := l.move(&q, factor)
		if !ok {
			return Outcome{}
		}
		return s.outcome(q, value)
	}
	s.result.Moves = append(s.result.Moves, Move{Input: l.input, Now: l.now(&s.req), Low: side(1 - Share), High: side(1 + Share)})
	s.result.sort()
	return len(s.queue) == 0
}

// Progress is the share of inputs answered.
func (s *MoveStudy) Progress() float64 {
	done := s.total - len(s.queue)
	if !s.based {
		done--
	}
	return float64(done) / float64(s.total)
}

// Result is what is known so far.
func (s *MoveStudy) Result() Moves {
	m := s.result
	m.Moves = append([]Move(nil), m.Moves...)
	return m
}

func (s *MoveStudy) outcome(r fleet.Requirement, value float64) Outcome {
	o, x := s.est.On(r, s.gpu, true)
	out := Outcome{Tried: true, Value: value}
	if o == nil {
		out.Text = x.Text
		return out
	}
	out.Viable, out.GPUs, out.USD, out.Priced = true, o.GPUs, o.USDPerMonth, o.Priced
	out.Exact = serving(&r, o)
	out.Demand, out.Load, out.Rate = o.DemandReqPerS, r.Posture.Utilization, finite(o.ReplicaRate)
	if r.Demand.Kind == fleet.InFlight {
		out.Demand, out.Rate = r.Demand.InFlight*math.Pow(1+r.Posture.Growth, float64(r.Posture.Years)), o.MaxInFlight
	}
	out.PerReplica, out.Paid = o.Layout.GPUs(), o.Bill.GPUs
	if s.paid == 0 {
		s.paid = o.Bill.GPUs
	}
	return out
}

// serving is the GPUs that serve the peak before rounding up to whole replicas.
func serving(r *fleet.Requirement, o *fleet.Option) float64 {
	if !(o.ReplicaRate > 0) || !(r.Posture.Utilization > 0) {
		return float64(o.ReplicasNeeded * o.Layout.GPUs())
	}
	return o.DemandReqPerS / (r.Posture.Utilization * o.ReplicaRate) * float64(o.Layout.GPUs())
}

// price moves the price of the accelerator; the count stays, the cost follows.
// Where it is owned, energy, hosting and licenses stay, too.
func (s *MoveStudy) price() Move {
	base := s.result.Base
	quote, _ := s.req.Money.Quote(s.gpu)
	at := func(factor float64) Outcome {
		o := base
		terms := s.req.Money
		terms.Discount = 0
		terms.Prices = []money.Price{{GPU: s.gpu.ID, USD: quote.USD * factor}}
		bill := terms.Bill(s.gpu, s.paid, s.req.Use())
		o.Value, o.USD, o.Priced = quote.USD*factor, bill.PerMonth, bill.Priced
		return o
	}
	return Move{Input: InputPrice, Now: quote.USD, Low: at(1 - Share), High: at(1 + Share)}
}

func (m *Moves) sort() {
	sort.SliceStable(m.Moves, func(i, j int) bool {
		a, b := m.Moves[i], m.Moves[j]
		if x, y := a.Span(m.Base), b.Span(m.Base); x != y {
			return x > y
		}
		if x, y := a.money(m.Base), b.money(m.Base); x != y {
			return x > y
		}
		return a.exact(m.Base) > b.exact(m.Base)
	})
}
