package speech

import "fleetsize/calc/bench"

// Document is the report of a Measurement.
type Document struct {
	bench.Head
	URL      string   `json:"url"`
	Model    string   `json:"model"`
	Runs     []RunDoc `json:"runs"`
	CutShort bool     `json:"cut_short"`
}

// RunDoc is a Run; null where it does not apply.
type RunDoc struct {
	TookMS     *float64 `json:"took_ms"`
	Factor     *float64 `json:"real_time_factor"`
	AudioS     *float64 `json:"audio_s"`
	Text       *string  `json:"text"`
	WordErrors *float64 `json:"word_error_rate_pct"`
	SampleRate *int     `json:"sample_rate_hz"`
	RMS        *float64 `json:"rms"`
	Problems   []string `json:"problems"`
}

// Definitions are those of the document's numbers.
func Definitions() []bench.Definition { return bench.ParseDefinitions(definitions) }

const definitions = `
took_ms|speech_latency:send_to_last_byte|ms|From sending the request to the last byte of its answer.
audio_s|audio:samples/rate|s|Length of the recording: samples ÷ sample rate. Known of WAV files.
real_time_factor|rtf:took/audio||Time taken ÷ length of the recording: below 1 is faster than speech.
word_error_rate_pct|wer:(s+d+i)/words|%|Substituted, missing and added words ÷ words that were said, by the fewest edits, case and punctuation aside. It can exceed 100 %.
sample_rate_hz|audio:sample_rate|Hz|Samples a second, as the file says.
rms|audio:rms||Root of the mean square of the samples, 1 = full scale. Below 0.001 (−60 dB) the recording counts as silent.
problems|audio:problems||What is wrong with a recording: not finite, silent, of another sample rate than wanted, shorter than 0.1 s, or longer than 10 s and 10 s for each word.
`

// Document is the report so far; cut says that it was ended early.
func (m *Measurement) Document(url string, cut bool) Document {
	name := "speak"
	if m.Plan.Audio != nil {
		name = "transcribe"
	}
	d := Document{
		Head: bench.NewHead(name, Definitions()), URL: url, Model: m.Model, Runs: []RunDoc{}, CutShort: cut,
	}
	for i := range m.Runs {
		r := &m.Runs[i]
		x := RunDoc{TookMS: bench.Positive(1e3 * r.Took), Factor: bench.Positive(r.Factor), AudioS: bench.Positive(r.Seconds), Text: r.Text, Problems: r.Problems}
		if r.SampleRate > 0 {
			x.SampleRate = &r.SampleRate
		}
		if m.Plan.Audio == nil && r.Finite {
			x.RMS = bench.Figure(r.RMS)
		}
		if r.Errors != nil {
			x.WordErrors = bench.Figure(100 * r.Errors.Rate())
		}
		d.Runs = append(d.Runs, x)
	}
	return d
}
