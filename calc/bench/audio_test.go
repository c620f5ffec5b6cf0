package bench

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// wav writes a file of one format from samples of full scale 1.
func wav(format, bits, rate, channels int, samples []float64) []byte {
	var data []byte
	le := binary.LittleEndian
	for _, x := range samples {
		switch {
		case format == waveFloat && bits == 64:
			data = le.AppendUint64(data, math.Float64bits(x))
		case format == waveFloat:
			data = le.AppendUint32(data, math.Float32bits(float32(x)))
		case bits == 8:
			data = append(data, byte(128+math.Round(127*x)))
		case bits == 16:
			data = le.AppendUint16(data, uint16(int16(math.Round(32767*x))))
		case bits == 24:
			v := int32(math.Round(8388607 * x))
			data = append(data, byte(v), byte(v>>8), byte(v>>16))
		default:
			data = le.AppendUint32(data, uint32(int32(math.Round(2147483647*x))))
		}
	}
	b := le.AppendUint32([]byte("RIFF"), uint32(36+len(data)))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, uint16(format))
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*channels*bits/8))
	b = le.AppendUint16(b, uint16(channels*bits/8))
	b = le.AppendUint16(b, uint16(bits))
	b = le.AppendUint32(append(b, "data"...), uint32(len(data)))
	return append(b, data...)
}

// tone is a sine of full periods; half of it is silence.
func tone(rate, channels int, amplitude float64) []float64 {
	var x []float64
	for i := range rate {
		for range channels {
			v := 0.0
			if i < rate/2 {
				v = amplitude * math.Sin(2*math.Pi*200*float64(i)/float64(rate))
			}
			x = append(x, v)
		}
	}
	return x
}

func TestDecodeWAV(t *testing.T) {
	for _, c := range []struct{ format, bits, rate, channels int }{
		{wavePCM, 8, 8000, 1}, {wavePCM, 16, 16000, 1}, {wavePCM, 16, 44100, 2}, {wavePCM, 24, 24000, 1}, {wavePCM, 32, 48000, 2},
		{waveFloat, 32, 24000, 1}, {waveFloat, 64, 24000, 2},
	} {
		a, err := DecodeWAV(wav(c.format, c.bits, c.rate, c.channels, tone(c.rate, c.channels, 0.5)))
		if err != nil {
			t.Errorf("%v: %v", c, err)
			continue
		}
		step := 1 / math.Exp2(float64(c.bits-1)) * 2
		// A sine of amplitude 0.5 over half of the time: RMS 0.5/√2/√2 = 0.25.
		if a.SampleRate != c.rate || a.Channels != c.channels || a.Bits != c.bits || a.Seconds != 1 || !a.Finite || a.CutOff ||
			math.Abs(a.Peak-0.5) > step+1e-3 || math.Abs(a.RMS-0.25) > step+1e-3 || math.Abs(a.Silent-0.5) > 0.02 || a.Clipped != 0 {
			t.Errorf("%v: %+v", c, a)
		}
		if f := a.Faults(AudioCheck{SampleRate: c.rate, MinSeconds: 0.9, MaxSeconds: 1.1, MaxSilent: 0.6}); len(f) != 0 {
			t.Errorf("%v: faults %q", c, f)
		}
	}
}

func TestAudioFaults(t *testing.T) {
	good := wav(wavePCM, 16, 16000, 1, tone(16000, 1, 0.5))
	streamed := append([]byte(nil), good...)
	binary.LittleEndian.PutUint32(streamed[40:], math.MaxUint32)
	square := make([]float64, 1600)
	for i := range square {
		square[i] = 1
	}
	for name, c := range map[string]struct {
		file  []byte
		check AudioCheck
		want  string
	}{
		"good":         {good, AudioCheck{}, ""},
		"length open":  {streamed, AudioCheck{MinSeconds: 1, MaxSeconds: 1}, ""},
		"silent":       {wav(wavePCM, 16, 16000, 1, make([]float64, 1600)), AudioCheck{}, "silent: nothing"},
		"half silent":  {good, AudioCheck{MaxSilent: 0.3}, "50 % of it is silent"},
		"empty":        {wav(wavePCM, 16, 16000, 1, nil), AudioCheck{}, "no samples"},
		"rate":         {good, AudioCheck{SampleRate: 24000}, "16000 samples a second instead of 24000"},
		"short":        {good, AudioCheck{MinSeconds: 2}, "at least 2.00 s"},
		"long":         {good, AudioCheck{MaxSeconds: 0.5}, "at most 0.50 s"},
		"not a number": {wav(waveFloat, 32, 16000, 1, []float64{0.5, math.NaN(), 0.5}), AudioCheck{}, "not numbers"},
		"clipped":      {wav(wavePCM, 16, 16000, 1, square), AudioCheck{}, "100.0 % of the samples are clipped"},
		"cut off":      {good[:len(good)-500], AudioCheck{}, "ends before its header"},
	} {
		a, err := DecodeWAV(c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := strings.Join(a.Faults(c.check), " ")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: faults %q, want %q", name, got, c.want)
		}
	}
}

