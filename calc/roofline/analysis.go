package roofline

import "fleetsize/calc/step"

// Latency is the time of one request that has the replica to itself, or shares
// a static batch, in seconds.
type Latency struct {
	Prefill    float64
	PerToken   float64 // mean over the output
	TTFT       float64 // prefill, front end and the engine's fixed delay
	Completion float64 // TTFT and out−1 tokens
	Thousand   float64 // 1,000 output tokens at PerToken
}

// StaticLatency is the latency of s requests of in prompt and out output
// tokens that start together and leave together, as static-batch benchmarks
// measure it.
func StaticLatency(c *step.Cost, s, in, out float64) Latency {
	p := c.Profile()
	l := Latency{
		Prefill:  PrefillTime(c, s, in),
		PerToken: DecodeTime(c, s, in+out/2),
	}
	l.TTFT = l.Prefill + p.RequestCost*s + p.TokenCost*s + p.FirstTokenDelay
	l.Completion = l.TTFT + max(out-1, 0)*l.PerToken
	l.Thousand = 1000 * l.PerToken
	return l
}

// Throughput is output tokens/s of a static batch.
type Throughput struct {
	Stream  float64 // of one request
	Replica float64 // of the batch
	PerGPU  float64
	Fleet   float64 // of several replicas: they share nothing, so they add up
}

// StaticThroughput is the throughput of the batch of StaticLatency on a number
// of equal replicas.
func StaticThroughput(c *step.Cost, s, in, out float64, replicas int) Throughput {
	l := StaticLatency(c, s, in, out)
	if !(l.Completion > 0) {
		return Throughput{}
	}
	t := Throughput{Stream: out / l.Completion}
	t.Replica = s * t.Stream
	t.PerGPU = t.Replica / float64(c.Replica().GPUs())
	t.Fleet = t.Replica * float64(replicas)
	return t
}

// Analysis is everything about a model on an accelerator in one call.
type Analysis struct {
	Replica    step.Replica
	PrefillOps FLOP // of all prompts
	DecodeOps  FLOP // of one step, mid-output
	Memory     Requirement
	Fit        Fit
	Strategy   Strategy
	Latency    Latency
	Throughput Throughput
	Prefill    Intensity
	Decode     Intensity
	Traffic    DecodeBytes
}

// Analyze computes all quantities for s requests of in prompt and out output
// tokens under the smallest layout that holds them.
func Analyze(r step.Replica, s, in, out float64) (Analysis, error) {
	t, err := ChooseStrategy(r, s, in+out)
	if err != nil {
		return Analysis{}, err
	}
	c, mid := t.Cost, in+out/2
	return Analysis{
		Replica:    c.Replica(),
		PrefillOps: PrefillFLOP(c, s, in),
		DecodeOps:  DecodeFLOP(c, s, mid),
		Memory:     MemoryNeeded(c, s, in+out),
		Fit:        FitOn(c, s, in+out),
		Strategy:   t,
		Latency:    StaticLatency(c, s, in, out),
		Throughput: StaticThroughput(c, s, in, out, 1),
		Prefill:    PrefillIntensity(c, s, in),
		Decode:     DecodeIntensity(c, s, mid),
		Traffic:    DecodeTraffic(c, s, mid),
	}, nil
}
