package jsonio

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// everything has a field of each kind the program decodes.
type everything struct {
	A int                `json:"a"`
	B float64            `json:"b"`
	C string             `json:"c,omitempty"`
	D bool               `json:"d"`
	E []int              `json:"e"`
	F map[string]float64 `json:"f,omitempty"`
	G *everything        `json:"g,omitempty"`
	H [2]float64         `json:"h"`
	I any                `json:"i"`
	J *float64           `json:"j"`
	K []everything       `json:"k,omitempty"`
	L uint8              `json:"l"`
	M int64              `json:"m"`
	n int
	o struct{ X int }
	P struct {
		X string `json:"x"`
		Y string `json:"y"`
	} `json:"p"`
	Q map[string][]string `json:"q,omitempty"`
	R *int                `json:"r,omitempty"`
	S [][]float64         `json:"s,omitempty"`
}

// sameDecode fails when this package and encoding/json read doc differently
// into the same kind of value.
func sameDecode(t *testing.T, doc []byte) {
	t.Helper()
	for _, zero := range []any{new(any), new(everything), new(map[string]any), new([]everything), new(map[string]string)} {
		got := reflect.New(reflect.TypeOf(zero).Elem())
		want := reflect.New(reflect.TypeOf(zero).Elem())
		gotErr := Unmarshal(doc, got.Interface())
		wantErr := json.Unmarshal(doc, want.Interface())
		if (gotErr == nil) != (wantErr == nil) {
			t.Errorf("Unmarshal(%q) into %T: error %v, encoding/json %v", doc, zero, gotErr, wantErr)
			continue
		}
		if gotErr == nil && !reflect.DeepEqual(got.Interface(), want.Interface()) {
			t.Errorf("Unmarshal(%q) into %T = %#v, encoding/json %#v", doc, zero, got.Elem().Interface(), want.Elem().Interface())
		}
	}
}

// shortExponents writes 1e-07 as 1e-7, see TestKnownDifferences. No string in
// these tests holds such a number.
func shortExponents(doc []byte) []byte {
	return regexp.MustCompile(`(\d)e-0(\d)`).ReplaceAll(doc, []byte("${1}e-$2"))
}

// indented is what MarshalIndent should write.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// sameEncode fails when this package and encoding/json write v differently.
func sameEncode(t *testing.T, v any) {
	t.Helper()
	got, gotErr := Marshal(v)
	want, wantErr := json.Marshal(v)
	got = shortExponents(got)
	if (gotErr == nil) != (wantErr == nil) || !bytes.Equal(got, want) {
		t.Errorf("Marshal(%#v) = %s, %v; encoding/json %s, %v", v, got, gotErr, want, wantErr)
	}
	got, gotErr = MarshalIndent(v, "", "  ")
	got = shortExponents(got)
	want, wantErr = indented(v)
	if (gotErr == nil) != (wantErr == nil) || gotErr == nil && !bytes.Equal(got, want) {
		t.Errorf("MarshalIndent(%#v) = %s, %v; encoding/json %s, %v", v, got, gotErr, want, wantErr)
	}
}

