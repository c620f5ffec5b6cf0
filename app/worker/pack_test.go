package worker

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
)

// packed has a field of every kind that is sent.
type packed struct {
	Yes, No bool
	Count   int
	Small   int8
	X       float64
	Text    string
	To      *packed
	List    []packed
	Names   []string
	Numbers []float64
	Flags   []bool
	Links   []*int
	Pair    [2]int
	Kind    fleet.DemandKind
}

func TestPackKeepsEveryValue(t *testing.T) {
	seven := 7
	for _, want := range []packed{
		{},
		{Yes: true, Count: math.MinInt64, Small: -128, X: math.SmallestNonzeroFloat64, Text: "≈ \x00\xff", Pair: [2]int{0, -1}},
		{X: -math.MaxFloat64, Count: math.MaxInt64, Numbers: []float64{0, 1, -1, 0.1, 1e300, math.Copysign(0, -1)}, Flags: []bool{true, false, true}},
		{List: []packed{{}, {Text: strings.Repeat("x", 300)}}, To: &packed{To: &packed{Count: 1}}, Links: []*int{nil, &seven}, Names: []string{"", "a"}, Kind: fleet.People},
	} {
		text, err := pack("kind", 12, &want)
		if err != nil {
			t.Fatal(err)
		}
		seq, body, ok := numberOf("kind", text)
		if !ok || seq != 12 {
			t.Errorf("number %d, %v", seq, ok)
		}
		if _, _, ok := numberOf("kin", text); ok {
			t.Error("a message of another kind is taken")
		}
		var got packed
		if err := unpack(body, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v came back as %+v, %v", want, got, err)
		}
		// A message that was cut is refused or reads as something; it never panics.
		for n := range body {
			var cut packed
			if err := unpack(body[:n], &cut); err == nil && reflect.DeepEqual(cut, want) && n < len(body)-1 {
				t.Errorf("%d of %d characters are enough", n, len(body))
			}
		}
	}
}

func TestPackRefuses(t *testing.T) {
	for name, v := range map[string]any{
		"NaN": &packed{X: math.NaN()}, "infinity": &packed{Numbers: []float64{math.Inf(1)}},
		"a map": &struct{ M map[string]int }{map[string]int{"a": 1}}, "a function": &struct{ F func() }{func() {}},
	} {
		if text, err := pack("kind", 1, v); err == nil {
			t.Errorf("%s is sent as %q", name, text)
		}
	}
	for name, body := range map[string]string{
		"a length beyond the end": "gAH/////", "too few bytes": "/w", "no base64": "§", "more than one value": "AAAA",
	} {
		var got packed
		if err := unpack(body, &got); err == nil {
			t.Errorf("%s is read as %+v", name, got)
		}
	}
}

// The answer for the whole catalog, as a page reads it after every edit.
func BenchmarkDecodeReply(b *testing.B) {
	cat := testCatalog(b)
	req := requirement(b, cat, "")
	text, err := EncodeReply(Reply{Seq: 1, Stage: StageAnswer, Answer: NewComputer(cat).Preview(req)})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeReply(text, req); err != nil {
			b.Fatal(err)
		}
	}
}
