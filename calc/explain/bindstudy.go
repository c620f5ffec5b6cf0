package explain

import (
	"math"
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
)

// Studies are the answers beside the sizing that a view shows: what moves it,
// speed against output, hardware at hand, several workloads on one fleet, all
// accelerators side by side, and the options it is compared with. Numbers of a
// study that is missing have no explanation.
type Studies struct {
	Moves    *negotiate.Moves
	Pareto   *negotiate.Pareto
	Reverse  *negotiate.Reverse
	Mix      *negotiate.Mix
	Models   []negotiate.ModelFit
	Hardware []negotiate.HardwareRow
	Rows     []negotiate.ScenarioRow
	Others   map[string]*fleet.Option // options by small letter

	// Shown tells what a measured endpoint showed under the third part of a
	// reference; nil where nothing was measured.
	Shown func(arg string) (Shown, bool)
}

// Shown is a part of a measurement: what it is about, its figures by the names
// of the registry, where each is from, and how sure they are.
type Shown struct {
	About, Sure string
	Figures     map[string]float64
	Sources     map[string]string

	// Of seen_reply, a figure of a report that says itself what its figures
	// are: its title, what it is, and how it is shown.
	Title, What, Text string
}

// Studies tells the book what else was computed.
func (b *Book) Studies(s Studies) {
	b.studies = s
	clear(b.values)
}

// OfStudy reports whether an entry is about a number of a study.
func OfStudy(id string) bool {
	prefix, _, _ := strings.Cut(id, "_")
	switch prefix {
	case "move", "front", "hold", "mix", "side", "shape", "fit", "over", "less", "sooner", "seen":
		return true
	}
	return strings.HasPrefix(id, "other_option")
}

// figure is one number of a study.
type figure struct {
	v      float64
	source string
}

// of is the accelerator a number of a study is about, "" = the book's own, and
// whether it is of the closed form.
type subject struct {
	gpu     string
	preview bool
	figures map[string]figure
	named   string // what the number is about where that is no accelerator
	sure    string // how sure a measured number is
	shown   Shown
}

// numbered is the whole number of a reference, -1 where it is none.
func (b *Book) numbered(most int) int {
	if n := b.number(); n >= 0 && n == math.Trunc(n) && int(n) < most {
		return int(n)
	}
	return -1
}

// study is what the studies know under the reference in hand for the entries
// of a prefix; ok is false where they know nothing.
func (b *Book) study(id string) (s subject, ok bool) {
	prefix, _, _ := strings.Cut(id, "_")
	d := &b.studies
	switch prefix {
	case "move":
		return b.moved()
	case "front":
		return b.front()
	case "hold":
		return b.held()
	case "mix":
		return b.mixed(id)
	case "fit":
		for _, m := range d.Models {
			if m.Model == b.arg && m.Fits {
				return subject{gpu: m.GPU, preview: true, figures: map[string]figure{
					"fit_rate": {known(m.ReqPerS), ""}, "fit_in_flight": {known(m.ReqPerS), ""}, "fit_gpus": {float64(m.Layout.GPUs()), "layout " + m.Layout.String()},
				}}, true
			}
		}
	case "side":
		if a := strings.Split(b.arg, ":"); len(a) == 3 {
			return subject{gpu: a[1], figures: map[string]figure{
				"side_larger": {b.at(a[0], a[1]), "the same formula on one of the two"}, "side_smaller": {b.at(a[0], a[2]), "the same formula on the other"},
			}}, true
		}
		for i := range d.Hardware {
			if h := &d.Hardware[i]; h.GPU == b.arg && h.Viable {
				return b.side(h), true
			}
		}
	case "shape":
		if i := b.numbered(len(d.Rows)); i >= 0 && (d.Rows[i].On.Viable || d.Rows[i].Best.Viable) {
			return shape(&d.Rows[i]), true
		}
	case "seen":
		if d.Shown == nil {
			return s, false
		}
		m, ok := d.Shown(b.arg)
		if !ok {
			return s, false
		}
		s = subject{named: m.About, sure: m.Sure, preview: true, figures: map[string]figure{}, shown: m}
		for id, v := range m.Figures {
			s.figures[id] = figure{v, m.Sources[id]}
		}
		return s, true
	case "other":
		if o := d.Others[b.arg]; o != nil {
			return subject{figures: map[string]figure{
				"other_option_usd": {priced(o.USDPerMonth, o.Priced), "the same formula for option " + upperFirst(b.arg)},
				"other_option_e2e": {o.At.E2E.At(b.Req.Targets.Percentile), "the same formula for option " + upperFirst(b.arg)},
			}}, true
		}
	}
	return s, false
}

