package views

import (
	"regexp"
	"testing"
)

// GB and GiB are never on one screen: the switch turns every amount of memory,
// with its explanation; rates stay decimal.
func TestOneMemoryUnitOnAScreen(t *testing.T) {
	decimal := regexp.MustCompile(`(?:[0-9] |, )GB(?:[^/a-zA-Z0-9]|$)`)
	binary := regexp.MustCompile(`(?:[0-9] |, )GiB`)
	for _, tc := range []struct {
		link, part string
		least      int
	}{
		{"g=h100-sxm,t4,l4,l40s&m=llama-3.3-70b&t=size", "", 3}, {"g=h100-sxm,l40s&t=explain", "", 6},
		{few + "&t=data", "gpus", 5}, {few + "&t=data", "models", 1}, {few + "&t=data&xg=mygpu:mem96:bw4000:bf16-800:w450", "own", 1},
	} {
		v := sized(t, tc.link)
		for _, gib := range []bool{false, true} {
			v.gib, v.showAll, v.early = gib, true, false
			v.data = dataState{part: tc.part, open: "h100-sxm-80gb", shown: 1000}
			v.openSet, v.open = true, "h100-sxm-80gb"
			words := text(render(v))
			wrong, right := decimal, binary
			if !gib {
				wrong, right = binary, decimal
			}
			for _, bad := range wrong.FindAllStringIndex(words, -1) {
				t.Errorf("%s %s, GiB %v: %q", tc.link, tc.part, gib, words[max(0, bad[0]-40):min(len(words), bad[1]+20)])
			}
			if n := len(right.FindAllString(words, -1)); n < tc.least {
				t.Errorf("%s %s, GiB %v: %d amounts in the unit, want %d", tc.link, tc.part, gib, n, tc.least)
			}
		}
	}
	v := &Page{gib: true}
	for in, want := range map[string]string{
		"Does not fit: 12.4 GB short per GPU": "Does not fit: 11.5 GiB short per GPU", "864 GB/s of 1,000 GB": "864 GB/s of 931.3 GiB", "no GB here": "no GB here", "": "",
	} {
		if got := v.inUnit(in); got != want {
			t.Errorf("inUnit(%q) = %q, want %q", in, got, want)
		}
	}
}
