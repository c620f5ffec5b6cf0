package views

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"fleetsize/calc/explain"
	"fleetsize/calc/units"
)

// shownNumber is a number on the page with the entry that explains it.
type shownNumber struct{ ref, text string }

// walk reads markup and returns every number that explains itself, and every
// text with a digit that does not and stands outside the elements in skip.
func walk(t *testing.T, markup string, within, skip func(tag, attrs string) bool) (numbers []shownNumber, bare []string) {
	t.Helper()
	void := map[string]bool{"br": true, "input": true, "img": true, "path": true, "rect": true, "line": true, "circle": true}
	type frame struct {
		tag, ref        string
		inside, skipped bool
	}
	var stack []frame
	read := func(text string) {
		text = strings.TrimSpace(html.UnescapeString(text))
		if !strings.ContainsAny(text, "0123456789") {
			return
		}
		in, skipped, inside := "", false, false
		for _, f := range stack {
			inside = inside || f.inside
			if f.ref != "" {
				in = f.ref
			}
			skipped = skipped || f.skipped
		}
		switch {
		case !inside:
		case in != "":
			numbers = append(numbers, shownNumber{in, text})
		case !skipped:
			bare = append(bare, text)
		}
	}
	at := 0
	for m, ok := nextTag(markup, 0); ok; m, ok = nextTag(markup, at) {
		read(markup[at:m.from])
		at = m.to
		switch {
		case void[m.name] || strings.HasSuffix(m.attrs, "/"):
		case m.end:
			for len(stack) > 0 {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if top.tag == m.name {
					break
				}
			}
		default:
			f := frame{tag: m.name, inside: within(m.name, m.attrs), skipped: skip(m.name, m.attrs)}
			if _, ref, ok := strings.Cut(m.attrs, `data-x="`); ok {
				ref, _, _ = strings.Cut(ref, `"`)
				f.ref = html.UnescapeString(ref)
			}
			stack = append(stack, f)
		}
	}
	read(markup[at:])
	return numbers, bare
}

var digits3 = regexp.MustCompile(`[0-9][0-9,.]*`)

// figureIn is the number in a text: "≈$7,300 a month" → "7,300".
// Zeros that only line up a column do not count.
func figureIn(text string) string {
	n := strings.TrimRight(digits3.FindString(text), ",.")
	if strings.Contains(n, ".") {
		n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
	}
	return n
}

// agrees reports whether a text shows an explanation's number: as the
// explanation writes it, or in the unit of its column.
func agrees(x *explain.Explanation, text string) bool {
	have := figureIn(text)
	want := []string{figureIn(x.Number), units.Sig(x.Value, 2), units.Sig(x.Value, 3), units.Count(x.Value), units.Sig(-x.Value, 2), units.Sig(1000*x.Value, 3), units.Sig(x.Value/1e9, 3),
		units.Sig(x.Value/1e12, 3), units.Count(x.Value / 1e12), units.Count(x.Value / 1e9)}
	if x.Unit == "%" { // whole per cents of a map of errors, tenths in a table
		want = append(want, units.Fixed(100*x.Value, 0), units.Fixed(-100*x.Value, 0), units.Fixed(100*x.Value, 1), units.Fixed(-100*x.Value, 1), units.Sig(1+x.Value, 2))
	}
	if x.Binary() != "" {
		want = append(want, units.Fixed(x.Value/(1<<30), 1), units.Sig(x.Value/(1<<30), 3), units.Sig(x.Value/(1<<30), 4))
	}
	for _, w := range want {
		if have == figureIn(w) {
			return true
		}
	}
	return false
}

