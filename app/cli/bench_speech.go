//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	runner "fleetsize/app/bench"
	"fleetsize/app/wire"
	"fleetsize/calc/bench/speech"
	"fleetsize/calc/units"
)

// maxAudioBytes bounds a recording.
const maxAudioBytes = 256 << 20

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
	m, err := speech.New(speech.Plan{Model: model, Requests: f.requests, Text: f.text, Audio: audio, Name: filepath.Base(f.audio), Voice: f.voice, Rate: f.rate})
	if err != nil {
		return fail(exitUsage, err)
	}
	cut := runner.Carry(ctx, []*runner.Config{cfg}, m.Rounds(), nil)
	doc := m.Document(cfg.URL, cut)
	bad := false
	for i := range m.Runs {
		bad = bad || len(m.Runs[i].Problems) > 0
	}
	if audio := m.Spoken(); f.save != "" && len(audio) > 0 {
		if err := os.WriteFile(f.save, audio, 0o644); err != nil {
			return fail(exitFailed, err)
		}
	}
	out := []byte(speechText(&doc))
	if f.json {
		if out, err = wire.Encode(doc); err != nil {
			return fail(exitFailed, err)
		}
	}
	switch code := write("bench "+name, out, s); {
	case code != exitDone:
		return code
	case cut:
		return exitCut
	case bad:
		return exitFailed
	}
	return exitDone
}

// speechText is the report for people.
func speechText(r *speech.Document) string {
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