func priced(x float64, known bool) float64 {
	if !known {
		return math.NaN()
	}
	return x
}

// figureOf is leaf, and what a simulation returns, for the numbers of studies.
func (b *Book) figureOf(id string) (v float64, src Source, ok bool) {
	s, known := b.study(id)
	if !known {
		return 0, src, false
	}
	f, ok := s.figures[id]
	if !ok || math.IsInf(f.v, 0) {
		return math.NaN(), src, ok
	}
	src = Source{Origin: FromRule, Text: f.source}
	if s.named != "" {
		src.Origin = FromMeasurement
	}
	if f.source == "" {
		src = Source{Origin: FromSimulation, Text: "simulation of continuous batching, step by step"}
		if s.preview {
			src.Text = "closed form: a quick estimate"
		}
	}
	return f.v, src, true
}

// moved is what the tornado knows of one end: "in.lo" or "in.hi".
func (b *Book) moved() (s subject, ok bool) {
	input, end, _ := strings.Cut(b.arg, ".")
	m := b.studies.Moves
	if m == nil || m.GPU != b.Opt.GPU.ID {
		return s, false
	}
	if b.arg == "base" && m.Base.Viable {
		o := &m.Base
		return subject{figures: map[string]figure{"move_demand": {o.Demand, "demand sized for"}, "move_load": {o.Load, "peak load"}, "move_rate": {known(o.Rate), ""}, "move_gpus_each": {float64(o.PerReplica), "layout"}}}, true
	}
	for _, x := range m.Moves {
		o := x.High
		if end == "lo" {
			o = x.Low
		}
		if string(x.Input) != input || !o.Tried || end != "lo" && end != "hi" {
			continue
		}
		changed := "with " + Changed(x.Input) + " changed by 25 %"
		share := figure{o.Value/x.Now - 1, "smaller or larger by a quarter"}
		if !(x.Now > 0) {
			share = figure{o.Value, "a quarter of the prompt, where there was none"}
		}
		f := map[string]figure{
			"move_input": {o.Value, upperFirst(Changed(x.Input)) + " a quarter smaller or larger"}, "move_share": share,
			"move_room":  {float64(b.Opt.ReplicasNeeded*b.Opt.Layout.GPUs()) - m.Base.Exact, "GPUs of the needed replicas that the peak leaves idle"},
			"move_added": {o.Exact - m.Base.Exact, "GPUs before rounding up, then and now"},
		}
		if !o.Viable {
			return subject{figures: f}, true
		}
		for id, q := range map[string]figure{
			"move_demand": {o.Demand, changed}, "move_load": {o.Load, changed}, "move_rate": {known(o.Rate), ""},
			"move_gpus_each": {float64(o.PerReplica), "layout with the lowest cost, then the fewest GPUs, " + changed},
			"move_paid":      {float64(o.Paid), "the GPUs and those of spare servers and of stages before the model"},
			"move_usd_each":  {math.NaN(), "the bill of the fleet over its GPUs, " + changed},
		} {
			f[id] = q
		}
		if o.Priced && o.Paid > 0 {
			f["move_usd_each"] = figure{o.USD / float64(o.Paid), f["move_usd_each"].source}
		}
		return subject{figures: f}, true
	}
	return s, false
}

// movedUnit is the unit of an input of the tornado.
func (b *Book) movedUnit() unit {
	input, _, _ := strings.Cut(b.arg, ".")
	name := map[negotiate.Input]string{
		negotiate.InputPrompt: "tok", negotiate.InputAnswer: "tok", negotiate.InputReused: "%", negotiate.InputLoad: "%", negotiate.InputGrowth: "%",
		negotiate.InputTTFT: "s", negotiate.InputITL: "s", negotiate.InputE2E: "s", negotiate.InputPrice: "USD", negotiate.InputDemand: "req/s",
	}[negotiate.Input(input)]
	if name == "req/s" {
		switch {
		case b.applies["users"]:
			name = "people"
		case b.applies["day"], b.applies["flight"]:
			name = "requests"
		}
	}
	return unit{name, 3}
}

// Changed names an input of the tornado inside a sentence.
func Changed(x negotiate.Input) string {
	return map[negotiate.Input]string{
		negotiate.InputPrompt: "the prompt length", negotiate.InputAnswer: "the answer length", negotiate.InputReused: "prompt reuse", negotiate.InputDemand: "the demand",
		negotiate.InputTTFT: "the TTFT target", negotiate.InputITL: "the per-token target", negotiate.InputE2E: "the end-to-end target",
		negotiate.InputLoad: "the peak load", negotiate.InputGrowth: "growth", negotiate.InputPrice: "the price",
	}[x]
}

