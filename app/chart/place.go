package chart

import "sort"

// sheet keeps track of where texts and marks already are, so that no text is
// put on another.
type sheet struct {
	scale float64 // text factor
	area  box     // texts stay inside
	taken []box
}

// free reports whether a box is inside the drawing and clear of what is taken.
func (s *sheet) free(b box) bool {
	if !b.in(s.area) {
		return false
	}
	for _, t := range s.taken {
		if b.hits(t) {
			return false
		}
	}
	return true
}

// take reserves a box.
func (s *sheet) take(b box) { s.taken = append(s.taken, b) }

// put reserves the first label of the candidates that is free and returns its
// element, or nil when none is.
func (s *sheet) put(candidates ...label) *node {
	for _, l := range candidates {
		if b := l.box(s.scale); l.text != "" && s.free(b) {
			s.take(b)
			return l.node()
		}
	}
	return nil
}

// spread moves intervals of the given height apart so that none overlap and
// all centers stay in [lo, hi], keeping their order and the least total move
// within each run of neighbors. It returns the new centers in the order given.
// When they cannot fit, they are spaced evenly over [lo, hi].
//
// Method: pool adjacent violators. Each block sits at the mean of its members'
// wishes; blocks that overlap are merged, as in isotonic regression.
func spread(centers []float64, height, lo, hi float64) []float64 {
	n := len(centers)
	out := make([]float64, n)
	if n == 0 {
		return out
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return centers[order[a]] < centers[order[b]] })
	if float64(n-1)*height > hi-lo {
		for rank, i := range order {
			out[i] = lo
			if n > 1 {
				out[i] = lo + (hi-lo)*float64(rank)/float64(n-1)
			}
		}
		return out
	}
	// Subtracting rank × height turns "at least height apart" into "not decreasing".
	type block struct{ sum, n float64 }
	var blocks []block
	for rank, i := range order {
		b := block{min(max(centers[i], lo), hi) - float64(rank)*height, 1}
		for len(blocks) > 0 && blocks[len(blocks)-1].sum/blocks[len(blocks)-1].n > b.sum/b.n {
			b.sum += blocks[len(blocks)-1].sum
			b.n += blocks[len(blocks)-1].n
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	top := hi - float64(n-1)*height
	rank := 0
	for _, b := range blocks {
		at := min(max(b.sum/b.n, lo), top)
		for range int(b.n) {
			out[order[rank]] = at + float64(rank)*height
			rank++
		}
	}
	return out
}
