package catalog

import (
	"slices"
	"strings"
)

// Profile returns the first profile that covers the accelerator. The last
// profile of an engine covers everything, so the result is never nil for
// engines of the catalog. A custom accelerator gets the fallback.
func (e *Engine) Profile(g *GPU) *Profile { return e.ProfileFor(g, "") }

// ProfileFor is Profile for a release: profiles of other releases are passed
// over, those of no particular release serve all. An empty version is a
// current release.
func (e *Engine) ProfileFor(g *GPU, version string) *Profile {
	for i := range e.Profiles {
		m := &e.Profiles[i].Match
		if m.covers(g) && m.release(version) {
			return &e.Profiles[i]
		}
	}
	if n := len(e.Profiles); n > 0 {
		return &e.Profiles[n-1]
	}
	return nil
}

// ProfileByID finds a profile of the engine by its id.
func (e *Engine) ProfileByID(id string) (*Profile, bool) {
	for i := range e.Profiles {
		if e.Profiles[i].ID == id {
			return &e.Profiles[i], true
		}
	}
	return nil, false
}

// release reports whether the match serves a release: it names none, or one
// that the version equals or is a part release of.
func (m *Match) release(version string) bool {
	if len(m.Versions) == 0 {
		return true
	}
	for _, v := range m.Versions {
		if version == v || strings.HasPrefix(version, v+".") {
			return true
		}
	}
	return false
}

func (m *Match) covers(g *GPU) bool {
	if g == nil {
		return len(m.Architectures) == 0 && len(m.Vendors) == 0
	}
	return (len(m.Architectures) == 0 || slices.Contains(m.Architectures, g.Architecture)) &&
		(len(m.Vendors) == 0 || slices.Contains(m.Vendors, g.Vendor))
}

// KV is the KV-cache precision the engine's recipe uses for a weight
// precision. For weights of mixed precision pass the dense one.
func (e *Engine) KV(weights Precision) Precision {
	if p, ok := e.KVRule[weights]; ok && p != "" {
		return p
	}
	fallback := or(e.KVRule[""], BF16)
	if fallback == BF16 && weights == FP16 {
		return FP16
	}
	return fallback
}

// SchedulerFor returns the scheduling settings of a release on an accelerator:
// the engine's defaults, then its defaults for that accelerator (nil = a large
// one), then what is known of the build. An empty version means the newest
// known build of the model at that tensor-parallel size; a model or version
// nobody described has the defaults.
func (e *Engine) SchedulerFor(g *GPU, version, modelID string, tp int) Scheduler {
	s := e.Scheduler
	if g != nil {
		for i := range e.ByGPU {
			if d := &e.ByGPU[i]; d.covers(g) {
				s.TokenBudget = or(d.TokenBudget, s.TokenBudget)
				s.MaxSequences = or(d.MaxSequences, s.MaxSequences)
				break
			}
		}
	}
	if b := e.Build(version, modelID, tp); b != nil {
		s.TokenBudget = or(b.TokenBudget, s.TokenBudget)
		s.MaxSequences = or(b.MaxSequences, s.MaxSequences)
		s.AdmitShare = or(b.AdmitShare, s.AdmitShare)
		s.StreamInterval = or(b.StreamInterval, s.StreamInterval)
	}
	return s
}

// Build returns the first described build that serves the model at this
// tensor-parallel size in the version, nil where none is described. An empty
// version matches numbered releases only, not the recipes of a benchmark.
func (e *Engine) Build(version, modelID string, tp int) *Build {
	for i := range e.Builds {
		b := &e.Builds[i]
		if b.Model != "" && b.Model != modelID || b.TP != 0 && b.TP != tp {
			continue
		}
		if version == b.Version || version == "" && b.released() {
			return b
		}
	}
	return nil
}

// released reports whether the version starts with a digit.
func (b *Build) released() bool {
	return b.Version != "" && b.Version[0] >= '0' && b.Version[0] <= '9'
}

func (d *GPUDefaults) covers(g *GPU) bool {
	if slices.Contains(d.Architectures, g.Architecture) {
		return true
	}
	if d.BelowBytes == 0 && d.FromBytes == 0 {
		return false
	}
	return (d.BelowBytes == 0 || g.UsableBytes < d.BelowBytes) && g.UsableBytes >= d.FromBytes
}

// RunsOn reports whether the engine supports accelerators of g's vendor.
func (e *Engine) RunsOn(g *GPU) bool {
	return e.Vendors == nil || g.Custom || slices.Contains(e.Vendors, g.Vendor)
}
