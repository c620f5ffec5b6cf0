package money

import "fleetsize/catalog"

// SystemShare is the power of a whole server over the rated power of its
// accelerators: an eight-GPU H100 server is rated 10.2 kW for 8 × 700 W
// (NVIDIA DGX H100 data sheet), that is 1.82.
const SystemShare = 1.82

// IdleShare is what a server draws that only waits, as a share of its draw at
// full load. An assumption: loaded accelerators idle at 10 to 20 % of their
// rating, fans, memory and processors at more.
const IdleShare = 0.3

// Power is what a number of accelerators draws.
type Power struct {
	KW          float64 // at the wall at full load, cooling included
	ITKW        float64 // KW without cooling and conversion: what hosting is priced by
	AverageKW   float64 // at the wall, over the month
	KWhPerMonth float64
	KgCO2       float64 // a month; 0 where not reckoned
	Basis       string  // how KW was arrived at
}

// Power is the draw of n accelerators with an average load of use, (0, 1]. A
// published all-in figure wins and is taken to hold at the default PUE;
// otherwise rated power is scaled to the server and to the facility. ok is
// false when neither is known.
//
// Energy follows from the average draw, a straight line between a waiting
// server and a fully loaded one: average kW = kW · (0.3 + 0.7 · use).
func (t *Terms) Power(g *catalog.GPU, n int, use float64) (p Power, ok bool) {
	switch {
	case g.AllInKW != nil && g.AllInKW.Value > 0:
		p.ITKW = g.AllInKW.Value / DefaultPUE * float64(n)
		p.KW = g.AllInKW.Value * float64(n)
		p.Basis = "all-in figure"
		if t.pue() != DefaultPUE {
			p.KW = p.ITKW * t.pue()
			p.Basis = "all-in figure at PUE " + pueText(t.pue())
		}
	case g.TDPWatts > 0:
		p.ITKW = g.TDPWatts / 1000 * SystemShare * float64(n)
		p.KW = g.TDPWatts / 1000 * SystemShare * t.pue() * float64(n)
		p.Basis = "rated power × server × PUE " + pueText(t.pue())
	default:
		return Power{}, false
	}
	p.AverageKW = p.KW * (IdleShare + (1-IdleShare)*clampUse(use))
	p.KWhPerMonth = p.AverageKW * HoursPerMonth
	p.KgCO2 = p.KWhPerMonth * t.CO2PerKWh / 1000
	return p, true
}

// clampUse is use where it is a share, else 1: full load all month.
func clampUse(use float64) float64 {
	if use > 0 && use <= 1 {
		return use
	}
	return 1
}
