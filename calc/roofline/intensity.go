package roofline

import "fleetsize/calc/step"

// Bound says which roof a piece of work is under.
type Bound string

const (
	ComputeBound Bound = "compute"
	MemoryBound  Bound = "memory"
)

// Intensity compares the FLOP per byte of a piece of work with the FLOP per
// byte of the machine.
type Intensity struct {
	FLOPPerByte float64 // of the work
	Balance     float64 // of the machine: dense peak over bandwidth
	Bound       Bound   // the roof that is hit
	// Share is the smaller roof's share of the other one: 1 at the ridge, where
	// both take equally long, towards 0 far from it.
	Share float64
}

// Balance is the machine balance in FLOP per byte: dense peak at the format in
// use over memory bandwidth, both as sold (for an H100 with FP8 weights
// 1,979e12/3.35e12 = 591).
func Balance(c *step.Cost) float64 {
	return c.Peak() / c.Replica().GPU.BandwidthBytesPerS
}

// PrefillIntensity is the intensity of computing s prompts of l tokens.
func PrefillIntensity(c *step.Cost, s, l float64) Intensity {
	return intensity(c, prefill(c, s, l))
}

// DecodeIntensity is the intensity of one decode step of s sequences with
// context tokens each.
func DecodeIntensity(c *step.Cost, s, context float64) Intensity {
	return intensity(c, decode(s, context))
}

func intensity(c *step.Cost, b step.Batch) Intensity {
	d := c.Breakdown(b)
	bytes := d.WeightBytes + d.KVReadBytes + d.KVWriteBytes
	i := Intensity{Balance: Balance(c), Bound: MemoryBound}
	if bytes > 0 {
		i.FLOPPerByte = (d.GEMMFLOP + d.AttentionFLOP) / bytes
	}
	if i.FLOPPerByte >= i.Balance {
		i.Bound = ComputeBound
	}
	if lo, hi := min(i.FLOPPerByte, i.Balance), max(i.FLOPPerByte, i.Balance); hi > 0 {
		i.Share = lo / hi
	}
	return i
}

// RidgeBatch is the number of sequences with context tokens each at which a
// decode step turns from memory-bound to compute-bound; ok is false when it
// never does because reading the cache grows as fast as computing.
func RidgeBatch(c *step.Cost, context float64) (sequences float64, ok bool) {
	bound := func(s float64) bool { return DecodeIntensity(c, s, context).Bound == ComputeBound }
	lo, hi := 1.0, 1.0
	for !bound(hi) {
		if lo, hi = hi, 2*hi; hi > 1<<20 {
			return 0, false
		}
	}
	for range 40 {
		if mid := (lo + hi) / 2; bound(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, true
}

// Utilization is the share of the hardware's peaks that a step reaches.
type Utilization struct {
	Compute   float64 // FLOP done over FLOP possible in the time (MFU)
	Bandwidth float64 // bytes read over bytes possible in the time (MBU)
}

// PrefillUtilization and DecodeUtilization are what a flat "efficiency factor"
// stands for. It is no input here: it follows from overhead, both roofs and
// communication, and differs from batch to batch.
func PrefillUtilization(c *step.Cost, s, l float64) Utilization {
	return utilization(c, prefill(c, s, l))
}

// DecodeUtilization is the same for one decode step of s sequences.
func DecodeUtilization(c *step.Cost, s, context float64) Utilization {
	return utilization(c, decode(s, context))
}

func utilization(c *step.Cost, b step.Batch) Utilization {
	d := c.Breakdown(b)
	r := c.Replica()
	g := float64(r.GPUs())
	if !(d.Total > 0) {
		return Utilization{}
	}
	return Utilization{
		Compute:   (d.GEMMFLOP + d.AttentionFLOP) / (d.Total * c.Peak() * g),
		Bandwidth: (d.WeightBytes + d.KVReadBytes) / (d.Total * r.GPU.BandwidthBytesPerS * g),
	}
}
