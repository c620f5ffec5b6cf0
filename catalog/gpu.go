package catalog

import "strings"

// GPU is one accelerator. All peaks are dense; all quantities are in base units.
type GPU struct {
	ID, Name, Short string // Short is the name in tables, e.g. "H100 SXM"
	Aliases         []string
	Vendor          string // "NVIDIA", "AMD", …
	Architecture    string // "Hopper", …
	FormFactor      string
	Class           string // datacenter, cloud, workstation, cpu
	Status          string // shipping, announced

	MemoryType         string  // e.g. "HBM3e"
	MemoryBytes        float64 // as sold, decimal
	UsableBytes        float64 // as the driver reports it; the capacity everything is computed from
	UsableEstimated    bool    // no published usable figure: derived from MemoryBytes
	BandwidthBytesPerS float64
	DenseFLOPS         FLOPS

	LinkType      string
	LinkBytesPerS float64 // per direction, inside the link domain; 0 = no link
	LinkDomain    int     // GPUs reachable over the link; 1 = none or not published
	// LinkPeerBytesPerS is the rate between two GPUs of a mesh, where a pair
	// cannot use the whole of LinkBytesPerS; 0 = it can.
	LinkPeerBytesPerS float64
	PCIeBytesPerS     float64 // per direction; 0 = unknown
	TDPWatts          float64 // 0 = unknown
	AllInKW           *Figure // all-in facility power per GPU where published
	LaunchYear        int
	GPUsPerNode       int
	Rent              *Price // USD per GPU-hour; nil = unknown ("No price")
	Purchase          *Price // USD per GPU
	Sources           []string
	Confidence        string
	Notes             string
	Custom            bool
}

// DirectLink reports whether every GPU of the link domain reaches every other in
// one hop, over a switch or a full mesh. In a torus only neighbors do.
func (g *GPU) DirectLink() bool {
	return !strings.Contains(strings.ToLower(g.LinkType), "torus")
}

// FLOPS holds dense peaks in FLOP/s per tensor precision; 0 = not supported.
type FLOPS struct {
	FP32 float64 `json:"fp32"`
	TF32 float64 `json:"tf32"`
	FP16 float64 `json:"fp16"`
	BF16 float64 `json:"bf16"`
	FP8  float64 `json:"fp8"`
	INT8 float64 `json:"int8"`
	FP6  float64 `json:"fp6"`
	FP4  float64 `json:"fp4"`
}

// Price is an amount in USD with its date and source.
type Price struct {
	USD       float64
	AsOf      string // YYYY-MM-DD, or YYYY-MM where the day is not known
	Source    string
	Low, High float64 // observed range; 0 = none
}

// Figure is a published number with its source.
type Figure struct {
	Value  float64
	AsOf   string
	Source string
}
