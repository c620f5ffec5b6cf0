package explain

import (
	"math"
	"strconv"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// ofCatalog reports whether an entry is about what the catalog holds of a model
// or an accelerator, whatever the sizing says. The third part of its reference
// names what it is about: an accelerator; a model, maybe ":" and a precision;
// or for what holds a need an accelerator, maybe ":" and the need in bytes.
func ofCatalog(id string) bool { return strings.HasPrefix(id, "cat_") }

// catalogued is leaf for the facts of the catalog; ok is false for other
// inputs.
func (b *Book) catalogued(id string) (v float64, s Source, ok bool) {
	if !ofCatalog(id) {
		return 0, Source{}, false
	}
	c := b.Req.Catalog
	about, rest, _ := strings.Cut(b.arg, ":")
	if m, ok := c.Model(about); ok && m.ID == about {
		v, ok := ofModel(m, catalog.Precision(rest), id)
		if !ok {
			return math.NaN(), Source{}, true
		}
		return v, Source{Origin: FromCatalog, Text: m.Name + ", " + cite(m.Sources, m.Custom, "model", c)}, true
	}
	g, ok := c.GPU(about)
	if !ok || g.ID != about {
		return math.NaN(), Source{}, true
	}
	switch id {
	case "cat_rent":
		v, s = b.rent(g)
		return v, s, true
	case "cat_list_rent", "cat_list_price":
		list := g.Rent
		if id == "cat_list_price" {
			list = g.Purchase
		}
		if list == nil {
			return math.NaN(), Source{}, true
		}
		return list.USD, Source{Origin: FromCatalog, Text: dated(list.Source, list.AsOf)}, true
	case "cat_headroom":
		return catalog.Headroom, ours("kept free for activations and the runtime of a small server"), true
	case "cat_need":
		v, s = b.need(rest)
		return v, s, true
	}
	v, ok = map[string]float64{
		"cat_memory": g.MemoryBytes, "cat_usable": g.UsableBytes, "cat_bandwidth": g.BandwidthBytesPerS, "cat_half": g.HalfFLOPS(), "cat_fp8": g.DenseFLOPS.FP8,
		"cat_link": g.LinkBytesPerS, "cat_watts": g.TDPWatts, "cat_year": float64(g.LaunchYear),
	}[id]
	if !ok || !(v > 0) {
		return math.NaN(), Source{}, true
	}
	s = Source{Origin: FromCatalog, Text: g.Name + ", " + cite(g.Sources, g.Custom, "accelerator", c)}
	if id == "cat_usable" && g.UsableEstimated {
		s = ours("no published figure: taken from its siblings")
	}
	return v, s, true
}

// ofModel is a figure of a model whose weights are in a precision, "" = as
// published; ok is false where it has none of the name.
func ofModel(m *catalog.Model, q catalog.Precision, id string) (float64, bool) {
	w, p := m.Work(), m.Native
	if q != "" {
		p = m.Resolve(q)
	}
	v, ok := map[string]float64{
		"cat_dense": w.DenseParams, "cat_head": w.LMHeadParams, "cat_experts": w.ExpertParams, "cat_experts_used": w.ActiveExpertParams, "cat_beside": w.EmbeddingParams + w.OtherParams,
		"cat_dense_width": p.Dense.Bytes(), "cat_expert_width": p.Experts.Bytes(), "cat_beside_width": max(p.Dense.Bytes(), 2), "cat_kv_values": w.KVElems, "cat_context": float64(m.MaxContext),
	}[id]
	return v, ok
}

// rent is what an accelerator costs an hour under the sizing's prices, else by
// the catalog.
func (b *Book) rent(g *catalog.GPU) (float64, Source) {
	if t := &b.Req.Money; !t.Owned() {
		if q, ok := t.Quote(g); ok && q.Own {
			return q.USD, Source{Origin: FromUser, Key: "px", Text: "you entered", Confirmed: b.context.Confirmed["px"]}
		} else if ok {
			s := Source{Origin: FromCatalog, Key: "px", Text: dated(q.Source, q.AsOf)}
			if t.Discount > 0 {
				s.Text += ", less " + units.Percent(t.Discount)
			}
			return q.USD, s
		}
	}
	if r := g.Rent; r != nil {
		return r.USD, Source{Origin: FromCatalog, Text: dated(r.Source, r.AsOf)}
	}
	return math.NaN(), Source{}
}

// need is the memory asked for: bytes as written, else the weights of the
// sizing's model.
func (b *Book) need(bytes string) (float64, Source) {
	if bytes != "" {
		x, err := strconv.ParseFloat(bytes, 64)
		if err != nil || !(x > 0) || x > 1e18 {
			return math.NaN(), Source{}
		}
		return x, Source{Origin: FromUser, Text: "you entered"}
	}
	m := b.Req.Model
	if m == nil {
		return math.NaN(), Source{}
	}
	q := b.Req.Weights
	if q == fleet.AnyPrecision {
		q = ""
	}
	return m.WeightBytes(m.Resolve(q)), Source{Origin: FromFormula, Text: "weights of " + m.Name + ", from its published dimensions"}
}

// subjectName is what an entry of the catalog is about, in words.
func (b *Book) subjectName() string {
	about, _, _ := strings.Cut(b.arg, ":")
	if g, ok := b.Req.Catalog.GPU(about); ok {
		return short(g)
	}
	if m, ok := b.Req.Catalog.Model(about); ok {
		return m.Name
	}
	return ""
}
