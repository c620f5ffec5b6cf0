package link

import (
	"strings"
	"testing"

	"fleetsize/calc/fleet"
)

// Custom entries travel in the link, can be named by m and g, and are part of
// the requirement's catalog.
func TestCustomEntries(t *testing.T) {
	cat := load(t)
	const in = "xg=mygpu:mem96:bw4000:bf16-800:w450&xm=mymodel:l32:d4096:h32:kv8:hd128:ff14336:v128256:ctx131072&g=mygpu,h100-sxm&m=mymodel"
	s, notes := Parse(cat, in)
	if len(notes) > 0 {
		t.Fatalf("notes %+v", notes)
	}
	r, notes := s.Requirement(cat)
	if len(notes) > 0 || len(r.GPUs) != 2 || !r.GPUs[0].GPU.Custom || !r.Model.Custom {
		t.Fatalf("requirement %+v, notes %+v", r, notes)
	}
	if got := r.GPUs[0].GPU.MemoryBytes; got != 96e9 {
		t.Errorf("memory %v, want 96 GB", got)
	}
	if len(r.Catalog.GPUs) != len(cat.GPUs)+1 || len(r.Catalog.Models) != len(cat.Models)+1 {
		t.Errorf("the requirement's catalog has %d accelerators and %d models", len(r.Catalog.GPUs), len(r.Catalog.Models))
	}
	text := s.String()
	again, notes := Parse(cat, text)
	if again.String() != text || len(notes) > 0 {
		t.Errorf("%q reads as %q with notes %+v", text, again.String(), notes)
	}
	if !strings.Contains(text, "&xg=mygpu:mem96:bw4000:bf16-800:w450&") {
		t.Errorf("the entry is not in the link as it was typed: %q", text)
	}
	var e fleet.Estimator
	found := false
	for _, o := range e.Preview(r).Options {
		found = found || o.GPU == r.GPUs[0].GPU
	}
	if !found {
		t.Error("the custom accelerator is not an option")
	}
}

func TestBadCustomEntries(t *testing.T) {
	cat := load(t)
	for _, c := range []struct{ in, contains string }{
		{"xg=mygpu", "mygpu"},
		{"xg=mygpu:mem96", "mygpu"},
		{"xg=mygpu:mem96:bw4000:bf16-0", "16-bit rate"},
		{"xg=my_gpu:mem96", "is not a custom entry: write xg="},
		{"xm=m:l0:d4096:h32:v1000:ctx1000", "custom model"},
		{"xg=" + strings.Repeat("g:mem96:bw4000:bf16-800,", 5), "send them as a file"},
	} {
		s, notes := Parse(cat, c.in)
		if len(notes) == 0 || notes[0].Code != CodeValue || !strings.Contains(notes[0].Text, c.contains) {
			t.Errorf("Parse(%.60q) notes %+v, want one with %q", c.in, notes, c.contains)
		}
		if len(s.CustomGPUs) > maxCustom || len(s.CustomModels) > 0 {
			t.Errorf("Parse(%.60q) keeps %v %v", c.in, s.CustomGPUs, s.CustomModels)
		}
	}
}
