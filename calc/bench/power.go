package bench

// PowerLog is where the power figures of a report come from.
type PowerLog struct {
	Tool      string     `json:"tool"` // "nvidia-smi"
	GPUs      []PowerGPU `json:"gpus"` // that are counted
	LeftOut   []PowerGPU `json:"left_out"`
	IntervalS *float64   `json:"interval_s"` // between readings
	Zone      string     `json:"zone"`       // of the log's clock: "+02:00"
	ZoneFrom  string     `json:"zone_from"`  // "given", "found"
	ShiftS    float64    `json:"shift_s"`    // by which the log's clock was said to be ahead
}

// PowerGPU is an accelerator of a power log.
type PowerGPU struct {
	ID   string  `json:"id"`
	Name *string `json:"name"`
}

// PowerDoc is what the accelerators drew and did during the window of a phase,
// as their own log has it: the boards alone, without server and cooling. Shares
// are from 0 to 1; null is what the log does not say.
type PowerDoc struct {
	GPUs              int      `json:"gpus"`
	Samples           int      `json:"samples"`
	Covered           *float64 `json:"covered"` // share of the window with readings
	MeanW             *float64 `json:"mean_w"`  // of all accelerators together
	PeakW             *float64 `json:"peak_w"`
	EnergyJ           *float64 `json:"energy_j"` // over the window
	JoulePerOutput    *float64 `json:"joule_per_output_token"`
	JoulePerToken     *float64 `json:"joule_per_token"` // of prompts and answers
	OutputPerJoule    *float64 `json:"output_tok_per_joule"`
	JoulePerRequest   *float64 `json:"joule_per_request"`
	LimitW            *float64 `json:"power_limit_w"`
	Utilization       *float64 `json:"gpu_utilization"` // share of time in which any kernel ran
	MemoryUtilization *float64 `json:"memory_utilization"`
	MemoryBytes       *float64 `json:"memory_used_bytes"` // at its fullest, all accelerators
	MemoryShare       *float64 `json:"memory_used_share"` // of the fullest accelerator
	TemperatureC      *float64 `json:"temperature_c"`     // highest
	SMClockMHz        *float64 `json:"sm_clock_mhz"`      // mean
	Slowed            *float64 `json:"clocks_held_back"`  // share of readings, for any of the three reasons
	ByPowerLimit      *float64 `json:"held_by_power_limit"`
	ByTemperature     *float64 `json:"held_by_temperature"`
	ByBoard           *float64 `json:"held_by_board"` // hardware slowdown or power brake
}

// PowerDefinitions are those of the figures that a power log and a price add to
// a report.
func PowerDefinitions() []Definition {
	return []Definition{
		{"mean_w", "power:board/mean", "W", "What the accelerator boards drew by their own reading, all that are counted together: mean over the window. Server, network and cooling come on top."},
		{"peak_w", "power:board/peak", "W", "The highest sum of the newest readings."},
		{"energy_j", "energy:board", "J", "Mean power × length of the window."},
		{"joule_per_output_token", "energy:board/output_token", "J", "Mean power ÷ output tokens a second: the energy of the prompts is in it."},
		{"joule_per_token", "energy:board/token", "J", "Mean power ÷ prompt and output tokens a second."},
		{"output_tok_per_joule", "energy:output_token/board", "tok/J", "Output tokens a second ÷ mean power, also tok/s per watt."},
		{"joule_per_request", "energy:board/request", "J", "Mean power ÷ finished requests a second."},
		{"gpu_utilization", "gpu_utilization:kernel_time", "", "Share of time in which any kernel ran, not of the peak that was used."},
		{"clocks_held_back", "clocks:held/readings", "", "Share of readings in which the power limit, temperature or the board held the clocks back."},
		{"usd_per_million_output_tokens", "cost:gpu_hours/output_token", "USD", "Price of all GPUs for an hour ÷ output tokens of an hour at the phase's rate."},
		{"usd_per_million_total_tokens", "cost:gpu_hours/token", "USD", "The same over prompt and output tokens."},
	}
}

// Define adds what further figures of a report mean.
func (d *Document) Define(list []Definition) {
	if d.Definitions == nil {
		d.Definitions = map[string]Definition{}
	}
	for _, x := range list {
		d.Definitions[x.Key] = x
	}
}

// energy is that of an output token, nil where it is not known.
func (d *PowerDoc) energy() *float64 {
	if d == nil {
		return nil
	}
	return d.JoulePerOutput
}

// StartedFormat is how a report writes when it started: RFC 3339, to the
// millisecond.
const StartedFormat = "2006-01-02T15:04:05.000Z07:00"
