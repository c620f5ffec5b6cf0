//go:build !js

package mock

import (
	"encoding/binary"
	"io"
	"math"
	"net/http"
	"strings"
	"time"
)

// Speech is a tone for each word, of fixed length, and a pause.
const (
	sampleRate  = 24000
	toneSeconds = 0.3
	wordSeconds = 0.4 // tone and pause
)

// speech answers with a WAV file of 24,000 16-bit samples a second. The text
// is in its comment, so that transcribe knows what was said.
func (s *Server) speech(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Input  string `json:"input"`
		Format string `json:"response_format"`
	}
	s.single(w, r, func(a *answer) (time.Duration, func(), error) {
		if err := readBody(r, &body); err != nil {
			return 0, nil, err
		}
		n := len(strings.Fields(body.Input))
		switch {
		case n == 0 || n > 5000:
			return 0, nil, badRequest("input: send a text of 1 to 5,000 words")
		case body.Format != "" && body.Format != "wav" && body.Format != "pcm":
			return 0, nil, badRequest("response_format: %q is not made here; ask for wav or pcm", body.Format)
		}
		a.in = s.cfg.Count(body.Input)
		sound := tones(n)
		kind := "audio/pcm"
		if body.Format != "pcm" {
			kind, sound = "audio/wav", waveFile(sound, body.Input)
		}
		return seconds(s.cfg.SpeechFactor * wordSeconds * float64(n)), func() {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(sound) // the reader may have gone
		}, nil
	})
}

// tones are n words as 16-bit samples.
func tones(n int) []byte {
	var data []byte
	for word := range n {
		pitch := 180 + 20*float64(word%5)
		for i := range int(wordSeconds * sampleRate) {
			t, x := float64(i)/sampleRate, 0.0
			if t < toneSeconds {
				x = 0.3 * math.Sin(2*math.Pi*pitch*t) * math.Sin(math.Pi*t/toneSeconds)
			}
			data = binary.LittleEndian.AppendUint16(data, uint16(int16(math.Round(32767*x))))
		}
	}
	return data
}

// waveFile puts samples and a comment into a WAV file.
func waveFile(data []byte, comment string) []byte {
	le := binary.LittleEndian
	if len(comment)%2 == 1 {
		comment += "\x00"
	}
	format := le.AppendUint32([]byte("fmt "), 16)
	for _, v := range []uint16{1, 1} { // integers, one channel
		format = le.AppendUint16(format, v)
	}
	format = le.AppendUint32(le.AppendUint32(format, sampleRate), 2*sampleRate)
	format = le.AppendUint16(le.AppendUint16(format, 2), 16)
	list := le.AppendUint32([]byte("LIST"), uint32(12+len(comment)))
	list = append(le.AppendUint32(append(list, "INFOICMT"...), uint32(len(comment))), comment...)
	body := append([]byte("WAVE"), format...)
	body = append(body, list...)
	body = append(le.AppendUint32(append(body, "data"...), uint32(len(data))), data...)
	return append(le.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// transcribe answers with what speech has said. Of another WAV file of its own
// format it makes up a word for every 0.4 s.
func (s *Server) transcribe(w http.ResponseWriter, r *http.Request) {
	s.single(w, r, func(a *answer) (time.Duration, func(), error) {
		file, _, err := r.FormFile("file")
		if err != nil {
			return 0, nil, badRequest("file: send a WAV file as multipart/form-data: %v", err)
		}
		defer file.Close()
		b, err := io.ReadAll(io.LimitReader(file, maxBody))
		if err != nil {
			return 0, nil, badRequest("file: %v", err)
		}
		length, text := heard(b)
		if length <= 0 {
			return 0, nil, badRequest("file: not a WAV file with sound in it")
		}
		if text == "" {
			t := tokenText{seed: hash(s.cfg.Seed, string(b))}
			for i := range max(1, int(math.Round(length/wordSeconds))) {
				text += t.at(i)
			}
		}
		text = misheard(strings.TrimSpace(text), s.cfg.WordErrors)
		reply := map[string]any{"text": text}
		if r.FormValue("response_format") == "verbose_json" {
			reply = map[string]any{"task": "transcribe", "language": "english", "duration": length, "text": text}
		}
		return seconds(s.cfg.SpeechFactor * length), func() {
			if r.FormValue("response_format") == "text" {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8")
				_, _ = io.WriteString(w, text+"\n") // the reader may have gone
				return
			}
			writeJSON(w, http.StatusOK, reply)
		}, nil
	})
}

// heard is the length in seconds and the comment of a WAV file.
func heard(b []byte) (length float64, comment string) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return 0, ""
	}
	rate := 0.0 // bytes/s
	for at := 12; at+8 <= len(b); {
		id, size := string(b[at:at+4]), int(binary.LittleEndian.Uint32(b[at+4:]))
		body := b[at+8:]
		body = body[:min(size, len(body))]
		switch id {
		case "fmt ":
			if len(body) >= 12 {
				rate = float64(binary.LittleEndian.Uint32(body[8:]))
			}
		case "LIST":
			if len(body) > 12 && string(body[:8]) == "INFOICMT" {
				comment = strings.TrimRight(string(body[12:]), "\x00")
			}
		case "data":
			if rate > 0 {
				length = float64(len(body)) / rate
			}
		}
		at += 8 + size + size&1
	}
	return length, comment
}

// misheard replaces every round(1/share)-th word.
func misheard(text string, share float64) string {
	if share <= 0 {
		return text
	}
	every := max(1, int(math.Round(1/share)))
	list := strings.Fields(text)
	for i := every - 1; i < len(list); i += every {
		list[i] = "mumble"
	}
	return strings.Join(list, " ")
}
