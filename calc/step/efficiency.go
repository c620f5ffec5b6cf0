package step

// Efficiency is what a replica reaches of its hardware: the profile's shares
// and times with every multiplier that applies to the model, the precision and
// the accelerator. Times are in seconds, rates in bytes/s.
type Efficiency struct {
	Compute, Attention       float64 // shares of the dense peak and of the 16-bit peak
	Bandwidth                float64 // share of memory bandwidth
	KVRead                   float64 // relative to Bandwidth, for the cache
	Step, Layer, Sequence    float64 // per step, per layer and step, per sequence and step
	AllReduceDelay, HopDelay float64 // per round of an all-reduce; per pipeline hop
	DirectReduce             bool    // all-reduces have one or two rounds, whatever the group; else log2 of it
	LinkRate, HopRate        float64 // usable inside the group, between stages
}

// Efficiency returns the shares and times that Seconds computes with.
func (c *Cost) Efficiency() Efficiency {
	e := &c.eff
	return Efficiency{
		Compute: e.compute, Attention: e.attention, Bandwidth: e.bandwidth, KVRead: e.kv,
		Step: e.step, Layer: e.layer, Sequence: e.sequence,
		AllReduceDelay: e.delay, DirectReduce: e.direct, HopDelay: e.hopDelay, LinkRate: e.link, HopRate: e.hop,
	}
}

// HalfPeak is the dense 16-bit peak of one GPU in FLOP/s, which attention runs at.
func (c *Cost) HalfPeak() float64 { return halfPeak(c.replica.GPU) }
