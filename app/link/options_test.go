package link

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// An option is the main scenario with its own pairs in place of A's.
func TestOption(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "w=chat&users=2500&rph=6&q=fp8&n=Pilot&xg=mygpu:mem96:bw4000:bf16-800:w450"+
		"&b.g=h200-sxm&b.q=auto&b.n=Fewer%20nodes&c.rps=10&c.m=llama-3.1-8b&c.g=mygpu")
	if len(notes) > 0 {
		t.Fatalf("notes %+v", notes)
	}
	for letter, want := range map[byte]string{
		'a': "v=1&w=chat&q=fp8&users=2500&rph=6&xg=mygpu:mem96:bw4000:bf16-800:w450&n=Pilot",
		'b': "v=1&w=chat&users=2500&rph=6&g=h200-sxm-141gb&xg=mygpu:mem96:bw4000:bf16-800:w450&n=Fewer%20nodes",
		'C': "v=1&w=chat&q=fp8&g=mygpu&xg=mygpu:mem96:bw4000:bf16-800:w450&n=Pilot",
	} {
		o, ok := s.Option(cat, letter)
		if !ok || o.String() != want {
			t.Errorf("option %c = %q, %v, want %q", letter, o.String(), ok, want)
		}
	}
	if _, ok := Default().Option(cat, 'b'); ok {
		t.Error("a link without options has an option B")
	}
	if _, ok := s.Option(cat, 'd'); ok {
		t.Error("there is an option D")
	}
}

// A pair of an option replaces the one of the same key and keeps the others.
func TestWithReplacesPairsOfOptions(t *testing.T) {
	cat := load(t)
	s, _ := Parse(cat, "b.g=h200-sxm&b.ttft=2s&c.q=fp8")
	s, _ = s.With(cat, "b.ttft=4s&c.kv=fp8")
	if got, want := s.String(), "v=1&b.g=h200-sxm-141gb&b.ttft=4s&c.q=fp8&c.kv=fp8"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}

// Bad items of an option's list are named; the good ones stay.
func TestOptionListsKeepGoodItems(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "b.g=l40s,nonsense&b.foo=1")
	if got, want := s.String(), "v=1&b.g=l40s&b.foo=1"; got != want || codes(notes) != "unknown value" {
		t.Errorf("String() = %q with %+v, want %q", got, notes, want)
	}
}

// Setting an option and reading it back gives the state it was set to.
func TestOptionInvertsWithOption(t *testing.T) {
	cat := load(t)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		a, o := random(rng, cat), random(rng, cat)
		a.A, a.B, a.C, o.A, o.B, o.C = nil, nil, nil, nil, nil, nil
		a.Unknown, o.Unknown = nil, nil
		o.Data, o.View, o.Sort, o.Open, o.Confirmed = a.Data, a.View, a.Sort, a.Open, a.Confirmed
		if o.Title == "" {
			o.Title = a.Title
		}
		o = o.Canonical()
		s := a.WithOption('b', o)
		got, ok := s.Option(cat, 'b')
		if len(s.B) == 0 {
			got, ok = s.Option(cat, 'a')
		}
		if !ok || !reflect.DeepEqual(got, o) {
			t.Fatalf("A %q\nB %q\nreads as %q", a.String(), o.String(), got.String())
		}
		s = s.WithOption('a', o)
		if got, ok := s.Option(cat, 'a'); !ok || !reflect.DeepEqual(got, o) || !reflect.DeepEqual(s.Main(), a.Main()) {
			t.Fatalf("main %q\nA %q\nreads as %q, main as %q", a.String(), o.String(), got.String(), s.Main().String())
		}
	}
}

// Without a. keys A is the main scenario; with them B and C still differ from
// the main scenario, not from A.
func TestOptionA(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "rps=4&a.g=l40s&a.n=Ours&b.m=llama-3.1-70b")
	if got, want := s.String(), "v=1&rps=4&a.g=l40s&a.n=Ours&b.m=llama-3-1-70b"; got != want || len(notes) > 0 {
		t.Errorf("%q with %+v, want %q", got, notes, want)
	}
	for letter, want := range map[byte]string{'a': "v=1&rps=4&g=l40s&n=Ours", 'b': "v=1&m=llama-3-1-70b&rps=4"} {
		if o, ok := s.Option(cat, letter); !ok || o.String() != want {
			t.Errorf("option %c is %q, want %q", letter, o.String(), want)
		}
	}
	if got := s.Main().String(); got != "v=1&rps=4" {
		t.Errorf("the main scenario is %q", got)
	}
	if _, ok := s.Option(cat, 'c'); ok {
		t.Error("an option C that the link does not have")
	}
}
