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
	ref          string // entry that explains the number; "" = none
	number, unit string
	line         string  // line, note and tier may hold marked numbers
	fill, limit  float64 // bar and mark, shares of its width; limit < 0 = none
	note         string
	kind, tier   string
	open         string // entry that is open in the drawer
	pick         app.UI // choice beside the label; nil = none
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
	if f.ref != "" {
		number[0] = num(f.ref, f.number)
	}
	if f.unit != "" {
		number = append(number, txt(" "), leaf("small", "", f.unit))
	}
	class := "kpi"
	if f.ref != "" && f.ref == f.open {
		class += " from"
	}
	return el("section", class,
		node("h2", "", txt(f.label), f.pick, f.why()),
		node("p", "big", number...),
		node("p", "", rich(f.line)...),
		app.Raw(bar+`</svg>`),
		node("p", "mut xs", rich(f.note)...),
		badge(f.kind, f.tier),
	).DataSet("kpi", f.id)
}

// why is the way to the explanation of the number, in a word.
func (f figure) why() app.UI {
	if f.ref == "" {
		return nil
	}
	return button("lnk", txt("Why?")).DataSet("x", f.ref).Aria("label", join(", ", join(" ", "Why", f.number, f.unit), f.label))
}

// figuresUI renders the four figures of the recommended option; pick changes
// what the cost is stated per.
func figuresUI(s *Sizing, pick func(app.Context, string)) app.UI {
	o := s.Best()
	if o == nil {
		return nil
	}
	figs := []figure{gpusFigure(s, o), latencyFigure(s, o), costFigure(s, o), powerFigure(s, o)}
	var body []app.UI
	for _, f := range figs {
		f.open = s.State.Open
		if f.id == "cost" && o.Priced {
			f.pick = costPick(s, pick)
		}
		body = append(body, f.ui())
	}
	return node("div", "kpis", body...)
}

func approx(s *Sizing) string {
	if s.Final {
		return ""
	}
	return "≈"
}

func gpusFigure(s *Sizing, o *fleet.Option) figure {
	per := o.Layout.GPUs()
	line := mark("needed-gpus", units.Count(float64(o.ReplicasNeeded*per))) + " + " + mark("spare-gpus", units.Count(float64(o.ReplicasSpare*per))) + " spare"
	if o.ReplicasSpare == 0 {
		line = "no spare"
	}
	if n := o.Pipeline.GPUs; n > 0 {
		line += " · " + mark("pipeline-gpus", units.Count(float64(n))) + " more before the model"
	}
	if o.Nodes > 0 {
		line += " · " + mark("nodes", plural(o.Nodes, "node"))
	}
	kind, word := tierKind(o.Tier)
	f := figure{id: "gpus", label: "GPUs", ref: "gpus", number: approx(s) + units.Count(float64(o.GPUs)), unit: gpuName(o.GPU),
		line: line, kind: kind, tier: word + " · " + countBand(o)}
	if s.Req.Demand.Kind == fleet.InFlight {
		f.limit, f.note = -1, mark("per-replica-in-flight", units.Sig(o.InFlight, 3))+" in flight per replica"
		return f.nearCliff(s, o)
	}
	f.fill, f.limit = load(o), s.Req.Posture.Utilization
	f.note = mark("load", units.Percent(f.fill)) + " loaded, limit " + mark("peak-load", units.Percent(f.limit))
	return f.nearCliff(s, o)
}

// nearCliff says so where a little more demand needs one more replica, and that
// is much of the fleet.
func (f figure) nearCliff(s *Sizing, o *fleet.Option) figure {
	if room := cliffRoom(s, o); room >= 0 && room < nearCliff && steep(o) {
		f.note = "Close to a cliff: " + mark("cliff", nobreak(units.Percent(units.Round(room, 2)))) + " more demand needs " + mark("gpus-per-replica", plural(o.Layout.GPUs(), "more GPU"))
	}
	return f
}

// steep reports whether one more replica adds a tenth to the fleet or more: the
// next GPU of many is no cliff.
func steep(o *fleet.Option) bool { return 10*o.Layout.GPUs() >= o.GPUs }

