package catalog

import (
	"errors"
	"fmt"
)

// engineRow is one entry of data/engines.json, in the units of the
// literature: GiB, ms, µs.
type engineRow struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Aliases []string `json:"alias"`
	Vendors []string `json:"vendors"`
	Sched   struct {
		Policy  SchedulerPolicy `json:"policy"`
		Budget  int             `json:"budget"`
		Seqs    int             `json:"seqs"`
		Reserve Reservation     `json:"reserve"`
		Admit   float64         `json:"admit"`
		Stream  int             `json:"stream"`
	} `json:"sched"`
	ByGPU []struct {
		Below  float64  `json:"below"` // GiB
		From   float64  `json:"from"`  // GiB
		Arch   []string `json:"arch"`
		Budget int      `json:"budget"`
		Seqs   int      `json:"seqs"`
	} `json:"bygpu"`
	Builds []struct {
		Version string  `json:"v"`
		Model   string  `json:"m"`
		TP      int     `json:"tp"`
		Budget  int     `json:"budget"`
		Seqs    int     `json:"seqs"`
		Admit   float64 `json:"admit"`
		Stream  int     `json:"stream"`
		Source  int     `json:"src"`
	} `json:"builds"`
	Memory struct {
		Basis    string  `json:"basis"`
		Fraction float64 `json:"fraction"`
		Act      float64 `json:"act"`
		GB       float64 `json:"gb"` // runtime, per GPU
	} `json:"mem"`
	KV       map[string]string `json:"kv"`
	Profiles []profileRow      `json:"profiles"`
	Sources  []int             `json:"src"`
	Note     string            `json:"note"`
}

// profileRow leaves out what is not known: multipliers are then 1, the
// attention efficiency is that of GEMM, delays are 0.
type profileRow struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Match struct {
		Arch   []string `json:"arch"`
		Vendor []string `json:"vendor"`
		V      []string `json:"v"`
	} `json:"match"`
	Source    int        `json:"src"`
	Rows      int        `json:"rows"`
	Errors    [2]float64 `json:"err"`  // TTFT, ITL: held-out mean, share
	Bands     [4]float64 `json:"band"` // TTFT, TTFT saturated, ITL, rate: ln
	Seen      seenRow    `json:"seen"`
	EC        float64    `json:"ec"`
	EA        float64    `json:"ea"`
	ED        float64    `json:"ed"`
	EKV       float64    `json:"ekv"`
	KV8       float64    `json:"kv8"`
	T0ms      float64    `json:"t0ms"`
	TLus      float64    `json:"tLus"`
	CSus      float64    `json:"csus"`
	TKns      float64    `json:"tkns"`
	Alphaus   float64    `json:"aus"`
	Link      float64    `json:"link"`
	Direct    bool       `json:"direct"`
	PCIeDelay float64    `json:"pciedelay"`
	PCIeLink  float64    `json:"pcielink"`
	DReqms    float64    `json:"dreqms"`
	CFus      float64    `json:"cfus"`
	TRms      float64    `json:"trms"`
	MoE       multiplier `json:"moe"`
	Four      multiplier `json:"four"`
	Blackwell multiplier `json:"bw"`
}

type multiplier struct {
	EC  float64 `json:"ec"`
	ED  float64 `json:"ed"`
	Lat float64 `json:"lat"`
	Cov float64 `json:"cov"`
}

