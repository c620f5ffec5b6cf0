package wire

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/money"
	"fleetsize/calc/rag"
)

// UnitPrices are what one option's work costs. Each per-token price carries
// the whole cost of the fleet; they are three ways to say it, not a sum.
type UnitPrices struct {
	Per1000Requests *float64 `json:"usd_per_1000_requests"`
	Output          *float64 `json:"usd_per_million_output_tokens"`
	Input           *float64 `json:"usd_per_million_input_tokens"`
	Total           *float64 `json:"usd_per_million_total_tokens"`
	TokSPerW        *float64 `json:"tok_s_per_w"`       // output tok/s at the planned peak per watt at the wall
	TotalTokSPerW   *float64 `json:"total_tok_s_per_w"` // the same with prompt tokens
	TokSPerMW       *float64 `json:"tok_s_per_mw"`      // output
	TokPerUSD       *float64 `json:"output_tok_per_usd"`
	TokPerJoule     *float64 `json:"output_tok_per_joule"` // over the month
}

// Money is an option's bill in USD a month unless the key says otherwise.
type Money struct {
	Basis       string       `json:"basis"`     // cloud or own
	UnitUSD     *float64     `json:"unit_usd"`  // per GPU-hour (cloud) or per GPU with its server (own), discount taken off
	UnitList    *float64     `json:"unit_list"` // before discount and without the server
	Source      *string      `json:"source"`
	AsOf        *string      `json:"as_of"` // null for a price of the user's own
	GPUs        int          `json:"gpus"`  // paid for: spare nodes and the pipeline included
	Use         *float64     `json:"use"`   // average load over the planned peak that energy and unit prices are reckoned with
	Rent        *float64     `json:"rent"`
	Purchase    *float64     `json:"purchase"`
	Hosting     *float64     `json:"hosting"`
	Energy      *float64     `json:"energy"`
	License     *float64     `json:"license"`
	Year        *float64     `json:"usd_year"`
	TermYears   *float64     `json:"term_years"`
	Term        *float64     `json:"usd_term"`
	UpFront     *float64     `json:"usd_up_front"`
	KWAverage   *float64     `json:"kw_average"`
	KWIT        *float64     `json:"kw_it"`
	KWhMonth    *float64     `json:"kwh_month"`
	KgCO2Month  *float64     `json:"kg_co2_month"` // null unless a factor was stated
	PowerBasis  *string      `json:"power_basis"`
	Definitions []Definition `json:"definitions"` // the same cost as others define a price per million tokens
	OwnOrRent   *OwnOrRent   `json:"own_or_rent"` // null where one of the two has no price
	OwnOrAPI    *OwnOrAPI    `json:"own_or_api"`  // null unless a hosted price was stated
}

// Definition is one publisher's price per million tokens.
type Definition struct {
	Name   string   `json:"name"`
	Tokens string   `json:"tokens"`
	How    string   `json:"how"`
	USD    *float64 `json:"usd_per_million"`
}

// OwnOrRent says when buying overtakes renting.
type OwnOrRent struct {
	Months *float64 `json:"months"` // null = never
	Within bool     `json:"within_term"`
	Saved  *float64 `json:"saved_over_term"` // by owning, USD
}

// OwnOrAPI says at which load the fleet overtakes a hosted API.
type OwnOrAPI struct {
	Month       *float64 `json:"api_usd_month"` // for the same requests
	ReqMonth    *float64 `json:"break_even_req_month"`
	TokMonth    *float64 `json:"break_even_tok_month"` // input + output
	ShareOfPeak *float64 `json:"share_of_peak"`        // average load over planned peak that takes
	Cheaper     bool     `json:"fleet_cheaper"`
}

// Stage is an encoder before the model.
type Stage struct {
	Kind      string   `json:"kind"`
	Model     string   `json:"model"`
	GPUs      int      `json:"gpus"`
	Needed    int      `json:"replicas_needed"`
	Spare     int      `json:"replicas_spare"`
	LatencyMS *float64 `json:"latency_ms"` // at the targets' percentile
	AloneMS   *float64 `json:"alone_ms"`
	ReqS      *float64 `json:"req_s"` // one replica that is always busy
	Load      *float64 `json:"load"`  // replicas' worth of work, indexing included
	Indexing  *float64 `json:"indexing_load"`
}

// Pipeline is what runs before the model.
type Pipeline struct {
	Stages      []Stage  `json:"stages"`
	RetrievalMS *float64 `json:"retrieval_ms"`
	AheadMS     *float64 `json:"ahead_ms"` // taken off the first-token target
	GPUs        int      `json:"gpus"`     // besides the option's gpus
	Problem     *string  `json:"problem"`
}

// Growth is an option year by year.
type Growth struct {
	Years    []GrowthYear `json:"years"`
	Total    *float64     `json:"usd_as_needed"`
	AllTotal *float64     `json:"usd_all_at_once"`
}

