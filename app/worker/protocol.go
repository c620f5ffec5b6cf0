// Package worker computes answers away from the page: a Job turns a link into
// a stream of replies, best rows first, and the codec carries them between the
// page and a Web Worker as text. The same Job runs in slices on the page's own
// thread where there is no worker.
package worker

import (
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
	"fleetsize/catalog/jsonio"
)

// Request asks for the answer to a link. A request with a newer Seq cancels
// older ones.
type Request struct {
	Seq  int    `json:"seq"`
	Link string `json:"link"`
	// LoadGPU is the accelerator whose load curves are wanted; "" = the best.
	LoadGPU string `json:"loadGPU,omitempty"`
	// Own are models that a link can not carry.
	Own []OwnModel `json:"own,omitempty"`
	// Fit is a fit file whose parameters answer instead of those that ship.
	Fit string `json:"fit,omitempty"`
	// Measured are rows of the user's own to show beside the answer.
	Measured *OwnRows `json:"measured,omitempty"`
}

// OwnRows is a table of measurements given by the user, for this visit only.
type OwnRows struct {
	CSV  string        // as measured.ParseCSV reads it
	Fill measured.Fill // what rows that do not say so are about
}

// OwnModel is a config.json given by the user, for this visit only.
type OwnModel struct{ Name, Config string }

// Extend returns the catalog with own models in it; those that can not be read
// are left out.
func Extend(cat *catalog.Catalog, own []OwnModel) *catalog.Catalog {
	var models []*catalog.Model
	for _, o := range own {
		if m, err := catalog.ModelFromConfig(o.Name, []byte(o.Config)); err == nil {
			models = append(models, m)
		}
	}
	if len(models) == 0 {
		return cat
	}
	return cat.With(models, nil)
}

// Stage says what a reply carries.
type Stage string

const (
	StageAnswer Stage = "answer" // the answer known so far
	StagePrice  Stage = "price"  // price of latency
	StageLoad   Stage = "load"   // load curves
	StageFailed Stage = "failed" // Error says why there is no exact answer
)

// Reply is one piece of the answer to a request.
type Reply struct {
	Seq         int
	Stage       Stage
	Done, Total int  // accelerators answered exactly
	Headline    bool // the first option is final, though rows below are not
	Answer      fleet.Answer
	Price       Price
	Load        Load
	Error       string
	Last        bool // nothing follows
}

// Price is the price of latency on the accelerators worth drawing.
type Price struct{ Curves []fleet.PriceCurve }

// Load is how one accelerator answers as more requests are in flight.
type Load struct {
	GPU    *catalog.GPU
	Layout fleet.Layout
	Points []fleet.LoadPoint
	// InFlight is where the planned peak lies, requests per replica.
	InFlight float64
}

// wire is Reply with accelerators and profiles as ids.
type wire struct {
	Stage       Stage
	Done, Total int
	Headline    bool
	Answer      *wireAnswer
	Price       []wireCurve
	Load        *wireLoad
	Error       string
	Last        bool
}

type wireAnswer struct {
	Demand, Sized float64
	Options       []wireOption
	Excluded      []wireExclusion
	Problem       *fleet.Problem
	Preview       bool
}

type wireOption struct {
	GPU, Profile string
	Option       fleet.Option // GPU and Profile are nil
}

type wireExclusion struct {
	GPU       string
	Exclusion fleet.Exclusion // GPU is nil
}

type wireCurve struct {
	GPU   string
	Curve fleet.PriceCurve // GPU is nil
}

type wireLoad struct {
	GPU  string
	Load Load // GPU is nil
}

const typeReply = "fleetsize-reply"

// EncodeRequest writes a request as text.
func EncodeRequest(r Request) (string, error) {
	data, err := jsonio.Marshal(r)
	return string(data), err
}

// DecodeRequest reads a request.
func DecodeRequest(text string) (Request, error) {
	var r Request
	err := jsonio.Unmarshal([]byte(text), &r)
	return r, err
}

// EncodeReply writes a reply as text. It fails on NaN and infinities, which no
// answer holds.
func EncodeReply(r Reply) (string, error) {
	w := wire{Stage: r.Stage, Done: r.Done, Total: r.Total, Headline: r.Headline, Error: r.Error, Last: r.Last}
	switch r.Stage {
	case StageAnswer:
		w.Answer = encodeAnswer(r.Answer)
	case StagePrice:
		for _, c := range r.Price.Curves {
			id := c.GPU.ID
			c.GPU = nil
			w.Price = append(w.Price, wireCurve{id, c})
		}
	case StageLoad:
		if r.Load.GPU != nil {
			id := r.Load.GPU.ID
			r.Load.GPU = nil
			w.Load = &wireLoad{id, r.Load}
		}
	}
	return pack(typeReply, r.Seq, &w)
}

func encodeAnswer(a fleet.Answer) *wireAnswer {
	w := &wireAnswer{Demand: a.DemandReqPerS, Sized: a.SizedReqPerS, Problem: a.Problem, Preview: a.Preview}
	for _, o := range a.Options {
		w.Options = append(w.Options, encodeOption(o))
	}
	for _, x := range a.Excluded {
		id := x.GPU.ID
		x.GPU = nil
		w.Excluded = append(w.Excluded, wireExclusion{id, x})
	}
	return w
}

func encodeOption(o fleet.Option) wireOption {
	row := wireOption{GPU: o.GPU.ID}
	if o.Profile != nil {
		row.Profile = o.Profile.ID
	}
	o.GPU, o.Profile = nil, nil
	row.Option = o
	return row
}
