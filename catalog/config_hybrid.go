package catalog

import "strings"

// readDeltaNet reads the gated-DeltaNet layers of Qwen3-Next and Qwen3.5: all
// but each full_attention_interval-th layer.
func readDeltaNet(r *configReader, m *Model) {
	a := &m.Attention
	if a.Linear == nil {
		every := max(r.number(4, "full_attention_interval"), 1)
		a.Full = m.Layers / every
		a.Linear = &Linear{Layers: m.Layers - a.Full}
	}
	l := a.Linear
	l.Kind = "gated_deltanet"
	l.KHeads, l.KDim = r.need("linear_num_key_heads"), r.need("linear_key_head_dim")
	l.VHeads, l.VDim = r.need("linear_num_value_heads"), r.need("linear_value_head_dim")
	l.Conv, l.StateBytes = r.need("linear_conv_kernel_dim"), 4
	m.Extra.OutputGate = r.flag(true, "attn_output_gate")
}

// readGraniteHybrid reads Granite 4: Mamba-2 or attention, then experts with
// a shared FFN, or that FFN alone.
func readGraniteHybrid(r *configReader, m *Model) {
	if s := m.Attention.Mamba; s != nil {
		s.Heads, s.HeadDim = r.need("mamba_n_heads"), r.need("mamba_d_head")
		s.State, s.Groups = r.need("mamba_d_state"), r.number(1, "mamba_n_groups")
		s.Conv, s.StateBytes = r.need("mamba_d_conv"), r.stateBytes(4)
	}
	if m.MoE == nil {
		m.Intermediate = r.need("shared_intermediate_size", "intermediate_size")
	}
}

// readNemotronH reads a pattern with one mixer or FFN per layer: M Mamba-2,
// * attention, - FFN, E experts.
func readNemotronH(r *configReader, m *Model) {
	pattern := r.text("hybrid_override_pattern")
	if pattern == "" {
		pattern = nemotronPattern(r.words("layers_block_type"))
	}
	if pattern == "" {
		r.fail(`"hybrid_override_pattern" is missing: add it, one letter per layer (M, *, -, E)`)
		return
	}
	if len(pattern) != m.Layers {
		r.fail(`"hybrid_override_pattern" has %d letters, "num_hidden_layers" says %d`, len(pattern), m.Layers)
		return
	}
	count := func(c string) int { return strings.Count(pattern, c) }
	mamba, full, dense, experts := count("M"), count("*"), count("-"), count("E")
	if mamba+full+dense+experts != m.Layers {
		r.fail(`"hybrid_override_pattern" may only have the letters M, *, - and E`)
		return
	}
	a := &m.Attention
	a.Full, a.Sliding, a.Window, a.Idle = full, 0, 0, dense+experts
	if mamba > 0 {
		a.Mamba = &Mamba{
			Layers: mamba, Heads: r.need("mamba_num_heads"), HeadDim: r.need("mamba_head_dim"),
			State: r.need("ssm_state_size"), Groups: r.number(1, "n_groups"), Conv: r.need("conv_kernel"),
			StateBytes: r.stateBytes(2),
		}
	}
	m.Extra.OneMixerLayer, m.Extra.FFNLayers = true, &dense
	switch {
	case experts == 0:
		m.MoE = nil
	case m.MoE == nil:
		r.fail(`"n_routed_experts" is missing, but the pattern has layers with experts`)
	default:
		m.MoE.Layers, m.MoE.DenseLayers = experts, dense
		m.MoE.Latent = r.number(0, "moe_latent_size")
	}
}

