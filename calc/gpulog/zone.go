package gpulog

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Zone is how far a clock is ahead of UTC, in minutes: from −12 h to +14 h.
type Zone int

// Seconds is the zone in seconds.
func (z Zone) Seconds() float64 { return float64(z) * 60 }

// String is the zone as times have it: "+05:30".
func (z Zone) String() string {
	sign, m := "+", int(z)
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%02d:%02d", sign, m/60, m%60)
}

// ParseZone reads "+02:00", "-5", "+0530", "Z" or "UTC".
func ParseZone(text string) (Zone, error) {
	bad := fmt.Errorf("%q is no zone: write how far the log's clock is ahead of UTC, for example +02:00, -05:30 or UTC", text)
	t := strings.ToUpper(strings.TrimSpace(text))
	if t == "Z" || t == "UTC" || t == "GMT" {
		return 0, nil
	}
	if t == "" || t[0] != '+' && t[0] != '-' {
		return 0, bad
	}
	h, m, colon := strings.Cut(t[1:], ":")
	if !colon && len(h) == 4 {
		h, m = h[:2], h[2:]
	}
	if m == "" && !colon {
		m = "0"
	}
	hours, err := strconv.ParseUint(h, 10, 8)
	minutes, err2 := strconv.ParseUint(m, 10, 8)
	z := Zone(hours*60 + minutes)
	if err != nil || err2 != nil || minutes > 59 || z > 14*60 {
		return 0, bad
	}
	if t[0] == '-' {
		z = -z
	}
	if z < -12*60 {
		return 0, bad
	}
	return z, nil
}

// Zones are the offsets in use on Earth (IANA time zone database, 2025b),
// nearest to UTC first.
func Zones() []Zone {
	list := []Zone{0}
	for h := Zone(1); h <= 14; h++ {
		list = append(list, h*60)
		if h <= 12 {
			list = append(list, -h*60)
		}
	}
	return append(list, -9*60-30, -3*60-30, -2*60-30, 3*60+30, 4*60+30, 5*60+30, 5*60+45, 6*60+30, 8*60+45, 9*60+30, 10*60+30, 12*60+45, 13*60+45)
}

// findZone is the one zone in which the log covers the windows, fully or else
// in part.
func findZone(l *Log, w []window) (*Zone, error) {
	logFrom, logTo := l.Span()
	from, to := w[0].from, w[0].to
	for _, x := range w {
		from, to = min(from, x.from), max(to, x.to)
	}
	slack := max(2, 2*l.Interval())
	var whole, part []Zone
	for _, z := range Zones() {
		a, b := from+z.Seconds(), to+z.Seconds()
		switch {
		case logFrom-slack <= a && b <= logTo+slack:
			whole = append(whole, z)
		case logFrom < b && a < logTo:
			part = append(part, z)
		}
	}
	if len(whole) == 0 {
		whole = part
	}
	switch len(whole) {
	case 0:
		return nil, apart(l, w, nil)
	case 1:
		return &whole[0], nil
	}
	var names []string
	for _, z := range whole {
		names = append(names, z.String())
	}
	return nil, formatError("the log is so long that the run fits into it in several time zones (%s): say how far the log's clock is ahead of UTC (-zone), for example %s", strings.Join(names, ", "), names[0])
}

// apart says that log and report do not belong together.
func apart(l *Log, w []window, z *Zone) error {
	from, to := l.Span()
	last := w[0].to
	for _, x := range w {
		last = max(last, x.to)
	}
	in := "in no time zone"
	if z != nil {
		in = "in the zone " + z.String()
	}
	return formatError("the log and the report do not overlap %s: the log runs from %s to %s by its own clock, the run from %s to %s UTC", in, Moment(from), Moment(to), Moment(w[0].from), Moment(last))
}

// Moment is a time of a log as people read it.
func Moment(at float64) string {
	return time.UnixMilli(int64(at * 1e3)).UTC().Format("2006-01-02 15:04:05")
}
