package catalog

// traits is what an architecture fixes without saying so in config.json.
type traits struct {
	layerNorm      bool   // LayerNorm with bias instead of RMSNorm
	norms          int    // per layer; 0 = 2
	matrices       int    // of an FFN; 0 = 3
	tied           bool   // default of tie_word_embeddings
	qkvBias        bool   // always there
	oBias          bool   // always there
	mlpBias        bool   // always there
	headBias       bool   // LM head has a bias
	biasHasOutput  bool   // attention_bias means the output projection, too
	qkNorm         string // always there
	optionalQKNorm string // the kind use_qk_norm switches on; "" = head
	outputGate     bool
	sinks          bool
	parallel       bool
	routerBias     bool // experts are chosen with a correction bias
	sharedGate     bool
	expertWide     bool // intermediate_size is that of an expert
	windows        windowRule
	adjust         func(*configReader, *Model)
	refuse         string // why the type cannot be read
	// defaults are sizes that files of this type leave out when they equal
	// those of the transformers library.
	defaults map[string]float64
}

// windowRule says which layers slide where layer_types does not.
type windowRule int

const (
	noWindow     windowRule = iota
	allLayers               // every layer has the window
	fromLayer               // those from max_window_layers on, if use_sliding_window
	everyOther              // layers 0, 2, 4, …
	allButEveryN            // all but each sliding_window_pattern-th
	chunked                 // all but each fourth (or as no_rope_layers says), attention_chunk_size
)

// architectures lists the model types that can be read, by model_type.
func architectures() map[string]traits {
	llama := traits{biasHasOutput: true}
	qwen3 := traits{qkNorm: "head", biasHasOutput: true, windows: fromLayer}
	qwenHybrid := traits{qkNorm: "head", outputGate: true, sharedGate: true, adjust: readDeltaNet}
	deepseek := traits{routerBias: true}
	gemma := traits{tied: true, norms: 4, windows: allButEveryN}
	gemma3 := gemma
	gemma3.qkNorm = "head"
	gemma3.defaults = map[string]float64{"vocab_size": 262208, "max_position_embeddings": 131072, "head_dim": 256, "num_attention_heads": 8, "num_key_value_heads": 4}
	gemma4 := gemma3
	gemma4.defaults = nil
	gemma4.adjust = readGemma4
	glm := traits{routerBias: true}
	mamba := traits{expertWide: true, adjust: readGraniteHybrid}
	return map[string]traits{
		"llama":   llama,
		"smollm3": llama,
		"granite": llama,
		"mistral": {windows: allLayers},
		"mixtral": {expertWide: true, windows: allLayers},
		"phi3":    {windows: allLayers},
		"yi":      llama,

		"ministral3": {windows: allLayers},
		"mistral4":   deepseek,

		"qwen2":             {qkvBias: true, windows: fromLayer},
		"qwen2_vl_text":     {qkvBias: true, windows: fromLayer},
		"qwen2_5_vl_text":   {qkvBias: true, windows: fromLayer},
		"qwen2_moe":         {qkvBias: true, sharedGate: true, windows: fromLayer},
		"qwen3":             qwen3,
		"qwen3_moe":         qwen3,
		"qwen3_vl_text":     qwen3,
		"qwen3_vl_moe_text": qwen3,
		"qwen3_next":        qwenHybrid,
		"qwen3_5":           qwenHybrid,
		"qwen3_5_text":      qwenHybrid,
		"qwen3_5_moe":       qwenHybrid,
		"qwen3_5_moe_text":  qwenHybrid,

		"deepseek_v2":  {},
		"deepseek_v3":  deepseek,
		"deepseek_v32": deepseek,
		"kimi_k2":      deepseek,
		"deepseek_v4":  {refuse: "its compressed attention has weights that are not published; the catalog has its entries"},
		"kimi_linear":  {refuse: "Kimi delta attention is not read from files; the catalog has Kimi K3"},

		"glm4":          {norms: 4},
		"glm4_moe":      glm,
		"glm4_moe_lite": glm,
		"glm_moe_dsa":   glm,

		"gpt_oss":     {qkvBias: true, oBias: true, sinks: true, routerBias: true, expertWide: true, windows: everyOther, adjust: biasedExperts},
		"llama4":      {expertWide: true, windows: chunked, adjust: readLlama4},
		"llama4_text": {expertWide: true, windows: chunked, adjust: readLlama4},

		"minimax_m2": {optionalQKNorm: "full", routerBias: true, expertWide: true},
		"olmoe":      {qkNorm: "full", expertWide: true},
		"olmo2":      {qkNorm: "full"},
		"olmo3":      {qkNorm: "full", windows: allButEveryN},
		"exaone4":    {qkNorm: "head", windows: allButEveryN},
		"cohere":     {norms: 1, tied: true, optionalQKNorm: "per_head"},
		"cohere2":    {norms: 1, tied: true, windows: allButEveryN},

		"gemma":       {tied: true},
		"gemma2":      {tied: true, norms: 4, windows: everyOther},
		"gemma3":      gemma3,
		"gemma3_text": gemma3,
		"gemma4":      gemma4,
		"gemma4_text": gemma4,

		"nemotron":         {layerNorm: true, matrices: 2},
		"nemotron_h":       {norms: 1, matrices: 2, routerBias: true, adjust: readNemotronH},
		"nemotron-nas":     {adjust: readPruned},
		"granitemoehybrid": mamba,
		"granitemoe":       {expertWide: true},

		"gpt2":       {layerNorm: true, matrices: 2, tied: true, qkvBias: true, oBias: true, mlpBias: true, adjust: readGPT},
		"gptj":       {layerNorm: true, matrices: 2, norms: 1, mlpBias: true, headBias: true, parallel: true, adjust: readGPT},
		"gpt_neox":   {layerNorm: true, matrices: 2, qkvBias: true, oBias: true, mlpBias: true, adjust: readNeoX},
		"falcon":     {layerNorm: true, matrices: 2, tied: true, parallel: true, adjust: readFalcon, defaults: map[string]float64{"max_position_embeddings": 2048}},
		"starcoder2": {layerNorm: true, matrices: 2, tied: true, windows: allLayers, adjust: readStarCoder},

		"mamba":   {refuse: "a model without attention has no KV cache to size; it is not supported"},
		"mamba2":  {refuse: "a model without attention has no KV cache to size; it is not supported"},
		"bert":    {refuse: "an encoder does not generate text"},
		"roberta": {refuse: "an encoder does not generate text"},
		"t5":      {refuse: "encoder-decoder models are not supported"},
		"whisper": {refuse: "speech models are not sized here"},
	}
}
