package catalog

import (
	"errors"
	"strings"
)

// modelRow is one line of data/models.json. Left-out fields have the value
// most models have: full attention in every layer, a gated FFN, BF16, two
// RMSNorms a layer, generative, high confidence.
type modelRow struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Family  string     `json:"fam"`
	HFRepo  string     `json:"hf"`
	Aliases []string   `json:"alias"`
	Class   ModelClass `json:"class"`
	Layers  int        `json:"l"`
	Hidden  int        `json:"d"`
	Heads   int        `json:"h"`
	KVHeads int        `json:"kv"`
	HeadDim int        `json:"hd"`
	FFN     int        `json:"ff"`
	Mats    int        `json:"mats"`
	Vocab   int        `json:"v"`
	Tied    bool       `json:"tied"`
	Context int        `json:"ctx"`
	Native  string     `json:"q"`
	Att     *Attention `json:"att"`
	MoE     *MoE       `json:"moe"`
	Extra   Extra      `json:"x"`
	Total   float64    `json:"pub"`
	Active  float64    `json:"act"`
	Why     string     `json:"why"`
	Sources []int      `json:"src"`
	Conf    string     `json:"conf"`
	Note    string     `json:"note"`
}

func (c *Catalog) addModel(r *modelRow, src *refs) error {
	m := &Model{
		ID: r.ID, Name: r.Name, Family: r.Family, HFRepo: r.HFRepo, Aliases: r.Aliases,
		Class: or(r.Class, ClassGenerative), Layers: r.Layers, Hidden: r.Hidden,
		Heads: r.Heads, KVHeads: r.KVHeads, HeadDim: r.HeadDim, Intermediate: r.FFN,
		FFNMatrices: or(r.Mats, 3), Vocab: r.Vocab, Tied: r.Tied, MaxContext: r.Context,
		MoE: r.MoE, Extra: r.Extra, PublishedTotal: r.Total, PublishedActive: r.Active,
		PublishedNote: r.Why, Sources: src.all(r.Sources), Confidence: or(r.Conf, "high"), Notes: r.Note,
	}
	m.Extra.NormsPerLayer = m.norms()
	if r.Att != nil {
		m.Attention = *r.Att
	} else {
		m.Attention = Attention{Type: headType(r.Heads, r.KVHeads), Full: r.Layers}
	}
	var err error
	if m.Native, err = parseWeights(or(r.Native, string(BF16))); err != nil {
		return err
	}
	if m.ID == "" || m.Layers <= 0 || m.Hidden <= 0 || m.Heads <= 0 {
		return errors.New("id or a dimension is missing")
	}
	c.Models = append(c.Models, m)
	return nil
}

// headType names grouped attention after its head counts.
func headType(heads, kvHeads int) string {
	switch kvHeads {
	case heads:
		return "mha"
	case 1:
		return "mqa"
	}
	return "gqa"
}

// gpuRow is one line of data/gpus.json, in the units vendors print: GB, GiB,
// GB/s, TFLOPS, W. Left-out numbers are unknown.
type gpuRow struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Short   string   `json:"short"`
	Aliases []string `json:"alias"`
	Vendor  string   `json:"ven"`
	Arch    string   `json:"arch"`
	Form    string   `json:"form"`
	Class   string   `json:"class"`
	Status  string   `json:"status"`
	GB      float64  `json:"gb"`
	GiB     float64  `json:"gib"` // as the driver reports it
	Memory  string   `json:"mem"`
	GBs     float64  `json:"bw"`
	TFLOPS  FLOPS    `json:"tf"`
	Link    struct {
		Type   string  `json:"type"`
		GBs    float64 `json:"gbs"` // per direction
		Domain int     `json:"n"`
		Peer   float64 `json:"p2p"`
	} `json:"link"`
	PCIe    float64   `json:"pcie"` // GB/s per direction
	Watts   float64   `json:"w"`
	AllInKW float64   `json:"kw"`
	Year    int       `json:"year"`
	Node    int       `json:"node"`
	Rent    *priceRow `json:"rent"`
	Buy     *priceRow `json:"buy"`
	Sources []int     `json:"src"`
	Conf    string    `json:"conf"`
	Note    string    `json:"note"`
}

