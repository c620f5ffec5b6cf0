//go:build !js

package cli

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fleetsize/calc/bench/speech"
)

// toneFile is a second of sound as a WAV file; amplitude 0 is silence.
func toneFile(amplitude float64) []byte {
	const rate = 8000
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	b = binary.LittleEndian.AppendUint32(b, rate)
	b = binary.LittleEndian.AppendUint32(b, 2*rate)
	b = append(b, "\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, 2*rate)
	for i := range rate {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(amplitude*32767*math.Sin(float64(i)/3))))
	}
	return b
}

// A speech server that takes 50 ms, hears one word wrong, and says nothing when
// asked to whisper.
func speechServer(t *testing.T) string {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(50 * time.Millisecond)
		switch r.URL.Path {
		case "/v1/audio/transcriptions":
			file, _, err := r.FormFile("file")
			if err != nil || r.FormValue("model") != "m" {
				http.Error(w, "no file or model", http.StatusBadRequest)
				return
			}
			if b, _ := io.ReadAll(file); len(b) != 16044 {
				http.Error(w, fmt.Sprint(len(b), " bytes"), http.StatusBadRequest)
				return
			}
			fmt.Fprint(w, `{"text":" The quick brown box jumps."}`)
		case "/v1/audio/speech":
			var body struct{ Voice, Input string }
			if json.NewDecoder(r.Body).Decode(&body) != nil || body.Input == "" {
				http.Error(w, "no input", http.StatusBadRequest)
				return
			}
			amplitude := 0.5
			if body.Voice == "whisper" {
				amplitude = 0
			}
			_, _ = w.Write(toneFile(amplitude))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(h.Close)
	return h.URL
}

func TestBenchSpeech(t *testing.T) {
	url := speechServer(t)
	file := filepath.Join(t.TempDir(), "a.wav")
	if err := os.WriteFile(file, toneFile(0.5), 0o644); err != nil {
		t.Fatal(err)
	}
	read := func(args ...string) (d speech.Document, code int) {
		t.Helper()
		code, out, stderr := run("", append([]string{"bench"}, append(args, "-url", url, "-model", "m", "-json", "-requests", "2")...)...)
		if err := json.Unmarshal([]byte(out), &d); err != nil || len(d.Runs) != 2 {
			t.Fatalf("%q: code %d, %v, %s", args, code, err, stderr)
		}
		return d, code
	}
	heard, code := read("transcribe", "-audio", file, "-text", "the quick brown fox jumps")
	if r := heard.Runs[0]; code != 0 || *r.WordErrors != 20 || *r.Factor < 0.05 || *r.Factor > 5 || *r.AudioS != 1 || *r.Text != "The quick brown box jumps." {
		t.Errorf("transcribe: code %d, %+v", code, r)
	}
	said, code := read("speak", "-text", "hello", "-sample-rate", "8000")
	if r := said.Runs[0]; code != 0 || len(r.Problems) != 0 || *r.SampleRate != 8000 || *r.AudioS != 1 || *r.Factor < 0.05 {
		t.Errorf("speak: code %d, %+v", code, r)
	}
	silent, code := read("speak", "-text", "hello", "-voice", "whisper", "-sample-rate", "24000")
	if p := strings.Join(silent.Runs[0].Problems, "; "); code != 1 || !strings.Contains(p, "silent") || !strings.Contains(p, "want 24000") {
		t.Errorf("silence: code %d, %s", code, p)
	}
	for _, args := range [][]string{{"transcribe"}, {"speak"}, {"speak", "-text", "x", "-requests", "0"}, {"transcribe", "-audio", "none.wav"}, {"speak", "-text", "x", "more"}} {
		if code, _, stderr := run("", append([]string{"bench"}, append(args, "-url", url)...)...); code != exitUsage || stderr == "" {
			t.Errorf("%q: code %d, %s", args, code, stderr)
		}
	}
}