// nemotronPattern writes the newer list of layer kinds as a pattern.
func nemotronPattern(kinds []string) string {
	var b strings.Builder
	for _, k := range kinds {
		switch k {
		case "mamba":
			b.WriteByte('M')
		case "attention":
			b.WriteByte('*')
		case "mlp":
			b.WriteByte('-')
		case "moe":
			b.WriteByte('E')
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// stateBytes is the size of a state value: mamba_ssm_cache_dtype, or d bytes.
func (r *configReader) stateBytes(d int) int {
	switch r.text("mamba_ssm_cache_dtype") {
	case "float32":
		return 4
	case "bfloat16", "float16":
		return 2
	}
	return d
}

// readPruned reads the block list of models pruned by architecture search
// (Llama Nemotron). The FFN of a block is two thirds of ffn_mult times twice
// the hidden size, rounded up to 256.
func readPruned(r *configReader, m *Model) {
	blocks := r.list("block_configs")
	if len(blocks) != m.Layers {
		r.fail(`"block_configs" lists %d layers, "num_hidden_layers" says %d`, len(blocks), m.Layers)
		return
	}
	m.Attention.Full = 0
	for _, v := range blocks {
		b, _ := v.(map[string]any)
		att, _ := b["attention"].(map[string]any)
		ffn, _ := b["ffn"].(map[string]any)
		if att == nil || ffn == nil || att["replace_with_linear"] == true || ffn["replace_with_linear"] == true {
			r.fail(`"block_configs" has a block that is not attention or nothing, then an FFN`)
			return
		}
		keep := att["no_op"] != true
		if keep {
			group, _ := att["n_heads_in_group"].(float64)
			if group < 1 || m.Heads%int(group) != 0 || m.Attention.Full > 0 && m.KVHeads != m.Heads/int(group) {
				r.fail(`"block_configs" has layers with different "n_heads_in_group"; only one value for all is supported`)
				return
			}
			m.KVHeads = m.Heads / int(group)
			m.Attention.Full++
		}
		mult, _ := ffn["ffn_mult"].(float64)
		if ffn["no_op"] == true {
			mult = 0
		}
		if mult < 0 || mult > 64 {
			r.fail(`"ffn_mult" is %v; it must be from 0 to 64`, mult)
			return
		}
		width := (int(2*mult*float64(m.Hidden)/3) + 255) / 256 * 256
		m.addBlock(Block{Attention: keep, Intermediate: width, Count: 1})
	}
	m.Attention.Idle = m.Layers - m.Attention.Full
}

// addBlock joins equal blocks.
func (m *Model) addBlock(b Block) {
	for i := range m.Extra.Blocks {
		have := &m.Extra.Blocks[i]
		if have.Attention == b.Attention && have.Intermediate == b.Intermediate {
			have.Count += b.Count
			return
		}
	}
	m.Extra.Blocks = append(m.Extra.Blocks, b)
}

// readGPT reads GPT-2 and GPT-J, whose FFN is four times as wide as the model
// unless n_inner says otherwise.
func readGPT(r *configReader, m *Model) {
	m.Intermediate = or(m.Intermediate, 4*m.Hidden)
	if r.modelType == "gpt2" {
		m.Extra.Positions = m.MaxContext
	}
}

// readNeoX reads GPT-NeoX: attention and FFN are parallel by default.
func readNeoX(r *configReader, m *Model) {
	bias := r.flag(true, "attention_bias")
	m.Extra.QKVBias, m.Extra.OBias = bias, bias
	m.Extra.Parallel = r.flag(true, "use_parallel_residual")
}

// readFalcon reads Falcon: one shared KV head, or groups in the newer layout,
// which also has two norms.
func readFalcon(r *configReader, m *Model) {
	m.Intermediate = or(m.Intermediate, 4*m.Hidden)
	m.Extra.Parallel = r.flag(true, "parallel_attn") || r.flag(false, "new_decoder_architecture")
	switch {
	case r.flag(false, "new_decoder_architecture"):
		m.Extra.NormsPerLayer = r.number(2, "num_ln_in_parallel_attn")
	case r.flag(true, "multi_query"):
		m.KVHeads, m.Extra.NormsPerLayer = 1, 1
	default:
		m.KVHeads = m.Heads
	}
	if !m.Extra.Parallel {
		m.Extra.NormsPerLayer = 2
	}
	bias := r.flag(false, "bias")
	m.Extra.QKVBias, m.Extra.OBias, m.Extra.MLPBias = bias, bias, bias
}

// readStarCoder reads the one switch for all biases.
func readStarCoder(r *configReader, m *Model) {
	bias := r.flag(true, "use_bias")
	m.Extra.QKVBias, m.Extra.OBias, m.Extra.MLPBias = bias, bias, bias
}
