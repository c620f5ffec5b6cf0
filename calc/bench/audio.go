package bench

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Audio is what is known of a piece of sound.
type Audio struct {
	SampleRate int     // per second and channel
	Channels   int     // ≥ 1
	Bits       int     // per sample: 8, 16, 24, 32 or 64
	Float      bool    // samples are floating point
	Seconds    float64 // length
	Peak       float64 // largest sample, 1 = full scale
	RMS        float64 // root mean square over all samples
	Silent     float64 // share of blocks of 20 ms that are silent, [0, 1]; see SilentRMS
	Clipped    float64 // share of samples at or beyond full scale, [0, 1]
	Finite     bool    // no sample is NaN or infinite
	CutOff     bool    // the file ends before its header says
}

// SilentRMS is the level below which a block of 20 ms counts as silent:
// −60 dB of full scale.
const SilentRMS = 0.001

// loudest bounds floating-point samples, so that sums over them stay finite.
const loudest = 1e6

const (
	wavePCM        = 1
	waveFloat      = 3
	waveExtensible = 0xfffe
)

// DecodeWAV measures a RIFF/WAVE file with integer or floating-point samples.
// A data length of 0 or 0xFFFFFFFF, as streaming servers write it, means the
// rest of the file. Errors say what is wrong with the file.
//
// Source: Microsoft, Multiple Channel Audio Data and WAVE Files (2007).
func DecodeWAV(b []byte) (a Audio, err error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return a, errors.New("not a WAV file")
	}
	format := 0
	for at := 12; at+8 <= len(b); {
		id, size := string(b[at:at+4]), int64(binary.LittleEndian.Uint32(b[at+4:]))
		body := b[at+8:]
		switch id {
		case "fmt ":
			if size < 16 || len(body) < 16 {
				return a, errors.New("the WAV file's format chunk is too short")
			}
			format = int(binary.LittleEndian.Uint16(body))
			a.Channels = int(binary.LittleEndian.Uint16(body[2:]))
			a.SampleRate = int(binary.LittleEndian.Uint32(body[4:]))
			a.Bits = int(binary.LittleEndian.Uint16(body[14:]))
			if format == waveExtensible && size >= 26 && len(body) >= 26 {
				format = int(binary.LittleEndian.Uint16(body[24:]))
			}
			a.Float = format == waveFloat
		case "data":
			if err := a.checkFormat(format); err != nil {
				return a, err
			}
			if size == 0 || size == math.MaxUint32 {
				size = int64(len(body))
			}
			a.CutOff = size > int64(len(body))
			a.measure(body[:min(size, int64(len(body)))])
			return a, nil
		}
		next := int64(at) + 8 + size + size&1
		if next > int64(len(b)) {
			break
		}
		at = int(next)
	}
	return a, errors.New("the WAV file has no data chunk")
}

func (a *Audio) checkFormat(format int) error {
	switch {
	case format == 0:
		return errors.New("the WAV file's data come before its format")
	case a.Channels < 1 || a.SampleRate < 1:
		return fmt.Errorf("the WAV file states %d channels at %d Hz", a.Channels, a.SampleRate)
	case format == wavePCM && (a.Bits == 8 || a.Bits == 16 || a.Bits == 24 || a.Bits == 32),
		format == waveFloat && (a.Bits == 32 || a.Bits == 64):
		return nil
	}
	return fmt.Errorf("WAV samples of format %d with %d bits are not read; ask for PCM of 16 bits", format, a.Bits)
}

// sample is the i-th sample of the data, 1 = full scale.
func (a *Audio) sample(data []byte, i int) float64 {
	switch {
	case a.Float && a.Bits == 64:
		return math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
	case a.Float:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
	case a.Bits == 8:
		return (float64(data[i]) - 128) / 128
	case a.Bits == 16:
		return float64(int16(binary.LittleEndian.Uint16(data[2*i:]))) / (1 << 15)
	case a.Bits == 24:
		d := data[3*i:]
		return float64(int32(uint32(d[0])<<8|uint32(d[1])<<16|uint32(d[2])<<24)) / (1 << 31)
	}
	return float64(int32(binary.LittleEndian.Uint32(data[4*i:]))) / (1 << 31)
}

// measure goes over the samples.
func (a *Audio) measure(data []byte) {
	n := len(data) / (a.Bits / 8)
	frames := n / a.Channels
	a.Seconds = float64(frames) / float64(a.SampleRate)
	a.Finite = true
	block := max(1, a.SampleRate/50*a.Channels)
	full := 1 - 1.5/math.Exp2(float64(min(a.Bits, 24)-1)) // the largest positive integer is one step below 1
	if a.Float {
		full = 1
	}
	var sum, inBlock float64
	counted, clipped, blocks, silent := 0, 0, 0, 0
	for i := range n {
		x := a.sample(data, i)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			a.Finite = false
			x = 0
		}
		x = min(max(x, -loudest), loudest)
		a.Peak = max(a.Peak, math.Abs(x))
		if math.Abs(x) >= full {
			clipped++
		}
		sum += x * x
		inBlock += x * x
		if counted++; counted == block || i == n-1 {
			blocks++
			if math.Sqrt(inBlock/float64(counted)) < SilentRMS {
				silent++
			}
			inBlock, counted = 0, 0
		}
	}
	a.Silent = 1
	if n > 0 {
		a.RMS = math.Sqrt(sum / float64(n))
		a.Silent = float64(silent) / float64(blocks)
		a.Clipped = float64(clipped) / float64(n)
	}
}

// AudioCheck is what speech must be like. Zero fields are not checked.
type AudioCheck struct {
	SampleRate             int // exactly
	MinSeconds, MaxSeconds float64
	MaxSilent              float64 // share
}

// Faults lists in words what is wrong with a piece of speech: samples that are
// no numbers, silence, a wrong rate or length, clipping of more than 1 % of the
// samples, a file that is cut off. None = it passes.
func (a *Audio) Faults(c AudioCheck) (faults []string) {
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !a.Finite {
		add("Some samples are not numbers.")
	}
	switch {
	case a.Seconds == 0:
		add("There are no samples.")
	case a.Silent >= 1:
		add("It is silent: nothing is above −60 dB.")
	case c.MaxSilent > 0 && a.Silent > c.MaxSilent:
		add("%.0f %% of it is silent; at most %.0f %% may be.", 100*a.Silent, 100*c.MaxSilent)
	}
	if c.SampleRate > 0 && a.SampleRate != c.SampleRate {
		add("It has %d samples a second instead of %d.", a.SampleRate, c.SampleRate)
	}
	if a.Seconds > 0 && a.Seconds < c.MinSeconds {
		add("It lasts %.2f s; at least %.2f s were expected.", a.Seconds, c.MinSeconds)
	}
	if c.MaxSeconds > 0 && a.Seconds > c.MaxSeconds {
		add("It lasts %.2f s; at most %.2f s were expected.", a.Seconds, c.MaxSeconds)
	}
	if a.Clipped > 0.01 {
		add("%.1f %% of the samples are clipped.", 100*a.Clipped)
	}
	if a.CutOff {
		add("The file ends before its header says.")
	}
	return faults
}

// RealTimeFactor is processing time over the length of the sound, both in
// seconds: 0.1 = ten times faster than it is spoken. ok is false where either
// is not positive or not a number. Some sources state its inverse as a speed.
func RealTimeFactor(processing, audio float64) (factor float64, ok bool) {
	if !(processing > 0) || !(audio > 0) || math.IsInf(processing, 0) || math.IsInf(audio, 0) {
		return 0, false
	}
	return processing / audio, true
}
