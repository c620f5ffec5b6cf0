package link

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// Newest is the version that String writes.
const Newest = 1

// Defaults of version 1. They are frozen: a link leaves out what equals them,
// so changing one would change what old links say. A change is version 2, with
// a table of its own beside this one.
const (
	v1Workload   = "rag"
	v1Model      = "llama-3-1-8b"
	v1Engine     = "vllm"
	v1ReqPerS    = 10.0
	v1ReqPerHour = 12.0
	v1Peak       = 2.5
	v1Percentile = "95"
	v1Posture    = "std"
	v1Years      = 1.0
	v1View       = "size"
	v1Sort       = "cost"

	v1Buy          = "cloud"
	v1Term         = 3.0 // years
	v1Router       = "random"
	v1ChunkSize    = 500
	v1Question     = 100 // of the embedder and the reranker
	v1Candidates   = 50
	v1DocTokens    = 1000
	v1ReindexHours = 24.0
)

// Shape is a workload preset as version 1 froze it. Targets of 0 are off.
type Shape struct {
	Input, Output  int
	HitPercent     float64
	TTFT, ITL, E2E float64 // seconds
}

// v1Presets are the workload presets of version 1. They equal the catalog's
// today (a test says so) and stay as they are when the catalog's change.
var v1Presets = map[string]Shape{
	"rag":            {5000, 500, 0, 3, 0.05, 0},
	"chat":           {1000, 1000, 0, 1, 0.05, 0},
	"summarize":      {4000, 1000, 0, 5, 0.05, 0},
	"reasoning":      {1000, 4000, 0, 3, 0.025, 0},
	"agent":          {20000, 500, 80, 0, 0, 3.75},
	"code":           {1500, 60, 0, 0.3, 0.02, 0},
	"batch":          {4000, 500, 0, 0, 0, 0},
	"nim-200-200":    {200, 200, 0, 3, 0.05, 0},
	"nim-500-2000":   {500, 2000, 0, 3, 0.05, 0},
	"nim-1000-1000":  {1000, 1000, 0, 3, 0.05, 0},
	"nim-5000-500":   {5000, 500, 0, 3, 0.05, 0},
	"nim-20000-2000": {20000, 2000, 0, 5, 0.05, 0},
}

// v1PresetOrder are the ids of v1Presets in the order of the page.
var v1PresetOrder = []string{"rag", "chat", "summarize", "reasoning", "agent", "code", "batch",
	"nim-200-200", "nim-500-2000", "nim-1000-1000", "nim-5000-500", "nim-20000-2000"}

// v1Postures are the margins of version 1.
var v1Postures = map[string]fleet.Posture{
	"lean":     {Utilization: 0.85},
	"std":      {Utilization: 0.70, SpareReplicas: 1},
	"cautious": {Utilization: 0.60, SpareReplicas: 2, Growth: 0.20, Years: 1},
}

// Default is the worked example: Llama 3.1 8B, RAG 5,000/500, 10 req/s.
func Default() State {
	return State{
		V:          Newest,
		Workload:   v1Workload,
		Hit:        -1,
		Model:      v1Model,
		Engine:     v1Engine,
		Demand:     fleet.Demand{Kind: fleet.PerSecond, ReqPerS: v1ReqPerS},
		Percentile: v1Percentile,
		Posture:    v1Posture,
		Util:       -1, Spare: -1, NodeSpare: -1, Grow: -1, Years: -1,
		Buy: v1Buy, KWh: -1, Hosting: -1, License: -1,
		Router: v1Router,
		View:   v1View,
		Sort:   v1Sort,
	}
}

// preset is the frozen preset of a workload id.
func preset(id string) Shape {
	if p, ok := v1Presets[id]; ok {
		return p
	}
	return v1Presets[v1Workload]
}

// posture is the frozen margin of a posture id.
func posture(id string) fleet.Posture {
	if p, ok := v1Postures[id]; ok {
		return p
	}
	return v1Postures[v1Posture]
}

// Shape is the request shape in force: the stated numbers, else the preset's.
// Where passages are stated the parts make the prompt, and in a conversation
// it is the mean over its turns, with what earlier turns left in the cache.
func (s State) Shape() fleet.Workload {
	p := preset(s.Workload)
	w := fleet.Workload{Input: p.Input, Output: p.Output, LengthRatio: 1, CachedShare: p.HitPercent / 100}
	if s.Input > 0 {
		w.Input = s.Input
	}
	if s.Output > 0 {
		w.Output = s.Output
	}
	if s.Hit >= 0 {
		w.CachedShare = s.Hit / 100
	}
	if s.LengthRatio > 0 {
		w.LengthRatio = s.LengthRatio
	}
	if parts := s.Parts(); parts.Chunks > 0 {
		w.Input = parts.Tokens()
	}
	if s.Turns > 1 {
		tokens, cached := s.Talk().Mean()
		w.Input, w.CachedShare = int(math.Round(tokens)), cached
	}
	return w
}

// Targets are the latency limits in force: the stated ones, else the preset's.
func (s State) Targets() catalog.Targets {
	p := preset(s.Workload)
	percentile := s.Percentile
	if percentile == "" {
		percentile = v1Percentile
	}
	return catalog.Targets{
		TTFT:       s.TTFT.or(p.TTFT),
		ITL:        s.ITL.or(p.ITL),
		E2E:        s.E2E.or(p.E2E),
		Percentile: percentile,
	}
}

// or is the limit in seconds, 0 = off.
func (t Target) or(preset float64) float64 {
	switch {
	case !t.Set:
		return preset
	case t.Off:
		return 0
	}
	return t.Seconds
}

// Margin is the margin in force: the stated numbers, else the posture's.
// Growth without years provides for one year.
func (s State) Margin() fleet.Posture {
	p := posture(s.Posture)
	if s.Util > 0 {
		p.Utilization = s.Util / 100
	}
	if s.Spare >= 0 {
		p.SpareReplicas = int(s.Spare)
	}
	if s.NodeSpare >= 0 {
		p.SpareNodes = int(s.NodeSpare)
	}
	if s.Grow >= 0 {
		p.Growth = s.Grow / 100
	}
	p.Years = v1Years
	if s.Years >= 0 {
		p.Years = int(s.Years)
	}
	if p.Growth == 0 {
		p.Years = 0
	}
	return p
}

// Load is the demand on the model. Where a task takes several calls the stated
// demand counts tasks, and each is that many requests; tasks in flight have one
// call in flight each.
func (s State) Load() fleet.Demand {
	d := s.Demand
	if n := float64(max(s.Calls, 1)); n > 1 {
		d.ReqPerS *= n
		d.ReqPerHour *= n
		if d.Kind == fleet.PerDay {
			d.ReqPerDay *= n
		}
	}
	return d
}