// GrowthYear is one year of growth.
type GrowthYear struct {
	Year  int      `json:"year"`
	Peak  *float64 `json:"peak"` // at its end, req/s or requests in flight
	GPUs  int      `json:"gpus"`
	Nodes int      `json:"nodes"`
	Buy   int      `json:"buy"`
	USD   *float64 `json:"usd"`
}

func unitPrices(o *fleet.Option) UnitPrices {
	u, ok := o.Flow.Units(o.USDPerMonth)
	ok = ok && o.Priced
	e, powered := o.Flow.Efficiency(o.Bill.Power)
	return UnitPrices{
		known(u.Per1000Requests, ok), known(u.PerMillionOutput, ok), known(u.PerMillionInput, ok), known(u.PerMillionTotal, ok),
		known(e.OutputTokPerSPerW, powered), known(e.TotalTokPerSPerW, powered), known(e.OutputTokPerSPerMW, powered),
		known(u.OutputPerUSD, ok), known(e.OutputTokPerJoule, powered),
	}
}

// bill is null-safe: an option without a price says so in every amount.
func bill(o *fleet.Option, r *fleet.Requirement, api money.API, asked bool) *Money {
	b := &o.Bill
	owned := r.Money.Owned()
	m := &Money{
		Basis: string(money.Rent), UnitUSD: known(b.Quote.USD, b.Priced), UnitList: known(b.Quote.List, b.Priced), GPUs: b.GPUs, Use: known(b.Use, b.GPUs > 0),
		Rent: known(b.Rent, b.Priced && !owned), Purchase: known(b.Purchase, b.Priced && owned), Hosting: known(b.Hosting, b.Priced && owned),
		Energy: known(b.Energy, b.Priced && owned), License: known(b.License, b.Priced), Year: known(b.PerYear(), b.Priced),
		TermYears: known(b.Years, b.Years > 0), Term: known(b.PerTerm(), b.Priced), UpFront: known(b.UpFront, b.Priced && owned),
		KWAverage: known(b.Power.AverageKW, b.Powered), KWIT: known(b.Power.ITKW, b.Powered), KWhMonth: known(b.Power.KWhPerMonth, b.Powered),
		KgCO2Month: known(b.Power.KgCO2, b.Powered && r.Money.CO2PerKWh > 0), PowerBasis: text(b.Power.Basis), Definitions: []Definition{},
	}
	if owned {
		m.Basis = string(money.Own)
	}
	if b.Priced {
		m.Source, m.AsOf = text(b.Quote.Source), text(b.Quote.AsOf)
		for _, d := range o.Flow.Definitions(b.PerMonth, api.Ratio()) {
			m.Definitions = append(m.Definitions, Definition{d.Name, d.Tokens, d.How, number(d.USD)})
		}
	}
	own, rent := r.Money.Both(o.GPU, b.GPUs, b.Use)
	if c, ok := money.CompareOwn(&own, &rent); ok {
		m.OwnOrRent = &OwnOrRent{known(c.Months, c.Ever), c.Within, number(c.Saved)}
	}
	if c, ok := money.CompareAPI(b.PerMonth, o.Flow, api); ok && asked && b.Priced {
		m.OwnOrAPI = &OwnOrAPI{number(c.APIPerMonth), number(c.ReqPerMonth), number(c.TokPerMonth), number(c.ShareOfPeak), c.FleetCheaper}
	}
	return m
}

func pipeline(s *rag.Sized, asked bool) *Pipeline {
	if !asked {
		return nil
	}
	p := &Pipeline{Stages: []Stage{}, RetrievalMS: number(s.Retrieval * 1e3), AheadMS: number(s.Ahead * 1e3), GPUs: s.GPUs, Problem: text(s.Problem)}
	for _, st := range s.Stages {
		p.Stages = append(p.Stages, Stage{string(st.Kind), st.ID, st.GPUs, st.Needed, st.Spare,
			number(st.Latency * 1e3), number(st.Alone * 1e3), number(st.Rate), number(st.Load), number(st.Indexing)})
	}
	return p
}

// growth is null where no growth was asked for.
func growth(o *fleet.Option, r *fleet.Requirement) *Growth {
	if r.Posture.Growth <= 0 || r.Posture.Years < 1 {
		return nil
	}
	g := o.Growth(r, r.Posture.Years)
	d := &Growth{Years: []GrowthYear{}, Total: known(g.Total, g.Priced), AllTotal: known(g.AllTotal, g.Priced)}
	for _, y := range g.Years {
		d.Years = append(d.Years, GrowthYear{y.Year, number(y.Peak), y.GPUs, y.Nodes, y.Buy, known(y.USD, g.Priced)})
	}
	return d
}
