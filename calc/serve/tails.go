package serve

import "math"

// waitForSlot is the mean wait for a slot.
func (o *open) waitForSlot() float64 {
	if o.slotWait == 0 || o.drain <= 0 {
		return 0
	}
	return o.slotWait * (1 + o.s.spread) / 2 / o.drain
}

// quantileWait is the level-quantile of the wait for prefill and slot, whose
// tails are
//
//	P(W > t) ≈ ρ·exp(−ρ·t/W_p) + p_w·exp(−p_w·t/W_s)
func (o *open) quantileWait(level float64) float64 {
	slot := o.waitForSlot()
	tail := func(t float64) (p, slope float64) {
		if o.prefillWait > 0 {
			a := o.prefillLoad / o.prefillWait
			e := o.prefillLoad * math.Exp(-a*t)
			p, slope = p+e, slope-a*e
		}
		if slot > 0 {
			a := o.slotWait / slot
			e := o.slotWait * math.Exp(-a*t)
			p, slope = p+e, slope-a*e
		}
		return p, slope
	}
	// The tail is convex and falls, so Newton from the left never overshoots.
	t, want := 0.0, 1-level
	for range 40 {
		p, slope := tail(t)
		if p <= want*(1+1e-6) || slope == 0 {
			break
		}
		// In the logarithm the steps are longer and still from the left of a sum of exponentials.
		t += math.Log(p/want) * p / -slope
	}
	return t
}

// normal quantiles of levels.
var normal = [...]float64{0, 1.2816, 1.6449, 2.3263}

// ttftAt is the level-quantile of TTFT. The wait for the step in progress is
// evenly spread over twice its mean; random prompts vary in length.
func (o *open) ttftAt(fixed, level float64) float64 {
	q := o.quantileWait(level)
	even := o.residual * (2*level - 1)
	length := 0.0
	if o.s.spread > 0 {
		length = o.promptTime * math.Sqrt(3*o.s.spread) * (2*level - 1)
	}
	// Independent spreads about the mean add in squares.
	d := math.Sqrt(q*q + even*even + length*length)
	if level <= 0.5 {
		d = q
	}
	return fixed + d
}

// itlSwing is the relative deviation of the time per token between requests:
// that of the step time over the occupancies a request meets, which last about
// as long as its stay, and that of the number of prompts that happen to come
// by during it. The two feed each other; the factor 1.6 is from simulation at
// half to four fifths of capacity.
func (o *open) itlSwing() float64 {
	s := o.s
	if s.out <= 1 || o.itl <= 0 {
		return 0
	}
	mid := s.decode(max(o.running, 1))
	occupancy := (s.decode(max(o.running, 1)+o.sd) - mid) / mid
	stay := s.turns * o.itl
	prompts := o.promptTime * math.Sqrt(o.rate*stay) / stay
	return 1.6 * math.Sqrt(0.75*occupancy*occupancy+prompts*prompts)
}

// e2eAt joins the spread of TTFT, of the time per token and of the output
// length. A rare long wait can put the mean TTFT above its high quantiles; such a
// quantile adds nothing.
func (o *open) e2eAt(ttft, decode, meanTTFT, swing, z float64) float64 {
	a, b := max(0, ttft-meanTTFT), decode*swing*z
	c := 0.0
	if o.s.spread > 0 {
		c = decode * math.Sqrt(3*o.s.spread) * min(1, max(0, z))
	}
	d := math.Sqrt(a*a + b*b + c*c)
	if z == 0 {
		d = 0
	}
	return meanTTFT + decode + d
}
