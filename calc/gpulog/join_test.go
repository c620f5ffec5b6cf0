package gpulog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fleetsize/calc/bench"
)

// flat is a log of a GPU at a steady power from one time to another, every
// second, by a clock of its own.
func flat(from, to string, watts float64, busy int) string {
	a, _ := time.Parse(time.DateTime, from)
	b, _ := time.Parse(time.DateTime, to)
	var out strings.Builder
	out.WriteString("timestamp, index, power.draw [W], utilization.gpu [%]\n")
	for t := a; !t.After(b); t = t.Add(time.Second) {
		fmt.Fprintf(&out, "%s, 0, %.2f W, %d %%\n", t.Format("2006/01/02 15:04:05.000"), watts, busy)
	}
	return out.String()
}

// A log in the zone of Kathmandu around a run of 20 s.
func TestJoin(t *testing.T) {
	d := report(10, 20)
	l := parse(t, flat("2026-03-10 15:44:50", "2026-03-10 15:45:40", 500, 90), "")
	for range 2 { // the second time over what is there
		if err := Join(d, l, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	p := d.Phases[0].Power
	if p == nil || d.PowerLog == nil || d.PowerLog.Zone != "+05:45" || d.PowerLog.ZoneFrom != "found" || *d.PowerLog.IntervalS != 1 {
		t.Fatalf("%+v, %+v", p, d.PowerLog)
	}
	for name, x := range map[string]struct {
		got  *float64
		want float64
	}{
		"mean": {p.MeanW, 500}, "peak": {p.PeakW, 500}, "energy": {p.EnergyJ, 10_000}, "J a token out": {p.JoulePerOutput, 10}, "J a token": {p.JoulePerToken, 2.5},
		"tokens a J": {p.OutputPerJoule, 0.1}, "J a request": {p.JoulePerRequest, 1000}, "busy": {p.Utilization, 0.9}, "covered": {p.Covered, 1},
	} {
		if x.got == nil || !near(*x.got, x.want) {
			t.Errorf("%s: %v, want %g", name, x.got, x.want)
		}
	}
	if p.TemperatureC != nil || p.MemoryBytes != nil || p.Slowed != nil || p.LimitW != nil {
		t.Errorf("what the log has no column for is %+v", p)
	}
	if len(d.Phases[0].Warnings) != 0 || len(d.Warnings) != 1 || d.Warnings[0].Code != "power_scope" {
		t.Errorf("warnings %v, %v", d.Phases[0].Warnings, d.Warnings)
	}
	data, err := d.Encode()
	if err != nil || !strings.Contains(string(data), `"joule_per_output_token": 10`) || !strings.Contains(string(data), `"temperature_c": null`) {
		t.Errorf("%v: %s", err, data)
	}
}

func codes(list []bench.Warning) string {
	var out []string
	for _, w := range list {
		out = append(out, w.Code)
	}
	return strings.Join(out, " ")
}

func TestJoinDoubts(t *testing.T) {
	utc := Zone(0)
	hour := flat("2026-03-10 09:00:00", "2026-03-10 12:00:00", 100, 50)
	two := strings.ReplaceAll(flat("2026-03-10 10:00:00", "2026-03-10 10:00:40", 100, 50), ", 0, ", ", 3, ")
	two += strings.SplitN(flat("2026-03-10 10:00:00", "2026-03-10 10:00:40", 60, 0), "\n", 2)[1]
	for _, c := range []struct {
		name, log  string
		o          Options
		err        string
		watts      float64
		doc, phase string
	}{
		{"several zones fit", hour, Options{}, "several time zones (+00:00, +01:00, -01:00)", 0, "", ""},
		{"the zone given", hour, Options{Zone: &utc}, "", 100, "power_scope", ""},
		{"another day", flat("2026-03-12 10:00:00", "2026-03-12 10:01:00", 1, 1), Options{}, "do not overlap in no time zone: the log runs from 2026-03-12 10:00:00", 0, "", ""},
		{"the wrong zone", flat("2026-03-10 10:00:00", "2026-03-10 10:01:00", 1, 1), Options{Zone: zone(60)}, "in the zone +01:00", 0, "", ""},
		{"no times", "index, power.draw [W]\n0, 5 W\n", Options{}, "add timestamp", 0, "", ""},
		{"the end is missing", flat("2026-03-10 10:00:00", "2026-03-10 10:00:24", 100, 50), Options{}, "", 100, "power_scope", "power_coverage"},
		{"an idle GPU beside it", two, Options{}, "", 100, "power_scope power_idle", ""},
		{"nothing ran", flat("2026-03-10 10:00:00", "2026-03-10 10:00:40", 100, 0), Options{}, "", 100, "power_scope", "power_idle"},
		{"clocks apart", flat("2026-03-10 10:05:00", "2026-03-10 10:05:40", 100, 50), Options{Shift: 300}, "", 100, "power_scope", ""},
	} {
		d := report(10, 20)
		err := Join(d, parse(t, c.log, ""), c.o)
		switch p := d.Phases[0].Power; {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) || p != nil || d.PowerLog != nil {
				t.Errorf("%s: %v, want %q", c.name, err, c.err)
			}
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case p == nil || p.MeanW == nil || !near(*p.MeanW, c.watts):
			t.Errorf("%s: power %+v", c.name, p)
		case codes(d.Warnings) != c.doc || codes(d.Phases[0].Warnings) != c.phase:
			t.Errorf("%s: warnings %q, %q; want %q, %q", c.name, codes(d.Warnings), codes(d.Phases[0].Warnings), c.doc, c.phase)
		}
	}
	d := report(10, 20)
	d.Started = nil
	if err := Join(d, parse(t, hour, ""), Options{}); err == nil || !strings.Contains(err.Error(), "does not say when it started") {
		t.Error(err)
	}
}

func zone(minutes int) *Zone { z := Zone(minutes); return &z }

func TestParseZone(t *testing.T) {
	for text, want := range map[string]string{"+02:00": "+02:00", "-5": "-05:00", "+0530": "+05:30", "utc": "+00:00", "Z": "+00:00", "+14": "+14:00", "-12:00": "-12:00", "-00:30": "-00:30"} {
		if z, err := ParseZone(text); err != nil || z.String() != want {
			t.Errorf("%q is %v, %v; want %s", text, z, err, want)
		}
	}
	for _, text := range []string{"", "2", "+15", "-12:30", "+1:75", "CET", "+", "+:30", "+1:", "+99999"} {
		if z, err := ParseZone(text); err == nil {
			t.Errorf("%q is %s", text, z)
		}
	}
}

// A log of another time leaves what was joined before as it was; the zone of
// one that fits is the same alone.
func TestJoinOtherLog(t *testing.T) {
	d := report(10, 20)
	l := parse(t, flat("2026-03-10 15:44:50", "2026-03-10 15:45:40", 500, 90), "")
	if z, err := ZoneOf(d, l); err != nil || z.String() != "+05:45" {
		t.Errorf("zone %v, %v", z, err)
	}
	if err := Join(d, l, Options{}); err != nil {
		t.Fatal(err)
	}
	before, _ := d.Encode()
	other, utc := parse(t, flat("2026-03-12 15:44:50", "2026-03-12 15:45:40", 700, 90), ""), Zone(0)
	for _, o := range []Options{{}, {Zone: &utc}} {
		if err := Join(d, other, o); err == nil {
			t.Errorf("a log of two days later is laid over the report by %+v", o)
		}
	}
	if after, _ := d.Encode(); string(after) != string(before) {
		t.Errorf("a log that does not fit changed the report to %s", after)
	}
	if z, err := ZoneOf(d, other); err == nil {
		t.Errorf("its zone is %v", z)
	}
}
