// Package speech judges what speech endpoints return: whether a recording is
// one, and how far a transcript is from the text that was spoken.
package speech

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Recording is what a WAV file holds.
type Recording struct {
	SampleRate int // Hz
	Channels   int
	Bits       int
	Seconds    float64
	Peak       float64 // largest amplitude, 1 = full scale
	RMS        float64 // root of the mean square, 1 = full scale
	Finite     bool    // no sample is NaN or infinite
}

// Silent reports whether nothing can be heard: below −60 dB of full scale.
func (r *Recording) Silent() bool { return !(r.RMS >= 1e-3) }

// Problems says what is wrong with a recording, nothing when all is well.
// wantRate is the expected sample rate in Hz, 0 = any; longest is the longest
// plausible duration in seconds, 0 = any.
func (r *Recording) Problems(wantRate int, longest float64) []string {
	out := []string{}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if !r.Finite {
		add("samples are not finite numbers")
	}
	if r.Finite && r.Silent() {
		add("silent: the loudest sample is %.4f of full scale", r.Peak)
	}
	if wantRate > 0 && r.SampleRate != wantRate {
		add("sample rate %d Hz, want %d", r.SampleRate, wantRate)
	}
	if r.Seconds < 0.1 {
		add("only %.3f s long", r.Seconds)
	}
	if longest > 0 && r.Seconds > longest {
		add("%.1f s long, want at most %.1f", r.Seconds, longest)
	}
	return out
}

// Formats of samples in WAV files.
const (
	formatPCM        = 1
	formatFloat      = 3
	formatExtensible = 0xfffe
)

// ReadWAV reads a RIFF/WAVE file: PCM of 8, 16, 24 or 32 bits, or floating
// point of 32 or 64 bits. A data chunk that claims to be longer than the file,
// as streamed recordings have it, ends with the file.
func ReadWAV(b []byte) (Recording, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return Recording{}, errors.New("not a WAV file; ask for response_format wav")
	}
	var r Recording
	format := 0
	for at := 12; at+8 <= len(b); {
		id, size := string(b[at:at+4]), int64(binary.LittleEndian.Uint32(b[at+4:]))
		body := b[at+8:]
		if size < int64(len(body)) {
			body = body[:size]
		}
		switch id {
		case "fmt ":
			if len(body) < 16 {
				return Recording{}, errors.New("the WAV file is damaged: short format chunk")
			}
			format = int(binary.LittleEndian.Uint16(body))
			r.Channels = int(binary.LittleEndian.Uint16(body[2:]))
			r.SampleRate = int(binary.LittleEndian.Uint32(body[4:]))
			r.Bits = int(binary.LittleEndian.Uint16(body[14:]))
			if format == formatExtensible && len(body) >= 26 {
				format = int(binary.LittleEndian.Uint16(body[24:]))
			}
		case "data":
			return r, r.samples(format, body)
		}
		next := int64(at) + 8 + size + size&1
		if next > int64(len(b)) {
			break
		}
		at = int(next)
	}
	return Recording{}, errors.New("the WAV file is damaged: no samples")
}

func (r *Recording) samples(format int, data []byte) error {
	width := r.Bits / 8
	known := format == formatPCM && (r.Bits == 8 || r.Bits == 16 || r.Bits == 24 || r.Bits == 32) || format == formatFloat && (r.Bits == 32 || r.Bits == 64)
	if !known || r.Channels < 1 || r.Channels > 64 || r.SampleRate < 1 {
		return fmt.Errorf("the WAV file has format %d with %d bits, %d channels at %d Hz, which is not read", format, r.Bits, r.Channels, r.SampleRate)
	}
	n := len(data) / width
	r.Finite = true
	sum := 0.0
	for i := range n {
		x := sample(format, data[i*width:(i+1)*width])
		if math.IsNaN(x) || math.IsInf(x, 0) {
			r.Finite = false
			continue
		}
		r.Peak = math.Max(r.Peak, math.Abs(x))
		sum += x * x
	}
	if n > 0 {
		r.RMS = math.Sqrt(sum / float64(n))
	}
	r.Seconds = float64(n) / float64(r.Channels) / float64(r.SampleRate)
	return nil
}

// sample is one sample on [−1, 1].
func sample(format int, b []byte) float64 {
	switch {
	case format == formatFloat && len(b) == 8:
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	case format == formatFloat:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case len(b) == 1:
		return (float64(b[0]) - 128) / 128
	case len(b) == 2:
		return float64(int16(binary.LittleEndian.Uint16(b))) / (1 << 15)
	case len(b) == 3:
		return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	}
	return float64(int32(binary.LittleEndian.Uint32(b))) / (1 << 31)
}
