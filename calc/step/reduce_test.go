package step

import (
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/catalog"
)

// withDirect is r under a profile with one- and two-shot all-reduces.
func withDirect(r Replica) Replica {
	p := r.Engine.Profiles[0]
	p.DirectReduce = true
	r.Profile = &p
	return r
}

// Few tokens are reduced in one round, many in two that move less; a group
// without direct links takes log2 of its size.
func TestReductionByHand(t *testing.T) {
	torus := h100()
	torus.LinkType = "ICI 2D torus"
	const alpha, link, pcie = 26e-6, 0.7 * 450e9, 0.45 * 63e9
	vector := 8192 * 2.0
	once := func(g, n, link float64) float64 { return alpha + n*vector*(g-1)/link }
	twice := func(g, n, link float64) float64 { return 2*alpha + 2*n*vector*(g-1)/(g*link) }
	for _, tc := range []struct {
		name   string
		gpu    *catalog.GPU
		tp     int
		direct bool
		tokens float64
		want   float64 // of one all-reduce
		sent   float64 // vectors per token
	}{
		{"one round", h100(), 8, true, 4, once(8, 4, link), 7},
		{"two rounds", h100(), 8, true, 400, twice(8, 400, link), 14.0 / 8},
		{"four GPUs keep to one round for longer", h100(), 4, true, 300, once(4, 300, link), 3},
		{"two GPUs have one way", h100(), 2, true, 8192, alpha + 8192*vector/link, 1},
		{"the same without such kernels", h100(), 2, false, 8192, alpha + 8192*vector/link, 1},
		{"a tree", h100(), 8, false, 4, 3*alpha + 2*4*vector*7/(8*link), 14.0 / 8},
		{"neighbors only", torus, 8, true, 4, 3*alpha + 2*4*vector*7/(8*link), 14.0 / 8},
		{"over PCIe", h100(), 16, true, 4, 4*1.36*alpha + 2*4*vector*15/(16*pcie), 30.0 / 16},
		{"one GPU", h100(), 1, true, 4, 0, 0},
	} {
		r := replica(llama70B(), tc.gpu, catalog.FP8, tc.tp, 1)
		if tc.direct {
			r = withDirect(r)
		}
		if tc.tp == 1 {
			r.GPU = roomyB200()
		}
		d := mustCost(t, r).Breakdown(Batch{Decoding: tc.tokens, Context: 1000 * tc.tokens})
		if want := 160 * tc.want; !within(d.Communication, want, 1e-12) {
			t.Errorf("%s: %g s, want %g", tc.name, d.Communication, want)
		}
		if want := 160 * vector * tc.sent * tc.tokens; !within(d.LinkBytesPerGPU, want, 1e-12) {
			t.Errorf("%s: %g bytes sent, want %g", tc.name, d.LinkBytesPerGPU, want)
		}
	}
}

// A larger group never takes more than two rounds, and the two ways meet where
// they take equally long.
func TestReductionMeets(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		e := efficiencies{direct: true, delay: 1e-6 * (1 + 20*rng.Float64()), link: 1e11 * (1 + 9*rng.Float64())}
		g, vector := float64(int(2)<<rng.IntN(5)), 2*float64(1024+rng.IntN(16384))
		var a reduction
		a.set(100, g, vector, 1, &e)
		if most := 100 * 2 * e.delay; a.seconds(0) != most/2 || a.seconds(1e6)-a.sent(1e6)/e.link > most*(1+1e-9) {
			t.Fatalf("%g GPUs: %g to %g s of rounds, want %g to at most %g", g, a.seconds(0), a.seconds(1e6)-a.sent(1e6)/e.link, most/2, most)
		}
		if g == 2 {
			continue
		}
		meet := e.delay * e.link / (vector * ((g - 1) - 2*(g-1)/g))
		if x, y := a.once+a.each*meet, a.twice+a.least*meet; !within(x, y, 1e-9) || !within(a.seconds(meet), x, 1e-9) {
			t.Errorf("%g GPUs at %g tokens: %g and %g s", g, meet, x, y)
		}
		if a.sent(meet*0.99) != meet*0.99*a.sentOnce || a.sent(meet*1.01) != meet*1.01*a.sentLeast {
			t.Errorf("%g GPUs: the ways do not change at %g tokens", g, meet)
		}
	}
}

// With direct all-reduces parts still sum up, Seconds and its parts agree in
// every mode, and work never gets faster by more of it.
func TestDirectSumsAndGrows(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for i := range 300 {
		m := ofEveryKind(i)
		r := withDirect(replica(m, roomyB200(), "", 8, 1+i%2))
		if i%3 > 0 {
			r.EP, r.DP = 1<<rng.IntN(4), 1<<rng.IntN(4)
		}
		if i%3 == 1 {
			r.Speculation = randomDrafts(rng)
		}
		c := mustCost(t, r)
		b := randomBatch(rng)
		if b.Decoding+b.PrefillTokens == 0 {
			continue
		}
		d := c.Breakdown(b)
		sum := sumOf(&d)
		if parts := c.withDrafts(b).Total; !within(sum, d.Total, 1e-9) || !within(parts, c.Seconds(b), 1e-9) {
			t.Fatalf("EP %d DP %d PP %d %+v: parts sum to %g, total %g, Seconds %g", r.EP, r.DP, r.PP, b, sum, parts, c.Seconds(b))
		}
		more := b
		more.PrefillTokens++
		if b.PrefillTokens > 0 && c.Seconds(more) < c.Seconds(b)*(1-1e-12) {
			t.Errorf("EP %d DP %d PP %d: a prompt token more makes %+v faster", r.EP, r.DP, r.PP, b)
		}
		if math.IsNaN(d.LinkBytesPerGPU) || d.LinkBytesPerGPU <= 0 && r.DP < 8 {
			t.Errorf("EP %d DP %d: %g bytes sent", r.EP, r.DP, d.LinkBytesPerGPU)
		}
	}
}
