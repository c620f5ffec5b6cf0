// Package catalog holds the facts Fleetsize computes from: models,
// accelerators, serving engines, workload presets and service levels.
//
// The facts live in JSON files under data/, one row a line, each with its
// sources, date and confidence; Load decodes and checks them. Everything the
// program knows about a model follows from its dimensions (Model.Work); the
// tests re-derive parameter counts and cache sizes and compare them with the
// published figures. Ids are permanent: shared links depend on them.
//
// Custom entries come from a Hugging Face config.json (ModelFromConfig), from
// a few numbers (GPUFromNumbers) or from a link (ParseCustomModel,
// ParseCustomGPU) and join a catalog through With.
//
// The package is pure: no I/O beyond the embedded files, no clock, no state.
package catalog

import "slices"

// Catalog is the set of models, accelerators, engines, presets and service
// levels that one answer is computed from. It is immutable: With returns a copy.
type Catalog struct {
	Models  []*Model
	GPUs    []*GPU
	Engines []*Engine
	Presets []*Preset
	Tiers   []*Tier
	Date    string // data pack id, the newest fact's date YYYY-MM-DD

	index *index // names and aliases; nil in catalogs that were put together by hand
}

// Model finds a model by id, alias, name or Hugging Face repository, in any
// case and with ".", "_" or space for "-".
func (c *Catalog) Model(idOrAlias string) (*Model, bool) {
	m, ok := c.names().models[modelKey(idOrAlias)]
	if !ok {
		m, ok = c.names().models[withoutOrg(idOrAlias)]
	}
	return m, ok
}

// GPU finds an accelerator by id, alias or name; the memory suffix may be
// left out where that is unambiguous or names the common part.
func (c *Catalog) GPU(idOrAlias string) (*GPU, bool) {
	g, ok := c.names().gpus[normalize(idOrAlias)]
	return g, ok
}

// Engine finds a serving engine by id or by a spelling found in files
// ("tensorrt-llm", "nim-trtllm").
func (c *Catalog) Engine(idOrAlias string) (*Engine, bool) {
	e, ok := c.names().engines[normalize(idOrAlias)]
	return e, ok
}

// Preset finds a workload preset by id.
func (c *Catalog) Preset(id string) (*Preset, bool) {
	for _, p := range c.Presets {
		if name := normalize(id); p.ID == name || slices.Contains(p.Aliases, name) {
			return p, true
		}
	}
	return nil, false
}

// Tier finds a service level by id.
func (c *Catalog) Tier(id string) (*Tier, bool) {
	for _, t := range c.Tiers {
		if t.ID == normalize(id) {
			return t, true
		}
	}
	return nil, false
}

// With returns a copy of c with custom entries added. An added entry with the
// id of an existing one takes its place.
func (c *Catalog) With(models []*Model, gpus []*GPU) *Catalog {
	d := *c
	d.Models = merge(c.Models, models, func(m *Model) string { return m.ID })
	d.GPUs = merge(c.GPUs, gpus, func(g *GPU) string { return g.ID })
	d.index = d.buildIndex()
	return &d
}

func merge[T any](old, added []T, id func(T) string) []T {
	at := make(map[string]int, len(old))
	out := append(make([]T, 0, len(old)+len(added)), old...)
	for i, v := range out {
		at[id(v)] = i
	}
	for _, v := range added {
		if i, ok := at[id(v)]; ok {
			out[i] = v
			continue
		}
		at[id(v)] = len(out)
		out = append(out, v)
	}
	return out
}
