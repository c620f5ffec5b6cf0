//go:build !js

package cli

import (
	"fmt"
	"slices"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/gpulog"
	"fleetsize/calc/importer"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// powerText is a report that a log was laid over.
func powerText(d *bench.Document) string {
	var b strings.Builder
	b.WriteString(powerTable(d))
	l := d.PowerLog
	fmt.Fprintf(&b, "\n%s, a reading every %s; its clock is at UTC%s (%s)", counted(l.GPUs), seconds(l.IntervalS), l.Zone, l.ZoneFrom)
	if l.ShiftS != 0 {
		fmt.Fprintf(&b, " and %s s ahead", units.Sig(l.ShiftS, 3))
	}
	b.WriteString(".\n" + ratedText(d))
	var notes []string
	for i := range d.Phases {
		notes = append(notes, powerNotes(d.Phases[i].Label+": ", d.Phases[i].Warnings)...)
	}
	notes = append(notes, powerNotes("", d.Warnings)...)
	if len(notes) > 0 {
		b.WriteString("\nNotes\n  " + strings.Join(notes, "\n  ") + "\n")
	}
	return b.String()
}

// powerTable is what the accelerators drew, phase by phase; "" for a report
// without a log.
func powerTable(d *bench.Document) string {
	t := table{right: []bool{false, true, true, true, true, true, true, true, true, true}}
	t.add("Load", "mean W", "peak W", "J/token out", "J/token", "out tok/J", "GPU busy", "memory", "°C", "held back")
	for i := range d.Phases {
		p := &d.Phases[i]
		w := p.Power
		if w == nil {
			if d.PowerLog == nil {
				continue
			}
			w = &bench.PowerDoc{}
		}
		t.add(p.Label, plainSig(w.MeanW), plainSig(w.PeakW), plainSig(w.JoulePerOutput), plainSig(w.JoulePerToken), plainSig(w.OutputPerJoule),
			percent(w.Utilization), percent(w.MemoryShare), plainSig(w.TemperatureC), percent(w.Slowed))
	}
	if len(t.rows) == 1 {
		return ""
	}
	return t.String()
}

// ratedText compares the mean draw with what the catalog has for the accelerator.
func ratedText(d *bench.Document) string {
	cat, err := catalog.Load()
	if err != nil {
		return ""
	}
	name := ""
	if on := d.Setup.Deployment; on != nil {
		name = on.GPU
	}
	for _, g := range d.PowerLog.GPUs {
		if name == "" && g.Name != nil {
			name = importer.Accelerator(*g.Name)
		}
	}
	g, ok := cat.GPU(name)
	if !ok || g.TDPWatts <= 0 {
		return ""
	}
	var most float64
	for i := range d.Phases {
		if w := d.Phases[i].Power; w != nil && w.MeanW != nil && w.GPUs > 0 {
			most = max(most, *w.MeanW/float64(w.GPUs))
		}
	}
	if most == 0 {
		return ""
	}
	return fmt.Sprintf("The busiest load drew %s W on each GPU, %s of the %s's rating of %s W, which sizings count in full.\n",
		units.Sig(most, 3), units.Percent(units.Round(most/g.TDPWatts, 2)), g.Short, units.Count(g.TDPWatts))
}

// powerNotes are the warnings about power.
func powerNotes(front string, list []bench.Warning) (out []string) {
	for _, w := range list {
		if strings.HasPrefix(w.Code, "power_") {
			out = append(out, front+w.Text)
		}
	}
	return out
}

// sumsText is a log without a report.
func sumsText(l *gpulog.Log) string {
	d := sums(l)
	t := table{right: []bool{false, false, true, true, true, true, true, true, true, true}}
	t.add("GPU", "name", "readings", "mean W", "peak W", "limit W", "busy", "memory", "°C", "held back")
	row := func(id, name string, w *powerSum) {
		t.add(id, name, units.Count(float64(w.Samples)), plainSig(w.MeanW), plainSig(w.PeakW), plainSig(w.LimitW), percent(w.Utilization), percent(w.MemoryShare), plainSig(w.TemperatureC), percent(w.Slowed))
	}
	for i := range d.GPUs {
		g, name := &d.GPUs[i], "–"
		if g.Name != nil {
			name = *g.Name
		}
		row(g.ID, name, &g.powerSum)
	}
	if len(d.GPUs) > 1 {
		row("all", "", d.Together)
	}
	text := t.String()
	if l.Timed {
		from, _ := l.Span()
		text += fmt.Sprintf("\n%s from %s by its own clock, a reading every %s", units.Duration(*d.SpanS, 3), gpulog.Moment(from), seconds(d.IntervalS))
		if e := d.Together.EnergyJ; e != nil {
			text += ", " + units.Sig(*e/3.6e6, 3) + " kWh"
		}
		text += ".\n"
	}
	return text + "Means are over the whole log, pauses of the load included: a REPORT.json beside it gives the energy of a token.\n"
}

// counted names the accelerators that are counted.
func counted(list []bench.PowerGPU) string {
	var names []string
	for _, g := range list {
		if g.Name != nil && !slices.Contains(names, *g.Name) {
			names = append(names, *g.Name)
		}
	}
	text := units.Count(float64(len(list))) + " GPU"
	if len(list) != 1 {
		text += "s"
	}
	if len(names) > 0 {
		text += " (" + strings.Join(names, ", ") + ")"
	}
	return text
}

func seconds(x *float64) string {
	if x == nil {
		return "–"
	}
	return units.Duration(*x, 3)
}

func percent(x *float64) string {
	if x == nil {
		return "–"
	}
	return units.Percent(units.Round(*x, 2))
}
