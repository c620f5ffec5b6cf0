// Package book writes an answer as a workbook that goes on computing: the
// Fleet sheet holds formulas over named cells, so that a price, the demand or
// the headroom can be changed without the program. The formulas are those of
// the registry in calc/explain, so they cannot differ from what the program
// computes; what only a simulation finds is a value that names its entry.
package book

import (
	"math"
	"strings"

	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
	"fleetsize/calc/explain"
)

// Sheet names.
const (
	summaryName = "Summary"
	inputsName  = "Inputs"
	fleetName   = "Fleet"
)

// results are the entries that get a column of the Fleet sheet, in order;
// those that do not apply, or that a simulation is part of, are left out.
var results = []string{
	"replicas_needed", "replicas", "gpus", "nodes", "gpus_paid", "load",
	"kw", "average_kw", "kwh_month", "kwh_per_thousand", "co2_month",
	"usd_up_front", "usd_purchase", "usd_hosting", "usd_energy", "usd_rent", "usd_license",
	"usd_month", "usd_year", "usd_term",
	"usd_per_thousand", "usd_per_million_input", "usd_per_million_output", "usd_per_million_total",
	"tok_s_per_w", "tok_per_joule",
}

// given are entries that are taken as values: what a replica holds is found by
// simulation.
var given = map[string]bool{"rate_per_replica": true, "most_in_flight": true}

// taken reports whether an entry is taken as a value: a simulation finds it, or
// no spreadsheet has its function.
func taken(f *explain.Formula) bool { return given[f.ID] || strings.Contains(f.Text, "poisson95") }

// shared are the inputs that are the same for every accelerator: they are
// cells with a name on the Inputs sheet. The value is the link key.
var shared = map[string]string{
	"stated_demand": "rps", "demand": "", "people": "users", "requests_per_hour": "rph", "peak_factor": "peak", "requests_per_day": "day", "flight_demand": "flight",
	"growth": "grow", "years": "yrs", "peak_load": "util", "spare_replicas": "spare", "spare_nodes": "nodespare",
	"prompt": "in", "answer": "out", "length_ratio": "lr",
	"system_share": "", "idle_share": "", "pue": "pue", "usd_per_kwh": "kwh", "discount": "off", "term_years": "term",
	"hosting_per_kw": "host", "license_per_year": "lic", "average_use": "use", "co2_per_kwh": "co2",
}

// Workbook is an answer as a workbook.
func Workbook(p *export.Proposal) *xlsx.Book {
	w := &writer{p: p, names: map[string]string{}, values: map[string]float64{}, inputColumn: map[string]int{}, fleetColumn: map[string]int{}}
	w.explain()
	out := &xlsx.Book{}
	inputs := w.inputs()
	fleet := w.fleet()
	out.Sheets = []*xlsx.Sheet{w.summary(), inputs, fleet, w.options(), w.table(), w.assumptions(), w.materials(), w.sources()}
	out.Names = w.defined
	return out
}

// writer holds what several sheets share.
type writer struct {
	p     *export.Proposal
	books []*explain.Book // of the options, in order

	columns []string // results that apply
	leaves  []string // values by accelerator that they need
	globals []string // shared inputs that they need
	derived []string // entries of shared inputs alone: the demand

	names       map[string]string  // symbol → defined name
	values      map[string]float64 // of shared symbols
	defined     []xlsx.Name
	inputColumn map[string]int // leaf → column on Inputs
	inputRow    int            // row of the first accelerator on Inputs
	fleetColumn map[string]int // result → column on Fleet
	fleetRow    int            // row of the first option on Fleet
}