type priceRow struct {
	USD    float64 `json:"usd"`
	AsOf   string  `json:"at"`
	Source int     `json:"src"`
	Low    float64 `json:"lo"`
	High   float64 `json:"hi"`
}

func (p *priceRow) price(src *refs) *Price {
	if p == nil {
		return nil
	}
	return &Price{USD: p.USD, AsOf: p.AsOf, Source: src.one(p.Source), Low: p.Low, High: p.High}
}

const (
	gb  = 1e9
	gib = 1 << 30
	// usableShare is what drivers report of the memory as sold, where no
	// figure is published: siblings are between 0.93 and 1.00 GiB per GB
	// sold, and those of the same generation at 0.995.
	usableShare = 0.995
	// allInSource is where the all-in power per GPU was read: GPU, its share
	// of the server, network and cooling.
	allInSource = "SemiAnalysisAI/InferenceX-app constants"
	allInDate   = "2026-04-03"
)

func (c *Catalog) addGPU(r *gpuRow, src *refs) error {
	t := &r.TFLOPS
	for _, f := range []*float64{&t.FP32, &t.TF32, &t.FP16, &t.BF16, &t.FP8, &t.INT8, &t.FP6, &t.FP4} {
		*f *= 1e12
	}
	g := &GPU{
		ID: r.ID, Name: r.Name, Short: r.Short, Aliases: r.Aliases, Vendor: r.Vendor,
		Architecture: r.Arch, FormFactor: r.Form, Class: or(r.Class, "datacenter"),
		Status: or(r.Status, "shipping"), MemoryType: r.Memory, MemoryBytes: r.GB * gb,
		UsableBytes: r.GiB * gib, BandwidthBytesPerS: r.GBs * gb, DenseFLOPS: *t,
		LinkType: r.Link.Type, LinkBytesPerS: r.Link.GBs * gb, LinkDomain: r.Link.Domain,
		LinkPeerBytesPerS: r.Link.Peer * gb, PCIeBytesPerS: r.PCIe * gb, TDPWatts: r.Watts,
		LaunchYear: r.Year, GPUsPerNode: r.Node, Rent: r.Rent.price(src), Purchase: r.Buy.price(src),
		Sources: src.all(r.Sources), Confidence: or(r.Conf, "high"), Notes: r.Note,
	}
	if r.AllInKW > 0 {
		g.AllInKW = &Figure{Value: r.AllInKW, AsOf: allInDate, Source: allInSource}
	}
	if g.UsableBytes == 0 {
		g.UsableBytes, g.UsableEstimated = usableShare*r.GB*gib, true
	}
	g.settleLink()
	if g.ID == "" || g.MemoryBytes <= 0 || g.BandwidthBytesPerS <= 0 {
		return errors.New("id, memory or bandwidth is missing")
	}
	c.GPUs = append(c.GPUs, g)
	return nil
}

// settleLink makes the link fields consistent: an unknown domain or rate means
// that groups are not assumed to have a link (and the notes say so), and PCIe
// is not a link.
func (g *GPU) settleLink() {
	switch {
	case g.LinkType == "none" || strings.HasPrefix(g.LinkType, "PCIe"):
		g.LinkBytesPerS, g.LinkDomain = 0, 1
	case g.LinkBytesPerS == 0 && g.LinkDomain > 1:
		g.LinkDomain = 1
		g.addNote("Link rate not published: groups are computed over PCIe.")
	case g.LinkDomain == 0:
		g.LinkDomain = 1
		g.addNote("Size of the link domain not published: taken as 1.")
	}
	if g.LinkDomain == 1 {
		g.LinkBytesPerS, g.LinkPeerBytesPerS = 0, 0
	}
	g.GPUsPerNode = max(g.GPUsPerNode, 1)
}

func (g *GPU) addNote(s string) { g.Notes = strings.TrimSpace(g.Notes + " " + s) }

// or is v, or d where v is the zero value.
func or[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}
