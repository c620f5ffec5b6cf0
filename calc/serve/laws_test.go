package serve

import (
	"math"
	"math/rand/v2"
	"testing"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

func near(a, b, rel float64) bool {
	return math.Abs(a-b) <= rel*math.Max(math.Abs(a), math.Abs(b))
}

// loads is a spread of traffic for property tests.
func loads() map[string]Load {
	return map[string]Load{
		"one":               {Input: 1000, Output: 200, Concurrency: 1},
		"rounds":            {Input: 1000, Output: 200, Concurrency: 40, Rounds: 8},
		"rounds random":     {Input: 1000, Output: 200, Concurrency: 40, Rounds: 8, LengthRatio: 0.5},
		"steady":            {Input: 1000, Output: 200, Concurrency: 40},
		"steady random":     {Input: 5000, Output: 500, Concurrency: 100, LengthRatio: 0.8, Requests: 3000},
		"queued":            {Input: 20000, Output: 2000, Concurrency: 120},
		"open":              {Input: 5000, Output: 500, Rate: 3, Requests: 3000},
		"open random":       {Input: 2000, Output: 300, Rate: 4, LengthRatio: 0.3, Requests: 3000, Seed: 5},
		"open cached":       {Input: 5000, Output: 300, Rate: 8, CachedShare: 0.8, Requests: 3000},
		"open constant":     {Input: 2000, Output: 300, Rate: 4, Constant: true, Requests: 3000},
		"first tokens only": {Input: 3000, Output: 1, Rate: 5, Requests: 3000},
	}
}

// Little's law: what is in the system is what passes through times how long
// it stays.
func TestLittlesLaw(t *testing.T) {
	var sim Sim
	for _, reserve := range []catalog.Reservation{catalog.ReserveFull, catalog.ReserveGrow} {
		for name, l := range loads() {
			s := newSetup()
			s.engine.Scheduler.Reserve = reserve
			c := s.cost(t)
			r := sim.Run(c, l)
			stay := 0.0
			for _, e := range sim.e2e.x {
				stay += e - c.Profile().FirstTokenDelay
			}
			stay /= float64(len(sim.e2e.x))
			inSystem := r.Running + r.Waiting
			// Running and waiting end when the engine is done; the stay ends a
			// moment later, when the front end has sent the last token.
			if want := r.ReqPerS * stay; !near(inSystem, want, 0.02) {
				t.Errorf("%s, %s: %.3f in the system, throughput × stay = %.3f", name, reserve, inSystem, want)
			}
			if l.Concurrency > 0 && l.Rounds == 0 && !near(inSystem, float64(l.Concurrency), 0.03) {
				t.Errorf("%s, %s: %.3f in the system, want the %d in flight", name, reserve, inSystem, l.Concurrency)
			}
		}
	}
}

// Tokens: what is reported is what requests have, whole runs are complete.
func TestTokensAreConserved(t *testing.T) {
	var sim Sim
	for name, l := range loads() {
		c := newSetup().cost(t)
		r := sim.Run(c, l)
		in, out := 0.0, 0.0
		for i := range sim.sent {
			a, b := sim.lengths.of(i)
			in, out = in+a, out+b
		}
		if l.Rounds > 0 {
			if sim.sent != int(l.Rounds)*l.Concurrency || sim.completed != sim.sent {
				t.Errorf("%s: %d sent, %d completed, want %d", name, sim.sent, sim.completed, int(l.Rounds)*l.Concurrency)
			}
			if sim.totals.out != out || sim.totals.in != in {
				t.Errorf("%s: %g and %g tokens measured, %g and %g sent", name, sim.totals.in, sim.totals.out, in, out)
			}
			if made := sim.sums.decoded + float64(sim.completed); made != out {
				t.Errorf("%s: %g tokens decoded and first, want %g", name, made, out)
			}
			if sim.sums.prefilled != in {
				t.Errorf("%s: %g prompt tokens computed, want %g", name, sim.sums.prefilled, in)
			}
		}
		if !near(r.OutputTokPerS/r.ReqPerS, sim.totals.out/float64(len(sim.ttft.x)), 1e-9) {
			t.Errorf("%s: tokens/s %g do not match requests/s %g", name, r.OutputTokPerS, r.ReqPerS)
		}
		for i := range sim.ttft.x {
			if !(sim.e2e.x[i] >= sim.ttft.x[i]) || !(sim.ttft.x[i] > 0) {
				t.Fatalf("%s: request %d: TTFT %g, E2E %g", name, i, sim.ttft.x[i], sim.e2e.x[i])
			}
		}
	}
}

// The KV memory is never exceeded, by any reservation.
func TestMemoryIsNeverExceeded(t *testing.T) {
	for _, reserve := range []catalog.Reservation{catalog.ReserveFull, catalog.ReserveGrow} {
		for _, share := range []float64{0, 0.5, 1} {
			s := newSetup()
			s.engine.Scheduler.Reserve, s.engine.Scheduler.AdmitShare = reserve, share
			s.kvTokens(t, 5000)
			c := s.cost(t)
			l := Load{Input: 300, Output: 200, LengthRatio: 0.5, Concurrency: 30, Rounds: 4}
			var sim Sim
			r := sim.Run(c, l)
			n := runNaive(c, l, &sim)
			if reserve == catalog.ReserveFull && share < 1 {
				continue // reserves less than it may come to hold: a stand-in by design
			}
			if n.maxHeld > c.KVCapacity()*(1+1e-9) {
				t.Errorf("%s %g: %g bytes held of %g", reserve, share, n.maxHeld, c.KVCapacity())
			}
			if n.maxHeld < 0.8*c.KVCapacity() {
				t.Errorf("%s %g: the memory is never full, so this tests nothing", reserve, share)
			}
			if r.KVUsedBytes > c.KVCapacity() {
				t.Errorf("%s %g: %g bytes used on the mean of %g", reserve, share, r.KVUsedBytes, c.KVCapacity())
			}
			if grows := reserve == catalog.ReserveGrow && share < 1; grows != (r.Preemptions > 0) {
				t.Errorf("%s %g: %g preemptions per request", reserve, share, r.Preemptions)
			}
		}
	}
}

func TestSameSeedSameResult(t *testing.T) {
	c := newSetup().cost(t)
	var used Sim
	for name, l := range loads() {
		var fresh Sim
		want := fresh.Run(c, l)
		for range 2 {
			if got := used.Run(c, l); got != want {
				t.Errorf("%s: a used simulator gives\n%+v, a fresh one\n%+v", name, got, want)
			}
		}
		other := l
		other.Seed++
		random := l.Rate > 0 && !l.Constant || l.LengthRatio > 0 && l.LengthRatio < 1
		if changed := fresh.Run(c, other) != want; changed != random {
			t.Errorf("%s: another seed changes the result: %t, want %t", name, changed, random)
		}
	}
}

// After a first run of the same size nothing is allocated.
func TestRunDoesNotAllocate(t *testing.T) {
	var sim Sim
	for _, reserve := range []catalog.Reservation{catalog.ReserveFull, catalog.ReserveGrow} {
		s := newSetup()
		s.engine.Scheduler.Reserve = reserve
		c := s.cost(t)
		for name, l := range loads() {
			sim.Run(c, l)
			if n := testing.AllocsPerRun(3, func() { sim.Run(c, l) }); n > 0 {
				t.Errorf("%s, %s: %g allocations per run", name, reserve, n)
			}
		}
	}
	c := newSetup().cost(t)
	targets := catalog.Targets{TTFT: 1, ITL: 0.05, Percentile: "95"}
	shape := Load{Input: 1000, Output: 200}
	for name, f := range map[string]func(){
		"Capacity":    func() { Capacity(c, shape) },
		"Open":        func() { Open(c, Load{Input: 1000, Output: 200, Rate: 5}) },
		"Closed":      func() { Closed(c, Load{Input: 1000, Output: 200, Concurrency: 20}) },
		"MaxRate":     func() { MaxRate(c, shape, targets) },
		"MaxInFlight": func() { MaxInFlight(c, shape, targets) },
	} {
		if n := testing.AllocsPerRun(3, f); n > 0 {
			t.Errorf("%s: %g allocations", name, n)
		}
	}
}

// constantStep is an engine whose every step takes d seconds.
func constantStep(d float64) *setup {
	s := newSetup()
	s.gpu.BandwidthBytesPerS = 1e30
	s.gpu.DenseFLOPS = catalog.FLOPS{BF16: 1e36, FP16: 1e36, FP8: 1e36}
	*s.profile() = catalog.Profile{ComputeEff: 1, BandwidthEff: 1, StepOverhead: d}
	s.engine.Scheduler.TokenBudget = 1 << 20
	return s
}

// One sequence at a time and one token each is the M/D/1 queue:
//
//	W = ρ·D / (2·(1 − ρ))
func TestSingleServerConstantService(t *testing.T) {
	const d = 0.01
	s := constantStep(d)
	s.engine.Scheduler.MaxSequences = 1
	c := s.cost(t)
	var sim Sim
	for _, rho := range []float64{0.3, 0.6, 0.8} {
		r := sim.Run(c, Load{Input: 100, Output: 1, Rate: rho / d, Requests: 200000, Seed: 3})
		wait, want := r.TTFT.Mean-d, rho*d/(2*(1-rho))
		if !near(wait, want, 0.03) {
			t.Errorf("ρ = %g: wait %.5f s, want %.5f", rho, wait, want)
		}
		if !near(r.Busy, rho, 0.01) {
			t.Errorf("ρ = %g: busy %.3f", rho, r.Busy)
		}
	}
}

// With random lengths it is M/G/1 (Pollaczek and Khinchine):
//
//	W = λ·E[S²] / (2·(1 − λ·E[S]))
func TestSingleServerRandomService(t *testing.T) {
	const d = 0.001
	s := constantStep(d)
	s.engine.Scheduler.MaxSequences = 1
	c := s.cost(t)
	l := Load{Input: 10, Output: 200, LengthRatio: 0.05, Requests: 200000, Seed: 4}
	var draw lengths
	draw.set(&l)
	var m1, m2 float64
	for i := range tableSize {
		_, out := draw.of(i)
		m1 += out * d / tableSize
		m2 += out * d * out * d / tableSize
	}
	var sim Sim
	for _, rho := range []float64{0.3, 0.7} {
		l.Rate = rho / m1
		r := sim.Run(c, l)
		wait, want := r.TTFT.Mean-d, l.Rate*m2/(2*(1-rho))
		if !near(wait, want, 0.04) {
			t.Errorf("ρ = %g: wait %.5f s, want %.5f", rho, wait, want)
		}
	}
}

// k sequences with constant stay are M/D/k; the wait by the approximation of
// Cosmetatos (Operational Research Quarterly 26, 1975), good to about 1 %.
func TestSeveralServers(t *testing.T) {
	const d, out, k = 0.001, 500, 4
	s := constantStep(d)
	s.engine.Scheduler.MaxSequences = k
	c := s.cost(t)
	var sim Sim
	for _, rho := range []float64{0.6, 0.8} {
		service := out * d
		r := sim.Run(c, Load{Input: 10, Output: out, Rate: rho * k / service, Requests: 200000, Seed: 5})
		a := rho * k
		sum, term := 0.0, 1.0
		for i := range k {
			sum += term
			term *= a / float64(i+1)
		}
		queued := term / (1 - rho) / (sum + term/(1-rho))
		exponential := queued * service / (k * (1 - rho))
		want := exponential / 2 * (1 + (1-rho)*(k-1)*(math.Sqrt(4+5*k)-2)/(16*rho*k))
		wait := r.TTFT.Mean - 1.5*d // its own step and half of the one in progress
		if !near(wait, want, 0.04) {
			t.Errorf("ρ = %g: wait %.4f s, want %.4f", rho, wait, want)
		}
	}
}

// Arrivals are Poisson: mean and variance of the gaps are those of the
// exponential distribution, and the offered rate is exact.
func TestArrivals(t *testing.T) {
	var g gaps
	const n = 100000
	g.draw(7, n)
	var m1, m2, long float64
	for i := range n {
		x := g.gap(i)
		m1 += x / n
		m2 += x * x / n
		if x > 2 {
			long += 1.0 / n
		}
	}
	if !near(m1, 1, 1e-9) || !near(m2, 2, 0.02) || !near(long, math.Exp(-2), 0.02) {
		t.Errorf("gaps: mean %g, mean square %g, P(> 2) = %g; want 1, 2, %g", m1, m2, long, math.Exp(-2))
	}
	for _, x := range []float64{1e-300, 1e-9, 0.1, 0.5, 0.7, math.Sqrt2 / 2, 0.999999, 1, 1.5, 3e5} {
		if got, want := logarithm(x), math.Log(x); math.Abs(got-want) > 1e-14*math.Max(1, math.Abs(want)) {
			t.Errorf("logarithm(%g) = %.17g, want %.17g", x, got, want)
		}
	}
}

// Lengths cover [ratio, 1] × nominal evenly and independently.
func TestLengths(t *testing.T) {
	l := Load{Input: 1000, Output: 100, LengthRatio: 0.8}
	var d lengths
	d.set(&l)
	var in, out, both float64
	for i := range tableSize {
		a, b := d.of(i)
		if a < 800 || a > 1000 || b < 80 || b > 100 || a != math.Floor(a) || b != math.Floor(b) {
			t.Fatalf("request %d: %g in, %g out", i, a, b)
		}
		in, out, both = in+a/tableSize, out+b/tableSize, both+a*b/tableSize
	}
	if !near(in, 900, 0.002) || !near(out, 90, 0.004) || !near(both, in*out, 0.001) {
		t.Errorf("means %g, %g, product %g", in, out, both)
	}
}

// With exponential lengths it is M/M/k (Erlang C):
//
//	W = C(k, a)·S / (k·(1 − ρ))
func TestSeveralServersExponential(t *testing.T) {
	const d, most, k, runs = 0.001, 6000, 4, 8
	s := constantStep(d)
	s.engine.Scheduler.MaxSequences = k
	c := s.cost(t)
	rng := rand.New(rand.NewPCG(13, 14))
	for _, rho := range []float64{0.5, 0.7} {
		var sim Sim
		l := Load{Input: 1, Output: most, LengthRatio: 1e-9, Requests: 100000, Rate: 1}
		sim.lengths.set(&l) // the uniform table, which runs keep
		service := 0.0
		for i, u := range sim.lengths.v {
			// A twelfth of the longest on the mean; e⁻¹² of the weight lies beyond.
			sim.lengths.v[i] = math.Min(-math.Log(1-u)/12, 1-1e-12)
			service += draw(0, most, sim.lengths.v[i]) * d / tableSize
		}
		l.Rate = rho * k / service
		wait := 0.0
		for range runs { // one run of 100,000 scatters by 3.5 %
			l.Seed++
			rng.Shuffle(tableSize, func(i, j int) {
				x := sim.lengths.shuffle
				x[i], x[j] = x[j], x[i]
			})
			wait += (sim.Run(c, l).TTFT.Mean - 1.5*d) / runs
		}
		a := rho * k
		sum, term := 0.0, 1.0
		for i := range k {
			sum += term
			term *= a / float64(i+1)
		}
		queued := term / (1 - rho) / (sum + term/(1-rho))
		want := queued * service / (k * (1 - rho))
		t.Logf("ρ = %g: wait %.4f s, Erlang %.4f", rho, wait, want)
		if !near(wait, want, 0.03) {
			t.Errorf("ρ = %g: wait %.4f s, want %.4f", rho, wait, want)
		}
	}
}

// Without prompts to speak of nothing but decoding is left: the time per token
// is that of a step of as many sequences as run.
func TestPromptsOfOneTokenArePureDecode(t *testing.T) {
	s := newSetup()
	s.profile().TokenCost, s.profile().RequestCost = 0, 0
	c := s.cost(t)
	var sim Sim
	for _, n := range []int{1, 20, 200} {
		l := Load{Input: 1, Output: 1500, Concurrency: n}
		r := sim.Run(c, l)
		b := float64(n)
		want := c.Seconds(step.Batch{Decoding: b, Context: b * (1 + 1500.0/2)})
		if !near(r.ITL.Mean, want, 0.01) {
			t.Errorf("%d in flight: %.6g s per token, want %.6g", n, r.ITL.Mean, want)
		}
	}
}
