package catalog

// ModelClass says what a model is for. Only ClassGenerative models are sized
// as chat or RAG workloads.
type ModelClass string

const (
	ClassGenerative ModelClass = "generative"
	ClassEmbedding  ModelClass = "embedding"
	ClassReranker   ModelClass = "reranker"
	ClassSpeech     ModelClass = "speech"
	ClassVision     ModelClass = "vision"
)

// Model is one catalog entry: the dimensions that parameter count, KV-cache
// bytes and FLOP follow from, and where they were read.
type Model struct {
	ID      string // permanent kebab-case id, e.g. "llama-3-1-8b"
	Name    string // as people write it, e.g. "Llama 3.1 8B Instruct"
	Family  string // e.g. "llama"
	HFRepo  string // e.g. "meta-llama/Llama-3.1-8B-Instruct"; may be empty
	Aliases []string
	Class   ModelClass

	Layers       int
	Hidden       int
	Heads        int
	KVHeads      int
	HeadDim      int
	Intermediate int // width of the dense FFN; 0 where no layer has one
	FFNMatrices  int // 3 for gated FFNs, 2 otherwise
	Vocab        int
	Tied         bool // output matrix shared with the input embedding
	MaxContext   int  // tokens

	Native Weights // precision of the published checkpoint

	Attention Attention
	MoE       *MoE // nil for dense models
	Extra     Extra

	PublishedTotal  float64 // parameters, 0 = not published
	PublishedActive float64 // parameters one token uses, 0 = not published
	// PublishedNote explains a published figure that differs from the one
	// derived from the dimensions (usually: what it leaves out).
	PublishedNote string
	Sources       []string
	Confidence    string // high, medium, low
	Notes         string
	Custom        bool // entered by the user, not from the catalog's files
}

// Attention describes the token mixers of all layers. The layer counts Full,
// Sliding, Linear.Layers, Mamba.Layers and Idle add up to Model.Layers.
type Attention struct {
	Type    string `json:"t"`                // mha, gqa, mqa, mla, csa (compressed shared KV), hybrid
	Full    int    `json:"full,omitempty"`   // layers that see the whole context
	Sliding int    `json:"slide,omitempty"`  // layers that see Window tokens (sliding or chunked)
	Idle    int    `json:"idle,omitempty"`   // layers without a mixer: FFN only, or attention removed
	Window  int    `json:"window,omitempty"` // tokens; with csa, every layer keeps this window too

	Global *HeadShape `json:"global,omitempty"` // heads of full layers where they differ from the model's
	Local  *HeadShape `json:"local,omitempty"`  // heads of sliding layers where they differ

	Latent     *Latent     `json:"mla,omitempty"`
	Compressed *Compressed `json:"csa,omitempty"`
	Indexer    *Indexer    `json:"index,omitempty"`
	Linear     *Linear     `json:"lin,omitempty"`
	Mamba      *Mamba      `json:"mamba,omitempty"`
}

// Unusual names what is not plain attention over keys and values of heads, in
// all layers or in windows; "" = nothing.
func (a *Attention) Unusual() string {
	switch {
	case a.Compressed != nil:
		return "attention over compressed context"
	case a.Indexer != nil:
		return "sparse attention"
	case a.Linear != nil:
		return "linear attention"
	case a.Mamba != nil:
		return "Mamba layers"
	case a.Latent != nil:
		return "latent attention (MLA)"
	}
	return ""
}

// HeadShape overrides the model's KV heads for one kind of layer. Zero fields
// keep the model's value.
type HeadShape struct {
	KVHeads  int  `json:"kv,omitempty"`
	HeadDim  int  `json:"hd,omitempty"`
	ValueDim int  `json:"vd,omitempty"` // width of a value head; 0 = HeadDim
	KEqualsV bool `json:"kv1,omitempty"`
}

// Latent is multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys
// and values are projected up from one cached vector of KVRank + Rope values.
type Latent struct {
	KVRank     int  `json:"r"`
	QRank      int  `json:"q,omitempty"` // 0 = queries are not compressed
	Rope       int  `json:"rope"`
	Nope       int  `json:"nope"`
	Value      int  `json:"v"`
	OutputGate bool `json:"gate,omitempty"`
}

// Compressed is attention whose layers cache one shared key/value vector of
// HeadDim values for every few tokens, besides a short window (DeepSeek-V4).
type Compressed struct {
	QRank     int             `json:"q"`
	Rope      int             `json:"rope"`
	OutGroups int             `json:"og"`
	OutRank   int             `json:"or"`
	Ratios    []CompressRatio `json:"ratios"`
}

// CompressRatio says that Layers layers keep one entry for every Every tokens.
type CompressRatio struct {
	Every  int `json:"every"`
	Layers int `json:"n"`
}