// explain finds out which entries, values and inputs the answer needs.
func (w *writer) explain() {
	p := w.p
	context := explain.Context{Stated: stated(p), Confirmed: map[string]bool{}}
	for _, id := range p.State.Confirmed {
		context.Confirmed[id] = true
	}
	for i := range p.Answer.Options {
		w.books = append(w.books, explain.New(&p.Req, &p.Answer, &p.Answer.Options[i], context))
	}
	if len(w.books) == 0 {
		return
	}
	need := map[string]bool{}
	for _, b := range w.books {
		for _, id := range results {
			w.need(b, id, need)
		}
	}
	for _, id := range results {
		if need[id] {
			w.columns = append(w.columns, id)
		}
	}
	if need["sized_demand"] || need["sized_in_flight"] { // growth can be entered, where there is none, too
		need["growth"], need["years"] = true, true
	}
	first := w.books[0]
	symbols := explain.Symbols()
	for id := range shared {
		if f := first.Applying(id); f != nil && taken(f) {
			symbols = append([]string{id}, symbols...) // the demand, where it is a percentile
		}
	}
	for _, s := range symbols {
		_, common := shared[s]
		switch {
		case !need[s]:
		case common:
			w.globals = append(w.globals, s)
			w.names[s], w.values[s] = s, first.Value(s)
		default:
			w.leaves = append(w.leaves, s)
		}
	}
	for id := range given {
		if need[id] && !contains(w.leaves, id) {
			w.leaves = append([]string{id}, w.leaves...)
		}
	}
	for _, id := range []string{"demand", "sized_demand", "sized_in_flight"} {
		if f := first.Applying(id); need[id] && f != nil && !taken(f) && w.common(first, id) {
			w.derived = append(w.derived, id)
			w.names[id], w.values[id] = id, first.Value(id)
		}
	}
}

// need collects what an entry is computed from. It reports whether a
// spreadsheet can compute it.
func (w *writer) need(b *explain.Book, id string, into map[string]bool) bool {
	f := b.Applying(id)
	if f == nil && explain.Meaning(id) == "" {
		return false // no such entry in this version
	}
	if f == nil || taken(f) {
		if v := b.Value(id); v != v && w.common(b, id) {
			return false // what the user has not stated: demand in flight has no rate
		}
		into[id] = true
		return true
	}
	if f.Simulated() {
		return false
	}
	found := map[string]bool{id: true}
	for _, s := range f.Inputs() {
		if !w.need(b, s, found) {
			return false
		}
	}
	for s := range found {
		into[s] = true
	}
	return true
}

// common reports whether an entry depends on shared inputs alone.
func (w *writer) common(b *explain.Book, id string) bool {
	f := b.Applying(id)
	if f == nil {
		_, ok := shared[id]
		return ok
	}
	if taken(f) {
		_, ok := shared[id]
		return ok
	}
	for _, s := range f.Inputs() {
		if !w.common(b, s) {
			return false
		}
	}
	return true
}

// stated are the link keys with a value of their own.
func stated(p *export.Proposal) map[string]bool {
	keys := map[string]bool{}
	for _, pair := range strings.Split(p.State.String(), "&") {
		key, _, _ := strings.Cut(pair, "=")
		keys[key] = true
	}
	return keys
}

// define gives a cell a name.
func (w *writer) define(name, sheet string, col, row int) {
	w.defined = append(w.defined, xlsx.Name{Text: name, Ref: xlsx.Ref(sheet, col, row)})
}

// cellName is a name for a cell of one accelerator: letters, digits and "_".
func cellName(symbol, gpu string) string {
	return symbol + "_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, gpu)
}

// format is the number format that goes with a unit.
func format(unit string) string {
	switch unit {
	case "%":
		return xlsx.Percent
	case "USD":
		return xlsx.Cents
	case "GPUs", "replicas", "nodes", "years", "W", "requests":
		return "#,##0.###"
	}
	return "#,##0.####"
}

// value is a number, or a word where it is not known.
func value(symbol string, x float64) *xlsx.Cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return xlsx.T(missing(symbol))
	}
	return xlsx.N(x)
}

// missing is the word for an unknown value.
func missing(symbol string) string {
	if strings.HasPrefix(symbol, "usd") || strings.HasPrefix(symbol, "up_front") {
		return "No price"
	}
	return "unknown"
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// title turns a registry title and unit into a column's head.
func title(text, unit string) string {
	if unit == "" || unit == "x" || strings.EqualFold(text, unit) {
		return text
	}
	return text + ", " + unit
}
