package bench

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"fleetsize/calc/units"
	"fleetsize/catalog/jsonio"
)

// Formats in which a report can be written.
const (
	FormatJSON    = "json"           // our own
	FormatCSV     = "csv"            // the columns of NVIDIA's NIM tables
	FormatVLLM    = "vllm"           // vllm bench serve --append-result: one object per line
	FormatAIPerf  = "aiperf"         // profile_export_aiperf.json, one per phase
	FormatInfPerf = "inference-perf" // stage_N_lifecycle_metrics.json, one per phase
)

// Formats lists them.
func Formats() []string {
	return []string{FormatJSON, FormatCSV, FormatVLLM, FormatAIPerf, FormatInfPerf}
}

// Part is one file of an export. Suffix goes in front of the name's ending;
// empty when there is one file only.
type Part struct {
	Suffix string
	Data   []byte
}

// Export writes the report in a format.
func (d *Document) Export(format string) ([]Part, error) {
	var one func(*PhaseDoc) any
	switch format {
	case FormatJSON:
		b, err := d.Encode()
		return []Part{{"", b}}, err
	case FormatCSV:
		return []Part{{"", d.CSV()}}, nil
	case FormatVLLM:
		var b bytes.Buffer
		for i := range d.Phases {
			line, err := jsonio.Marshal(d.vllm(&d.Phases[i]))
			if err != nil {
				return nil, err
			}
			b.Write(append(line, '\n'))
		}
		return []Part{{"", b.Bytes()}}, nil
	case FormatAIPerf:
		one = d.aiperf
	case FormatInfPerf:
		one = d.inferencePerf
	default:
		return nil, fmt.Errorf("no format is called %q; the formats are %s", format, strings.Join(Formats(), ", "))
	}
	var parts []Part
	for i := range d.Phases {
		b, err := jsonio.MarshalIndent(one(&d.Phases[i]), "", "  ")
		if err != nil {
			return nil, err
		}
		suffix := ""
		if len(d.Phases) > 1 {
			suffix = "-" + strconv.Itoa(i+1)
		}
		parts = append(parts, Part{suffix, append(b, '\n')})
	}
	return parts, nil
}

// CSV is the phases of a closed loop in the columns of NIM's published
// tables, with means as those have them. What is not known is empty.
func (d *Document) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	on := d.Setup.Deployment
	if on == nil {
		on = &Deployment{}
	}
	_ = w.Write([]string{"version", "hardware", "hardware_count", "data_type", "input_tokens", "output_tokens", "concurrency", "request_rate", "TTFT_ms", "ITL_ms", "Throughput_tokens_per_s"})
	for i := range d.Phases {
		p := &d.Phases[i]
		conc := ""
		if p.Concurrency != nil {
			conc = strconv.Itoa(*p.Concurrency)
		}
		gpus, layout := "", ""
		if on.TP > 0 {
			gpus, layout = strconv.Itoa(max(on.GPUs, on.TP*max(on.PP, 1))), strings.TrimSpace(fmt.Sprintf("%s TP%d", on.Weights, on.TP))
		}
		_ = w.Write([]string{
			on.Version, on.GPU, gpus, layout, strconv.Itoa(p.InputWanted), strconv.Itoa(p.OutWanted), conc, cell(p.Rate),
			cell(p.TTFT.Mean), cell(p.TPOT.Mean), cell(p.OutputTokPerS),
		})
	}
	w.Flush()
	return b.Bytes()
}

func cell(x *float64) string {
	if x == nil {
		return ""
	}
	return units.Plain(*x)
}

// value is a number of a report for a foreign format, nil where not known.
func value(x *float64, scale float64) any {
	if x == nil {
		return nil
	}
	return units.Round(*x*scale, digits)
}

// total is n times the mean, as far as known.
func total(d DistDoc) float64 {
	if d.Mean == nil {
		return 0
	}
	return units.Round(*d.Mean*float64(d.N), digits)
}

func (d *Document) date() any {
	if d.Started == nil {
		return nil
	}
	return *d.Started
}

func failed(p *PhaseDoc) int {
	n := 0
	for _, k := range p.Errors {
		n += k
	}
	return n
}
