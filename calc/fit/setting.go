package fit

import (
	"maps"

	"fleetsize/catalog"
)

// Setting is everything a prediction needs that is not a fact: the pooled
// efficiencies and overheads of the engine, the settings of each build and
// the run length of each source.
type Setting struct {
	Profile catalog.Profile
	// MemoryShare is the share f (or u) of the memory rule; 0 = the engine's.
	MemoryShare float64
	Budget      map[string]float64 // tokens per step, by Observation.Build
	Stream      map[string]float64 // decode steps before the first chunk, by Build
	Rounds      map[string]float64 // requests per slot, by Observation.Run
	// KVRead replaces the profile's efficiency of reading the KV cache for a
	// build whose attention kernels are not those of the others, whatever the
	// precision of the cache.
	KVRead map[string]float64
}

// StartFrom is a setting that starts from a profile: the prior of a fit.
func StartFrom(p *catalog.Profile) Setting {
	return Setting{
		Profile: *p,
		Budget:  map[string]float64{}, Stream: map[string]float64{}, Rounds: map[string]float64{}, KVRead: map[string]float64{},
	}
}

// clone is an independent copy.
func (s *Setting) clone() Setting {
	c := *s
	c.Budget, c.Stream, c.Rounds = maps.Clone(s.Budget), maps.Clone(s.Stream), maps.Clone(s.Rounds)
	c.KVRead = maps.Clone(s.KVRead)
	return c
}

// scheduler is the scheduling of an observation under the setting.
func (s *Setting) scheduler(o *Observation) catalog.Scheduler {
	r := &o.Replica
	var sch catalog.Scheduler
	if r.Scheduler != nil {
		sch = *r.Scheduler
	} else {
		sch = r.Engine.SchedulerFor(r.GPU, "", r.Model.ID, r.TP)
	}
	if b := s.Budget[o.Build]; b > 0 && o.Build != "" {
		sch.TokenBudget = int(b + 0.5)
	}
	if n := s.Stream[o.Build]; n > 0 && o.Build != "" {
		sch.StreamInterval = int(n + 0.5)
	}
	return sch
}