// at is the value of an entry under another reference.
func (b *Book) at(id, arg string) float64 {
	id, _, _ = Split(id)
	if !strings.HasPrefix(id, "side_") || strings.Contains(arg, ":") {
		return math.NaN()
	}
	here := b.arg
	b.arg = arg
	v := b.value(id)
	b.arg = here
	return v
}

// front is one point of speed against output: the accelerator, ":", and which
// of its points it is.
func (b *Book) front() (s subject, ok bool) {
	gpu, at, _ := strings.Cut(b.arg, ":")
	if b.studies.Pareto == nil {
		return s, false
	}
	if at == "" {
		speed, best, next := b.studies.Pareto.AtTarget(func(f *negotiate.Frontier) bool { return f.GPU == gpu })
		return subject{gpu: gpu, figures: map[string]figure{
			"front_at": {known(best), ""}, "front_next": {known(next), "the same curve of the next accelerator"}, "front_asked": {speed, "time-per-token target, else 20 tok/s"},
		}}, true
	}
	for _, f := range b.studies.Pareto.Frontiers {
		for i := range f.Points {
			q := &f.Points[i]
			if f.GPU != gpu || whole0(i) != at {
				continue
			}
			n := float64(max(1, q.Layout.GPUs()))
			return subject{gpu: gpu, figures: map[string]figure{
				"front_gpus": {n, "layout " + q.Layout.String()}, "front_in_flight": {float64(q.InFlight), "point of the curve"},
				"front_replica": {q.TokPerGPU * n, ""}, "front_itl": {known(q.ITL), ""},
			}}, true
		}
	}
	return s, false
}

// held is what a pool holds: its place in the list, or "t" for all pools.
func (b *Book) held() (s subject, ok bool) {
	r := b.studies.Reverse
	if r == nil || len(r.Pools) == 0 {
		return s, false
	}
	h := &r.Total
	if b.arg != "t" {
		i := b.numbered(len(r.Pools))
		if i < 0 {
			return s, false
		}
		h = &r.Pools[i]
	}
	of := "every replica of a pool takes the GPUs of its layout"
	if h.GPU != "" {
		of = whole0(h.Replicas) + " replicas of " + h.Layout.String()
	}
	given := "hardware at hand"
	if r.Best {
		given = "what the budget pays for"
	}
	n := float64(h.N)
	f := map[string]figure{
		"hold_gpus": {n, given}, "hold_used": {float64(h.N - h.Left - h.Ahead), of}, "hold_ahead": {float64(h.Ahead), "embedding and reranking"},
		"hold_replicas": {float64(h.Replicas), "whole replicas that fit the servers"}, "hold_spare": {float64(h.Spare), "spares asked for"},
		"hold_usd_each": {priced(h.USD/n, h.Priced), "the bill of one GPU under the same terms"}, "hold_in_flight": {known(h.Demand.InFlight), ""},
		"hold_rate": {known(h.Rate), ""}, "hold_whole": {known(h.ReqPerS), ""},
	}
	if g, ok := b.Req.Catalog.GPU(h.GPU); ok {
		f["hold_per_node"] = figure{float64(max(1, g.GPUsPerNode)), short(g) + " server"}
	}
	if len(r.Pools) > 1 && b.arg == "t" && !r.Best {
		first := r.Pools[0].ReqPerS
		f["hold_first"] = figure{first, "the same formula for the first pool"}
		f["hold_others"] = figure{h.ReqPerS - first, "the same formula for the other pools, added"}
	}
	return subject{gpu: h.GPU, preview: h.Preview, figures: f}, true
}

