package catalog

import (
	"fmt"
	"strings"
)

// check reports what makes a custom model impossible: sizes outside what any
// model has (which also keeps every product inside float64 and int), or parts
// that do not fit together.
func (m *Model) check() error {
	a := &m.Attention
	for _, b := range []struct {
		what      string
		v, lo, hi int
	}{
		{"layers", m.Layers, 1, 1000},
		{"hidden size", m.Hidden, 1, 1 << 17},
		{"attention heads", m.Heads, 1, 4096},
		{"KV heads", m.KVHeads, 1, 4096},
		{"head width", m.HeadDim, 1, 8192},
		{"vocabulary", m.Vocab, 1, 1 << 24},
		{"context", m.MaxContext, 1, 1 << 28},
		{"FFN width", m.Intermediate, 0, 1 << 22},
		{"window", a.Window, 0, 1 << 28},
	} {
		if b.v < b.lo || b.v > b.hi {
			return fmt.Errorf("%s %d is outside %d to %d", b.what, b.v, b.lo, b.hi)
		}
	}
	if m.Heads%m.KVHeads != 0 && a.Latent == nil {
		return fmt.Errorf("%d attention heads are not a multiple of %d KV heads", m.Heads, m.KVHeads)
	}
	if err := a.check(); err != nil {
		return err
	}
	if err := m.checkFFN(); err != nil {
		return err
	}
	n := a.Full + a.Sliding + a.Idle
	if a.Linear != nil {
		n += a.Linear.Layers
	}
	if a.Mamba != nil {
		n += a.Mamba.Layers
	}
	if n != m.Layers {
		return fmt.Errorf("the kinds of layer add up to %d, not to %d", n, m.Layers)
	}
	if p := m.Work().TotalParams; p > maxParams {
		return fmt.Errorf("the sizes make %.3g parameters; no model has more than %.0g", p, maxParams)
	}
	return nil
}

// maxParams bounds a custom model: 50 times the largest published one.
const maxParams = 1e14

// check bounds the special mixers.
func (a *Attention) check() error {
	var v []int
	if l := a.Latent; l != nil {
		v = append(v, l.KVRank, l.QRank, l.Rope, l.Nope, l.Value)
	}
	if ix := a.Indexer; ix != nil {
		v = append(v, ix.Heads, ix.HeadDim)
		if ix.TopK > 1<<28 {
			return fmt.Errorf("index top-k %d is too large", ix.TopK)
		}
	}
	if l := a.Linear; l != nil {
		v = append(v, l.KHeads, l.KDim, l.VHeads, l.VDim, l.Conv)
	}
	if s := a.Mamba; s != nil {
		v = append(v, s.Heads, s.HeadDim, s.State, s.Groups, s.Conv)
	}
	if g := a.Global; g != nil {
		v = append(v, g.KVHeads, g.HeadDim, g.ValueDim)
	}
	for _, n := range v {
		if n < 0 || n > 1<<16 {
			return fmt.Errorf("attention size %d is outside 0 to %d", n, 1<<16)
		}
	}
	return nil
}

// checkFFN bounds the feed-forward part.
func (m *Model) checkFFN() error {
	c := m.MoE
	if c == nil {
		if m.Intermediate == 0 && m.Extra.Blocks == nil && (m.Extra.FFNLayers == nil || *m.Extra.FFNLayers > 0) {
			return fmt.Errorf(`the FFN width ("intermediate_size") is missing`)
		}
		return nil
	}
	switch {
	case c.Experts < 1 || c.Experts > 1<<15:
		return fmt.Errorf("%d experts are outside 1 to %d", c.Experts, 1<<15)
	case c.TopK < 1 || c.TopK > c.Experts:
		return fmt.Errorf("%d experts per token are outside 1 to %d", c.TopK, c.Experts)
	case c.Intermediate < 1 || c.Intermediate > 1<<22:
		return fmt.Errorf("expert width %d is outside 1 to %d", c.Intermediate, 1<<22)
	case c.Shared < 0 || c.Shared > 1024 || c.SharedIntermediate < 0 || c.SharedIntermediate > 1<<22 || c.Latent < 0 || c.Latent > 1<<17:
		return fmt.Errorf("the shared experts have an impossible size")
	case c.DenseLayers > 0 && m.Intermediate == 0:
		return fmt.Errorf(`%d layers have a dense FFN, but its width ("intermediate_size") is missing`, c.DenseLayers)
	}
	return nil
}

// customID makes an id of a name: lower case letters, digits and dashes, at
// most 40, d where nothing is left.
func customID(name, d string) string {
	s := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, normalize(name[strings.LastIndexByte(name, '/')+1:]))
	s = normalize(s)
	if len(s) > 40 {
		s = strings.TrimRight(s[:40], "-")
	}
	return or(s, d)
}
