package catalog

// feedForward reads the dense FFN width and the experts.
func (r *configReader) feedForward(m *Model) {
	experts := r.number(0, "num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
	m.Intermediate = r.number(0, "intermediate_size", "ffn_hidden_size", "n_inner")
	if experts == 0 {
		return // architectures without the field set it in adjust; check refuses 0
	}
	c := &MoE{
		Experts:    experts,
		TopK:       r.need("num_experts_per_tok", "experts_per_token", "num_experts_per_token", "top_k_experts", "moe_topk", "moe_top_k"),
		RouterBias: r.traits.routerBias,
		Layers:     m.Layers,
	}
	m.MoE = c
	if r.traits.expertWide {
		c.Intermediate = r.need("moe_intermediate_size", "intermediate_size")
	} else {
		c.Intermediate = r.need("moe_intermediate_size")
	}
	r.sharedExperts(c)
	r.denseLayers(m)
}

// sharedExperts reads the experts every token passes through: a count of
// experts as wide as the routed ones, or one of its own width.
func (r *configReader) sharedExperts(c *MoE) {
	width := r.number(0, "shared_expert_intermediate_size", "shared_intermediate_size", "moe_shared_expert_intermediate_size")
	c.Shared = r.number(0, "n_shared_experts", "num_shared_experts", "moe_num_shared_experts")
	if width > 0 {
		c.Shared, c.SharedIntermediate = max(c.Shared, 1), width
		if r.modelType == "nemotron_h" && c.Shared > 1 {
			c.Shared = 1 // the width is that of all of them together
		}
	}
	c.SharedGate = r.traits.sharedGate && c.Shared > 0
}

// denseLayers reads which layers keep a dense FFN instead of experts.
func (r *configReader) denseLayers(m *Model) {
	c := m.MoE
	dense := r.number(0, "first_k_dense_replace")
	if step := r.number(1, "decoder_sparse_step"); step > 1 {
		dense = m.Layers - m.Layers/step
	}
	only := len(r.list("mlp_only_layers"))
	dense = max(dense, only)
	if freq, ok := r.fields["moe_layer_freq"].([]any); ok {
		dense = 0
		for _, v := range freq {
			if v == 0.0 {
				dense++
			}
		}
	}
	if dense > m.Layers {
		r.fail(`%d layers without experts are more than "num_hidden_layers" %d`, dense, m.Layers)
		return
	}
	c.DenseLayers, c.Layers = dense, m.Layers-dense
	if c.Layers == 0 {
		m.MoE = nil
	}
}

// biasedExperts is gpt-oss: expert matrices have biases.
func biasedExperts(_ *configReader, m *Model) {
	if m.MoE != nil {
		m.MoE.ExpertBias = true
	}
}

// readLlama4: each interleave_moe_layer_step-th layer has experts and one
// shared expert of the same width; the others an FFN of intermediate_size_mlp.
func readLlama4(r *configReader, m *Model) {
	m.Intermediate = r.number(m.Intermediate, "intermediate_size_mlp")
	c := m.MoE
	if c == nil {
		return
	}
	step := max(r.number(1, "interleave_moe_layer_step"), 1)
	c.Layers = m.Layers / step
	if list := r.list("moe_layers"); len(list) > 0 && len(list) <= m.Layers {
		c.Layers = len(list)
	}
	c.DenseLayers = m.Layers - c.Layers
	c.Shared, c.SharedIntermediate = 1, c.Intermediate
	c.RouterBias = false
}

// readGemma4: full layers have wider heads whose keys serve as values; the
// larger mixture runs a dense FFN beside its experts.
func readGemma4(r *configReader, m *Model) {
	if r.number(0, "hidden_size_per_layer_input") > 0 {
		r.fail(`"hidden_size_per_layer_input" (per-layer embeddings) is not supported`)
		return
	}
	if r.number(0, "num_kv_shared_layers") > 0 {
		r.fail(`"num_kv_shared_layers" (layers that share a cache) is not supported`)
		return
	}
	if m.Attention.Full > 0 && m.Attention.Sliding > 0 {
		m.Attention.Global = &HeadShape{
			KVHeads:  r.number(m.KVHeads, "num_global_key_value_heads"),
			HeadDim:  r.number(m.HeadDim, "global_head_dim"),
			KEqualsV: r.flag(false, "attention_k_eq_v"),
		}
	}
	if m.MoE != nil {
		m.MoE.ParallelDense, m.Extra.NormsPerLayer = m.Layers, 7
		m.MoE.Layers, m.MoE.DenseLayers = m.Layers, 0
	}
}
