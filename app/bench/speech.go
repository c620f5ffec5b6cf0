//go:build !js

package bench

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"path/filepath"
	"strings"

	"fleetsize/calc/bench/speech"
	"fleetsize/catalog/jsonio"
)

// Transcript is what came back for one recording.
type Transcript struct {
	Text   string
	Took   float64 // seconds
	Factor float64 // real-time factor: time taken ÷ length of the recording; 0 = length not known
	Errors *speech.Errors
}

// Transcribe sends a recording to /audio/transcriptions. length is its length
// in seconds, 0 = not known; reference is what is said in it, "" = not known.
func Transcribe(ctx context.Context, cfg *Config, model, name string, audio []byte, length float64, reference string) (Transcript, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", filepath.Base(name))
	if err == nil {
		_, err = part.Write(audio)
	}
	for _, f := range [][2]string{{"model", model}, {"response_format", "json"}, {"temperature", "0"}} {
		if err == nil {
			err = w.WriteField(f[0], f[1])
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return Transcript{}, err
	}
	data, took, err := cfg.post(ctx, "/audio/transcriptions", w.FormDataContentType(), body.Bytes())
	if err != nil {
		return Transcript{}, err
	}
	var reply struct {
		Text *string `json:"text"`
	}
	if err := jsonio.Unmarshal(data, &reply); err != nil {
		return Transcript{}, err
	}
	if reply.Text == nil {
		return Transcript{}, fmt.Errorf("the reply has no text")
	}
	t := Transcript{Text: strings.TrimSpace(*reply.Text), Took: took.Seconds()}
	if length > 0 {
		t.Factor = t.Took / length
	}
	if reference != "" {
		e := speech.Compare(reference, t.Text)
		t.Errors = &e
	}
	return t, nil
}

// Spoken is what came back for one text.
type Spoken struct {
	Took   float64 // seconds
	Factor float64 // time taken ÷ length of the recording; 0 = nothing was recorded
	speech.Recording
	Problems []string
	Audio    []byte
}

// Speak asks /audio/speech for a WAV file of a text and checks it: finite, not
// silent, of the wanted sample rate (0 = any), no longer than slow speech.
func Speak(ctx context.Context, cfg *Config, model, voice, text string, rate int) (Spoken, error) {
	body, err := jsonio.Marshal(map[string]any{"model": model, "voice": voice, "input": text, "response_format": "wav"})
	if err != nil {
		return Spoken{}, err
	}
	data, took, err := cfg.post(ctx, "/audio/speech", "application/json", body)
	if err != nil {
		return Spoken{}, err
	}
	s := Spoken{Took: took.Seconds(), Audio: data}
	if s.Recording, err = speech.ReadWAV(data); err != nil {
		return s, err
	}
	// Slow speech has a word a second; one of ten seconds a word is broken.
	longest := 10 + 10*float64(len(strings.Fields(text)))
	s.Problems = s.Recording.Problems(rate, longest)
	if s.Seconds > 0 {
		s.Factor = s.Took / s.Seconds
	}
	return s, nil
}
