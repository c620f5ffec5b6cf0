package step

// PrefillAttention is the attention FLOP of computing n prompt tokens after
// cached ones, over the whole model:
//
//	A = pair·[(p+n)² − p²]/2
//
// with pair the FLOP per (query, context) pair, 4·L·H·h for grouped-query
// attention (the causal half is the division by 2). Layers that see at most w
// tokens count min(context, w) per query instead; sparse layers their top-k,
// plus the index that selects them. Chunks add up: the FLOP of a prompt do not
// depend on how it is cut. Source: FlashAttention-2 (arXiv 2307.08691) for the
// count; windows by direct summation.
func (c *Cost) PrefillAttention(cached, n float64) float64 {
	flop := c.pairFLOP * (n * (cached + n/2))
	if c.limited {
		flop = c.limitedAttention(flop, cached, n)
	}
	return flop
}

// limitedAttention adds to flop the part of layers that see a limited context.
func (c *Cost) limitedAttention(flop, cached, n float64) float64 {
	w := &c.work
	if w.SparseTopK > 0 {
		flop += w.SparsePrefillPairFLOP * cappedPairs(cached, n, float64(w.SparseTopK))
	}
	for i := range w.Windows {
		flop += w.Windows[i].PairFLOP * cappedPairs(cached, n, w.Windows[i].Tokens)
	}
	return flop
}

// pairs is the number of (query, context) pairs of n causal queries after p tokens.
func pairs(p, n float64) float64 { return n * (p + n/2) }

// cappedPairs is the same when a query sees at most w tokens.
func cappedPairs(p, n, w float64) float64 {
	switch {
	case p >= w:
		return n * w
	case p+n <= w:
		return pairs(p, n)
	}
	return pairs(p, w-p) + (p+n-w)*w
}
