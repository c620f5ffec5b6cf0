//go:build !js

package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// studied is a link that every group of numbers has something to say about.
const studied = "w=rag&m=llama-3.1-8b&g=h100-sxm,l40s&rps=10&own=h100-sxm:8,l40s:4&mix=chat:7,rag:3&b.g=l40s&grow=20&yrs=2"

// Every group lists numbers, and every number of a list explains itself with
// the value that the list has.
func TestExplainGroups(t *testing.T) {
	for _, g := range numberGroups {
		out, errs, code := explainRun(t, "-list", "-json", studied, g.name)
		var doc map[string]struct {
			Title, Shown string
			Value        *float64
		}
		if err := json.Unmarshal([]byte(out), &doc); err != nil || code != exitDone || len(doc) < 3 {
			t.Errorf("%s: exit %d, %v, %d numbers; %s", g.name, code, err, len(doc), errs)
			continue
		}
		if g.name == "moves" {
			text, _, _ := explainRun(t, "-list", studied, g.name)
			if n := strings.Count(text, "\n"); n != len(doc) {
				t.Errorf("%s: %d lines of text, %d numbers", g.name, n, len(doc))
			}
		}
		left := 1
		for ref, x := range doc {
			if x.Value == nil || x.Title == "" {
				t.Errorf("%s: %s is %+v", g.name, ref, x)
			}
			if left--; left < 0 {
				continue
			}
			out, errs, code := explainRun(t, "-json", studied, ref)
			var one map[string]struct{ Value *float64 }
			if err := json.Unmarshal([]byte(out), &one); err != nil || code != exitDone || len(one) != 1 {
				t.Errorf("%s: exit %d, %v, %s", ref, code, err, errs)
			}
			for _, y := range one {
				if y.Value == nil || *y.Value != *x.Value {
					t.Errorf("%s is %v by itself and %v in the list", ref, y.Value, *x.Value)
				}
			}
		}
	}
	plain, _, _ := explainRun(t, "-list", studied)
	for _, g := range numberGroups {
		if !strings.Contains(plain, "\n  "+g.name+" ") || !strings.Contains(explainUsage, g.name) {
			t.Errorf("the list or the help lacks the group %s", g.name)
		}
	}
}

// Names are taken as people spell them, and options by their letter.
func TestExplainStudyNumbers(t *testing.T) {
	for _, c := range []struct{ ref, want string }{
		{"side-output::l40s", "Output of one GPU on L40S: "},
		{"fit-rate::llama-3.3-70b", "Requests a second held with another model on H100 SXM: "},
		{"growth-gpus::2", "GPUs in the year on "},
		{"hold-req::t", "Peak demand held on all pools: "},
		{"b.gpus", "GPUs on L40S: "},
		{"b.less-usd::a", "Less a month than another option on L40S: "},
		{"cat-memory::h100-sxm", "80 GB"},
	} {
		if out, errs, code := explainRun(t, studied, c.ref); code != exitDone || !strings.Contains(out, c.want) {
			t.Errorf("%s: exit %d, %s\n%s", c.ref, code, errs, out)
		}
	}
	// Where nothing meets the targets the catalog is left to explain.
	if out, errs, code := explainRun(t, "in=500k", "cat-memory::l40s"); code != exitDone || !strings.Contains(out, "48 GB") {
		t.Errorf("exit %d, %s\n%s", code, errs, out)
	}
	for _, c := range []struct{ link, ref, want string }{
		{"w=rag", "hold-req::t", "own=h100-sxm:8"}, {"w=rag", "mix-shared::0", "mix=chat:7"}, {"w=rag", "less-usd::b", "b.g=l40s"}, {"w=rag", "c.gpus", "no option c"},
		{studied, "growth-gpus::9", "explain -list LINK growth"}, {studied, "move-gpus::cheese.lo", "-list LINK moves"},
	} {
		if out, errs, code := explainRun(t, c.link, c.ref); code != exitUsage || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%s: exit %d, %q, want %q", c.ref, code, errs, c.want)
		}
	}
	if _, errs, code := explainRun(t, "-list", "w=rag", "cheese"); code != exitUsage || !strings.Contains(errs, "no group of numbers") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if _, errs, code := explainRun(t, "w=rag", "ttft", "itl"); code != exitUsage || !strings.Contains(errs, "one NUMBER at a time") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if _, errs, code := explainRun(t, "-o", "x.csv", "w=rag"); code != exitUsage || !strings.Contains(errs, "-o") {
		t.Errorf("exit %d, %s", code, errs)
	}
}
