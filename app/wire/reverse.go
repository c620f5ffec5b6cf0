package wire

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
)

// ReverseDoc is what hardware at hand, a budget or a mix of workloads make
// possible. What the link does not ask about is null.
type ReverseDoc struct {
	SchemaVersion int       `json:"schema_version"`
	Link          string    `json:"link"`
	Model         string    `json:"model"`
	Percentile    string    `json:"pct"`
	Data          string    `json:"data"`
	Own           *Reverse  `json:"own"`    // hardware at hand
	Budget        *Reverse  `json:"budget"` // the best that a monthly budget buys, first
	Mix           *Mix      `json:"mix"`
	Warnings      []Warning `json:"warnings"`
}

// Reverse is what pools hold: each, and of hardware at hand all together.
type Reverse struct {
	USDMonth *float64 `json:"budget_usd_month"` // null for hardware at hand
	Pools    []Holds  `json:"pools"`
	Total    *Holds   `json:"total"`  // null for a budget: its pools are alternatives
	Models   []Model  `json:"models"` // that run on hardware at hand inside the targets; [] for a budget
}

// Holds is what a pool is good for inside the targets and margins.
type Holds struct {
	GPU      *string  `json:"gpu"` // null for several pools together
	N        int      `json:"n"`
	Nodes    int      `json:"nodes"`
	Layout   *string  `json:"layout"`
	Replicas int      `json:"replicas"`       // spares included
	Spare    int      `json:"replicas_spare"` // of them
	Ahead    int      `json:"gpus_before_model"`
	Left     int      `json:"gpus_left"`
	ReqS     *float64 `json:"req_s"`     // peak demand held today; null where demand is in flight
	Users    *float64 `json:"users"`     // null unless the demand is stated so
	InFlight *float64 `json:"in_flight"` // null unless the demand is stated so
	Times    *float64 `json:"times"`     // of the demand asked for
	USDMonth *float64 `json:"usd_month"`
	Reason   *string  `json:"reason"`  // why nothing is held
	Preview  bool     `json:"preview"` // from the closed form, not simulated
}

// Model is a model that runs on hardware at hand; by the closed form.
type Model struct {
	Model  string   `json:"model"`
	GPU    string   `json:"gpu"`
	Layout string   `json:"layout"`
	ReqS   *float64 `json:"req_s"`
}

// Mix is what several workloads take together, cheapest first, and how often
// hardware at hand holds them.
type Mix struct {
	Fleets []MixFleet `json:"fleets"`
	Own    []MixTimes `json:"own"`
}

// MixFleet is a mix on one accelerator: in one pool for all, and in pools apart.
type MixFleet struct {
	GPU     string    `json:"gpu"`
	Best    string    `json:"best"` // "shared" or "apart"
	Shared  MixWay    `json:"shared"`
	Classes []Class   `json:"classes"` // what each workload gets in the shared pool
	Apart   MixWay    `json:"apart"`
	Parts   []MixPart `json:"parts"` // the pools apart
	Preview bool      `json:"preview"`
}

// MixWay is one way of serving a mix. Figures are null where it does not.
type MixWay struct {
	Layout   *string  `json:"layout"` // of the shared pool
	Replicas *int     `json:"replicas"`
	GPUs     *int     `json:"gpus"`
	Nodes    *int     `json:"nodes"`
	USDMonth *float64 `json:"usd_month"`
	KW       *float64 `json:"kw"`
	Reason   *string  `json:"reason"` // why it does not
}

// MixPart is the pool of one workload.
type MixPart struct {
	Class
	MixWay
}

// Class is what requests of one workload get, at the targets' percentile.
type Class struct {
	Workload string   `json:"workload"`
	TTFT     *float64 `json:"ttft_ms"`
	ITL      *float64 `json:"itl_ms"`
	E2E      *float64 `json:"e2e_ms"`
}

// MixTimes is how often a pool holds the mix: 1 = exactly.
type MixTimes struct {
	GPU    string   `json:"gpu"`
	N      int      `json:"n"`
	Times  *float64 `json:"times"`
	Best   *string  `json:"best"` // "shared" or "apart"; null where it is not held
	Used   int      `json:"gpus_used"`
	Reason *string  `json:"reason"`
}

