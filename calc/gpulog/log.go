package gpulog

import "math"

// Log is what nvidia-smi wrote, device by device.
type Log struct {
	GPUs    []GPU
	Timed   bool // lines carry a time
	Lines   int  // of data
	Skipped int  // of them that could not be read
}

// GPU is one accelerator of a log.
type GPU struct {
	ID      string // index, UUID or bus id as the log has it, joined where two machines share an index; "0", "1" … in the order of lines without one
	Name    string // "NVIDIA H100 80GB HBM3", "" where the log has no name
	Samples []Sample
}

// Sample is one reading. What is not known is NaN; Reasons is -1 then.
type Sample struct {
	At      float64 // seconds since 1970 by the log's own clock, as if it were UTC; the number of the line where it has no time
	Watts   float64 // board power
	Limit   float64 // power limit, W
	Busy    float64 // share of time in which a kernel ran
	MemBusy float64 // share of time in which memory was read or written
	Used    float64 // memory, bytes
	Total   float64 // bytes
	Temp    float64 // °C
	MemTemp float64 // °C
	SMClock float64 // Hz
	Reasons int64   // bits of the event reasons
}

// blank is a reading of which nothing is known.
func blank() Sample {
	n := math.NaN()
	return Sample{At: n, Watts: n, Limit: n, Busy: n, MemBusy: n, Used: n, Total: n, Temp: n, MemTemp: n, SMClock: n, Reasons: -1}
}

// Bits of the event reasons, as NVML numbers them.
const (
	powerCap      = 0x04 // the power limit holds the clocks back
	hardware      = 0x08 // the board halves the clocks or worse
	softThermal   = 0x20 // temperature, held by the driver
	hardThermal   = 0x40 // temperature, held by the board
	powerBrake    = 0x80 // the power supply asks for less
	anySlow       = powerCap | hardware | softThermal | hardThermal | powerBrake
	anyHeat       = softThermal | hardThermal
	anyOtherBrake = hardware | powerBrake
)

// Span is the first and the last time of the log, in seconds as in Sample.At.
func (l *Log) Span() (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for i := range l.GPUs {
		if s := l.GPUs[i].Samples; len(s) > 0 {
			from, to = min(from, s[0].At), max(to, s[len(s)-1].At)
		}
	}
	return from, to
}

// Only keeps the accelerators of the ids, in the log's order; missing are those
// of the ids that the log has not.
func (l Log) Only(ids []string) (kept Log, missing []string) {
	want := map[string]bool{}
	for _, id := range ids {
		want[id] = true
	}
	kept = l
	kept.GPUs = nil
	for _, g := range l.GPUs {
		if want[g.ID] {
			kept.GPUs = append(kept.GPUs, g)
			delete(want, g.ID)
		}
	}
	for _, id := range ids {
		if want[id] {
			missing = append(missing, id)
			delete(want, id)
		}
	}
	return kept, missing
}
