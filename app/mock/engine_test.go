//go:build !js

package mock

import (
	"math"
	"testing"
	"time"

	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// closedLoop runs the stepped engine in its own time, without waiting: n
// requests in flight, each replaced when its last token is due plus delay.
// It returns the jobs in order of arrival with the times of their tokens.
func closedLoop(e *stepped, n, total, in, out int, delay time.Duration) (jobs []*job, due [][]time.Duration) {
	send := func(at time.Duration) {
		e.active = true // the loop is this one
		j := newJob(uint64(len(jobs)), in, out, at)
		jobs, due = append(jobs, j), append(due, nil)
		e.submit(j)
	}
	for range n {
		send(0)
	}
	first := 0 // jobs before it have ended
	for first < len(jobs) {
		more := e.advance()
		for i := first; i < len(jobs); i++ {
			for len(jobs[i].due) > 0 {
				due[i] = append(due[i], <-jobs[i].due)
				if len(due[i]) == out && len(jobs) < total {
					send(due[i][out-1] + delay)
				}
			}
		}
		for first < len(jobs) && len(due[first]) == out {
			first++
		}
		if !more && e.waiting() == 0 {
			break
		}
	}
	return jobs, due
}

func newStepped(c Config) *stepped {
	c = c.fill()
	if c.Cost != nil {
		return &stepped{law: costLaw(c.Cost, c.MaxSeqs)}
	}
	return &stepped{law: batchLaw(&c)}
}

// means are the mean latencies of jobs from..to and their throughput.
func means(jobs []*job, due [][]time.Duration, from, to int) (e Expectation) {
	n := float64(to - from)
	for i := from; i < to; i++ {
		d := due[i]
		e.TTFT += (d[0] - jobs[i].arrival).Seconds() / n
		e.ITL += (d[len(d)-1] - d[0]).Seconds() / float64(len(d)-1) / n
		e.E2E += (d[len(d)-1] - jobs[i].arrival).Seconds() / n
	}
	end := func(i int) float64 {
		if i < 0 {
			return 0
		}
		return due[i][len(due[i])-1].Seconds()
	}
	e.ReqPerS = n / (end(to-1) - end(from-1))
	return e
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*math.Abs(b) }

// Beyond the slots the batch engine follows its closed form; up to them within
// the step that a request waits. Equal requests that start together stay
// together, so that their prompts lengthen one step of all and no time per
// token: only the sum is compared there.
func TestBatchEngineClosedForm(t *testing.T) {
	for _, c := range []struct {
		cfg         Config
		n, in, out  int
		tolerance   float64
		description string
	}{
		{Config{StepBase: 10 * time.Millisecond, StepPerSeq: time.Millisecond, MaxSeqs: 8}, 20, 100, 50, 0.005, "queue, no prompt cost"},
		{Config{StepBase: 10 * time.Millisecond, StepPerSeq: time.Millisecond, StepPerKPrompt: 20 * time.Millisecond, MaxSeqs: 8}, 20, 1000, 50, 0.005, "queue, prompts"},
		{Config{StepBase: 8 * time.Millisecond, StepPerKContext: 100 * time.Microsecond, MaxSeqs: 16}, 40, 2000, 100, 0.01, "queue, context"},
		{Config{StepBase: 10 * time.Millisecond, StepPerSeq: time.Millisecond}, 1, 100, 50, 0.021, "alone"},
		{Config{StepBase: 10 * time.Millisecond, StepPerSeq: time.Millisecond}, 16, 100, 50, 0.021, "below the slots"},
	} {
		total := 40 * c.n
		jobs, due := closedLoop(newStepped(c.cfg), c.n, total, c.in, c.out, time.Millisecond)
		whole := max(c.cfg.MaxSeqs, 1) // generations end together
		got := means(jobs, due, total/4/whole*whole, (total-c.n)/whole*whole)
		want, ok := c.cfg.Expect(c.n, c.in, c.out)
		if !ok || !near(got.ReqPerS, want.ReqPerS, c.tolerance) || c.cfg.StepPerKPrompt == 0 && !near(got.ITL, want.ITL, c.tolerance) || !near(got.E2E, want.E2E, c.tolerance) {
			t.Errorf("%s: got %+v, want %+v", c.description, got, want)
		}
	}
}

// The constant engine's knee is at its slots, by the formula in a person's hands.
func TestConstantExpect(t *testing.T) {
	cfg := Config{TTFT: 200 * time.Millisecond, ITL: 20 * time.Millisecond, MaxSeqs: 4}
	// 128 tokens: 0.2 + 127·0.02 = 2.74 s; 4 slots: 1.4599 req/s, 186.86 tok/s.
	for _, c := range []struct {
		n                  int
		rate, tokens, ttft float64
	}{{1, 1 / 2.74, 46.715, 0.2}, {4, 4 / 2.74, 186.861, 0.2}, {8, 4 / 2.74, 186.861, 2.94}, {6, 4 / 2.74, 186.861, 1.57}} {
		e, ok := cfg.Expect(c.n, 100, 128)
		if !ok || !near(e.ReqPerS, c.rate, 1e-9) || !near(e.OutputTokPerS, c.tokens, 1e-4) || !near(e.TTFT, c.ttft, 1e-9) || e.ITL != 0.02 {
			t.Errorf("Expect(%d) = %+v, want %v req/s, %v tok/s, TTFT %v", c.n, e, c.rate, c.tokens, c.ttft)
		}
	}
	if _, ok := (Config{}).Expect(1, 1, 1); ok {
		t.Error("a rate for requests that take no time")
	}
}

// replicaCost is a model on one accelerator with an engine's defaults.
func replicaCost(t *testing.T, engine, gpu string, spec step.Speculation) *step.Cost {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, m := cat.Model("llama-3.1-8b")
	accelerator, g := cat.GPU(gpu)
	software, s := cat.Engine(engine)
	if !m || !g || !s {
		t.Fatalf("%s on %s is not in the catalog", engine, gpu)
	}
	c, err := step.New(step.Replica{Model: model, GPU: accelerator, Engine: software, TP: 1, PP: 1, Speculation: spec})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The simulated engine does what package serve simulates: the same finite run,
// request by request in real time there, in blocks here.
func TestSimulatedEngineFollowsServe(t *testing.T) {
	var none step.Speculation
	for _, c := range []struct {
		engine, gpu string
		n, in, out  int
		spec        step.Speculation
	}{
		{"vllm", "h100-sxm", 1, 500, 100, none}, {"vllm", "h100-sxm", 32, 1000, 200, none}, {"vllm", "l40s", 64, 3000, 150, none},
		{"nim", "h100-sxm", 50, 1000, 200, none}, {"trtllm", "h100-sxm", 20, 2000, 100, none},
		{"vllm", "h100-sxm", 8, 1000, 200, step.Speculation{Draft: 3, Gain: 2.5}},
	} {
		cost := replicaCost(t, c.engine, c.gpu, c.spec)
		load := serve.Load{Input: c.in, Output: c.out, Concurrency: c.n, Rounds: 6}
		var sim serve.Sim
		want := sim.Run(cost, load)
		// serve counts the delay of first tokens but does not let it hold up the
		// next request, and its times are not whole nanoseconds.
		delay := seconds(-cost.Profile().FirstTokenDelay) - 1
		jobs, due := closedLoop(newStepped(Config{Cost: cost}), c.n, 6*c.n, c.in, c.out, delay)
		got := means(jobs, due, 0, 6*c.n)
		if !near(got.TTFT, want.TTFT.Mean, 0.01) || !near(got.ITL, want.ITL.Mean, 0.01) || !near(got.E2E, want.E2E.Mean, 0.01) {
			t.Errorf("%s on %s, %d in flight: TTFT %.4f, ITL %.5f, E2E %.4f; serve has %.4f, %.5f, %.4f",
				c.engine, c.gpu, c.n, got.TTFT, got.ITL, got.E2E, want.TTFT.Mean, want.ITL.Mean, want.E2E.Mean)
		}
	}
}

// Where memory is short, requests are evicted and come back, and every token is delivered once.
func TestEviction(t *testing.T) {
	e := newStepped(Config{StepBase: time.Millisecond, MaxSeqs: 64})
	e.grow, e.share, e.perToken, e.capacity = true, 0, 1, 2000
	_, due := closedLoop(e, 16, 64, 50, 200, 0)
	for i, d := range due {
		if len(d) != 200 {
			t.Fatalf("request %d has %d tokens, want 200", i, len(d))
		}
		for k := 1; k < len(d); k++ {
			if d[k] < d[k-1] {
				t.Fatalf("request %d: token %d comes before the one before it", i, k)
			}
		}
	}
}
