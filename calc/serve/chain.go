package serve

import (
	"math"

	"fleetsize/calc/step"
)

// served is the rate at which k requests leave the replica.
func (s *shape) served(k float64) float64 { return s.full(k) }

// occupancy sums the birth-death chain
//
//	p_k = p_0·Π λ/μ(i), k ≤ slots, then geometric with ratio λ/μ(slots)
//
// outwards from its mode, as far as it has weight. The chain is exact for
// shared service when everybody fits, whatever the lengths (processor sharing
// is insensitive to them).
func (o *open) occupancy() {
	s, rate := o.s, o.rate
	most := min(s.slots, 1e5)
	if o.saturated {
		o.running, o.slotWait, o.busy = most, 1, 1
		return
	}
	mode := math.Floor(o.balance(most))
	const negligible = 1e-7
	stride := max(1, math.Floor(math.Sqrt(mode)/3)) // a third of the spread or less
	sum, first, second := 1.0, mode, mode*mode
	empty, scale := 0.0, 1.0
	if mode == 0 {
		empty = 1
	}
	for w, k := 1.0, mode; k > 0; {
		if w > 1e100 { // the mode was put too high: let what lies above be negligible
			w, sum, first, second = w*1e-100, sum*1e-100, first*1e-100, second*1e-100
			scale *= 1e-100
		}
		step := min(stride, k)
		ratio := s.served(k-(step-1)/2) / rate
		for range int(step) {
			w *= ratio
			k--
			sum += w
			first += w * k
			second += w * k * k
		}
		if k == 0 {
			empty = w
		}
		if w < negligible && ratio < 1 {
			break
		}
	}
	w, k := scale, mode
	for k < most && w > 0 {
		if w > 1e100 { // the mode was put too low
			w, sum, first, second, empty = w*1e-100, sum*1e-100, first*1e-100, second*1e-100, empty*1e-100
		}
		step := min(stride, most-k)
		ratio := rate / s.served(k+(step+1)/2)
		for range int(step) {
			w *= ratio
			k++
			sum += w
			first += w * k
			second += w * k * k
		}
		if w < negligible && ratio < 1 {
			break
		}
	}
	tail := 0.0 // weight of states with every slot taken and more waiting
	if k >= most {
		r := min(rate/s.served(most), 0.9999)
		tail = w * r / (1 - r)
		o.slotWait = (tail + w) / (sum + tail)
	}
	total := sum + tail
	mean := (first + tail*most) / total
	// A prefill holds up everybody at once, which clumps what the chain takes to
	// be independent: by simulation 2 % more at half of the capacity, 5 % at 0.8.
	load := rate / o.full
	o.running = min(mean*(1+0.08*load*load), most)
	o.sd = math.Sqrt(max(0, (second+tail*most*most)/total-mean*mean))
	o.busy = 1 - empty/total
	o.drain = s.served(most) - rate
}

// balance is the number of requests at which as many leave as arrive, at most
// limit: the smallest root of k = λ·(time in the replica with k).
func (o *open) balance(limit float64) float64 {
	s := o.s
	k := 0.0
	for range 6 {
		at := max(k, 1)
		next := o.rate * at / s.served(at)
		// served is n/(n·P + S·(a + b·n)): the time in the replica is affine in
		// n, so two points give the root.
		if k == 0 {
			k = min(next, limit)
			continue
		}
		one := 1 / s.served(1)
		slope := (at/s.served(at) - one) / max(at-1, 1e-9)
		root := limit
		if f := 1 - o.rate*slope; f > 0 {
			root = min(limit, o.rate*(one-slope)/f)
		}
		if math.Abs(root-k) < 0.25 {
			return max(0, root)
		}
		k = root
	}
	return max(0, min(k, limit))
}

// occupancy is the number of requests in a replica under an open load, for
// warm-up.
func occupancy(c *step.Cost, l *Load) float64 {
	s := newShape(c, l)
	o := open{s: &s, rate: l.Rate, full: s.capacity()}
	if l.Rate >= o.full {
		return s.slots
	}
	return o.balance(min(s.slots, 1e5))
}
