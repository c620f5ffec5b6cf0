package step

import "math"

// reduction is the time of the all-reduces of one step, by the tokens in it:
// the lesser of two straight lines, which are one where the ranks have one way.
//
// Where every GPU reaches every other in one hop, kernels read from all of them
// at once. One-shot, a GPU takes the whole vectors of the g−1 others in one
// round; two-shot, it adds up its part of them in a first round and fetches
// the sums of the others in a second, which moves less from three GPUs on:
//
//	min(α + T·v·(g−1)/(eβ·β), 2·α + 2·T·v·(g−1)/(g·eβ·β))
//
// so that few tokens take one round, whatever the size of the group, and
// many take two. Trees and rings, over PCIe, over links that reach neighbors
// only, and in engines without such kernels, take more rounds the larger the
// group:
//
//	α·log2(g) + 2·T·v·(g−1)/(g·eβ·β)
//
// Source of the two ways: custom all-reduce of vLLM (pull request 2192, January
// 2024); NVIDIA, "3x Faster AllReduce with NVSwitch and TensorRT-LLM MultiShot",
// November 2024: two steps instead of 2·g−2 of a ring.
type reduction struct {
	once, each   float64 // one-shot: seconds, seconds per token
	twice, least float64 // two-shot, or the only way
	sentOnce     float64 // bytes a GPU sends per token, one-shot
	sentLeast    float64
}

// set is for count all-reduces in a step, of vectors of the given bytes per
// token, among g GPUs of a pipeline of pp stages.
func (a *reduction) set(count, g, vector, pp float64, e *efficiencies) {
	*a = reduction{}
	if !(g > 1) {
		return
	}
	a.sentLeast = count * 2 * vector * (g - 1) / g / pp
	a.least = a.sentLeast / e.link
	if !e.direct {
		a.twice = count * e.delay * math.Log2(g)
		a.once, a.each, a.sentOnce = a.twice, a.least, a.sentLeast
		return
	}
	a.twice = count * 2 * e.delay
	a.once = count * e.delay
	a.sentOnce = count * vector * (g - 1) / pp
	a.each = a.sentOnce / e.link
}

// seconds is the time of the all-reduces of a step with so many tokens.
func (a *reduction) seconds(tokens float64) float64 {
	return min(a.once+a.each*tokens, a.twice+a.least*tokens)
}

// sent is what a GPU sends in them, in bytes.
func (a *reduction) sent(tokens float64) float64 {
	if a.once+a.each*tokens < a.twice+a.least*tokens {
		return a.sentOnce * tokens
	}
	return a.sentLeast * tokens
}

// rounds is how often a group of g > 1 GPUs exchanges in a gather and a
// scatter, which take one round each where GPUs reach each other directly.
func (e *efficiencies) rounds(g float64) float64 {
	if e.direct {
		return 2
	}
	return math.Log2(g)
}
