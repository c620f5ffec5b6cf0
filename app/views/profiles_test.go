package views

import (
	"reflect"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
)

func TestProfiles(t *testing.T) {
	list := []profile{{"List, Q3", "buy=cloud&off=10"}, {"Größe 1", "buy=own&px=l40s:9000"}}
	if got := parseProfiles(formatProfiles(list)); !reflect.DeepEqual(got, list) {
		t.Errorf("parseProfiles(formatProfiles) = %+v", got)
	}
	for in, want := range map[string][]profile{
		"":                         nil,
		"no tab":                   nil,
		"\tbuy=own":                nil,
		"a\trps=5&t=how":           nil, // no price in it
		"a\tbuy=own&rps=5\r\n":     {{"a", "buy=own"}},
		"a\tbuy=own\na\tbuy=cloud": {{"a", "buy=cloud"}},
		"x\x01y\tkwh=1":            {{"xy", "kwh=1"}},
	} {
		if got := parseProfiles(in); !reflect.DeepEqual(got, want) {
			t.Errorf("parseProfiles(%q) = %+v, want %+v", in, got, want)
		}
	}
	if n := len(parseProfiles(strings.Repeat("a\tbuy=own\n", 3) + manyProfiles(80))); n != maxProfiles {
		t.Errorf("%d profiles, want at most %d", n, maxProfiles)
	}
}

func manyProfiles(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("p" + itoa(i+1000) + "\tbuy=own\n")
	}
	return b.String()
}

// FuzzProfiles checks that what was read from a file is kept as it was read.
func FuzzProfiles(f *testing.F) {
	for _, s := range []string{"a\tbuy=own\n", "a\tbuy=own&px=l40s:2\nb\tkwh=0", "\t\t\n\x00", "é\xff\toff=5&&&"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		list := parseProfiles(in)
		if again := parseProfiles(formatProfiles(list)); !reflect.DeepEqual(again, list) {
			t.Fatalf("%q reads as %+v, then %+v", in, list, again)
		}
	})
}

// The price of an accelerator is an input of its own and can be taken back.
func TestPriceField(t *testing.T) {
	s := NewSizing(testCatalog(t), "")
	g, _ := s.Catalog().GPU("h100-sxm")
	f := fields[priceField(g)]
	if got := f.get(s); got != g.Rent.USD {
		t.Errorf("starts at %v, list %v", got, g.Rent.USD)
	}
	s.Edit(f.id, func(st *state) { f.set(st, 1.9) })
	if got := f.get(s); got != 1.9 || !f.changed(s) || !strings.Contains(s.Link(), "px=h100-sxm-80gb:1.9") {
		t.Errorf("reads %v, link %q", got, s.Link())
	}
	s.Edit("", f.reset)
	if f.changed(s) || s.Link() != "v=1" {
		t.Errorf("after the reset: %q", s.Link())
	}
}

// Splitting the prompt keeps its length about; joining it again keeps it exactly.
func TestSplitPrompt(t *testing.T) {
	for _, link := range []string{"", "w=chat", "in=120", "in=37", "in=100k"} {
		s := NewSizing(testCatalog(t), link)
		before := s.Req.Workload.Input
		s.Edit("", splitPrompt)
		after := s.Req.Workload.Input
		if s.State.Chunks < 1 || after < before/2 && before > 700 || after > before+600 {
			t.Errorf("%q: %d tokens become %d", link, before, after)
		}
	}
	s := NewSizing(testCatalog(t), "")
	s.Edit("", splitPrompt)
	if s.Req.Workload.Input != 5000 || s.State.Chunks != 9 {
		t.Errorf("5,000 tokens become %d in %d passages", s.Req.Workload.Input, s.State.Chunks)
	}
	s.Edit("", reuseSystem)
	if got := s.Req.Workload.CachedShare; got < 0.079 || got > 0.081 {
		t.Errorf("a system prompt of 400 of 5,000 tokens is %v reused", got)
	}
}

// Every cost says what it is per, and they agree with one another.
func TestCostAs(t *testing.T) {
	s := NewSizing(testCatalog(t), "g=h100-sxm")
	var e fleet.Estimator
	s.Answer = e.Preview(s.Req)
	o := s.Best()
	if o == nil {
		t.Fatal("no option")
	}
	month, _ := costAs(o, "")
	for per, want := range map[string]float64{"year": 12 * month, "term": 36 * month, "req": month / (10 * 3600 * 730) * 1000,
		"out": month / (10 * 3600 * 730 * 500) * 1e6, "in": month / (10 * 3600 * 730 * 5000) * 1e6, "total": month / (10 * 3600 * 730 * 5500) * 1e6} {
		if got, ok := costAs(o, per); !ok || got < want*0.999999 || got > want*1.000001 {
			t.Errorf("cost per %q = %v, want %v", per, got, want)
		}
		s.Per = per
		if f := costFigure(s, o); f.ref == "" || f.number == "" {
			t.Errorf("cost per %q: figure %+v", per, f)
		}
	}
}
