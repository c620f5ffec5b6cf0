package explain

import (
	"math"

	"fleetsize/calc/fleet"
)

// bound is leaf for the inputs of the step law, of memory and of the runs.
func (b *Book) bound(id string) (float64, Source) {
	o := b.Opt
	if o.Profile != nil {
		_, bands := o.Bands()
		switch id {
		case "rate_band":
			return bands.Rate, b.fit()
		case "ttft_band":
			return fleet.TTFTBand(bands, o.At), b.fit()
		case "itl_band":
			return bands.ITL, b.fit()
		}
	}
	if v, s, ok := b.pipeline(id); ok {
		return v, s
	}
	switch id {
	case "requests_per_search":
		return fleet.SearchRequests, ours("settings of the simulation")
	case "requests_per_run":
		return fleet.FinalRequests, ours("settings of the simulation")
	case "runs":
		return fleet.FinalRuns, ours("settings of the simulation")
	case "flight_requests":
		return math.Max(1000, 5*b.value("per_replica_in_flight")), ours("settings of the simulation")
	case "capacity_requests":
		return math.Max(1500, 4*b.value("capacity_in_flight")), ours("settings of the simulation")
	}
	if v, ok := b.divided(id); ok {
		if b.applies["pooled"] {
			return v, ours("square-root staffing over the replicas behind the router")
		}
		return v, ours("the engine's rule over all GPUs of " + o.Layout.String())
	}
	if b.cost == nil {
		return math.NaN(), Source{}
	}
	if v, s, ok := b.stepped(id); ok {
		return v, s
	}
	if v, s, ok := b.settings(id); ok {
		return v, s
	}
	if v, ok := b.dimension(id); ok {
		return v, b.model()
	}
	if v, ok := b.lawParts(id); ok {
		return v, b.fit()
	}
	if v, ok := b.reached(id); ok {
		return v, b.fit()
	}
	return b.hardware(id)
}

// settings are those of the engine.
func (b *Book) settings(id string) (float64, Source, bool) {
	s, rule := b.cost.Scheduler(), b.Req.Engine.Memory
	v := 0.0
	switch id {
	case "token_budget":
		v = budgetOf(b.cost, b.pre.tokens)
	case "most_sequences":
		if v = float64(s.MaxSequences); v <= 0 {
			v = 1e6 // the simulation's own bound
		}
	case "admit_share":
		v = math.Min(math.Max(s.AdmitShare, 0), 1)
	case "stream_interval":
		_, out, _ := meanLengths(b.shape)
		v = math.Max(1, math.Min(float64(s.StreamInterval), out))
	case "memory_fraction":
		v = rule.Fraction
	case "activation_share":
		v = rule.ActivationShare
	case "runtime_per_gpu":
		v = rule.RuntimeBytes
	default:
		return 0, Source{}, false
	}
	return v, b.setting(), true
}

// dimension is what follows from the model and the precisions.
func (b *Book) dimension(id string) (float64, bool) {
	c, w, r := b.cost, b.cost.Work(), b.cost.Replica()
	in, out, _ := meanLengths(b.shape)
	switch id {
	case "layers":
		return float64(w.Layers), true
	case "hidden":
		return float64(w.Hidden), true
	case "reductions_per_layer":
		return w.AllReducesPerLayer, true
	case "active_params":
		return w.LinearFLOP / 2, true
	case "dense_params":
		return w.DenseParams, true
	case "head_params":
		return w.LMHeadParams, true
	case "expert_params":
		return w.ExpertParams, true
	case "side_params":
		return w.EmbeddingParams + w.OtherParams, true
	case "dense_width":
		return r.Weights.Dense.Bytes(), true
	case "head_width", "side_bytes":
		return math.Max(r.Weights.Dense.Bytes(), 2), true
	case "expert_width":
		return r.Weights.Experts.Bytes(), true
	case "copied_bytes":
		return math.Max(0, c.Memory().Weights-b.value("dense_bytes")-b.value("expert_bytes")-b.value("side_params")*b.value("side_bytes")), true
	case "prefill_expert_bytes":
		return b.pre.expertBytes, true
	case "prefill_attention_flop":
		return b.pre.Attention * b.perSecond(), true
	case "prefill_worked":
		return b.pre.worked, true
	case "decode_expert_bytes":
		return b.decode.WeightBytes - b.value("dense_bytes"), true
	case "decode_attention_flop":
		return b.decode.Attention * b.perSecond(), true
	case "decode_kv_bytes":
		return b.decode.KVReadBytes - b.value("decode_batch")*w.StateBytes, true
	case "decode_state_bytes":
		return 2 * b.value("decode_batch") * w.StateBytes, true
	case "decode_gemm_flop":
		return b.decode.GEMMFLOP, true
	case "decode_pair_flop":
		return b.decode.AttentionFLOP, true
	case "decode_read_bytes":
		return b.decode.KVReadBytes, true
	case "decode_written_bytes":
		return b.decode.KVWriteBytes, true
	case "prefill_gemm_flop":
		return b.pre.GEMMFLOP, true
	case "prefill_pair_flop":
		return b.pre.flop, true
	case "prefill_moved_bytes":
		return b.pre.KVReadBytes + b.pre.KVWriteBytes, true
	case "cached_values":
		return w.KVElems, true
	case "kv_width":
		return r.KV.Bytes(), true
	case "index_bytes":
		return w.IndexerBytes, true
	case "kv_copies":
		tp := float64(r.TP) / math.Max(float64(r.DP), 1)
		return tp / math.Min(tp, math.Max(float64(w.KVShards), 1)), true
	case "kv_fixed":
		return c.FixedBytes(float64(b.shape.Input + b.shape.Output)), true
	case "kv_fixed_mean":
		return c.FixedBytes(in + out), true
	}
	return 0, false
}

