package catalog

import "strings"

// index maps every accepted spelling, normalized, to its entry.
type index struct {
	models  map[string]*Model
	gpus    map[string]*GPU
	engines map[string]*Engine
	words   []string // search text of Models[i], see SearchModels
}

func (c *Catalog) names() *index {
	if c.index != nil {
		return c.index
	}
	return c.buildIndex()
}

// buildIndex collects the spellings. Ids win over aliases; later entries
// (custom ones) win over earlier ones.
func (c *Catalog) buildIndex() *index {
	x := &index{
		models:  make(map[string]*Model, 6*len(c.Models)),
		gpus:    make(map[string]*GPU, 5*len(c.GPUs)),
		engines: make(map[string]*Engine, 5*len(c.Engines)),
		words:   make([]string, len(c.Models)),
	}
	for i, m := range c.Models {
		for _, k := range m.spellings() {
			x.models[k] = m
		}
		x.words[i] = m.searchText()
	}
	for _, m := range c.Models {
		x.models[modelKey(m.ID)] = m
	}
	short := map[string]int{}
	for _, g := range c.GPUs {
		short[withoutMemory(g.ID)]++
	}
	for _, g := range c.GPUs {
		for _, k := range g.spellings() {
			x.gpus[k] = g
		}
		if k := withoutMemory(g.ID); short[k] == 1 {
			x.gpus[k] = g
		}
	}
	for _, g := range c.GPUs {
		x.gpus[normalize(g.ID)] = g
	}
	for _, e := range c.Engines {
		for _, a := range append([]string{e.ID, e.Name}, e.Aliases...) {
			x.engines[normalize(a)] = e
		}
	}
	return x
}

// modelKey is the normalized form of a model name; the organization of a
// repository stays part of it.
func modelKey(s string) string { return normalize(s) }

// withoutOrg is the normalized name after the organization, so that
// "someone/Llama-3.1-8B-Instruct" is found, too.
func withoutOrg(s string) string {
	return normalize(s[strings.LastIndexByte(s, '/')+1:])
}

// spellings are the names a model is known by besides its id.
func (m *Model) spellings() []string {
	out := []string{normalize(m.Name)}
	if m.HFRepo != "" {
		out = append(out, modelKey(m.HFRepo), withoutOrg(m.HFRepo))
	}
	for _, a := range m.Aliases {
		out = append(out, modelKey(a))
	}
	return out
}

// withoutMemory is the id without its memory suffix: "h100-sxm" of
// "h100-sxm-80gb".
func withoutMemory(id string) string {
	at := strings.LastIndexByte(id, '-')
	if at < 0 {
		return id
	}
	digits, ok := strings.CutSuffix(id[at+1:], "gb")
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return id
	}
	return id[:at]
}

// spellings are the names an accelerator is known by besides its id.
func (g *GPU) spellings() []string {
	out := []string{normalize(g.Name), normalize(g.Short)}
	if rest, ok := strings.CutPrefix(g.Name, g.Vendor+" "); ok {
		out = append(out, normalize(rest))
	}
	for _, a := range g.Aliases {
		out = append(out, normalize(a))
	}
	return out
}