// mixed is one accelerator of a mix, or with a point a workload of it: "0.2".
func (b *Book) mixed(id string) (s subject, ok bool) {
	m := b.studies.Mix
	row, part, _ := strings.Cut(b.arg, ".")
	if m == nil {
		return s, false
	}
	if id == "mix_times" || id == "mix_share" {
		if i := b.numbered(len(m.Own)); i >= 0 {
			return subject{gpu: m.Own[i].GPU, figures: map[string]figure{"mix_times": {known(m.Own[i].Times), ""}}}, true
		}
		return s, false
	}
	for i := range m.Fleets {
		if whole0(i) != row {
			continue
		}
		f := &m.Fleets[i]
		w, shared := f.Best()
		way := "pools apart"
		if shared {
			way = "one shared pool"
		}
		n := float64(w.GPUs)
		out := map[string]figure{
			"mix_best": {known(n), way + ", the cheaper way"}, "mix_usd_each": {priced(w.USD/n, w.Priced), "the bill of " + way + " over its GPUs"}, "mix_kw_each": {priced(w.KW/n, w.Powered), "power at the wall of " + way + " over its GPUs"},
			"mix_pool_replicas": {known(float64(f.Pool.Replicas)), "the sizing of all workloads together"}, "mix_pool_each": {float64(f.Pool.Layout.GPUs()), "layout " + f.Pool.Layout.String()},
			"mix_apart_first": {math.NaN(), ""}, "mix_apart_others": {math.NaN(), ""},
		}
		if f.Apart.Viable && len(f.Parts) > 0 {
			first := f.Parts[0].GPUs
			out["mix_apart_first"] = figure{float64(first), "the sizing of " + f.Parts[0].Name + " alone"}
			out["mix_apart_others"] = figure{float64(f.Apart.GPUs - first), "the sizings of the other workloads, added"}
		}
		for k, p := range f.Parts {
			if whole0(k) == part {
				out["mix_part_replicas"] = figure{known(float64(p.Replicas)), "the sizing of " + p.Name + " alone"}
				out["mix_part_each"] = figure{float64(p.Layout.GPUs()), "layout " + p.Layout.String()}
			}
		}
		for k, c := range f.Classes {
			if whole0(k) == part {
				out["mix_ttft"], out["mix_itl"] = figure{known(c.TTFT), ""}, figure{known(c.ITL), ""}
			}
		}
		return subject{gpu: f.GPU, preview: f.Preview, figures: out}, true
	}
	return s, false
}

// side is one accelerator beside all others.
func (b *Book) side(h *negotiate.HardwareRow) subject {
	inverse := func(x float64) float64 { return known(1 / x) }
	return subject{gpu: h.GPU, preview: h.Preview, figures: map[string]figure{
		"side_rate": {known(h.ReqPerSPerGPU), ""}, "side_usd_hour": {known(h.USDPerGPUHour), "price of the accelerator with all that comes with it"},
		"side_rated": {known(h.OutputTokPerSPerGPU / h.TokPerSPerRatedW), "rated power of the accelerator, from the catalog"},
		"side_wall":  {known(h.OutputTokPerSPerGPU / h.TokPerSPerWallW), "rated power with its share of the server and of cooling"},
		"side_itl":   {inverse(h.SpeedMedian), ""}, "side_itl_slow": {inverse(h.SpeedSlow), ""},
		"side_ttft": {known(h.TTFTMedian), ""}, "side_ttft_slow": {known(h.TTFTSlow), ""},
	}}
}

// shape is one scenario of the set.
func shape(r *negotiate.ScenarioRow) subject {
	return subject{gpu: r.On.GPU, preview: r.On.Preview, figures: map[string]figure{
		"shape_replicas": {float64(r.On.Replicas), "the sizing of this shape"}, "shape_each": {float64(r.On.Layout.GPUs()), "layout " + r.On.Layout.String()},
		"shape_usd_each": {priced(r.On.USD/float64(max(1, r.On.GPUs)), r.On.Priced), "the bill of the fleet over its GPUs"},
		"shape_ttft":     {known(r.On.TTFT), ""}, "shape_itl": {known(r.On.ITL), ""}, "shape_output": {known(r.On.OutputTokPerSPerGPU), ""},
		"shape_best_replicas": {priced(float64(r.Best.Replicas), r.Best.Viable), "the sizing of this shape on " + r.Best.GPU}, "shape_best_each": {float64(r.Best.Layout.GPUs()), "layout " + r.Best.Layout.String()},
		"shape_best_usd_each": {priced(r.Best.USD/float64(max(1, r.Best.GPUs)), r.Best.Priced), "the bill of the fleet over its GPUs"},
		"shape_alone_ttft":    {known(r.AloneTTFT), ""}, "shape_alone_itl": {known(r.AloneITL), ""},
	}}
}

// whole0 writes a small whole number that is no less than 0.
func whole0(n int) string {
	if n >= 10 {
		return whole0(n/10) + whole0(n%10)
	}
	return string(rune('0' + n))
}

// sureOf says how sure a number of a study is: as sure as predictions for its
// accelerator are.
func (b *Book) sureOf(s subject) Sure {
	if s.sure != "" {
		return Sure{Text: s.sure}
	}
	if s.gpu == "" || s.gpu == b.Opt.GPU.ID {
		return Sure{Tier: b.Opt.Tier, Text: "as the sizing itself"}
	}
	if b.answer != nil && !s.preview {
		for i := range b.answer.Options {
			if o := &b.answer.Options[i]; o.GPU.ID == s.gpu {
				return Sure{Tier: o.Tier, Text: "as the sizing on that accelerator"}
			}
		}
	}
	if s.preview {
		return Sure{Text: "A quick estimate by the closed form"}
	}
	return Sure{Text: "As sure as the sizing on that accelerator"}
}
