// Package wire is the JSON that scripts rely on: one document for each command
// that answers with -json, and for the answers the page saves.
//
// Keys are only ever added. Times are in ms, rates in requests per second,
// money in USD per month, power in kW, memory in bytes. What is not known is
// null, never 0 and never left out; a list without entries is []. Numbers are
// rounded to six significant digits, memory to whole bytes.
package wire

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/units"
	"fleetsize/catalog/jsonio"
)

// digits is how many significant digits numbers carry: more than any estimate
// deserves, few enough to read.
const digits = 6

// number is x rounded, or null where it is not a finite number.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = units.Round(x, digits)
	if x == 0 {
		x = 0 // no negative zero
	}
	return &x
}

// known is number where ok, null otherwise.
func known(x float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return number(x)
}

// text is s, or null where it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Quantiles are a latency over requests in ms.
type Quantiles struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P90  *float64 `json:"p90"`
	P95  *float64 `json:"p95"`
	P99  *float64 `json:"p99"`
}

// quantiles converts seconds to ms.
func quantiles(q serve.Quantiles) Quantiles {
	return Quantiles{number(q.Mean * 1e3), number(q.P50 * 1e3), number(q.P90 * 1e3), number(q.P95 * 1e3), number(q.P99 * 1e3)}
}

// Interval is a 10 to 90 % range, null when nothing is known about the error.
type Interval *[2]float64

// interval is r times scale; a range without a positive upper end is unknown.
func interval(r fleet.Range, scale float64) Interval {
	lo, hi := number(r.Low*scale), number(r.High*scale)
	if lo == nil || hi == nil || *hi <= 0 {
		return nil
	}
	return &[2]float64{*lo, *hi}
}

// Memory is the split of a replica's memory in bytes; the parts sum to
// Capacity exactly.
type Memory struct {
	Weights     float64 `json:"weights"`
	KVUsed      float64 `json:"kv_used"`
	KVFree      float64 `json:"kv_free"`
	Activations float64 `json:"activations"`
	Runtime     float64 `json:"runtime"`
	Unusable    float64 `json:"unusable"`
	Capacity    float64 `json:"capacity"`
}

// memory rounds to whole bytes where the parts meet, so that they still sum to
// the capacity and none becomes negative.
func memory(m fleet.Memory) *Memory {
	if !(m.Capacity > 0) || math.IsInf(m.Capacity, 0) {
		return nil
	}
	d := Memory{Capacity: math.Round(m.Capacity)}
	end, edge := 0.0, 0.0 // of the parts so far: exact, rounded
	for _, part := range []struct {
		to    *float64
		bytes float64
	}{
		{&d.Weights, m.Weights}, {&d.KVUsed, m.KVUsed}, {&d.KVFree, m.KVFree},
		{&d.Activations, m.Activations}, {&d.Runtime, m.Runtime}, {&d.Unusable, m.Unusable},
	} {
		end += part.bytes
		next := math.Min(math.Round(end), d.Capacity)
		*part.to, edge = next-edge, next
	}
	d.Unusable += d.Capacity - edge
	if math.IsNaN(d.sum()) {
		return nil
	}
	return &d
}

func (m Memory) sum() float64 {
	return m.Weights + m.KVUsed + m.KVFree + m.Activations + m.Runtime + m.Unusable
}

// Warning is doubt or advice that belongs to a number.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func warnings(list []fleet.Warning) []Warning {
	out := make([]Warning, 0, len(list))
	for _, w := range list {
		out = append(out, Warning(w))
	}
	return out
}

// Nearest is the smallest change that would help: link pairs and a sentence.
type Nearest struct {
	Pairs string `json:"pairs"`
	Text  string `json:"text"`
}

func nearest(n *fleet.Nearest) *Nearest {
	if n == nil {
		return nil
	}
	return &Nearest{n.Pairs, n.Text}
}

// Encode writes a document as indented JSON with a final newline.
func Encode(doc any) ([]byte, error) {
	b, err := jsonio.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}