var documents = []string{
	`null`, `true`, `0`, `-0`, `1e3`, `1.5e-7`, `"a"`, `[]`, `{}`, ` [1 , 2]` + "\n",
	`{"a":1,"b":2.5,"c":"x","d":true,"e":[1,2,3],"f":{"x":1},"g":{"a":2},"h":[1,2],"i":[{}],"j":3,"k":[{"a":1}],"l":255,"m":9007199254740993}`,
	`{"a":null,"c":null,"e":null,"f":null,"g":null,"h":null,"i":null,"j":null}`,
	`{"h":[1,2,3]}`, `{"h":[1]}`, `{"h":[]}`, `{"e":[]}`, `{"k":[]}`, `{"s":[[1],[],null]}`,
	`{"a":1,"a":2}`, `{"g":{"a":1},"g":{"b":2}}`, `{"unknown":{"deep":[1,{"x":"\""}]}}`,
	`{"p":{"x":"1","y":"2"}}`,
	`"\u00e9\ud83d\ude00\n\t\/\\"`, `"é😀"`, `"\u2028<>&"`, `"\ud800"`, `"\ud800x"`, `"\udc00\ud800"`, `{"\u0061":3}`,
	`1e400`, `-1e400`, `1e-400`, `12345678901234567890`, `{"l":256}`, `{"l":-1}`, `{"a":1.5}`, `{"a":1e2}`, `{"a":"1"}`, `{"c":1}`,
	`0.1`, `123456789.123456789`, `1.7976931348623157e308`, `4.9e-324`,
	`{"b":1e999}`, `{"a":99999999999999999999}`, `{"e":[1,"x"]}`, `{"d":"true"}`, `{"f":{"x":"y"}}`, `[{"a":1},null,{"b":2}]`,
	// not JSON
	``, ` `, `nul`, `nulll`, `tru`, `01`, `-`, `1.`, `.5`, `+1`, `1e`, `1e+`, `0x10`, `NaN`, `Infinity`, `'a'`, `"a`, `"\x"`, `"\u12"`,
	"\"a\nb\"", "\"\x00\"", `[1,]`, `[1 2]`, `[,1]`, `{"a":1,}`, `{"a" 1}`, `{a:1}`, `{"a":1 "b":2}`, `{} {}`, `[]]`, `{"a":1}x`, "\ufeff{}",
	`{"a":1`, `[1`, `{"a"`, `{"a":`, `{`, `[`, `{]`, `[}`, `{"c":"\u00zz"}`, "{\"a\":1}\x00", "\x00",
}

func TestReadsAsEncodingJSON(t *testing.T) {
	for _, d := range documents {
		sameDecode(t, []byte(d))
		if got, want := valid([]byte(d)), json.Valid([]byte(d)); got != want {
			t.Errorf("Valid(%q) = %v, encoding/json %v", d, got, want)
		}
	}
}

// TestRandomDocuments reads random documents and mutilated ones both ways.
func TestRandomDocuments(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		v := randomValue(r, 4)
		doc, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		sameDecode(t, doc)
		if len(doc) > 1 {
			cut := doc[:r.Intn(len(doc))]
			sameDecode(t, cut)
			spoiled := bytes.Clone(doc)
			spoiled[r.Intn(len(doc))] = `{}[]",:0-eEtn\x `[r.Intn(16)]
			if !utf8.Valid(spoiled) {
				continue
			}
			if json.Valid(spoiled) != valid(spoiled) {
				t.Errorf("Valid(%q) = %v", spoiled, valid(spoiled))
			}
			sameDecode(t, spoiled)
		}
		sameMeaning(t, v)
	}
}

// sameMeaning fails when what Marshal writes reads back as another value than
// what encoding/json writes.
func sameMeaning(t *testing.T, v any) {
	t.Helper()
	got, err := Marshal(v)
	got = shortExponents(got)
	if err != nil || !json.Valid(got) {
		t.Errorf("Marshal(%#v) = %s, %v", v, got, err)
		return
	}
	want, err := json.Marshal(v)
	if err != nil || len(got) != len(want) {
		t.Errorf("Marshal(%#v) = %s; encoding/json %s, %v", v, got, want, err)
	}
	var a, b any
	if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("Marshal(%#v) = %s; encoding/json %s", v, got, want)
	}
}

func TestWritesAsEncodingJSON(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	one, two := 1.5, 2
	for range 500 {
		sameEncode(t, everything{
			A: r.Int(), B: randomFloat(r), C: randomString(r), D: r.Intn(2) == 0, E: r.Perm(r.Intn(4)),
			F: map[string]float64{"y": randomFloat(r), "z": 1}, G: &everything{B: randomFloat(r)},
			H: [2]float64{randomFloat(r), 2}, I: randomString(r), J: &one, K: make([]everything, r.Intn(2)),
			L: uint8(r.Intn(256)), M: r.Int63(), Q: map[string][]string{"a": nil, "b": {}}, R: &two, S: [][]float64{nil, {}, {1}},
		})
	}
	for _, v := range []any{
		nil, "<a href='x'>&\u2028", "\x01\x7f\t\"\\", "bad\xffutf8", math.MaxFloat64, math.SmallestNonzeroFloat64,
		1e20, 1e21, 1e-6, 1e-7, -0.0, 100.0, float32(0.1), []byte("bytes"), map[string]any{}, []any{}, struct{}{},
		math.NaN(), math.Inf(1), map[int]string{2: "b", 1: "a"}, []everything(nil), everything{},
	} {
		sameEncode(t, v)
	}
}

