//go:build !js

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	runner "fleetsize/app/bench"
	"fleetsize/app/wire"
	"fleetsize/calc/bench"
	"fleetsize/calc/bench/speech"
	"fleetsize/calc/units"
)

// maxAudioBytes bounds a recording.
const maxAudioBytes = 256 << 20

// speechDoc is one request of bench transcribe or speak; null where it does
// not apply.
type speechDoc struct {
	TookMS     *float64 `json:"took_ms"`
	Factor     *float64 `json:"real_time_factor"`
	AudioS     *float64 `json:"audio_s"`
	Text       *string  `json:"text"`
	WordErrors *float64 `json:"word_error_rate_pct"`
	SampleRate *int     `json:"sample_rate_hz"`
	RMS        *float64 `json:"rms"`
	Problems   []string `json:"problems"`
}

// speechReport is what bench transcribe and speak print with -json.
type speechReport struct {
	SchemaVersion string      `json:"schema_version"`
	Tool          string      `json:"tool"`
	URL           string      `json:"url"`
	Model         string      `json:"model"`
	Runs          []speechDoc `json:"runs"`
	CutShort      bool        `json:"cut_short"`
}

// speechFlags are the flags of bench transcribe and speak.
type speechFlags struct {
	benchFlags
	audio, text, voice, save string
	requests, rate           int
}

// benchSpeech is bench transcribe and bench speak.
func benchSpeech(name string, args []string, s streams) int {
	ctx, stop := interruptible(0)
	defer stop()
	fail := func(code int, err error) int {
		fmt.Fprintf(s.err, "fleetsize bench %s: %v\n", name, err)
		return code
	}
	var f speechFlags
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	f.endpoint(flags)
	flags.StringVar(&f.text, "text", "", "")
	flags.IntVar(&f.requests, "requests", 3, "")
	flags.BoolVar(&f.json, "json", false, "")
	if name == "transcribe" {
		flags.StringVar(&f.audio, "audio", "", "")
	} else {
		flags.StringVar(&f.voice, "voice", "alloy", "")
		flags.IntVar(&f.rate, "sample-rate", 0, "")
		flags.StringVar(&f.save, "save", "", "")
	}
	rest, err := operands(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, benchUsage)
		return exitDone
	}
	switch {
	case err != nil:
	case len(rest) > 0:
		err = fmt.Errorf("unexpected argument %q", rest[0])
	case f.requests < 1 || f.requests > 10_000:
		err = fmt.Errorf("-requests: %d is outside 1 to 10,000", f.requests)
	case name == "transcribe" && f.audio == "":
		err = errors.New("no recording; give one with -audio, and what is said in it with -text")
	case name == "speak" && strings.TrimSpace(f.text) == "":
		err = errors.New("no text; give one with -text")
	}
	var cfg *runner.Config
	if err == nil {
		cfg, err = f.config()
	}
	var audio []byte
	if err == nil && f.audio != "" {
		audio, err = readFile(f.audio, maxAudioBytes, s.in)
	}
	if err != nil {
		return fail(exitUsage, err)
	}
	model := f.p.Model
	if model == "" {
		model = runner.FirstModel(ctx, cfg)
	}
	doc := speechReport{SchemaVersion: bench.SchemaVersion, Tool: bench.Tool + " " + name, URL: cfg.URL, Model: model, Runs: []speechDoc{}}
	bad := false
	for range f.requests {
		run, err := f.once(ctx, name, cfg, model, audio)
		if ctx.Err() != nil {
			doc.CutShort = true
			break
		}
		if err != nil {
			run.Problems = append(run.Problems, err.Error())
		}
		bad = bad || len(run.Problems) > 0
		doc.Runs = append(doc.Runs, run)
	}
	out := []byte(doc.table())
	if f.json {
		if out, err = wire.Encode(doc); err != nil {
			return fail(exitFailed, err)
		}
	}
	switch code := write("bench "+name, out, s); {
	case code != exitDone:
		return code
	case doc.CutShort:
		return exitCut
	case bad:
		return exitFailed
	}
	return exitDone
}

func (f *speechFlags) once(ctx context.Context, name string, cfg *runner.Config, model string, audio []byte) (speechDoc, error) {
	round := func(x float64) *float64 {
		x = units.Round(x, 6)
		return &x
	}
	d := speechDoc{Problems: []string{}}
	if name == "speak" {
		r, err := runner.Speak(ctx, cfg, model, f.voice, f.text, f.rate)
		if err != nil {
			return d, err
		}
		d.TookMS, d.AudioS, d.SampleRate, d.RMS = round(1e3*r.Took), round(r.Seconds), &r.SampleRate, round(r.RMS)
		if r.Factor > 0 {
			d.Factor = round(r.Factor)
		}
		d.Problems = append(d.Problems, r.Problems...)
		if f.save != "" {
			return d, os.WriteFile(f.save, r.Audio, 0o644)
		}
		return d, nil
	}
	length := 0.0
	if r, err := speech.ReadWAV(audio); err == nil {
		length = r.Seconds
		d.AudioS, d.SampleRate = round(length), &r.SampleRate
	}
	r, err := runner.Transcribe(ctx, cfg, model, f.audio, audio, length, f.text)
	if err != nil {
		return d, err
	}
	d.TookMS, d.Text = round(1e3*r.Took), &r.Text
	if r.Factor > 0 {
		d.Factor = round(r.Factor)
	}
	if r.Errors != nil {
		d.WordErrors = round(100 * r.Errors.Rate())
	}
	return d, nil
}

// table is the report for people.
func (r *speechReport) table() string {
	t := table{right: []bool{true, true, true, true, false}}
	t.add("Took", "audio", "real-time factor", "word errors", "")
	for i := range r.Runs {
		d := &r.Runs[i]
		audio, wer := "–", "–"
		if d.AudioS != nil {
			audio = units.Duration(*d.AudioS, 3)
		}
		if d.WordErrors != nil {
			wer = percent1(*d.WordErrors / 100)
		}
		note := strings.Join(d.Problems, "; ")
		if note == "" && d.Text != nil {
			note = *d.Text
		}
		t.add(ms(d.TookMS), audio, plainSig(d.Factor), wer, note)
	}
	return t.String()
}
