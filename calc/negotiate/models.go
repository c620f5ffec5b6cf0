package negotiate

import (
	"sort"
	"strconv"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// ModelFit is what one model does on the pools.
type ModelFit struct {
	Model   string
	Fits    bool
	Text    string // why not
	GPU     string // the pool that holds most of it
	Layout  fleet.Layout
	ReqPerS float64 // of all pools together; requests in flight where demand is
	Preview bool
}

// ModelStudy finds which models the pools serve inside the targets: the closed
// form for all of them, at their published precision.
type ModelStudy struct {
	est    *fleet.Estimator
	req    fleet.Requirement
	pools  []Pool
	models []*catalog.Model
	at     int
	result []ModelFit
}

// NewModels asks about every generative model of the catalog whose context
// holds the workload.
func NewModels(est *fleet.Estimator, r fleet.Requirement, pools []Pool) *ModelStudy {
	s := &ModelStudy{est: est, req: r, pools: pools}
	need := r.Workload.Input + r.Workload.Output
	for _, m := range r.Catalog.Models {
		if (m.Class == catalog.ClassGenerative || m.Custom) && (m.MaxContext == 0 || m.MaxContext >= need) {
			s.models = append(s.models, m)
		}
	}
	return s
}

// Step answers one model.
func (s *ModelStudy) Step() (done bool) {
	if s.at >= len(s.models) {
		return true
	}
	m := s.models[s.at]
	s.at++
	q := s.req
	q.Model, q.Weights, q.KV, q.TP, q.PP, q.Scheduler = m, "", "", 0, 0, nil
	fit := ModelFit{Model: m.ID, Preview: true}
	for _, p := range s.pools {
		h := Hold(s.est, q, p, false)
		if !h.Viable {
			fit.Text = h.Text
			continue
		}
		size := h.Demand.Amount()
		if h.ReqPerS > 0 {
			size = h.ReqPerS
		}
		if fit.ReqPerS == 0 || size > fit.ReqPerS {
			fit.GPU, fit.Layout = h.GPU, h.Layout
		}
		fit.Fits = true
		fit.ReqPerS += size
	}
	s.result = append(s.result, fit)
	return s.at == len(s.models)
}

// Progress is the share of models answered.
func (s *ModelStudy) Progress() float64 {
	if len(s.models) == 0 {
		return 1
	}
	return float64(s.at) / float64(len(s.models))
}

// Result lists the models answered so far: those that fit, largest first, then
// the others.
func (s *ModelStudy) Result() []ModelFit {
	list := append([]ModelFit(nil), s.result...)
	size := func(id string) float64 {
		if m, ok := s.req.Catalog.Model(id); ok {
			return m.WeightBytes(m.Native)
		}
		return 0
	}
	bytes := make(map[string]float64, len(list))
	for _, f := range list {
		bytes[f.Model] = size(f.Model)
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Fits != b.Fits {
			return a.Fits
		}
		if bytes[a.Model] != bytes[b.Model] {
			return (bytes[a.Model] > bytes[b.Model]) == a.Fits
		}
		return a.Model < b.Model
	})
	return list
}

func count(n int) string { return strconv.Itoa(n) }
