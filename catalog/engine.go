package catalog

// Engine is a serving engine: how it schedules, how it divides memory, and
// the efficiencies and overheads it is known to reach.
type Engine struct {
	ID      string // vllm, sglang, trtllm, nim, tgi
	Name    string
	Aliases []string // spellings in files: "nim-trtllm", "tensorrt-llm", …
	Vendors []string // accelerator vendors it runs on; nil = every one

	Scheduler Scheduler     // defaults of a current release on a large GPU; see SchedulerFor
	ByGPU     []GPUDefaults // other defaults on some GPUs; first match wins
	Builds    []Build       // releases whose settings are known, newest first
	Memory    MemoryRule
	// KVRule is the KV-cache precision the engine's recipe uses for a weight
	// precision; the empty key is the fallback.
	KVRule   map[Precision]Precision
	Profiles []Profile // first match wins; the last one matches everything
	Sources  []string
	Notes    string
}

// ProfileIDs lists the engine's profiles, the first match first.
func (e *Engine) ProfileIDs() []string {
	ids := make([]string, len(e.Profiles))
	for i := range e.Profiles {
		ids[i] = e.Profiles[i].ID
	}
	return ids
}

// SchedulerPolicy says how prompts and decodes share steps.
type SchedulerPolicy string

const (
	// Mixed: every step decodes all running requests and fills the token budget with prompt chunks.
	Mixed SchedulerPolicy = "mixed"
	// PrefillFirst: while prompts wait, steps run prompts only and decodes stand still.
	PrefillFirst SchedulerPolicy = "prefill-first"
)

// Reservation says how much KV memory a request holds from admission on.
type Reservation string

const (
	// ReserveFull holds prompt + full output from admission: nothing is ever evicted.
	ReserveFull Reservation = "full"
	// ReserveGrow holds what has been computed so far; the newest request is preempted and recomputed when memory runs out.
	ReserveGrow Reservation = "grow"
)

// Scheduler holds the scheduling settings of an engine build.
type Scheduler struct {
	Policy       SchedulerPolicy
	TokenBudget  int // tokens per step, prompts and decodes together
	MaxSequences int // running requests at most
	Reserve      Reservation
	// AdmitShare is the share φ of the expected output that must fit at
	// admission besides the prompt (1 = all of it).
	AdmitShare float64
	// StreamInterval is the number of decode steps before the first chunk is delivered (1 = at once).
	StreamInterval int
}

// GPUDefaults is what an engine sets by default on some GPUs: those with
// usable memory from FromBytes to below BelowBytes, and those of the
// architectures listed.
// Zero settings keep the engine's default.
type GPUDefaults struct {
	BelowBytes    float64  // 0 = no bound
	FromBytes     float64  // 0 = no bound
	Architectures []string // names of architectures, whatever their memory
	TokenBudget   int
	MaxSequences  int
}

// Build holds the settings of one release, or of one model's build in it,
// that differ from the engine's defaults. Zero fields keep the default.
type Build struct {
	Version        string // e.g. "1.8.0"
	Model          string // model id; "" = any
	TP             int    // 0 = any
	TokenBudget    int
	MaxSequences   int
	AdmitShare     float64
	StreamInterval int
	Source         string
}

// MemoryRule says how GPU memory is divided.
type MemoryRule struct {
	// Basis: "total" = KV gets Fraction × usable − weights − activations;
	// "free" = KV gets Fraction × (usable − weights).
	Basis           string
	Fraction        float64
	ActivationShare float64 // share of usable memory held for activations, Basis "total"
	RuntimeBytes    float64 // per GPU: context, graphs, communication buffers
}

// Profile is one set of efficiencies and overheads. Times are in seconds.
// Names in brackets are those of the step law in package step.
type Profile struct {
	ID        string
	Label     string
	Match     Match
	Source    string  // what the figures come from
	Rows      int     // measured rows behind them; 0 = assumed
	TTFTError float64 // held-out mean error, share (0.24 = 24 %); 0 = unknown
	ITLError  float64
	Bands     Bands // how sure predictions are
	Seen      Seen  // what those rows covered
	// Unidentified are parameters, by their symbol in package fit, that a fit to
	// the user's rows left where it began because the rows do not tell.
	Unidentified []string

	ComputeEff      float64 // [ec] share of dense peak in GEMM
	AttentionEff    float64 // [ea] share of 16-bit peak in prefill attention
	BandwidthEff    float64 // [ed] share of memory bandwidth
	KVReadEff       float64 // [ekv] KV-read efficiency relative to ed
	KVRead8Bit      float64 // multiplier of ekv for an 8-bit KV cache; 0 = 1
	StepOverhead    float64 // [t0] s per step
	LayerOverhead   float64 // [tL] s per layer and step
	SequenceCost    float64 // [cs] s per decoding sequence and step
	TokenLayerCost  float64 // [tk] s per token and layer that more GPUs do not shorten: norms, residuals, quantizing, routing
	AllReduceDelay  float64 // [α] s per round of an all-reduce: log2(g) rounds, one or two with DirectReduce
	LinkEff         float64 // [eβ] share of link bandwidth
	DirectReduce    bool    // over a direct link every GPU reads from all others at once (one- and two-shot kernels)
	PCIeDelayFactor float64 // α multiplier when the group talks over PCIe
	PCIeLinkEff     float64 // eβ over PCIe
	RequestCost     float64 // [d_req] s per request, serial front end
	TokenCost       float64 // [cf] s per output token, serial front end
	FirstTokenDelay float64 // [tr] s added to every TTFT
	// Multipliers for mixture-of-experts models.
	MoEComputeEff, MoEBandwidthEff, MoELatency, MoECoverageExp float64 // last is γ
	// Multipliers for 4-bit weights.
	FourBitComputeEff, FourBitBandwidthEff float64
	// Multipliers for Blackwell and later.
	BlackwellComputeEff, BlackwellBandwidthEff, BlackwellLatency float64
}

// Match restricts a profile to what it was measured on; empty fields match everything.
type Match struct {
	Architectures []string
	Vendors       []string
	// Versions are releases or benchmark recipes by their name or its first
	// parts: "0" covers 0.9.0 and 0.17, "1.8" covers 1.8.0 but not 1.80. A
	// profile with versions never serves where no version is stated.
	Versions []string
}