// TurnRound begins the document of a link; answers are added to it.
func TurnRound(r fleet.Requirement, s link.State, notes []link.Note) ReverseDoc {
	return ReverseDoc{SchemaVersion: SchemaVersion, Link: s.String(), Model: r.Model.ID, Percentile: r.Targets.Percentile, Data: r.Catalog.Date, Warnings: Notes(notes)}
}

// Held documents what pools hold. budget is 0 for hardware at hand.
func Held(v negotiate.Reverse, models []negotiate.ModelFit, budget float64) *Reverse {
	d := &Reverse{USDMonth: known(budget, budget > 0), Pools: []Holds{}, Models: []Model{}}
	for _, p := range v.Pools {
		d.Pools = append(d.Pools, holds(p))
	}
	if !v.Best {
		t := holds(v.Total)
		d.Total = &t
	}
	for _, m := range models {
		if m.Fits {
			d.Models = append(d.Models, Model{m.Model, m.GPU, LayoutName(m.Layout), number(m.ReqPerS)})
		}
	}
	return d
}

func holds(p negotiate.Holds) Holds {
	d := Holds{GPU: text(p.GPU), N: p.N, Nodes: p.Nodes, Replicas: p.Replicas, Spare: p.Spare, Ahead: p.Ahead, Left: p.Left, USDMonth: known(p.USD, p.Priced), Reason: text(p.Text), Preview: p.Preview}
	if !p.Viable {
		return d
	}
	if p.GPU != "" {
		d.Layout = text(LayoutName(p.Layout))
	}
	kind := p.Demand.Kind
	d.ReqS, d.Times = known(p.ReqPerS, kind != fleet.InFlight), known(p.Times, p.Times > 0)
	d.Users, d.InFlight = known(p.Demand.Users, kind == fleet.People), known(p.Demand.InFlight, kind == fleet.InFlight)
	return d
}

// Mixed documents a mix.
func Mixed(m negotiate.Mix) *Mix {
	d := &Mix{Fleets: []MixFleet{}, Own: []MixTimes{}}
	way := func(shared bool) string {
		if shared {
			return "shared"
		}
		return "apart"
	}
	for i := range m.Fleets {
		f := &m.Fleets[i]
		_, shared := f.Best()
		row := MixFleet{GPU: f.GPU, Best: way(shared), Shared: mixWay(f.Shared, f.Pool), Apart: mixWay(f.Apart, negotiate.Brief{}), Classes: []Class{}, Parts: []MixPart{}, Preview: f.Preview}
		for _, c := range f.Classes {
			row.Classes = append(row.Classes, class(c.Name, c.TTFT, c.ITL, c.E2E))
		}
		for _, p := range f.Parts {
			b := p.Brief
			row.Parts = append(row.Parts, MixPart{class(p.Name, b.TTFT, b.ITL, b.E2E),
				mixWay(negotiate.MixWay{Viable: b.Viable, Text: b.Text, GPUs: b.GPUs, Nodes: b.Nodes, USD: b.USD, Priced: b.Priced, KW: b.KW, Powered: b.Powered}, b)})
		}
		d.Fleets = append(d.Fleets, row)
	}
	for _, o := range m.Own {
		row := MixTimes{GPU: o.GPU, N: o.N, Times: known(o.Times, o.Times > 0), Used: o.Used, Reason: text(o.Text)}
		if o.Times > 0 {
			row.Best = text(way(o.Shared))
		}
		d.Own = append(d.Own, row)
	}
	return d
}

func mixWay(w negotiate.MixWay, b negotiate.Brief) MixWay {
	if !w.Viable {
		return MixWay{Reason: text(w.Text)}
	}
	d := MixWay{GPUs: &w.GPUs, Nodes: &w.Nodes, USDMonth: known(w.USD, w.Priced), KW: known(w.KW, w.Powered)}
	if b.Viable {
		d.Layout, d.Replicas = text(LayoutName(b.Layout)), &b.Replicas
	}
	return d
}

func class(name string, ttft, itl, e2e float64) Class {
	return Class{name, known(ttft*1e3, ttft > 0), known(itl*1e3, itl > 0), known(e2e*1e3, e2e > 0)}
}
