package speech

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// wav writes a file of one channel.
func wav(format, bits, rate int, data []byte, claim int) []byte {
	b := append([]byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00"), "fmt \x10\x00\x00\x00"...)
	b = binary.LittleEndian.AppendUint16(b, uint16(format))
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(bits))
	b = binary.LittleEndian.AppendUint32(append(b, "data"...), uint32(claim))
	return append(b, data...)
}

// tone is a second of 440 Hz at half of full scale.
func tone(format, bits, rate int) []byte {
	var b []byte
	for i := range rate {
		x := 0.5 * math.Sin(2*math.Pi*440*float64(i)/float64(rate))
		switch {
		case format == formatFloat && bits == 64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		case format == formatFloat:
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)))
		case bits == 8:
			b = append(b, byte(128+127*x))
		case bits == 16:
			b = binary.LittleEndian.AppendUint16(b, uint16(int16(32767*x)))
		case bits == 24:
			v := int32(8388607 * x)
			b = append(b, byte(v), byte(v>>8), byte(v>>16))
		default:
			b = binary.LittleEndian.AppendUint32(b, uint32(int32(2147483647*x)))
		}
	}
	return b
}

func TestReadWAV(t *testing.T) {
	for _, c := range []struct{ format, bits int }{{formatPCM, 8}, {formatPCM, 16}, {formatPCM, 24}, {formatPCM, 32}, {formatFloat, 32}, {formatFloat, 64}} {
		data := tone(c.format, c.bits, 16000)
		for _, claim := range []int{len(data), math.MaxUint32} { // streamed files do not know their length
			r, err := ReadWAV(wav(c.format, c.bits, 16000, data, claim))
			if err != nil {
				t.Fatal(err)
			}
			if r.SampleRate != 16000 || r.Channels != 1 || math.Abs(r.Seconds-1) > 1e-9 || math.Abs(r.Peak-0.5) > 0.01 || math.Abs(r.RMS-0.5/math.Sqrt2) > 0.01 || !r.Finite || len(r.Problems(16000, 2)) != 0 {
				t.Errorf("format %d, %d bits: %+v, %q", c.format, c.bits, r, r.Problems(16000, 2))
			}
		}
	}
	silent, _ := ReadWAV(wav(formatPCM, 16, 24000, make([]byte, 48000), 48000))
	if p := strings.Join(silent.Problems(16000, 0.5), "; "); !strings.Contains(p, "silent") || !strings.Contains(p, "24000 Hz") || !strings.Contains(p, "at most") {
		t.Errorf("silence: %s", p)
	}
	nan := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(math.NaN())))
	if r, _ := ReadWAV(wav(formatFloat, 32, 8000, nan, 4)); r.Finite || len(r.Problems(0, 0)) != 2 {
		t.Errorf("NaN: %+v, %q", r, r.Problems(0, 0))
	}
	for _, bad := range [][]byte{nil, []byte("ID3 mp3 data here"), []byte("RIFF\x00\x00\x00\x00WAVE"), wav(formatPCM, 12, 8000, nil, 0), wav(7, 8, 8000, nil, 0)} {
		if r, err := ReadWAV(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, r)
		}
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(wav(formatPCM, 16, 8000, []byte{1, 2, 3, 4}, 4))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ReadWAV(b)
		if err == nil && (r.Seconds < 0 || math.IsNaN(r.RMS)) {
			t.Errorf("%+v", r)
		}
	})
}

// The usual example of the measure: one substitution, one deletion and one
// insertion in six words.
func TestWordErrors(t *testing.T) {
	for _, c := range []struct {
		ref, hyp string
		want     Errors
	}{
		{"The cat sat on the mat.", "the cat sat on the mat", Errors{6, 0, 0, 0}},
		{"the cat sat on the mat", "so the cat sit on the", Errors{6, 1, 1, 1}},
		{"hello", "", Errors{1, 0, 1, 0}},
		{"", "hello there", Errors{0, 0, 0, 2}},
		{"I don’t know", "I don't know", Errors{3, 0, 0, 0}},
		{"a b c d", "x a b c d", Errors{4, 0, 0, 1}},
	} {
		if got := Compare(c.ref, c.hyp); got != c.want {
			t.Errorf("Compare(%q, %q) = %+v, want %+v", c.ref, c.hyp, got, c.want)
		}
	}
	half := Compare("the cat sat on the mat", "so the cat sit on the")
	if half.Rate() != 0.5 {
		t.Errorf("rate %v, want 0.5", half.Rate())
	}
	empty, extra := Compare("", ""), Compare("", "x")
	if empty.Rate() != 0 || extra.Rate() != 1 {
		t.Errorf("without a reference: %v and %v", empty.Rate(), extra.Rate())
	}
}