func TestDecodeWAVRefuses(t *testing.T) {
	good := wav(wavePCM, 16, 16000, 1, []float64{0.1})
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"nothing":   {nil, "not a WAV file"},
		"page":      {[]byte("<!doctype html><html>"), "not a WAV file"},
		"no data":   {good[:36], "no data chunk"},
		"no format": {append(append([]byte(nil), good[:12]...), good[36:]...), "before its format"},
		"μ-law":     {wav(7, 8, 8000, 1, []float64{0.1}), "format 7"},
		"no rate":   {wav(wavePCM, 16, 0, 1, nil), "at 0 Hz"},
	} {
		if _, err := DecodeWAV(c.file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

func TestRealTimeFactor(t *testing.T) {
	if f, ok := RealTimeFactor(0.5, 5); !ok || f != 0.1 {
		t.Errorf("RealTimeFactor = %v, %v", f, ok)
	}
	for _, c := range [][2]float64{{0, 1}, {1, 0}, {-1, 1}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		if _, ok := RealTimeFactor(c[0], c[1]); ok {
			t.Errorf("RealTimeFactor(%v) is known", c)
		}
	}
}

func TestWordErrors(t *testing.T) {
	for _, c := range []struct {
		reference, transcript string
		want                  WordErrors
	}{
		{"the cat sat", "the cat sat", WordErrors{3, 0, 0, 0}},
		{"The cat, sat!", "the CAT sat", WordErrors{3, 0, 0, 0}},
		{"the cat sat on the mat", "the cat sit on mat", WordErrors{6, 1, 1, 0}},
		{"the cat", "the big black cat", WordErrors{2, 0, 0, 2}},
		{"one two three", "", WordErrors{3, 0, 3, 0}},
		{"", "one two", WordErrors{0, 0, 0, 2}},
		{"don’t stop-over", "don't stop over", WordErrors{3, 0, 0, 0}},
		{"a b c d", "b c d e", WordErrors{4, 0, 1, 1}},
	} {
		got, ok := CompareWords(c.reference, c.transcript)
		if !ok || got != c.want {
			t.Errorf("CompareWords(%q, %q) = %+v, want %+v", c.reference, c.transcript, got, c.want)
		}
	}
	if r, ok := (WordErrors{6, 1, 1, 0}).Rate(); !ok || math.Abs(r-1.0/3) > 1e-12 {
		t.Errorf("rate %v", r)
	}
	if _, ok := (WordErrors{0, 0, 0, 2}).Rate(); ok {
		t.Error("a rate without words")
	}
	if _, ok := CompareWords(strings.Repeat("a ", maxSpoken+1), "a"); ok {
		t.Error("too many words were compared")
	}
}

func FuzzDecodeWAV(f *testing.F) {
	f.Add(wav(wavePCM, 16, 16000, 1, []float64{0.1, -0.1}))
	f.Add(wav(waveFloat, 32, 16000, 2, []float64{0.1, -0.1}))
	f.Add(wav(wavePCM, 24, 16000, 1, []float64{0.1})[:50])
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := DecodeWAV(b)
		if err != nil {
			return
		}
		for _, x := range []float64{a.Seconds, a.Peak, a.RMS, a.Silent, a.Clipped} {
			if math.IsNaN(x) || x < 0 {
				t.Errorf("%+v", a)
			}
		}
		a.Faults(AudioCheck{SampleRate: 1, MinSeconds: 1, MaxSeconds: 2, MaxSilent: 0.5})
	})
}

func FuzzCompareWords(f *testing.F) {
	f.Add("the cat sat", "the dog")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, a, b string) {
		w, ok := CompareWords(a, b)
		if !ok {
			return
		}
		back, _ := CompareWords(b, a)
		if w.Substitutions+w.Deletions+w.Insertions != back.Substitutions+back.Deletions+back.Insertions {
			t.Errorf("%q to %q takes %+v, back %+v", a, b, w, back)
		}
		if len(Spoken(b)) != w.Words-w.Deletions+w.Insertions {
			t.Errorf("%q to %q: %+v does not add up", a, b, w)
		}
	})
}
