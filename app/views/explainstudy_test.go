package views

import (
	"regexp"
	"strings"
	"testing"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// wordsOfStudies are texts with digits that are no results: what was stated,
// names, layouts, and the shapes' lengths.
var wordsOfStudies = regexp.MustCompile(`^(× |.* × |with |TP|P[0-9]|[0-9]+ × |Same for all|$)|^[0-9,]+/[0-9,]+$|730 h|[Tt]oo few|H100|H200|L40S|Llama|^[ABC]$|[BF]F?P?(4|8|16)|INT|models run on it|^The [0-9]+ largest|^In one pool, p95|spent on$`)

// sees walks parts of the page and counts what explains their numbers.
func (v *Page) sees(t *testing.T, where string, seen map[string]int, allow *regexp.Regexp, ids ...string) {
	t.Helper()
	for id, n := range explained(t, v, where, render(v), withIDs(ids...), allow) {
		seen[id] += n
	}
}

// The sentences above the options, hardware at hand and budgets, mixes, and the
// set of request shapes.
func TestStudiesAreExplained(t *testing.T) {
	for _, tc := range some([]struct {
		link string
		ids  []string
	}{
		{few + "&own=h100-sxm:8,l40s:5&mix=rag:5,chat:2", []string{"hold-req", "hold-active", "hold-times", "hold-left", "hold-usd", "hold-nodes", "hold-replicas", "fit-rate",
			"mix-shared", "mix-apart", "mix-part", "mix-usd", "mix-kw", "mix-ttft", "mix-itl", "mix-times", "mix-part-replicas", "mix-pool-replicas",
			"shape-gpus", "shape-usd", "shape-ttft", "shape-speed", "shape-output", "shape-alone-ttft", "shape-alone-speed", "shape-best", "shape-best-usd"}},
		{few + "&budget=20000&users=2000", []string{"hold-people", "hold-gpus", "hold-usd"}},
		{few + "&own=h100-sxm:8&flight=64&grow=20&yrs=2", []string{"hold-in-flight", "hold-times", "fit-in-flight"}},
		{few + "&own=h200-sxm:16&day=1m&emb=bge-large-en-v1-5&ret=50ms", []string{"hold-day", "hold-ahead"}},
		{few + "&b.g=l40s&c.m=llama-3.3-70b", []string{"less-usd", "sooner"}},
	}) {
		v := studied(t, tc.link+"&t=compare")
		seen := map[string]int{}
		v.sees(t, tc.link, seen, wordsOfStudies, "reverse-answer", "mix-answer", "mix-classes", "scenarios", "own-models")
		v.sees(t, tc.link, seen, nothing, "compare")
		for id, n := range explained(t, v, tc.link, between(render(v), `id="reverse"`, `id="mix"`), func(tag, attrs string) bool { return strings.Contains(attrs, `class="tbl cards"`) }, wordsOfStudies) {
			seen[id] += n
		}
		for id, n := range explained(t, v, tc.link, between(render(v), `id="mix"`, `id="scenarios"`), func(tag, attrs string) bool { return strings.Contains(attrs, `class="tbl cards"`) }, wordsOfStudies) {
			seen[id] += n
		}
		for _, id := range tc.ids {
			n := seen[id]
			for _, letter := range []string{"a.", "b.", "c."} {
				n += seen[letter+id]
			}
			if n == 0 {
				t.Errorf("%q: no number is explained by %s: %v", tc.link, id, seen)
			}
		}
	}
}

// between is the part of a page from one mark to another, or to its end.
func between(page, from, to string) string {
	_, page, _ = strings.Cut(page, from)
	page, _, _ = strings.Cut(page, to)
	return page
}

// paretoWords are names of layouts and accelerators, and what the chart is of.
var paretoWords = regexp.MustCompile(`^TP|^(H100 SXM|H200|H200 SXM|L40S|[ABC])( gives)?$|^tok/s per GPU at [0-9]+ tok/s per user|^Best batch|^None of these reaches`)

// A small change that needs another replica is said on the card and in the
// chart of what moves the answer, with its formula.
func TestCliffsAreSaid(t *testing.T) {
	near := ""
	for rate := 4.0; rate < 40 && near == ""; rate += 0.5 {
		text := "g=h100-sxm&rps=" + units.Plain(rate)
		v := sized(t, text)
		if room := cliffRoom(v.s, v.s.Best()); room >= 0 && room < nearCliff && v.s.Best().GPUs <= 10 {
			near = text
		} else if strings.Contains(render(v), "Close to a cliff") {
			t.Errorf("%s: a cliff at %v", text, room)
		}
	}
	if near == "" {
		t.Fatal("no demand is near a cliff")
	}
	v := studied(t, near+"&t=explain")
	seen := map[string]int{}
	v.sees(t, near, seen, regexp.MustCompile(`changes by 25 %`), "moves")
	if seen["move-cliff"] == 0 || seen["gpus-per-replica"] == 0 {
		t.Errorf("%s: the chart says nothing of the cliff: %v", near, seen)
	}
	v.s.State.View = viewSize
	x, ok := v.explanation("cliff")
	if !strings.Contains(text(render(v)), "Close to a cliff") || !ok || !(x.Value >= 0 && x.Value < nearCliff) {
		t.Errorf("%s: the card says nothing of the cliff: %v", near, x)
	}
	// One per cent beyond the room another replica is needed, at it none.
	o := v.s.Best()
	for _, more := range []float64{0.99, 1.01} {
		rate := v.s.Req.Demand.ReqPerS * (1 + cliffRoom(v.s, o)) * more
		next := sized(t, "g=h100-sxm&rps="+units.Plain(units.Round(rate, 6))).s.Best()
		if grown := next.ReplicasNeeded > o.ReplicasNeeded; next.ReplicasNeeded < o.ReplicasNeeded || grown != (more > 1) {
			t.Errorf("%s: %d replicas at %g of the cliff, %d now", near, next.ReplicasNeeded, more, o.ReplicasNeeded)
		}
	}
}

// What moves the answer and speed against output, drawn and as tables, and
// every accelerator beside all others.
func TestChartsOfStudiesAreExplained(t *testing.T) {
	for _, link := range some([]string{few, few + "&flight=100&grow=20&yrs=2", few + "&users=3000&buy=own&ttft=off&e2e=40s&hit=30"}) {
		v := studied(t, link+"&t=explain")
		drawn := render(v)
		for id, least := range map[string]int{"move-gpus": 4, "front-output": 8, "move-exact": 1} {
			if n := strings.Count(drawn, `data-x="`+id+`:`); n < least {
				t.Errorf("%s: %d places show %s, want %d", link, n, id, least)
			}
		}
		v.negotiate.tables = map[string]bool{"moves": true, "pareto": true}
		seen := map[string]int{}
		v.sees(t, link, seen, regexp.MustCompile(`^no answer|^TP|changes by 25 %`), "moves")
		v.sees(t, link, seen, paretoWords, "pareto")
		for id, least := range map[string]int{"move-gpus": 10, "move-usd": 10, "move-input": 10, "prompt": 1, "answer": 1, "peak-load": 1, "front-output": 8, "front-speed": 8} {
			if seen[id] < least {
				t.Errorf("%s: %d numbers in tables are explained by %s, want %d: %v", link, seen[id], id, least, seen)
			}
		}
		v = studied(t, link+"&t=compare")
		v.negotiate.tables = map[string]bool{"optpareto": true}
		seen = map[string]int{}
		v.sees(t, link, seen, paretoWords, "optpareto")
		if seen["output-per-gpu"] == 0 || seen["speed"] == 0 {
			t.Errorf("%s: options on the curves: %v", link, seen)
		}
		v = studied(t, link+"&t=data")
		v.data.part, v.data.shown = "hardware", 1000
		seen = map[string]int{}
		for id, n := range explained(t, v, link, render(v), func(tag, attrs string) bool { return strings.Contains(attrs, `class="tbl cards hw"`) }, regexp.MustCompile(`does not|needs|No |fit|target|reach|memory|Impractical|not published`)) {
			seen[id] += n
		}
		for _, id := range []string{"side-output", "side-per-rated", "side-per-wall", "side-per-usd", "side-speed", "side-speed-slow", "side-ttft", "side-ttft-slow"} {
			if seen[id] < 15 {
				t.Errorf("%s: %d accelerators have their %s explained", link, seen[id], id)
			}
		}
	}
}

// Every column of what an endpoint showed says how it is measured.
func TestMeasuredColumnsAreExplained(t *testing.T) {
	v := sized(t, "t=measure")
	markup := app.HTMLString(v.liveTable([]bench.PhaseResult{{Requests: 3}}))
	heads := regexp.MustCompile(`<th[^>]*scope="col"[^>]*>\s*([^<]+?)\s*</th>`).FindAllStringSubmatch(markup, -1)
	if len(heads) != 10 {
		t.Fatalf("%d columns: %v", len(heads), heads)
	}
	how := regexp.MustCompile(`<b[^>]*>\s*([^<]+?)\s*</b>\s*: \S`).FindAllStringSubmatch(between(markup, `id="live-how"`, "</details>"), -1)
	if len(how) != len(heads) { // one more for the model, one less for the phase's name
		t.Fatalf("%d meanings: %v", len(how), how)
	}
	for i, h := range heads[1:] {
		if how[i][1] != h[1] {
			t.Errorf("column %q, meaning of %q", h[1], how[i][1])
		}
	}
}

// An open number of a study travels in the link.
func TestStudyReferencesTravel(t *testing.T) {
	for _, ref := range []string{"front-output::h100-sxm-80gb:12", "move-gpus:l40s-48gb:in.lo", "side-lead::side-output:h100-sxm-80gb:l40s-48gb", "b.less-usd::c", "mix-ttft::0.1"} {
		v := sized(t, few)
		v.s.State.Open = ref
		if again := sized(t, v.s.State.String()); again.s.State.Open != ref {
			t.Errorf("%q came back as %q from %q", ref, again.s.State.Open, v.s.State.String())
		}
	}
}