// Indexer selects the TopK entries a sparse-attention layer reads. Its keys
// are cached besides the KV cache.
type Indexer struct {
	Layers   int `json:"n"`
	Heads    int `json:"h,omitempty"` // 0 = not published; its weights are then not counted
	HeadDim  int `json:"hd"`
	TopK     int `json:"k"`
	Compress int `json:"every,omitempty"` // tokens per index key; 0 = 1
}

// Linear is a linear-attention mixer with a fixed-size recurrent state.
type Linear struct {
	Kind         string `json:"kind"` // gated_deltanet, kda
	Layers       int    `json:"n"`
	KHeads       int    `json:"kh"`
	KDim         int    `json:"kd"`
	VHeads       int    `json:"vh"`
	VDim         int    `json:"vd"`
	Conv         int    `json:"conv"`
	StateBytes   int    `json:"sb"` // bytes per value of the recurrent state
	FullRankGate bool   `json:"frg,omitempty"`
}

// Mamba is a Mamba-2 mixer (arXiv 2405.21060).
type Mamba struct {
	Layers     int `json:"n"`
	Heads      int `json:"h"`
	HeadDim    int `json:"hd"`
	State      int `json:"s"`
	Groups     int `json:"g"`
	Conv       int `json:"conv"`
	StateBytes int `json:"sb"`
}

// MoE describes the routed and shared experts.
type MoE struct {
	Experts            int `json:"e"`
	TopK               int `json:"k"`
	Shared             int `json:"sh,omitempty"` // shared experts, used by every token
	Intermediate       int `json:"ff"`           // width of one routed expert
	SharedIntermediate int `json:"sff,omitempty"`
	Layers             int `json:"n"`               // layers with experts
	DenseLayers        int `json:"dense,omitempty"` // layers with a dense FFN instead
	// ParallelDense counts layers that run a dense FFN beside the experts.
	ParallelDense int  `json:"par,omitempty"`
	Latent        int  `json:"lat,omitempty"` // width experts work in; 0 = the hidden size
	RouterBias    bool `json:"rb,omitempty"`
	ExpertBias    bool `json:"eb,omitempty"`
	SharedGate    bool `json:"sg,omitempty"`
}

// Extra holds the details that only matter for an exact parameter count, and
// the architectures that are not plain decoders.
type Extra struct {
	Kind          string `json:"kind,omitempty"`  // "" decoder, "bert" encoder, "encdec" encoder-decoder
	LayerNorm     bool   `json:"ln,omitempty"`    // LayerNorm (two vectors) instead of RMSNorm (one)
	NormsPerLayer int    `json:"norms,omitempty"` // 2 when the files leave it out
	QKVBias       bool   `json:"qkvb,omitempty"`
	OBias         bool   `json:"ob,omitempty"`
	MLPBias       bool   `json:"mlpb,omitempty"`
	QKNorm        string `json:"qkn,omitempty"`   // "", head, per_head, full
	OutputGate    bool   `json:"og,omitempty"`    // gated attention output: the query projection is twice as wide
	Sinks         bool   `json:"sinks,omitempty"` // one learned attention sink per head
	// Parallel means attention and FFN share one residual branch and one all-reduce.
	Parallel      bool     `json:"par,omitempty"`
	NoLMHead      bool     `json:"nohead,omitempty"`
	LMHeadBias    bool     `json:"headb,omitempty"`
	Positions     int      `json:"pos,omitempty"`  // learned position embeddings
	TokenTypes    int      `json:"type,omitempty"` // learned token-type embeddings
	OtherParams   float64  `json:"other,omitempty"`
	FFNLayers     *int     `json:"ffn,omitempty"` // layers with a dense FFN; nil = all
	Blocks        []Block  `json:"blocks,omitempty"`
	Encoder       *Encoder `json:"enc,omitempty"`
	OneMixerLayer bool     `json:"one,omitempty"` // a layer is either a mixer or an FFN: one all-reduce
}

// Block is a group of equal layers of a model whose layers differ (pruned by
// architecture search).
type Block struct {
	Attention    bool `json:"a,omitempty"`
	Intermediate int  `json:"ff"`
	Count        int  `json:"n"`
}

// Encoder is the encoder of an encoder-decoder model.
type Encoder struct {
	Layers  int `json:"n"`
	Context int `json:"ctx"`  // encoder positions
	Mels    int `json:"mels"` // input channels
}

// Weights is the precision weights are stored in. Experts differs from Dense
// in checkpoints such as gpt-oss (MXFP4 experts, BF16 rest).
type Weights struct {
	Dense   Precision
	Experts Precision
}
