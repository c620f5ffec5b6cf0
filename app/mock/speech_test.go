//go:build !js

package mock

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"fleetsize/calc/bench/speech"
	"fleetsize/catalog/jsonio"
)

// What is spoken is sound, of known length and time, and is understood again.
func TestSpeechAndTranscript(t *testing.T) {
	s, url := start(t, Config{SpeechFactor: 0.05, WordErrors: 0.2})
	const text = "the water level rose during the night and fell again"
	_, sound := post(t, url+"/audio/speech", `{"input":"`+text+`","response_format":"wav"}`)
	a, err := speech.ReadWAV([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if problems := a.Problems(24000, 4); len(problems) > 0 || a.Seconds != 4 {
		t.Errorf("%q: %+v", problems, a)
	}
	rec := last(t, s, 1)
	if f := float64(rec.DueUS[0]-rec.StartUS) / 1e6 / a.Seconds; math.Abs(f-0.05) > 1e-9 {
		t.Errorf("real-time factor %v, want 0.05", f)
	}
	hear := func(file []byte, format string) string {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		part, err := m.CreateFormFile("file", "speech.wav")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(file)
		_ = m.WriteField("response_format", format)
		_ = m.Close()
		resp, err := http.Post(url+"/audio/transcriptions", m.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	}
	var reply struct {
		Text     string
		Duration float64
	}
	if err := jsonio.Unmarshal([]byte(hear([]byte(sound), "verbose_json")), &reply); err != nil {
		t.Fatal(err)
	}
	words := speech.Compare(text, reply.Text)
	if rate := words.Rate(); rate != 0.2 || math.Abs(reply.Duration-4) > 1e-9 {
		t.Errorf("%+v, rate %v, want 0.2: %q", words, rate, reply.Text)
	}
	// Sound from elsewhere gets a text of its length.
	other := hear(waveFile(tones(6), ""), "text")
	if n := len(strings.Fields(other)); n != 6 {
		t.Errorf("%d words in %q, want 6", n, other)
	}
	if refused := hear([]byte("no sound"), "json"); !strings.Contains(refused, "not a WAV file") {
		t.Errorf("got %s", refused)
	}
	for _, body := range []string{`{"input":" "}`, `{"input":"x","response_format":"mp3"}`} {
		if resp, b := post(t, url+"/audio/speech", body); resp.StatusCode != 400 {
			t.Errorf("%s: %s", fmt.Sprint(resp.Status), b)
		}
	}
}
