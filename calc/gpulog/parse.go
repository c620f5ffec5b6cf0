package gpulog

import (
	"bytes"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Bounds of one log.
const (
	MaxBytes = 64 << 20
	maxGPUs  = 128
)

// A FormatError says why a file is no log that can be read.
type FormatError struct{ Text string }

func (e *FormatError) Error() string { return e.Text }

func formatError(format string, args ...any) error {
	return &FormatError{fmt.Sprintf(format, args...)}
}

// Recognize reports whether a file begins like a log of nvidia-smi.
func Recognize(data []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 4096)], []byte("\ufeff"))), []byte("\n"))
	_, n := columnsOf(string(line))
	_, of := dmonHeading(string(line))
	return n >= 2 || of >= 2
}

// Parse reads a log. query is what --query-gpu was given, for a log that was
// written with noheader; else "". A file that is no such log, or in which no
// line can be read, is a *FormatError.
func Parse(data []byte, query string) (Log, error) {
	if len(data) > MaxBytes {
		return Log{}, formatError("the log has %d MB; at most %d MB are read", len(data)>>20, MaxBytes>>20)
	}
	text := string(bytes.TrimPrefix(data, []byte("\ufeff")))
	var r reader
	r.byID = map[string]int{}
	if query != "" {
		n := 0
		if r.columns, n = columnsOf(query); n == 0 {
			return Log{}, formatError("-query %q names no column of nvidia-smi that is read: give what --query-gpu had, for example timestamp,index,power.draw,utilization.gpu", query)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if line[0] == '#' {
			if c, n := dmonHeading(line); n >= 2 && query == "" {
				r.columns, r.dmon = c, true
			}
			continue
		}
		if r.dmon {
			line = r.dmonLine(line)
		}
		// The heading stands first, and again where logs were put together.
		if c, n := columnsOf(line); n >= 2 || n == 1 && r.columns == nil {
			if query == "" {
				r.columns, r.dmon = c, false
			}
			continue
		}
		if r.columns == nil {
			return Log{}, formatError("this is no log of nvidia-smi with a heading: write it with --query-gpu=timestamp,index,power.draw,… --format=csv, or name the columns of one without heading")
		}
		r.read(line)
	}
	return r.log()
}

// column reads one cell into a sample; text is neither empty nor marked as
// missing.
type column func(s *Sample, text string) bool

// watts is the board's power, the average of the last second on newer devices.
var watts = number("w", 1, 0, 1e5, func(s *Sample) *float64 { return &s.Watts })

// columns are the names of --query-gpu that are read, those that older drivers
// had included.
var columns = map[string]column{
	"timestamp":          func(s *Sample, t string) bool { x, ok := clock(t); s.At = x; return ok },
	"power.draw":         watts,
	"power.draw.average": watts,
	"power.draw.instant": instant,
	"power.limit":        number("w", 1, 0, 1e5, func(s *Sample) *float64 { return &s.Limit }),
	"utilization.gpu":    number("%", 0.01, 0, 100, func(s *Sample) *float64 { return &s.Busy }),
	"utilization.memory": number("%", 0.01, 0, 100, func(s *Sample) *float64 { return &s.MemBusy }),
	"memory.used":        number("mib", 1<<20, 0, 1e9, func(s *Sample) *float64 { return &s.Used }),
	"memory.total":       number("mib", 1<<20, 0, 1e9, func(s *Sample) *float64 { return &s.Total }),
	"temperature.gpu":    number("c", 1, -100, 300, func(s *Sample) *float64 { return &s.Temp }),
	"temperature.memory": number("c", 1, -100, 300, func(s *Sample) *float64 { return &s.MemTemp }),
	"clocks.sm":          number("mhz", 1e6, 0, 1e5, func(s *Sample) *float64 { return &s.SMClock }),
	"reasons.active":     mask,

	"reasons.sw_power_cap":            flagged(powerCap),
	"reasons.hw_slowdown":             flagged(hardware),
	"reasons.sw_thermal_slowdown":     flagged(softThermal),
	"reasons.hw_thermal_slowdown":     flagged(hardThermal),
	"reasons.hw_power_brake_slowdown": flagged(powerBrake),

	// Who it is about; read apart.
	"index": nil, "name": nil, "uuid": nil, "pci.bus_id": nil,
}

// other names of columns.
var alias = map[string]string{
	"enforced.power.limit": "power.limit", "clocks.current.sm": "clocks.sm", "gpu_name": "name", "gpu_uuid": "uuid", "gpu_bus_id": "pci.bus_id",
	"temperature": "temperature.gpu", "gpu_index": "index",
}

// columnsOf reads a heading; n is how many of its columns are known.
func columnsOf(line string) (names []string, n int) {
	for part := range strings.SplitSeq(line, ",") {
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), " ")
		name = strings.Trim(name, `"'`)
		for _, prefix := range []string{"clocks_event_reasons.", "clocks_throttle_reasons."} {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				name = "reasons." + rest
			}
		}
		if a, ok := alias[name]; ok {
			name = a
		}
		if _, ok := columns[name]; ok {
			n++
		}
		names = append(names, name)
	}
	return names, n
}

