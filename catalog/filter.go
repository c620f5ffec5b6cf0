package catalog

import (
	"sort"
	"strings"
)

// GPUFilter picks accelerators. Zero fields pick all.
type GPUFilter struct {
	Query  string    // every word is in the name, id, architecture, vendor or an alias, however it is spelled
	Vendor string    // in any case
	Memory float64   // bytes as sold, at least
	Format Precision // has units for it
	Since  int       // launched in that year or later
}

// Keeps reports whether g is picked.
func (f *GPUFilter) Keeps(g *GPU) bool {
	text := searchWords(strings.Join(append([]string{g.Name, g.ID, g.Short, g.Architecture, g.Vendor}, g.Aliases...), " "))
	for _, word := range strings.Fields(searchWords(f.Query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	if f.Vendor != "" && !strings.EqualFold(g.Vendor, f.Vendor) || g.MemoryBytes < f.Memory*(1-1e-9) || g.LaunchYear < f.Since {
		return false
	}
	if f.Format == "" {
		return true
	}
	_, native, ok := g.Compute(f.Format)
	return ok && native
}

// Headroom is kept free on every accelerator besides what is asked for, in
// bytes: activations and the runtime of a small server.
const Headroom = 2e9

// Held is the fewest of an accelerator that hold a need.
type Held struct {
	GPU  *GPU
	N    int
	Free float64 // bytes left over, Headroom not counted
}

// Holding lists the accelerators that hold need bytes with Headroom on at most
// one server: fewest first, then the least left over. Sizes are powers of two,
// as tensor-parallel groups are. Memory alone: speed is another question.
func (c *Catalog) Holding(need float64) []Held {
	var list []Held
	for _, g := range c.GPUs {
		if g.Class == "cpu" || g.UsableBytes <= 0 {
			continue
		}
		for n := 1; n <= max(1, g.GPUsPerNode); n *= 2 {
			if free := float64(n)*(g.UsableBytes-Headroom) - need; free >= 0 {
				list = append(list, Held{g, n, free})
				break
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].N != list[j].N {
			return list[i].N < list[j].N
		}
		return list[i].Free < list[j].Free
	})
	return list
}
