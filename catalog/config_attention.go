package catalog

// attention fills the layer counts, windows and special heads of m.
func (r *configReader) attention(m *Model) {
	a := &m.Attention
	a.Full = m.Layers
	if rank := r.number(0, "kv_lora_rank"); rank > 0 {
		a.Latent = &Latent{
			KVRank: rank, QRank: r.number(0, "q_lora_rank"), Rope: r.need("qk_rope_head_dim"),
			Nope: r.need("qk_nope_head_dim"), Value: r.need("v_head_dim"),
		}
		r.indexer(m)
		return
	}
	if types := r.words("layer_types"); types != nil {
		r.layerTypes(m, types)
		return
	}
	r.windowRule(m)
}

// indexer reads sparse attention over a latent cache (DeepSeek-V3.2, GLM-5).
// Every layer is taken to have an index of its own.
func (r *configReader) indexer(m *Model) {
	top := r.number(0, "index_topk")
	if top == 0 {
		return
	}
	m.Attention.Indexer = &Indexer{
		Layers: m.Layers, Heads: r.need("index_n_heads"), HeadDim: r.need("index_head_dim"), TopK: top,
	}
}

// layerTypes counts the kinds of layer that layer_types lists.
func (r *configReader) layerTypes(m *Model, types []string) {
	if len(types) != m.Layers {
		r.fail(`"layer_types" lists %d layers, "num_hidden_layers" says %d`, len(types), m.Layers)
		return
	}
	a := &m.Attention
	a.Full = 0
	linear, mamba := 0, 0
	for _, t := range types {
		switch t {
		case "full_attention", "attention":
			a.Full++
		case "sliding_attention", "chunked_attention":
			a.Sliding++
		case "linear_attention":
			linear++
		case "mamba":
			mamba++
		default:
			r.fail(`"layer_types" has the kind %q, which is not known: full_attention, sliding_attention, chunked_attention, linear_attention and mamba are`, clip(t))
			return
		}
	}
	if a.Sliding > 0 {
		a.Window = r.need("sliding_window", "attention_chunk_size")
	}
	if linear > 0 {
		a.Linear = &Linear{Layers: linear}
	}
	if mamba > 0 {
		a.Mamba = &Mamba{Layers: mamba}
	}
	if linear > 0 && r.modelTypeHasNo(readsLinear) || mamba > 0 && r.modelTypeHasNo(readsMamba) {
		r.fail(`"layer_types" has layers that %q models are not known to have`, clip(r.modelType))
	}
	m.widen()
}

type mixer int

const (
	readsLinear mixer = iota
	readsMamba
)

// modelTypeHasNo reports whether the architecture has no reader for a mixer.
func (r *configReader) modelTypeHasNo(k mixer) bool {
	switch r.modelType {
	case "qwen3_next", "qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text":
		return k != readsLinear
	case "granitemoehybrid":
		return k != readsMamba
	}
	return true
}

// windowRule applies the architecture's own rule for sliding layers.
func (r *configReader) windowRule(m *Model) {
	a, n := &m.Attention, m.Layers
	window := r.number(0, "sliding_window")
	switch r.traits.windows {
	case noWindow:
		return
	case allLayers:
		a.Sliding = n
	case fromLayer:
		if r.flag(false, "use_sliding_window") {
			a.Sliding = n - min(n, r.number(n, "max_window_layers"))
		}
	case everyOther:
		a.Sliding = (n + 1) / 2
	case allButEveryN:
		a.Sliding = n - n/r.pattern()
	case chunked:
		window = r.number(0, "attention_chunk_size")
		a.Sliding = n - n/4
		if list := r.list("no_rope_layers"); len(list) == n {
			a.Sliding = 0
			for _, v := range list {
				if v == 1.0 {
					a.Sliding++
				}
			}
		}
	}
	if window == 0 {
		a.Sliding = 0
	}
	a.Full, a.Window = n-a.Sliding, window
	m.widen()
}

// pattern is the distance of full-attention layers: a number, or the length
// of a string such as "LLLG".
func (r *configReader) pattern() int {
	if s := r.text("sliding_window_pattern"); s != "" {
		return len(s)
	}
	d := 6
	if r.modelType != "gemma3" && r.modelType != "gemma3_text" {
		d = 4
	}
	return max(r.number(d, "sliding_window_pattern", "_sliding_window_pattern"), 1)
}

// widen turns sliding layers whose window is no shorter than the context into
// full ones.
func (m *Model) widen() {
	a := &m.Attention
	if a.Sliding == 0 || a.Window >= m.MaxContext {
		a.Full, a.Sliding, a.Window = a.Full+a.Sliding, 0, 0
	}
}
