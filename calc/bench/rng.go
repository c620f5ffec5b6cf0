package bench

import "math"

// rng is SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, good enough
// for prompts, arrivals and resampling, and the same on every platform.
type rng struct{ state uint64 }

// seeded is a stream of its own for each pair of seed and index.
func seeded(seed uint64, index int) rng {
	r := rng{seed ^ 0x9e3779b97f4a7c15*uint64(index+1)}
	r.state = r.next()
	return r
}

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// float is uniform on [0, 1).
func (r *rng) float() float64 { return float64(r.next()>>11) / (1 << 53) }

// below is uniform on 0 … n−1 (n ≥ 1; the bias of n/2^64 does not matter here).
func (r *rng) below(n int) int { return int(r.next() % uint64(n)) }

// exponential has mean 1.
func (r *rng) exponential() float64 { return -math.Log(1 - r.float()) }
