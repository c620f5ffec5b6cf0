package catalog

import (
	"fmt"
	"math"
	"strings"
)

// GPUSpec describes an accelerator in the units vendors print. Name, memory,
// bandwidth and the dense 16-bit rate are needed; 0 means not stated.
type GPUSpec struct {
	Name         string
	MemoryGB     float64 // as sold
	BandwidthGBs float64
	TFLOPS16     float64 // dense, BF16 or FP16
	TFLOPS8      float64 // dense FP8; 0 = no FP8 units
	TFLOPS4      float64 // dense FP4; 0 = no FP4 units
	Watts        float64
	LinkGBs      float64 // per direction to the other GPUs of the domain; 0 = PCIe only
	LinkDomain   int     // GPUs on that link; 0 = 8
	PCIeGBs      float64 // per direction; 0 = 31.5 (gen 4 x16)
	USDPerHour   float64 // rent; 0 = no price
}

// GPUFromNumbers makes a custom accelerator. Usable memory is taken as 0.995
// GiB per GB sold, as drivers report of current data-center GPUs. Errors name
// the number, its range and the usual slip.
func GPUFromNumbers(s GPUSpec) (*GPU, error) {
	for _, f := range []struct {
		what      string
		v, lo, hi float64
		hint      string
	}{
		{"memory", s.MemoryGB, 1, 1e5, "in GB"},
		{"memory bandwidth", s.BandwidthGBs, 1, 1e6, "in GB/s: 3.35 TB/s is 3350"},
		{"16-bit rate", s.TFLOPS16, 0.1, 1e6, "in dense TFLOPS: half of a rate printed with sparsity"},
		{"FP8 rate", s.TFLOPS8, 0, 1e6, "in dense TFLOPS"},
		{"FP4 rate", s.TFLOPS4, 0, 1e6, "in dense TFLOPS"},
		{"power", s.Watts, 0, 1e5, "in watts"},
		{"link rate", s.LinkGBs, 0, 1e5, "in GB/s per direction: NVLink 900 GB/s total is 450"},
		{"PCIe rate", s.PCIeGBs, 0, 1e4, "in GB/s per direction"},
		{"price", s.USDPerHour, 0, 1e5, "in USD per hour"},
		{"link domain", float64(s.LinkDomain), 0, 1e5, "in GPUs"},
	} {
		if !(f.v >= f.lo && f.v <= f.hi) {
			return nil, fmt.Errorf("%s %v is outside %v to %v (%s)", f.what, f.v, f.lo, f.hi, f.hint)
		}
	}
	name := strings.TrimSpace(s.Name)
	if len([]rune(name)) > 60 {
		return nil, fmt.Errorf("the name %q is longer than 60 characters", clip(name))
	}
	name = or(name, "Custom GPU")
	g := &GPU{
		ID: customID(name, "custom-gpu"), Name: name, Short: name, Vendor: "Custom", Architecture: "Custom",
		Class: "datacenter", Status: "shipping", Confidence: "low", Custom: true,
		MemoryBytes: s.MemoryGB * gb, UsableBytes: usableShare * s.MemoryGB * gib, UsableEstimated: true,
		BandwidthBytesPerS: s.BandwidthGBs * gb,
		DenseFLOPS:         FLOPS{FP16: s.TFLOPS16 * 1e12, BF16: s.TFLOPS16 * 1e12, FP8: s.TFLOPS8 * 1e12, FP4: s.TFLOPS4 * 1e12},
		PCIeBytesPerS:      or(s.PCIeGBs, 31.5) * gb,
		LinkDomain:         1, TDPWatts: s.Watts, GPUsPerNode: 8,
		Sources: []string{"numbers given by the user"}, Notes: "Entered by hand.",
	}
	if s.LinkGBs > 0 && s.LinkDomain != 1 {
		g.LinkType, g.LinkBytesPerS, g.LinkDomain = "link", s.LinkGBs*gb, or(s.LinkDomain, 8)
	}
	if s.USDPerHour > 0 {
		g.Rent = &Price{USD: s.USDPerHour, Source: "entered by hand"}
	}
	return g, nil
}

// ParseCustomGPU reads the compact form of links:
//
//	mygpu:mem96:bw4000:bf16-800:fp8-1600:w450:ln450:dom8:px2.5
//
// a name, then mem (GB), bw (GB/s), bf16 (dense TFLOPS), and if wanted fp8,
// fp4 (dense TFLOPS), w (watts), ln (link, GB/s per direction), dom (GPUs on
// the link), pc (PCIe, GB/s per direction), px (USD per hour), in any order.
func ParseCustomGPU(item string) (*GPU, error) {
	name, parts, err := itemParts(item, "mygpu:mem96:bw4000:bf16-800:w450")
	if err != nil {
		return nil, err
	}
	s := GPUSpec{Name: name}
	var domain float64
	err = readParts(parts, map[string]*float64{
		"mem": &s.MemoryGB, "bw": &s.BandwidthGBs, "bf16-": &s.TFLOPS16, "fp8-": &s.TFLOPS8, "fp4-": &s.TFLOPS4,
		"w": &s.Watts, "ln": &s.LinkGBs, "dom": &domain, "pc": &s.PCIeGBs, "px": &s.USDPerHour,
	}, nil)
	if err != nil {
		return nil, fmt.Errorf("custom GPU %q: %w", clip(item), err)
	}
	if domain != math.Trunc(domain) || domain < 0 || domain > 1e5 {
		return nil, fmt.Errorf("custom GPU %q: dom%v must be a whole number of GPUs", clip(item), domain)
	}
	s.LinkDomain = int(domain)
	g, err := GPUFromNumbers(s)
	if err != nil {
		return nil, fmt.Errorf("custom GPU %q: %w", clip(item), err)
	}
	return g, nil
}

// LinkItem writes the compact form that ParseCustomGPU reads. Of an entry of
// the catalog it keeps the numbers.
func (g *GPU) LinkItem() string {
	b := newItem(g.ID)
	b.put("mem", g.MemoryBytes/gb)
	b.put("bw", g.BandwidthBytesPerS/gb)
	b.put("bf16-", g.HalfFLOPS()/1e12)
	b.put("fp8-", g.DenseFLOPS.FP8/1e12)
	b.put("fp4-", g.DenseFLOPS.FP4/1e12)
	b.put("w", g.TDPWatts)
	if g.LinkBytesPerS > 0 && g.LinkDomain > 1 {
		b.put("ln", g.LinkBytesPerS/gb)
		if g.LinkDomain != 8 {
			b.put("dom", float64(g.LinkDomain))
		}
	}
	if g.PCIeBytesPerS != 31.5*gb {
		b.put("pc", g.PCIeBytesPerS/gb)
	}
	if g.Rent != nil {
		b.put("px", g.Rent.USD)
	}
	return b.String()
}