// Every number on the cards, in the table and in the open rows says where it
// comes from, and the registry's number is the one that is shown.
func TestEveryNumberIsExplained(t *testing.T) {
	for _, link := range some([]string{
		"", "q=fp8&m=llama-3.3-70b&users=2500&ttft=2s&pos=cautious&g=h100-sxm,l40s,mi300x", "day=1.5m&ttft=off&itl=40ms&g=h100-sxm,tpu-v6e",
		"flight=200&ttft=off&e2e=40s&g=h200-sxm,a100-80-sxm", "m=gpt-oss-120b&eng=sglang&nodespare=1&grow=20&yrs=2&g=b200,h100-sxm",
		"eng=trtllm&pct=mean&buy=own&term=4&kwh=0.2&g=h100-sxm,a10g", "spec=3:2.1&g=h100-sxm,l40s",
		"chunks=10&chunk=450&sys=300&emb=bge-large-en-v1-5&ret=50ms&g=h100-sxm,l40s", "turns=4&calls=3&users=500&peak=p95&g=h100-sxm,l4",
	}) {
		v := sized(t, link)
		v.showAll = true
		if len(v.s.Answer.Options) == 0 {
			t.Errorf("%q: no options", link)
			continue
		}
		seen := map[string]bool{}
		for _, open := range []int{0, 1, len(v.s.Answer.Options) - 1} {
			v.openSet, v.open = true, v.s.Answer.Options[open].GPU.ID
			markup := render(v)
			numbers, bare := walk(t, markup, func(tag, attrs string) bool {
				return strings.Contains(attrs, `class="kpis"`) || strings.Contains(attrs, `class="tbl cards"`)
			}, func(tag, attrs string) bool {
				// Names and advice, and the words of a drawing, whose segments
				// explain themselves.
				return tag == "th" || tag == "h2" || tag == "small" || tag == "svg" || tag == "caption" || strings.Contains(attrs, `class="warns`)
			})
			if len(numbers) < 20+8*len(v.s.Answer.Options)/2 {
				t.Errorf("%q: only %d numbers", link, len(numbers))
			}
			for _, b := range bare {
				if !allowed(b) {
					t.Errorf("%q: nothing explains %q", link, b)
				}
			}
			for _, n := range numbers {
				seen[n.ref] = true
			}
			agreeing(t, v, strconv.Quote(link), markup, numbers)
		}
		if len(seen) < 40 {
			t.Errorf("%q: only %d different numbers", link, len(seen))
		}
	}
}

// allowed are texts with digits that are no results: constants of a phrase,
// precisions, dates, names.
func allowed(text string) bool {
	for _, phrase := range []string{"1,000 req", "10 kW", "730 h", " weights, ", "Next: ", "Rated power", "rated power", "all-in", "PUE", "list, ", "Own, ", "purchase", "Purchase", "price, ", "year", "Memory of one "} {
		if strings.Contains(text, phrase) {
			return true
		}
	}
	// What stands before a marked number of an alternative: its layout.
	return len(text) > 2 && text[:2] == "TP" && '0' <= text[2] && text[2] <= '9' || strings.HasPrefix(text, "P") && strings.Contains(text, "TP")
}

func TestDrawer(t *testing.T) {
	v := sized(t, "rps=12&g=h100-sxm&ok=rps")
	open := func(ref string) string {
		v.s.State.Open = ref
		return render(v)
	}
	markup := open("gpus")
	for _, want := range []string{`data-open="gpus"`, "Formula", "With numbers", "Where from", "Sure?", "What would change it", "Change it", "Copy as text", "Copy as Excel formula", "peak load", "posture Standard"} {
		if !strings.Contains(markup, want) {
			t.Errorf("the drawer lacks %q", want)
		}
	}
	if markup := open("demand"); !strings.Contains(markup, "you entered") || !strings.Contains(markup, "confirmed") {
		t.Error("what the user entered and confirmed is not said")
	}
	closed := regexp.MustCompile(`<div[^>]*hidden[^>]*id="drawer"|<div[^>]*id="drawer"[^>]*hidden`)
	for _, ref := range []string{"nothing-like-it", "gpus:no-such-gpu", "", "curve-ttft:l40s:abc", "other-gpus::99", ":", "gpus:::"} {
		if markup := open(ref); ref != "gpus:::" && !closed.MatchString(markup) {
			t.Errorf("%q opens the drawer", ref)
		}
	}
	// A number that was simulated has no form for a spreadsheet.
	if markup := open("e2e"); !strings.Contains(markup, "Found by simulation") {
		t.Error("a simulated number offers a spreadsheet formula")
	}
}

// Every entry of the registry can be opened by itself, for every option.
func TestEveryEntryOpens(t *testing.T) {
	v := sized(t, "g=h100-sxm")
	best := v.s.Best()
	for _, f := range explain.Formulas() {
		x, ok := v.explanation(explain.Ref(f.ID, best.GPU.ID, ""))
		if !ok {
			continue
		}
		v.s.State.Open = x.Ref
		if markup := render(v); !strings.Contains(markup, fmt.Sprintf(`data-open="%s"`, x.Ref)) {
			t.Errorf("%s does not open", x.Ref)
		}
		if strings.Contains(x.Plain(), "NaN") {
			t.Errorf("%s:\n%s", f.ID, x.Plain())
		}
	}
}

func TestMarks(t *testing.T) {
	text := "a " + mark("gpus", "4") + " b " + mark("kw:l40s", "3.6 kW")
	if got := bare(text); got != "a 4 b 3.6 kW" {
		t.Errorf("bare = %q", got)
	}
	if n := len(rich(text)); n != 4 {
		t.Errorf("%d pieces, want 4", n)
	}
	if rich("") != nil {
		t.Error("an empty text has pieces")
	}
}

func TestCaseWords(t *testing.T) {
	for _, f := range explain.Formulas() {
		if f.Case != "" && caseWords(f.Case) == f.Case {
			t.Errorf("no words for the case %s of %s", f.Case, f.ID)
		}
	}
}