// missing reports whether a cell says that there is no reading: "[N/A]",
// "[Not Supported]", "[Unknown Error]", "ERR!".
func missing(text string) bool {
	t := strings.ToLower(text)
	return t == "" || t[0] == '[' || t == "n/a" || t == "nan" || t == "-" || t == "err!" || strings.HasPrefix(t, "not ") && t != "not active"
}

// number reads a figure with or without its unit, in [lo, hi].
func number(unit string, scale, lo, hi float64, at func(*Sample) *float64) column {
	return func(s *Sample, text string) bool {
		t := strings.ToLower(text)
		if rest, ok := strings.CutSuffix(t, unit); ok {
			t = strings.TrimSpace(rest)
		}
		x, err := strconv.ParseFloat(t, 64)
		if err != nil || !(x >= lo && x <= hi) {
			return false
		}
		*at(s) = x * scale
		return true
	}
}

// instant is the reading of the moment; the average is better where both are there.
func instant(s *Sample, text string) bool {
	if !math.IsNaN(s.Watts) {
		return true
	}
	return watts(s, text)
}

// mask is the hexadecimal mask of all reasons.
func mask(s *Sample, text string) bool {
	x, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(text), "0x"), 16, 63)
	if err != nil {
		return false
	}
	s.Reasons = max(s.Reasons, 0) | int64(x)
	return true
}

// flagged is a column of one reason: "Active" or "Not Active".
func flagged(bit int64) column {
	return func(s *Sample, text string) bool {
		switch strings.ToLower(text) {
		case "active":
			s.Reasons = max(s.Reasons, 0) | bit
		case "not active":
			s.Reasons = max(s.Reasons, 0)
		default:
			return false
		}
		return true
	}
}

// clock reads "2026/07/31 10:12:33.123".
func clock(text string) (float64, bool) {
	for _, layout := range []string{"2006/01/02 15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "20060102 15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return float64(t.UnixMilli()) / 1e3, true
		}
	}
	return math.NaN(), false
}

// reader collects lines.
type reader struct {
	columns []string
	out     Log
	dmon    bool           // columns of nvidia-smi dmon
	byID    map[string]int // place among out.GPUs
	last    float64        // time of the line before
	sweep   int            // devices since the last pause, for logs that do not name them
}

// read takes one line of data.
func (r *reader) read(line string) {
	r.out.Lines++
	s, id, name := blank(), map[string]string{}, ""
	known := 0
	i := 0
	for cell := range strings.SplitSeq(line, ",") {
		if i >= len(r.columns) {
			break
		}
		c := r.columns[i]
		i++
		cell = strings.Trim(strings.TrimSpace(cell), `"`)
		read, ok := columns[c]
		switch {
		case !ok || missing(cell):
		case read != nil:
			if read(&s, cell) && c != "timestamp" {
				known++
			}
		case c == "name":
			name = cell
		default:
			id[c] = cell
		}
	}
	timed := !math.IsNaN(s.At)
	if known == 0 || r.out.Timed && !timed {
		r.out.Skipped++
		return
	}
	if !timed {
		s.At = float64(r.out.Lines)
	}
	// Logs of several machines put together have an index twice, and a UUID or a
	// bus id that tells whose it is.
	who, shown := "", ""
	for _, c := range []string{"index", "uuid", "pci.bus_id"} {
		who += id[c] + ","
		if shown == "" {
			shown = id[c]
		}
	}
	if shown == "" {
		who = r.unnamed(s.At, timed)
		shown = who
	}
	at, ok := r.byID[who]
	if !ok {
		if len(r.out.GPUs) == maxGPUs {
			r.out.Skipped++
			return
		}
		at = len(r.out.GPUs)
		r.byID[who] = at
		for _, g := range r.out.GPUs {
			if g.ID == shown {
				shown = strings.Trim(who, ",")
			}
		}
		r.out.GPUs = append(r.out.GPUs, GPU{ID: shown})
	}
	r.out.Timed = r.out.Timed || timed
	g := &r.out.GPUs[at]
	if g.Name == "" {
		g.Name = name
	}
	g.Samples = append(g.Samples, s)
}

// sweepSeconds is how far apart lines of one sweep over the devices are at
// most. nvidia-smi takes a few milliseconds for each.
const sweepSeconds = 0.05

// unnamed tells devices apart that the log does not name: lines that follow at
// once belong to the next device.
func (r *reader) unnamed(at float64, timed bool) string {
	if timed && r.sweep > 0 && math.Abs(at-r.last) < sweepSeconds {
		r.sweep++
	} else {
		r.sweep = 1
	}
	r.last = at
	return strconv.Itoa(r.sweep - 1)
}

// log is what was read.
func (r *reader) log() (Log, error) {
	if len(r.out.GPUs) == 0 {
		if r.out.Lines == 0 {
			return Log{}, formatError("the log of nvidia-smi has no lines of data")
		}
		return Log{}, formatError("none of the %d lines of the log could be read: power.draw, utilization.gpu or memory.used must have a number", r.out.Lines)
	}
	l := r.out
	sort.SliceStable(l.GPUs, func(i, j int) bool {
		a, err := strconv.Atoi(l.GPUs[i].ID)
		b, bad := strconv.Atoi(l.GPUs[j].ID)
		return err == nil && bad == nil && a < b
	})
	for i := range l.GPUs {
		s := l.GPUs[i].Samples
		sort.SliceStable(s, func(a, b int) bool { return s[a].At < s[b].At })
	}
	return l, nil
}
