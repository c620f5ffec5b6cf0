package serve

import (
	"math"
	"testing"

	"fleetsize/calc/step"
)

// single is a replica that runs one request at a time and takes the same time
// for each: a server with constant service.
func single(t *testing.T) (cost *step.Cost, load Load, service float64) {
	t.Helper()
	s := newSetup()
	s.engine.Scheduler.MaxSequences = 1
	p := s.profile()
	p.RequestCost, p.TokenCost, p.FirstTokenDelay = 0, 0, 0
	cost = s.cost(t)
	load = Load{Input: 500, Output: 100, LengthRatio: 1}
	alone := load
	alone.Concurrency = 1
	var sim Sim
	return cost, load, 1 / sim.Run(cost, alone).ReqPerS
}

// erlangC is the probability to wait in an M/M/n queue with load a = λ/μ.
func erlangC(n int, a float64) float64 {
	term, sum := 1.0, 1.0
	for k := 1; k < n; k++ {
		term *= a / float64(k)
		sum += term
	}
	last := term * a / float64(n) * float64(n) / (float64(n) - a)
	return last / (sum + last)
}

// With one slot per replica and constant service the wait has known limits:
// random routing makes n queues M/D/1 with a mean wait of ρs/2(1−ρ); nothing
// beats one queue for all, about half of M/M/n's wait, and joining the shortest
// queue lies in between, closer to the latter.
func TestRoutersAgainstQueueTheory(t *testing.T) {
	cost, load, service := single(t)
	var c Cluster
	for _, tt := range []struct {
		n   int
		rho float64
	}{{2, 0.7}, {4, 0.7}, {4, 0.85}, {8, 0.8}} {
		load.Rate, load.Requests = tt.rho*float64(tt.n)/service, 60000
		random, least := c.Run(cost, load, tt.n, RouteRandom), c.Run(cost, load, tt.n, RouteLeast)
		queues := tt.rho * service / (2 * (1 - tt.rho))
		one := erlangC(tt.n, tt.rho*float64(tt.n)) * service / (float64(tt.n) * (1 - tt.rho)) / 2
		waitRandom, waitLeast := random.E2E.Mean-service, least.E2E.Mean-service
		if math.Abs(waitRandom/queues-1) > 0.12 {
			t.Errorf("%d replicas at %v, random: mean wait %v services, M/D/1 has %v", tt.n, tt.rho, waitRandom/service, queues/service)
		}
		if waitLeast < 0.85*one || waitLeast > (one+queues)/2 {
			t.Errorf("%d replicas at %v, least loaded: mean wait %v services, between %v (one queue) and %v (n queues)", tt.n, tt.rho, waitLeast/service, one/service, queues/service)
		}
	}
}

// On a replica of many slots: random routing is what one replica does under
// its share, least-loaded routing is never worse and lets nothing get lost.
func TestRoutersOfBatchingReplicas(t *testing.T) {
	s := newSetup()
	cost := s.cost(t)
	load := Load{Input: 3000, Output: 300, LengthRatio: 0.6}
	top := Capacity(cost, load)
	var c Cluster
	var sim Sim
	for _, share := range []float64{0.3, 0.6, 0.8} {
		alone := load
		alone.Rate, alone.Requests = share*top, 12000
		want := sim.Run(cost, alone)
		load.Rate, load.Requests = 4*share*top, 12000
		random, least := c.Run(cost, load, 4, RouteRandom), c.Run(cost, load, 4, RouteLeast)
		if r := random.TTFT.Mean / want.TTFT.Mean; math.Abs(r-1) > 0.15 {
			t.Errorf("load %v: random routing has a mean TTFT of %v, one replica %v", share, random.TTFT.Mean, want.TTFT.Mean)
		}
		if least.TTFT.P95 > 1.02*random.TTFT.P95 || least.TTFT.Mean > 1.02*random.TTFT.Mean {
			t.Errorf("load %v: least loaded p95 %v, random %v", share, least.TTFT.P95, random.TTFT.P95)
		}
		for _, r := range []Result{random, least} {
			if math.Abs(r.ReqPerS/(share*top)-1) > 0.06 {
				t.Errorf("load %v: %v requests a second a replica, want %v", share, r.ReqPerS, share*top)
			}
		}
	}
}

// One replica, or a closed loop, has nothing to route; equal runs are equal.
func TestClusterOfOne(t *testing.T) {
	s := newSetup()
	cost := s.cost(t)
	load := Load{Input: 1000, Output: 100, LengthRatio: 1, Rate: 5, Requests: 500}
	var c Cluster
	var sim Sim
	if got, want := c.Run(cost, load, 1, RouteLeast), sim.Run(cost, load); got != want {
		t.Errorf("one replica: %+v, want %+v", got, want)
	}
	if a, b := c.Run(cost, load, 3, RouteLeast), c.Run(cost, load, 3, RouteLeast); a != b {
		t.Error("two equal runs differ")
	}
}
