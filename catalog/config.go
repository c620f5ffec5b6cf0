package catalog

import (
	"errors"
	"fmt"
	"strings"

	"fleetsize/catalog/jsonio"
)

// maxConfigBytes is far above any real config.json (the largest known, with
// per-layer quantization lists, are some hundred kB).
const maxConfigBytes = 4 << 20

// ModelFromConfig reads a Hugging Face config.json into a custom model: dense,
// grouped or latent attention, sliding and chunked windows, mixtures of
// experts, gated-DeltaNet and Mamba-2 hybrids, with the language model nested
// under text_config or not. name is what the model is called; empty takes the
// file's own _name_or_path or model_type.
//
// Errors name the field that is missing, wrong or not understood and say what
// to do; nothing is guessed that changes memory or FLOP by more than a norm
// vector. Vision towers, multi-token-prediction layers and quantization scales
// are not counted, as in the catalog's own entries.
func ModelFromConfig(name string, json []byte) (*Model, error) {
	if len(json) > maxConfigBytes {
		return nil, fmt.Errorf("config.json is longer than %d MB: paste only the model's config.json", maxConfigBytes>>20)
	}
	if strings.TrimSpace(string(json[:min(len(json), 1024)])) == "" {
		return nil, errors.New("config.json is empty: paste the contents of the model's config.json")
	}
	var top map[string]any
	if err := jsonio.Unmarshal(json, &top); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	if top == nil {
		return nil, errors.New("config.json must be one object in braces: paste the whole file")
	}
	r := &configReader{fields: languageFields(top)}
	kind, err := r.kind()
	if err != nil {
		return nil, err
	}
	r.traits = kind
	r.addDefaults()
	m := r.read()
	if r.err != nil {
		return nil, r.err
	}
	m.Name = firstText(name, r.text("_name_or_path"), topText(top, "_name_or_path"), r.modelType)
	m.ID = customID(m.Name, "custom-model")
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	return m, nil
}

// languageFields are the fields of the language model: those of text_config
// (or its other names) over those of the top level.
func languageFields(top map[string]any) map[string]any {
	for _, key := range []string{"text_config", "language_config", "llm_config"} {
		inner, ok := top[key].(map[string]any)
		if !ok {
			continue
		}
		out := make(map[string]any, len(top)+len(inner))
		for k, v := range top {
			out[k] = v
		}
		delete(out, key)
		if _, ok := inner["model_type"]; !ok {
			delete(out, "model_type")
			delete(out, "architectures")
		}
		for k, v := range inner {
			if v != nil || out[k] == nil {
				out[k] = v
			}
		}
		return out
	}
	return top
}

// configReader turns the fields of a config.json into a model. The first
// mistake stays in err; later reads return zero.
type configReader struct {
	fields    map[string]any
	modelType string
	traits    traits
	err       error
}

// kind finds the traits of the architecture.
func (r *configReader) kind() (traits, error) {
	r.modelType = r.text("model_type")
	if r.modelType == "" {
		r.modelType = r.typeFromArchitecture()
	}
	if r.modelType == "" {
		return traits{}, errors.New(`config.json has no "model_type": add it, for example "model_type": "llama"`)
	}
	t, ok := architectures()[r.modelType]
	if !ok {
		return traits{}, fmt.Errorf(`config.json: "model_type" %q is not known here: if its layers are those of a known type, `+
			`set "model_type" to that one (llama, qwen3, qwen3_moe, mixtral, deepseek_v3, gemma3_text, gpt_oss, nemotron_h, …)`, clip(r.modelType))
	}
	if t.refuse != "" {
		return traits{}, fmt.Errorf(`config.json: "model_type" %q: %s`, r.modelType, t.refuse)
	}
	return t, nil
}

// addDefaults fills in what files of this architecture leave out.
func (r *configReader) addDefaults() {
	if r.traits.defaults == nil {
		return
	}
	f := make(map[string]any, len(r.fields)+len(r.traits.defaults))
	for k, v := range r.traits.defaults {
		f[k] = v
	}
	for k, v := range r.fields {
		if v != nil {
			f[k] = v
		}
	}
	r.fields = f
}

// typeFromArchitecture reads "LlamaForCausalLM" as "llama".
func (r *configReader) typeFromArchitecture() string {
	list, _ := r.fields["architectures"].([]any)
	if len(list) == 0 {
		return ""
	}
	class, _ := list[0].(string)
	class, _, _ = strings.Cut(class, "For")
	flat := strings.ToLower(class)
	for t := range architectures() {
		if strings.ReplaceAll(t, "_", "") == flat {
			return t
		}
	}
	return class
}

// read builds the model. Names of fields are those of the transformers
// library, older spellings after newer ones.
func (r *configReader) read() *Model {
	t := &r.traits
	m := &Model{
		Family: r.modelType, Class: ClassGenerative, Custom: true, Confidence: "medium",
		Layers:     r.need("num_hidden_layers", "n_layer", "n_layers", "num_layers"),
		Hidden:     r.need("hidden_size", "n_embd", "d_model"),
		Heads:      r.need("num_attention_heads", "n_head", "n_heads"),
		Vocab:      r.need("vocab_size"),
		MaxContext: r.need("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length", "model_max_length"),

		FFNMatrices: or(t.matrices, 3),
		Tied:        r.flag(t.tied, "tie_word_embeddings"),
		Sources:     []string{"config.json given by the user"},
		Notes:       "Read from a config.json.",
	}
	if r.err != nil {
		return m
	}
	m.KVHeads = r.number(m.Heads, "num_key_value_heads", "num_kv_heads", "n_head_kv")
	m.HeadDim = r.number(0, "head_dim", "attention_head_dim")
	if m.HeadDim == 0 && m.Heads > 0 {
		m.HeadDim = m.Hidden / m.Heads
	}
	m.Extra = Extra{
		LayerNorm: t.layerNorm, NormsPerLayer: or(t.norms, 2), QKNorm: t.qkNorm,
		QKVBias: t.qkvBias, OBias: t.oBias, MLPBias: t.mlpBias,
		LMHeadBias: t.headBias, OutputGate: t.outputGate, Sinks: t.sinks, Parallel: t.parallel,
	}
	r.biases(m)
	m.Native = r.native()
	r.feedForward(m)
	r.attention(m)
	if t.adjust != nil && r.err == nil {
		t.adjust(r, m)
	}
	m.Attention.Type = m.attentionType()
	return m
}

// biases reads the switches that models of the Llama line carry.
func (r *configReader) biases(m *Model) {
	if r.flag(false, "attention_bias", "qkv_bias", "use_qkv_bias") {
		m.Extra.QKVBias = true
		m.Extra.OBias = m.Extra.OBias || r.traits.biasHasOutput
	}
	if r.flag(false, "mlp_bias") {
		m.Extra.MLPBias = true
	}
	if r.flag(false, "use_qk_norm") && m.Extra.QKNorm == "" {
		m.Extra.QKNorm = or(r.traits.optionalQKNorm, "head")
	}
}

// attentionType names what the layers do.
func (m *Model) attentionType() string {
	a := &m.Attention
	switch {
	case a.Linear != nil || a.Mamba != nil:
		return "hybrid"
	case a.Latent != nil:
		return "mla"
	case a.Compressed != nil:
		return "csa"
	}
	return headType(m.Heads, m.KVHeads)
}

func firstText(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

func topText(top map[string]any, key string) string {
	s, _ := top[key].(string)
	return s
}
