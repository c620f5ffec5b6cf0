package gpulog

import (
	"fmt"
	"math"
	"strings"
	"time"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// Options say how the clocks of a log and of a report belong together.
type Options struct {
	Zone  *Zone   // of the log's clock; nil = found where only one fits
	Shift float64 // seconds by which the log's clock is ahead of the client's
}

// Prefix begins the codes of the warnings of this package.
const Prefix = "power_"

// few is the coverage below which a phase has no figures, and partly that below
// which it has a warning.
const few, partly = 0.5, 0.9

// Join lays a log over a report: every phase whose window the log covers gets
// what the accelerators drew, how busy they were, and the energy of a token.
// What was joined before is replaced. An error leaves the report as it was and says what is missing: a time in
// the log or the report, or clocks that cannot be brought together.
func Join(d *bench.Document, l Log, o Options) error {
	w, err := windows(d, &l, o.Shift)
	if err != nil {
		return err
	}
	zone, from := o.Zone, "given"
	if zone == nil {
		from = "found"
		if zone, err = findZone(&l, w); err != nil {
			return err
		}
	}
	off := zone.Seconds()
	used, left := l.busy(w, off)
	sums, covered := make([]Use, len(w)), false
	for i, x := range w {
		sums[i] = used.Over(x.from+off, x.to+off)
		covered = covered || sums[i].known()
	}
	if !covered {
		return apart(&l, w, zone)
	}
	log := bench.PowerLog{Tool: "nvidia-smi", GPUs: Named(used.GPUs), LeftOut: Named(left), Zone: zone.String(), ZoneFrom: from, ShiftS: units.Round(o.Shift, 6)}
	log.IntervalS = figure(used.Interval())
	d.PowerLog = &log
	d.Define(bench.PowerDefinitions())
	d.Warnings = clean(d.Warnings)
	for i, x := range w {
		p := &d.Phases[x.phase]
		p.Power, p.Warnings = nil, clean(p.Warnings)
		u := sums[i]
		if !u.known() {
			warn(&p.Warnings, "coverage", "The power log covers %s of this phase: it has no power figures.", units.Percent(units.Round(max(u.Covered, 0), 2)))
			continue
		}
		p.Power = powerDoc(p, &u)
		doubts(p, &u)
	}
	warn(&d.Warnings, "scope", "Power is the accelerator boards' own reading, of which NVIDIA states ±5 %%; server, network and cooling come on top.")
	if len(left) > 0 {
		warn(&d.Warnings, "idle", "%s of the power log did nothing in any phase and %s not counted: %s.", units.Count(float64(len(left)))+" of "+units.Count(float64(len(l.GPUs)))+" GPUs", isAre(len(left)), ids(left))
	}
	if on := d.Setup.Deployment; on != nil && on.GPUs > 0 && on.GPUs != len(used.GPUs) {
		warn(&d.Warnings, "count", "The report is about %d GPUs, and %d of the power log are counted.", on.GPUs, len(used.GPUs))
	}
	return nil
}

// window is the time of a phase on the client's clock, in seconds since 1970.
type window struct {
	phase    int
	from, to float64
}

// windows are those of the report's phases; the error says why the log cannot
// be laid over any.
func windows(d *bench.Document, l *Log, shift float64) (list []window, err error) {
	if !l.Timed {
		return nil, formatError("the lines of the log carry no time, so it cannot be laid over a report: add timestamp to --query-gpu, or -o DT to dmon")
	}
	started := ""
	if d.Started != nil {
		started = *d.Started
	}
	t, err := time.Parse(time.RFC3339, started)
	if err != nil {
		return nil, formatError("the report does not say when it started (%q), so the log cannot be laid over it", started)
	}
	start := float64(t.UnixMilli())/1e3 + shift
	for i := range d.Phases {
		p := &d.Phases[i]
		if p.StartS == nil || p.WindowS == nil || !(*p.WindowS > 0) || !(*p.StartS >= 0) || *p.WindowS > 1e8 || *p.StartS > 1e8 {
			continue
		}
		from := start + *p.StartS
		list = append(list, window{i, from, from + *p.WindowS})
	}
	if len(list) == 0 {
		return nil, formatError("the report has no phase with a window")
	}
	return list, nil
}

// ZoneOf finds the one time zone in which the log can be that of the report's
// run; the error says why there is none, or which there are.
func ZoneOf(d *bench.Document, l Log) (*Zone, error) {
	w, err := windows(d, &l, 0)
	if err != nil {
		return nil, err
	}
	return findZone(&l, w)
}

// busy splits the devices into those that did something in a window, or of which
// that is not known, and the rest. Where none did, all are kept.
func (l *Log) busy(w []window, off float64) (used Log, left []GPU) {
	used = *l
	used.GPUs = nil
	for _, g := range l.GPUs {
		one := Log{GPUs: []GPU{g}}
		most := math.NaN()
		for _, x := range w {
			most = larger(most, one.Over(x.from+off, x.to+off).Busy)
		}
		if most < 0.005 {
			left = append(left, g)
		} else {
			used.GPUs = append(used.GPUs, g)
		}
	}
	if len(used.GPUs) == 0 {
		return *l, nil
	}
	return used, left
}

// Doc is a use as reports have it, without figures per token.
func (u *Use) Doc() bench.PowerDoc {
	return bench.PowerDoc{
		GPUs: u.GPUs, Samples: u.Samples, Covered: figure(u.Covered), MeanW: figure(u.Watts), PeakW: figure(u.Peak), EnergyJ: figure(u.Joules),
		LimitW: figure(u.Limit), Utilization: figure(u.Busy), MemoryUtilization: figure(u.MemBusy), MemoryBytes: figure(u.Used), MemoryShare: figure(u.Share),
		TemperatureC: figure(u.Temp), SMClockMHz: figure(u.SMClock / 1e6), Slowed: figure(u.Slowed),
		ByPowerLimit: figure(u.PowerCap), ByTemperature: figure(u.Heat), ByBoard: figure(u.Brake),
	}
}

// powerDoc is the use of a phase's window with what a token took.
func powerDoc(p *bench.PhaseDoc, u *Use) *bench.PowerDoc {
	d := u.Doc()
	per := func(rates ...*float64) *float64 {
		sum := 0.0
		for _, r := range rates {
			if r == nil || !(*r > 0) {
				return nil
			}
			sum += *r
		}
		return figure(u.Watts / sum)
	}
	d.JoulePerOutput, d.JoulePerToken, d.JoulePerRequest = per(p.OutputTokPerS), per(p.OutputTokPerS, p.InputTokPerS), per(p.RequestPerS)
	if x := d.JoulePerOutput; x != nil && *x > 0 {
		d.OutputPerJoule = figure(1 / *x)
	}
	return &d
}

// doubts are what weakens the figures of a phase, and what slowed the GPUs.
func doubts(p *bench.PhaseDoc, u *Use) {
	pc := func(x float64) string { return units.Percent(units.Round(x, 2)) }
	if u.Covered < partly {
		warn(&p.Warnings, "coverage", "The power log covers %s of this phase; the rest is taken to be alike.", pc(u.Covered))
	}
	if n := u.Samples / max(1, u.GPUs); n < 10 {
		warn(&p.Warnings, "samples", "Only %d readings of each GPU fall into this phase: log more often, or measure longer.", n)
	}
	if u.Busy < 0.05 {
		warn(&p.Warnings, "idle", "The GPUs were busy for %s of this phase: the log may be of another machine, or the clocks apart.", pc(u.Busy))
	}
	for _, r := range []struct {
		share float64
		what  string
	}{{u.PowerCap, "The power limit"}, {u.Heat, "Temperature"}, {u.Brake, "The board or its power supply"}} {
		if r.share >= 0.05 {
			warn(&p.Warnings, "held", "%s held the clocks back in %s of the readings.", r.what, pc(r.share))
		}
	}
}

func warn(list *[]bench.Warning, code, format string, args ...any) {
	*list = append(*list, bench.Warning{Code: Prefix + code, Text: fmt.Sprintf(format, args...)})
}

// clean takes out what was joined before.
func clean(list []bench.Warning) []bench.Warning {
	out := []bench.Warning{}
	for _, w := range list {
		if !strings.HasPrefix(w.Code, Prefix) {
			out = append(out, w)
		}
	}
	return out
}

// Named are accelerators as reports have them.
func Named(list []GPU) []bench.PowerGPU {
	out := []bench.PowerGPU{}
	for _, g := range list {
		x := bench.PowerGPU{ID: g.ID}
		if g.Name != "" {
			x.Name = &g.Name
		}
		out = append(out, x)
	}
	return out
}

func ids(list []GPU) string {
	var out []string
	for _, g := range list {
		out = append(out, g.ID)
	}
	return strings.Join(out, ", ")
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// figure is a number of a report, null where it is not known.
func figure(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = units.Round(x, 6)
	return &x
}
