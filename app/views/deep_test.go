package views

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"fleetsize/app/chart"
)

// lensOf is the Explain view's look at the recommended option of a link.
func lensOf(t *testing.T, link string) (*Page, *deep) {
	t.Helper()
	v := sized(t, link)
	v.s.State.View = viewExplain
	d, ok := v.lens()
	if !ok {
		t.Fatalf("%q: nothing to look at", link)
	}
	return v, d
}

func sumOf(parts []chart.Part) float64 {
	sum := 0.0
	for _, p := range parts {
		sum += p.Value
	}
	return sum
}

// The pieces of a request and of a step are the latencies that are shown.
func TestPartsAddUp(t *testing.T) {
	for _, link := range []string{"g=h100-sxm", "g=l40s&m=llama-3.3-70b&q=fp8", "g=b200&m=gpt-oss-120b", "g=h200-sxm&m=deepseek-v3&rps=2"} {
		_, d := lensOf(t, link)
		if got, want := sumOf(d.waitParts()), d.book.Value("ttft"); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: the parts of TTFT sum to %g s, TTFT is %g", link, got, want)
		}
		if got, want := sumOf(d.stepParts()), d.book.Value("itl"); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: the parts of a token sum to %g s, it takes %g", link, got, want)
		}
	}
}

var deepFigureIDs = []string{"parts", "memory", "bytes", "roofline", "load", "tokens", "requests", "budget", "grid", "deep-samples", "deep-figures"}

// Every figure of the view is there for every kind of model, at both widths,
// with its data as a table, and nothing unknown is drawn.
func TestExplainView(t *testing.T) {
	for _, link := range []string{"g=h100-sxm", "g=l40s&m=gemma-3-27b", "g=b200&m=qwen3-next-80b-a3b", "g=h100-sxm&flight=40", "spec=3:2.1&g=h200-sxm", "g=a10g&in=20&out=1&ttft=1s&itl=off"} {
		v, _ := lensOf(t, link)
		for _, width := range []float64{0, 358} {
			v.widths["deep"] = width
			for _, table := range []bool{false, true} {
				v.deep.tables = map[string]bool{}
				for _, id := range deepFigureIDs {
					v.deep.tables[id] = table
				}
				markup := render(v)
				for _, id := range deepFigureIDs {
					if !strings.Contains(markup, `id="`+id+`"`) {
						t.Errorf("%s: no %s", link, id)
					}
				}
				markup = markup[strings.Index(markup, "<main"):strings.Index(markup, "</main>")]
				for _, bad := range []string{"NaN", "Inf ", "No values to draw", "unknown", "unbounded"} {
					if i := strings.Index(markup, bad); i >= 0 {
						t.Errorf("%s, table %v: %q in …%s…", link, table, bad, markup[max(0, i-200):min(len(markup), i+50)])
					}
				}
				for _, m := range regexp.MustCompile(`data-x="([^"]+)"`).FindAllStringSubmatch(markup, -1) {
					if _, ok := v.explanation(m[1]); !ok {
						t.Errorf("%s: %s explains nothing", link, m[1])
					}
				}
			}
		}
	}
}

// words are the texts of markup, whose attributes come in any order.
func words(markup string) string {
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(markup, "")
}

// What is chosen changes what is drawn.
func TestExplainChoices(t *testing.T) {
	v, d := lensOf(t, "g=h100-sxm,l40s")
	before := words(render(v))
	for name, change := range map[string]func(){
		"gpu":      func() { v.deep.gpu = "l40s" },
		"requests": func() { v.deep.requests = 256 },
		"tokens":   func() { v.deep.tokens = 16384 },
		"budget":   func() { v.deep.budget = 500000 },
		"phase":    func() { v.deep.phase = "prefill" },
		"quantity": func() { v.deep.quantity = "memory" },
	} {
		change()
		if words(render(v)) == before {
			t.Errorf("choosing another %s changes nothing", name)
		}
		v.deep = deepState{}
	}
	// Prefill changes its roof with length; decoding 13 requests of the 8B does not.
	prefill, decode := d.phases()
	one := func(l float64) (float64, float64) { return 1, l }
	if x, ok := cross(prefill, doubling(16, 65536), one); !ok || x < 50 || x > 2000 {
		t.Errorf("prefill crosses over at %g tokens, %v", x, ok)
	} else if c, m := prefill.compute(1, x), prefill.memory(1, x); math.Abs(c/m-1) > 0.01 {
		t.Errorf("at the crossover compute is %g of memory", c/m)
	}
	if _, ok := cross(decode, doubling(64, 65536), func(l float64) (float64, float64) { return 13, l }); ok {
		t.Error("decoding 13 requests turns compute-bound")
	}
}

func TestNoOptionToExplain(t *testing.T) {
	v := sized(t, "in=500k&t=explain")
	if markup := render(v); strings.Contains(markup, `id="roofline"`) || !strings.Contains(markup, `data-headline`) {
		t.Error("without an option the view says nothing, or too much")
	}
}
