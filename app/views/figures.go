package views

import (
	"math"

	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// figure is one of the four headline numbers. Every cell has the same six
// parts so that numbers, bars and badges stay level.
type figure struct {
	id, label    string
	number, unit string
	line         string
	fill, limit  float64 // bar and mark, shares of its width; limit < 0 = none
	note         string
	kind, tier   string
}

func (f figure) ui() app.UI {
	bar := `<svg class="util" viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true"><rect class="trk" y="6" width="200" height="4" rx="2"/>`
	if f.fill > 0 {
		bar += `<rect class="val" y="6" width="` + units.Plain(math.Round(200*math.Min(f.fill, 1))) + `" height="4" rx="2"/>`
	}
	if f.limit >= 0 {
		x := units.Plain(math.Round(200 * math.Min(f.limit, 1)))
		bar += `<line class="lim" x1="` + x + `" x2="` + x + `" y1="2" y2="14"/>`
	}
	number := []app.UI{txt(f.number)}
	if f.unit != "" {
		number = append(number, txt(" "), el("small", "", txt(f.unit)))
	}
	return el("section", "kpi",
		el("h2", "", txt(f.label)),
		el("p", "big", number...),
		p("", f.line),
		app.Raw(bar+`</svg>`),
		p("mut xs", f.note),
		badge(f.kind, f.tier),
	).DataSet("kpi", f.id)
}

// figuresUI renders the four figures of the recommended option.
func figuresUI(s *Sizing) app.UI {
	o := s.Best()
	if o == nil {
		return nil
	}
	figs := []figure{gpusFigure(s, o), latencyFigure(s, o), costFigure(s, o), powerFigure(s, o)}
	var body []app.UI
	for _, f := range figs {
		body = append(body, f.ui())
	}
	return el("div", "kpis", body...)
}

func approx(s *Sizing) string {
	if s.Final {
		return ""
	}
	return "≈"
}

func gpusFigure(s *Sizing, o *fleet.Option) figure {
	per := o.Layout.GPUs()
	line := units.Count(float64(o.ReplicasNeeded*per)) + " + " + units.Count(float64(o.ReplicasSpare*per)) + " spare"
	if o.ReplicasSpare == 0 {
		line = "no spare"
	}
	if o.Nodes > 0 {
		line += " · " + plural(o.Nodes, "node")
	}
	kind, word := tierKind(o.Tier)
	f := figure{id: "gpus", label: "GPUs", number: approx(s) + units.Count(float64(o.GPUs)), unit: gpuName(o.GPU),
		line: line, kind: kind, tier: word + " · " + countBand(o)}
	if s.Req.Demand.Kind == fleet.InFlight {
		f.limit, f.note = -1, units.Sig(o.InFlight, 3)+" in flight per replica"
		return f
	}
	f.fill, f.limit = load(o), s.Req.Posture.Utilization
	f.note = units.Percent(f.fill) + " loaded, limit " + units.Percent(f.limit)
	return f
}

// load is the peak demand over what the needed replicas hold.
func load(o *fleet.Option) float64 {
	if o.ReplicaRate > 0 && o.ReplicasNeeded > 0 {
		return o.DemandReqPerS / (o.ReplicaRate * float64(o.ReplicasNeeded))
	}
	return 0
}

// countBand says what the error band does to the count.
func countBand(o *fleet.Option) string {
	if o.GPURange.High > o.GPURange.Low {
		return units.Range(o.GPURange.Low, o.GPURange.High) + " in error band"
	}
	return "same count in error band"
}

func latencyFigure(s *Sizing, o *fleet.Option) figure {
	t := s.Req.Targets
	word := percentileWord(t.Percentile)
	label, have, want, band := "TTFT "+word, o.At.TTFT.At(t.Percentile), t.TTFT, o.TTFTRange
	switch {
	case t.TTFT > 0:
	case t.E2E > 0:
		label, have, want, band = "Whole answer "+word, o.At.E2E.At(t.Percentile), t.E2E, fleet.Range{}
	case t.ITL > 0:
		label, have, want, band = "Per token "+word, o.At.ITL.At(t.Percentile), t.ITL, o.ITLRange
	}
	number, unit := units.Seconds(have, 2)
	f := figure{id: "ttft", label: label, number: approx(s) + number, unit: unit, line: "no target", limit: -1, note: "at the planned peak"}
	if want > 0 {
		f.line = units.Duration(want-have, 2) + " inside the target"
		f.fill, f.limit = have/want, 1
		f.note = units.Percent(have/want) + " of target " + units.Duration(want, 3)
		if have > want {
			f.line = units.Duration(have-want, 2) + " over the target"
		}
	}
	kind, tier := tierKind(o.Tier)
	f.kind, f.tier = kind, join(" · ", tier, bandText(band, have))
	return f
}

// bandText is the error band of a latency: ± around it while that reads well,
// else the range.
func bandText(r fleet.Range, mid float64) string {
	if !(r.High > r.Low) || !(mid > 0) {
		return ""
	}
	if (r.High-r.Low)/2/mid <= 0.5 {
		return spread(r, mid)
	}
	low, unit := units.Seconds(r.Low, 2)
	high, same := units.Seconds(r.High, 2)
	if unit == same {
		return units.Span(low, high) + " " + unit
	}
	return low + " " + unit + "–" + high + " " + same
}

func costFigure(s *Sizing, o *fleet.Option) figure {
	f := figure{id: "cost", label: "Cost a month", number: units.NoPrice, line: "no rent in the catalog", limit: -1,
		note: "ranked by GPUs instead", kind: "k4", tier: "No price"}
	if !o.Priced {
		return f
	}
	f.number = approx(s) + units.USD(o.USDPerMonth)
	f.line = "USD, 730 h a month"
	f.note = "no other priced option"
	if next := nextPriced(s, o); next != nil {
		f.line = "Next: " + gpuName(next.GPU) + ", " + units.USD(next.USDPerMonth)
		f.fill, f.limit = o.USDPerMonth/next.USDPerMonth, 1
		f.note = units.Percent(1-o.USDPerMonth/next.USDPerMonth) + " less than next best"
		if math.Abs(next.USDPerMonth-o.USDPerMonth) < 0.5 {
			f.note = "same as next best"
		}
	}
	f.kind, f.tier = "k1", "Cloud list"
	if o.GPU.Rent != nil && o.GPU.Rent.AsOf != "" {
		f.tier += ", " + day(o.GPU.Rent.AsOf)
	}
	return f
}

func nextPriced(s *Sizing, o *fleet.Option) *fleet.Option {
	for i := range s.Now().Options {
		n := &s.Now().Options[i]
		if n.GPU.ID != o.GPU.ID && n.Priced && n.USDPerMonth >= o.USDPerMonth {
			return n
		}
	}
	return nil
}

// rackKW is the power of an ordinary air-cooled rack, the yardstick of the bar.
const rackKW = 10

func powerFigure(s *Sizing, o *fleet.Option) figure {
	f := figure{id: "power", label: "Power", number: "Unknown", line: "no power figure in the catalog", limit: -1, note: "not counted", kind: "k4", tier: "No figure"}
	if !o.Powered {
		return f
	}
	f.number, f.unit = approx(s)+units.Sig(o.KW, 2), "kW"
	f.line = "at the wall"
	if rate := s.Now().DemandReqPerS; rate > 0 {
		f.line = units.Sig(o.KW/rate/3.6, 2) + " kWh / 1,000 req"
	}
	f.fill, f.limit = o.KW/rackKW, 1
	f.note = units.Percent(o.KW/rackKW) + " of one 10 kW rack"
	if o.KW > rackKW {
		f.fill = 1
		f.note = units.Sig(o.KW/rackKW, 2) + " racks of 10 kW"
	}
	f.kind, f.tier = "k4", upperFirst(o.PowerBasis)
	if f.tier == "" {
		f.tier = "Nameplate, cooling included"
	}
	return f
}

// day prints a date as people say it: "18 Nov 2026".
func day(iso string) string {
	months := []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	if len(iso) < 10 || iso[4] != '-' || iso[7] != '-' {
		return iso
	}
	m := int(iso[5]-'0')*10 + int(iso[6]-'0')
	if m < 1 || m > 12 {
		return iso
	}
	d := iso[8:10]
	if d[0] == '0' {
		d = d[1:]
	}
	return d + " " + months[m-1] + " " + iso[:4]
}
