package catalog

import (
	"fmt"
	"reflect"
	"strings"
)

// modelItem is the compact form of a custom model as it is read.
type modelItem struct {
	_ [0]func() // nothing compares it: no code for that in the program

	l, d, h, kv, hd, ff, v, ctx   float64
	mats, norms                   float64
	win, sl                       float64
	e, k, ef, sh, sf, dl          float64
	kr, qr, rp, np, vh            float64
	tied, ln, qb, ob, mb, qn, qf  bool
	rb, eb, sg, og, snk, parallel bool
}

func (s *modelItem) numbers() map[string]*float64 {
	return map[string]*float64{
		"l": &s.l, "d": &s.d, "h": &s.h, "kv": &s.kv, "hd": &s.hd, "ff": &s.ff, "v": &s.v, "ctx": &s.ctx,
		"mats": &s.mats, "norms": &s.norms, "win": &s.win, "sl": &s.sl,
		"e": &s.e, "k": &s.k, "ef": &s.ef, "sh": &s.sh, "sf": &s.sf, "dl": &s.dl,
		"kr": &s.kr, "qr": &s.qr, "rp": &s.rp, "np": &s.np, "vh": &s.vh,
	}
}

func (s *modelItem) flags() map[string]*bool {
	return map[string]*bool{
		"tied": &s.tied, "ln": &s.ln, "qb": &s.qb, "ob": &s.ob, "mb": &s.mb, "qn": &s.qn, "qf": &s.qf,
		"rb": &s.rb, "eb": &s.eb, "sg": &s.sg, "og": &s.og, "snk": &s.snk, "par": &s.parallel,
	}
}

// ParseCustomModel reads the compact form of links:
//
//	mymodel:l32:d4096:h32:kv8:hd128:ff14336:v128256:ctx131072
//
// Sizes: l layers, d hidden size, h heads, kv KV heads (as h), hd head width
// (d/h), ff FFN width, v vocabulary, ctx context, mats FFN matrices (3), norms
// per layer (2). Windows: sl sliding layers with win tokens. Experts: e, k per
// token, ef width, sh shared, sf their width (ef), dl layers without. Latent
// attention: kr and qr ranks, rp rotary, np other key and vh value width.
// Precision: q-fp8, qe-mxfp4 for experts (bf16). Words: tied, ln LayerNorm,
// qb, ob, mb biases of queries, output, FFN; qn, qf norms of queries and keys
// by head or whole; og gated output, snk sinks, par parallel, rb router and eb
// expert biases, sg gated shared expert.
func ParseCustomModel(item string) (*Model, error) {
	const example = "mymodel:l32:d4096:h32:kv8:ff14336:v128256:ctx131072"
	name, parts, err := itemParts(item, example)
	if err != nil {
		return nil, err
	}
	m, err := modelFromParts(name, parts)
	if err != nil {
		return nil, fmt.Errorf("custom model %q: %w", clip(item), err)
	}
	return m, nil
}

func modelFromParts(name string, parts []string) (*Model, error) {
	m := &Model{
		ID: customID(name, "custom-model"), Name: name, Family: "custom", Class: ClassGenerative,
		Custom: true, Confidence: "medium", Native: Weights{BF16, BF16},
		Sources: []string{"sizes given by the user"}, Notes: "Entered by hand.",
	}
	parts, err := m.takePrecision(parts)
	if err != nil {
		return nil, err
	}
	var s modelItem
	numbers := s.numbers()
	if err := readParts(parts, numbers, s.flags()); err != nil {
		return nil, err
	}
	var sizes Latent
	var experts MoE
	a := &m.Attention
	err = whole(numbers, map[string]*int{
		"l": &m.Layers, "d": &m.Hidden, "h": &m.Heads, "kv": &m.KVHeads, "hd": &m.HeadDim, "ff": &m.Intermediate,
		"v": &m.Vocab, "ctx": &m.MaxContext, "mats": &m.FFNMatrices, "norms": &m.Extra.NormsPerLayer,
		"win": &a.Window, "sl": &a.Sliding,
		"e": &experts.Experts, "k": &experts.TopK, "ef": &experts.Intermediate, "sh": &experts.Shared,
		"sf": &experts.SharedIntermediate, "dl": &experts.DenseLayers,
		"kr": &sizes.KVRank, "qr": &sizes.QRank, "rp": &sizes.Rope, "np": &sizes.Nope, "vh": &sizes.Value,
	})
	if err != nil {
		return nil, err
	}
	for _, need := range []struct {
		key string
		v   int
	}{{"l", m.Layers}, {"d", m.Hidden}, {"h", m.Heads}, {"v", m.Vocab}, {"ctx", m.MaxContext}} {
		if need.v == 0 {
			return nil, fmt.Errorf("the part %q is missing", need.key)
		}
	}
	m.finish(&s, &sizes, &experts)
	if m.FFNMatrices < 2 || m.FFNMatrices > 3 || m.Extra.NormsPerLayer > 16 {
		return nil, fmt.Errorf("mats must be 2 or 3 and norms at most 16")
	}
	if a.Sliding > m.Layers || a.Sliding > 0 && a.Window == 0 {
		return nil, fmt.Errorf("sl%d needs win and at most %d layers", a.Sliding, m.Layers)
	}
	if c := m.MoE; c != nil && c.Layers <= 0 {
		return nil, fmt.Errorf("dl%d leaves no layer for the experts", c.DenseLayers)
	}
	return m, m.check()
}

