package bench

import (
	"math"
	"testing"
)

// Tokens of an hour over what the GPUs cost in it.
func TestCost(t *testing.T) {
	d := smallReport(t)
	price := 3.0
	for _, on := range []*Deployment{nil, {GPUs: 2}, {USDPerGPUHour: &price}} {
		d.Setup.Deployment = on
		d.Cost()
		for i := range d.Phases {
			if d.Phases[i].Cost != nil {
				t.Errorf("%+v: a cost without price and number of GPUs", on)
			}
		}
	}
	d.Setup.Deployment = &Deployment{GPUs: 2, USDPerGPUHour: &price}
	d.Phases[0].OutputTokPerS = nil
	d.Cost()
	if d.Phases[0].Cost != nil {
		t.Error("a cost without tokens")
	}
	p := &d.Phases[1]
	if want := 6 / (*p.OutputTokPerS * 3600) * 1e6; p.Cost == nil || math.Abs(*p.Cost.Output/want-1) > 1e-5 {
		t.Fatalf("%+v, want %g", p.Cost, want)
	}
	if want := 6 / ((*p.OutputTokPerS + *p.InputTokPerS) * 3600) * 1e6; math.Abs(*p.Cost.Total/want-1) > 1e-5 {
		t.Errorf("%g, want %g", *p.Cost.Total, want)
	}
}

// The load with the most tokens at which answers are still fast enough.
func TestBusiest(t *testing.T) {
	var d Document
	for _, x := range [][2]float64{{50, 50}, {40, 160}, {31, 500}, {29, 900}} {
		d.Phases = append(d.Phases, PhaseDoc{Speed: DistDoc{P50: &x[0]}, OutputTokPerS: &x[1]})
	}
	d.Phases = append(d.Phases, PhaseDoc{})
	if p := d.Busiest(30); p != &d.Phases[2] {
		t.Errorf("%+v", p)
	}
	if p := d.Busiest(60); p != nil {
		t.Errorf("%+v", p)
	}
}