func TestLimits(t *testing.T) {
	nest := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if err := Check(nest(MaxDepth)); err != nil {
		t.Errorf("depth %d: %v", MaxDepth, err)
	}
	var v any
	if err := Unmarshal(nest(MaxDepth+1), &v); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("depth %d: %v, want a refusal", MaxDepth+1, err)
	}
	if err := Check(bytes.Repeat([]byte("["), 1<<20)); err == nil {
		t.Error("a million brackets were accepted")
	}
	if err := Check(bytes.Repeat([]byte(" "), MaxBytes+1)); err == nil || !strings.Contains(err.Error(), "longer") {
		t.Errorf("too long: %v", err)
	}
	if err := Check([]byte("\"\xff\"")); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("invalid UTF-8: %v", err)
	}
	err := Check([]byte("{\n\"a\": 1,\n\"b\": nope\n}"))
	se, ok := err.(*SyntaxError)
	if !ok || se.Line != 3 || se.Offset != 15 {
		t.Errorf("position = %+v, want line 3, byte 15", err)
	}
}

// valid reports whether data is one JSON document within the limits.
func valid(data []byte) bool { return Check(data) == nil }

// foldable matches documents whose keys might equal a field in another case,
// see TestKnownDifferences.
var foldable = regexp.MustCompile(`[A-Z\\\x80-\x{10ffff}]`)

// FuzzAgainstEncodingJSON holds the two readers to the same answers on any
// UTF-8 input within the limits.
func FuzzAgainstEncodingJSON(f *testing.F) {
	for _, d := range documents {
		f.Add([]byte(d))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if !utf8.Valid(doc) || bytes.Count(doc, []byte("["))+bytes.Count(doc, []byte("{")) > MaxDepth {
			if valid(doc) && !json.Valid(doc) {
				t.Errorf("Valid(%q) but not for encoding/json", doc)
			}
			return
		}
		if !foldable.Match(doc) {
			sameDecode(t, doc)
		}
		if valid(doc) != json.Valid(doc) {
			t.Errorf("Valid(%q) = %v", doc, valid(doc))
		}
	})
}

func randomValue(r *rand.Rand, depth int) any {
	n := r.Intn(10)
	if depth == 0 {
		n = r.Intn(6)
	}
	switch n {
	case 0:
		return nil
	case 1:
		return r.Intn(2) == 0
	case 2, 3:
		return randomFloat(r)
	case 4, 5:
		return randomString(r)
	case 6, 7:
		a := make([]any, r.Intn(4))
		for i := range a {
			a[i] = randomValue(r, depth-1)
		}
		return a
	}
	m := map[string]any{}
	for range r.Intn(5) {
		k := randomString(r)
		if r.Intn(2) == 0 {
			k = string("abcdefghijklmpqrs"[r.Intn(17)])
		}
		m[k] = randomValue(r, depth-1)
	}
	return m
}

func randomFloat(r *rand.Rand) float64 {
	switch r.Intn(4) {
	case 0:
		return float64(r.Intn(2000) - 1000)
	case 1:
		return r.NormFloat64()
	case 2:
		return math.Ldexp(r.Float64(), r.Intn(600)-300)
	}
	return float64(r.Int63())
}

func randomString(r *rand.Rand) string {
	const from = "abc XYZ019\"\\/<>&\n\t\u00e9\u2028😀\u0001_-.,"
	runes := []rune(from)
	out := make([]rune, r.Intn(12))
	for i := range out {
		out[i] = runes[r.Intn(len(runes))]
	}
	return string(out)
}