func (c *Catalog) addEngine(r *engineRow, src *refs) error {
	e := &Engine{
		ID: r.ID, Name: r.Name, Aliases: r.Aliases, Vendors: r.Vendors, Notes: r.Note, Sources: src.all(r.Sources),
		Scheduler: Scheduler{
			Policy: r.Sched.Policy, TokenBudget: r.Sched.Budget, MaxSequences: r.Sched.Seqs,
			Reserve: r.Sched.Reserve, AdmitShare: r.Sched.Admit, StreamInterval: max(r.Sched.Stream, 1),
		},
		Memory: MemoryRule{
			Basis: r.Memory.Basis, Fraction: r.Memory.Fraction,
			ActivationShare: r.Memory.Act, RuntimeBytes: r.Memory.GB * gb,
		},
		KVRule: make(map[Precision]Precision, len(r.KV)),
	}
	for _, d := range r.ByGPU {
		e.ByGPU = append(e.ByGPU, GPUDefaults{
			BelowBytes: d.Below * gib, FromBytes: d.From * gib, Architectures: d.Arch,
			TokenBudget: d.Budget, MaxSequences: d.Seqs,
		})
	}
	for _, b := range r.Builds {
		e.Builds = append(e.Builds, Build{
			Version: b.Version, Model: b.Model, TP: b.TP, TokenBudget: b.Budget, MaxSequences: b.Seqs,
			AdmitShare: b.Admit, StreamInterval: b.Stream, Source: src.one(b.Source),
		})
	}
	for w, kv := range r.KV {
		p, err := ParsePrecision(w)
		if err != nil {
			return err
		}
		if e.KVRule[p], err = ParsePrecision(kv); err != nil {
			return err
		}
	}
	for i := range r.Profiles {
		p := r.Profiles[i].profile(src)
		if p.ComputeEff <= 0 || p.BandwidthEff <= 0 {
			return fmt.Errorf("profile %s: an efficiency is missing", p.ID)
		}
		e.Profiles = append(e.Profiles, p)
	}
	if e.ID == "" || len(e.Profiles) == 0 || e.Memory.Fraction <= 0 {
		return errors.New("id, profiles or memory fraction is missing")
	}
	c.Engines = append(c.Engines, e)
	return nil
}

const (
	msPerS = 1e3
	usPerS = 1e6
	nsPerS = 1e9
	// Fixed where the data do not identify them; see the sources of the profiles.
	linkEff         = 0.7
	pcieDelayFactor = 1.36
	pcieLinkEff     = 0.45
)

func (r *profileRow) profile(src *refs) Profile {
	return Profile{
		ID: r.ID, Label: r.Label,
		Match:     Match{Architectures: r.Match.Arch, Vendors: r.Match.Vendor, Versions: r.Match.V},
		Source:    src.one(r.Source),
		Rows:      r.Rows,
		TTFTError: r.Errors[0], ITLError: r.Errors[1],
		Bands: Bands{TTFT: r.Bands[0], TTFTSaturated: r.Bands[1], ITL: r.Bands[2], Rate: r.Bands[3]},
		Seen:  r.Seen.seen(),

		ComputeEff: r.EC, AttentionEff: or(r.EA, r.EC), BandwidthEff: r.ED, KVReadEff: or(r.EKV, 1), KVRead8Bit: or(r.KV8, 1),
		StepOverhead: r.T0ms / msPerS, LayerOverhead: r.TLus / usPerS, SequenceCost: r.CSus / usPerS,
		TokenLayerCost: r.TKns / nsPerS,
		AllReduceDelay: r.Alphaus / usPerS, LinkEff: or(r.Link, linkEff), DirectReduce: r.Direct,
		PCIeDelayFactor: or(r.PCIeDelay, pcieDelayFactor), PCIeLinkEff: or(r.PCIeLink, pcieLinkEff),
		RequestCost: r.DReqms / msPerS, TokenCost: r.CFus / usPerS, FirstTokenDelay: r.TRms / msPerS,

		MoEComputeEff: or(r.MoE.EC, 1), MoEBandwidthEff: or(r.MoE.ED, 1),
		MoELatency: or(r.MoE.Lat, 1), MoECoverageExp: or(r.MoE.Cov, 1),
		FourBitComputeEff: or(r.Four.EC, 1), FourBitBandwidthEff: or(r.Four.ED, 1),
		BlackwellComputeEff: or(r.Blackwell.EC, 1), BlackwellBandwidthEff: or(r.Blackwell.ED, 1),
		BlackwellLatency: or(r.Blackwell.Lat, 1),
	}
}