// lawParts are the parts of a step where the layout or drafts make more of
// them than the formulas spell out.
func (b *Book) lawParts(id string) (float64, bool) {
	d, p := &b.decode, &b.pre.Breakdown
	switch id {
	case "decode_overhead":
		return d.Overhead, true
	case "decode_compute":
		return d.GEMM, true
	case "decode_attention":
		return d.Attention, true
	case "decode_weights":
		return d.WeightRead, true
	case "decode_kv":
		return d.KVRead, true
	case "decode_links":
		return d.Communication, true
	case "decode_draft":
		return d.Draft, true
	case "prefill_overhead":
		return p.Overhead, true
	case "prefill_compute":
		return p.GEMM, true
	case "prefill_attention":
		return p.Attention, true
	case "prefill_weights":
		return p.WeightRead, true
	case "prefill_links":
		return p.Communication, true
	case "decode_activation_bytes":
		return d.ActivationIO, true
	case "kv_per_token":
		return b.cost.TokenBytes(), true
	}
	return 0, false
}

// divided is how the engine divides memory and slots, where that is taken as
// given.
func (b *Book) divided(id string) (float64, bool) {
	o := b.Opt
	switch m := &o.Memory; id {
	case "slots":
		return float64(m.Slots), true
	case "safe_share":
		return o.SafeShare, true
	case "memory_capacity":
		return m.Capacity, true
	case "memory_weights":
		return m.Weights, true
	case "memory_kv":
		return m.KVUsed + m.KVFree, true
	case "memory_activations":
		return m.Activations, true
	case "memory_runtime":
		return m.Runtime, true
	case "memory_unusable":
		return m.Unusable, true
	case "kv_per_request":
		return m.KVPerRequest, true
	}
	return 0, false
}

// perSecond is the attention FLOP the replica does in a second.
func (b *Book) perSecond() float64 {
	return b.cost.HalfPeak() * b.cost.Efficiency().Attention * float64(b.cost.Replica().GPUs())
}

// reached are the fitted shares and times.
func (b *Book) reached(id string) (float64, bool) {
	e, p := b.cost.Efficiency(), b.cost.Profile()
	switch id {
	case "compute_share":
		return e.Compute, true
	case "attention_share":
		return e.Attention, true
	case "bandwidth_share":
		return e.Bandwidth, true
	case "kv_share":
		return e.KVRead, true
	case "step_overhead":
		return e.Step, true
	case "layer_overhead":
		return e.Layer, true
	case "sequence_cost":
		return e.Sequence, true
	case "token_layer_cost":
		return p.TokenLayerCost, true
	case "reduce_delay":
		return e.AllReduceDelay, true
	case "hop_delay":
		return e.HopDelay, true
	case "link_rate":
		return e.LinkRate, true
	case "hop_rate":
		return e.HopRate, true
	case "request_cost":
		return p.RequestCost, true
	case "token_cost":
		return p.TokenCost, true
	case "first_token_delay":
		return p.FirstTokenDelay, true
	}
	return 0, false
}

// hardware is the accelerator's data sheet.
func (b *Book) hardware(id string) (float64, Source) {
	g := b.Opt.GPU
	switch id {
	case "usable_memory":
		if g.UsableEstimated {
			return g.UsableBytes, b.chip("memory, share for programs taken from its siblings")
		}
		return g.UsableBytes, b.chip("memory")
	case "peak_flops":
		return b.cost.Peak(), b.chip("dense peak")
	case "half_flops":
		return b.cost.HalfPeak(), b.chip("dense 16-bit peak")
	case "bandwidth":
		return g.BandwidthBytesPerS, b.chip("memory bandwidth")
	}
	return math.NaN(), Source{}
}