// cliffRoom is how much the demand may grow, as a share, until the needed
// replicas are not enough.
func cliffRoom(s *Sizing, o *fleet.Option) float64 {
	p, holds, want := &s.Req.Posture, o.ReplicaRate, o.DemandReqPerS
	if s.Req.Demand.Kind == fleet.InFlight {
		holds, want = o.MaxInFlight, s.Req.Demand.InFlight*math.Pow(1+p.Growth, float64(p.Years))
	}
	if !(holds > 0 && want > 0) {
		return math.NaN()
	}
	return float64(o.ReplicasNeeded)*p.Utilization*holds/want - 1
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
		return mark("gpus-low", units.Count(o.GPURange.Low)) + "–" + mark("gpus-high", units.Count(o.GPURange.High)) + " in error band"
	}
	return "same count in error band"
}

func latencyFigure(s *Sizing, o *fleet.Option) figure {
	t := s.Req.Targets
	word := percentileWord(t.Percentile)
	ref, label, have, want, band := "ttft", "TTFT "+word, o.At.TTFT.At(t.Percentile), t.TTFT, o.TTFTRange
	switch {
	case t.TTFT > 0:
	case t.E2E > 0:
		ref, label, have, want, band = "e2e", "Whole answer "+word, o.At.E2E.At(t.Percentile), t.E2E, fleet.Range{}
	case t.ITL > 0 && o.At.ITL.At(t.Percentile) > 0:
		ref, label, have, want, band = "itl", "Per token "+word, o.At.ITL.At(t.Percentile), t.ITL, o.ITLRange
	}
	number, unit := units.Seconds(have, 2)
	f := figure{id: "ttft", label: label, ref: ref, number: approx(s) + number, unit: unit, line: "no target", limit: -1, note: "at the planned peak"}
	if want > 0 {
		f.line = mark(ref+"-margin", units.Duration(want-have, 2)) + " inside the target"
		f.fill, f.limit = have/want, 1
		f.note = mark(ref+"-share", units.Percent(have/want)) + " of target " + mark(ref+"-target", units.Duration(want, 3))
		if have > want {
			f.line = mark(ref+"-margin", units.Duration(have-want, 2)) + " over the target"
		}
	}
	if before := o.Pipeline.Ahead; before > 0 && want > 0 && ref != "itl" {
		number, unit := units.Seconds(have+before, 2)
		f.ref, f.number, f.unit = ref+"-whole", approx(s)+number, unit
		f.line = mark("time-ahead", units.Duration(before, 2)) + " before the model, " + mark(ref, units.Duration(have, 2)) + " in it"
		f.fill = (have + before) / want
		f.note = mark(ref+"-whole-share", units.Percent(f.fill)) + " of target " + mark(ref+"-target", units.Duration(want, 3))
	}
	kind, tier := tierKind(o.Tier)
	f.kind, f.tier = kind, join(" · ", tier, bandText(ref, band, have))
	return f
}

// bandText is the error band of a latency: ± around it while that reads well,
// else the range.
func bandText(ref string, r fleet.Range, mid float64) string {
	if !(r.High > r.Low) || !(mid > 0) {
		return ""
	}
	if (r.High-r.Low)/2/mid <= 0.5 {
		return mark(ref+"-spread", spread(r, mid))
	}
	low, unit := units.Seconds(r.Low, 2)
	high, same := units.Seconds(r.High, 2)
	if unit == same {
		return mark(ref+"-low", low) + "–" + mark(ref+"-high", high+" "+unit)
	}
	return mark(ref+"-low", low+" "+unit) + "–" + mark(ref+"-high", high+" "+same)
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
	f.ref, f.number, f.unit = "kw", approx(s)+units.SigFixed(o.KW, 2), "kW"
	f.line = "at the wall"
	if rate := s.Now().DemandReqPerS; rate > 0 {
		f.line = mark("kwh-per-thousand", units.Sig(o.KW/rate/3.6, 2)) + " kWh / 1,000 req"
	}
	f.fill, f.limit = o.KW/rackKW, 1
	f.note = mark("rack-share", units.Percent(o.KW/rackKW)) + " of one 10 kW rack"
	if o.KW > rackKW {
		f.fill = 1
		f.note = mark("racks", units.Sig(o.KW/rackKW, 2)) + " racks of 10 kW"
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