// finish fills in defaults and the parts that belong together.
func (m *Model) finish(s *modelItem, sizes *Latent, experts *MoE) {
	m.KVHeads = or(m.KVHeads, m.Heads)
	m.HeadDim = or(m.HeadDim, m.Hidden/m.Heads)
	m.FFNMatrices = or(m.FFNMatrices, 3)
	m.Tied = s.tied
	qkNorm := map[bool]string{true: "head"}[s.qn]
	if s.qf {
		qkNorm = "full"
	}
	m.Extra = Extra{
		NormsPerLayer: or(m.Extra.NormsPerLayer, 2), LayerNorm: s.ln, QKVBias: s.qb, OBias: s.ob, MLPBias: s.mb,
		QKNorm: qkNorm, OutputGate: s.og, Sinks: s.snk, Parallel: s.parallel,
	}
	a := &m.Attention
	a.Full = m.Layers - a.Sliding
	if a.Sliding == 0 {
		a.Window = 0
	}
	if sizes.KVRank > 0 {
		a.Latent = sizes
	}
	if experts.Experts > 0 {
		experts.Layers = m.Layers - experts.DenseLayers
		experts.RouterBias, experts.ExpertBias, experts.SharedGate = s.rb, s.eb, s.sg
		m.MoE = experts
	}
	a.Type = m.attentionType()
}

// takePrecision reads and removes the q- and qe- parts.
func (m *Model) takePrecision(parts []string) ([]string, error) {
	var rest []string
	dense, experts := false, false
	for _, p := range parts {
		low := strings.ToLower(strings.TrimSpace(p))
		name, isDense := strings.CutPrefix(low, "q-")
		if !isDense {
			var isExperts bool
			if name, isExperts = strings.CutPrefix(low, "qe-"); !isExperts {
				rest = append(rest, p)
				continue
			}
		}
		q, err := ParsePrecision(name)
		if err != nil {
			return nil, err
		}
		q = or(q, BF16)
		if isDense && dense || !isDense && experts {
			return nil, fmt.Errorf("%q comes twice", clip(low))
		}
		if isDense {
			m.Native.Dense, dense = q, true
			if !experts {
				m.Native.Experts = q
			}
		} else {
			m.Native.Experts, experts = q, true
		}
	}
	return rest, nil
}

// LinkItem writes the compact form that ParseCustomModel reads. It fails for
// models whose work it cannot express exactly: hybrids, compressed attention,
// sparse attention, layers that differ.
func (m *Model) LinkItem() (string, error) {
	a, x := &m.Attention, &m.Extra
	b := newItem(m.ID)
	num := func(key string, v, d int) {
		if v != d {
			b.put(key, float64(v))
		}
	}
	num("l", m.Layers, 0)
	num("d", m.Hidden, 0)
	num("h", m.Heads, 0)
	num("kv", m.KVHeads, m.Heads)
	num("hd", m.HeadDim, m.Hidden/max(m.Heads, 1))
	num("ff", m.Intermediate, 0)
	num("v", m.Vocab, 0)
	num("ctx", m.MaxContext, 0)
	num("mats", m.FFNMatrices, 3)
	num("norms", m.norms(), 2)
	if a.Sliding > 0 {
		num("sl", a.Sliding, 0)
		num("win", a.Window, 0)
	}
	if c := m.MoE; c != nil {
		num("e", c.Experts, 0)
		num("k", c.TopK, 0)
		num("ef", c.Intermediate, 0)
		num("sh", c.Shared, 0)
		num("sf", c.SharedIntermediate, 0)
		num("dl", c.DenseLayers, 0)
		b.flag("rb", c.RouterBias)
		b.flag("eb", c.ExpertBias)
		b.flag("sg", c.SharedGate)
	}
	if l := a.Latent; l != nil {
		num("kr", l.KVRank, 0)
		num("qr", l.QRank, 0)
		num("rp", l.Rope, 0)
		num("np", l.Nope, 0)
		num("vh", l.Value, 0)
	}
	b.flag("tied", m.Tied)
	b.flag("ln", x.LayerNorm)
	b.flag("qb", x.QKVBias)
	b.flag("ob", x.OBias)
	b.flag("mb", x.MLPBias)
	b.flag("qn", x.QKNorm == "head")
	b.flag("qf", x.QKNorm == "full" || x.QKNorm == "per_head")
	b.flag("og", x.OutputGate)
	b.flag("snk", x.Sinks)
	b.flag("par", x.Parallel)
	if m.Native.Dense != BF16 {
		b.WriteString(":q-" + string(m.Native.Dense))
	}
	if m.Native.Mixed() {
		b.WriteString(":qe-" + string(m.Native.Experts))
	}
	text := b.String()
	back, err := ParseCustomModel(text)
	if err != nil || !reflect.DeepEqual(back.Work(), m.Work()) || back.Native != m.Native || back.MaxContext != m.MaxContext {
		return "", errNoFit
	}
	return text, nil
}
