package views

import (
	"regexp"
	"strings"
	"testing"

	"fleetsize/app/export/report"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
)

// explained walks the parts of a page that within accepts: every number there
// has to explain itself with the value that is shown, except what allow lets
// pass. It returns how many there are by entry.
func explained(t *testing.T, v *Page, where, markup string, within func(tag, attrs string) bool, allow *regexp.Regexp) map[string]int {
	t.Helper()
	skipCaptions := allow == tableText || allow == nothing
	numbers, bare := walk(t, markup, within, func(tag, attrs string) bool {
		return tag == "svg" || tag == "small" || tag == "th" || tag == "caption" || skipCaptions && tag == "figcaption" || tag == "button" && !strings.Contains(attrs, "data-x") || tag == "option" || tag == "label"
	})
	for _, b := range bare {
		if !allow.MatchString(b) {
			t.Errorf("%s: nothing explains %q", where, b)
		}
	}
	seen := map[string]int{}
	for _, n := range numbers {
		id, _, _ := strings.Cut(n.ref, ":")
		seen[id]++
	}
	agreeing(t, v, where, markup, numbers)
	return seen
}

// agreeing fails where a number has no explanation or shows another value than
// its own, or where a reference of the markup leads nowhere.
func agreeing(t *testing.T, v *Page, where, markup string, numbers []shownNumber) {
	t.Helper()
	for _, n := range numbers {
		x, ok := v.explanation(n.ref)
		switch {
		case !ok:
			t.Errorf("%s: %s explains nothing (%q)", where, n.ref, n.text)
		case !agrees(x, n.text):
			t.Errorf("%s: the page shows %q, %s has %s = %v", where, n.text, n.ref, x.Shown(), x.Value)
		}
	}
	for _, m := range regexp.MustCompile(`data-x="([^"]+)"`).FindAllStringSubmatch(markup, -1) {
		if _, ok := v.explanation(m[1]); !ok {
			t.Errorf("%s: %s explains nothing", where, m[1])
		}
	}
}

// withIDs accepts the elements with one of the ids.
func withIDs(ids ...string) func(tag, attrs string) bool {
	return func(tag, attrs string) bool {
		for _, id := range ids {
			if strings.Contains(attrs, `id="`+id+`"`) {
				return true
			}
		}
		return false
	}
}

// wordsOfMoney are texts with digits that are no results: the terms of prices,
// definitions, the lengths of terms.
var wordsOfMoney = regexp.MustCompile(`year|list of|of the planned peak on the mean|Average load|Unit prices|3 input|input price|purchase|Purchase|^1,000 requests$|per million tokens$|^Waiting |^GPUs needed for |^\. .*GPUs? besides| barely moves$`)

// The bill, prices per token by definition, growth, break-even lines and the
// price of latency: drawn and as tables.
func TestMoneyIsExplained(t *testing.T) {
	for _, tc := range some([]struct {
		link string
		ids  []string // entries that have to be there
	}{
		{"g=h100-sxm,l40s&grow=20&yrs=3&api=3:15", []string{"growth-peak", "growth-gpus", "growth-nodes", "growth-buy", "growth-usd", "growth-total", "growth-all-usd", "usd-busy-output",
			"list-input", "list-output", "list-blended", "usd-rent-term", "kwh-term", "tok-s-per-mw", "payback-months", "payback-saving", "api-month", "api-even-tokens", "api-even-share", "bought-spent", "rented-spent", "api-spent", "price-gpus"}},
		{"g=h100-sxm,l40s&buy=own&term=2.5&users=2000&grow=35&yrs=4&co2=300&lic=4500&nodespare=1&api=0:2", []string{"growth-usd", "usd-purchase-term", "usd-hosting-term", "usd-energy-term", "usd-license-term", "kg-co2-term", "bought-spent"}},
		{"flight=200&grow=20&yrs=2&g=h200-sxm,a100-80-sxm&px=h200-sxm:3.5", []string{"growth-peak", "growth-total", "price-gpus"}},
		{"emb=bge-large-en-v1-5&rer=bge-reranker-v2-m3&chunks=10&ret=50ms&grow=50&g=h100-sxm,l40s", []string{"growth-gpus", "growth-nodes", "ttft-whole", "time-ahead"}},
	}) {
		v := sized(t, tc.link)
		if len(v.s.Answer.Options) == 0 {
			t.Errorf("%q: no options", tc.link)
			continue
		}
		var e fleet.Estimator
		v.price = worker.Price{}
		for _, g := range worker.WorthDrawing(v.s.Answer) {
			v.price.Curves = append(v.price.Curves, e.PriceOfLatency(v.s.Req, g, false))
		}
		seen := map[string]int{}
		see := func(part map[string]int) {
			for id, n := range part {
				seen[id] += n
			}
		}
		for _, table := range []bool{false, true} {
			v.asTable = table
			v.negotiate.tables = map[string]bool{"ownrent": table, "api": table}
			v.s.State.View = viewSize
			size := render(v)
			see(explained(t, v, tc.link, size, withIDs("money", "price"), wordsOfMoney))
			see(explained(t, v, tc.link, size, func(tag, attrs string) bool { return strings.Contains(attrs, `class="kpis"`) }, regexp.MustCompile("")))
			v.s.State.View = viewExplain
			see(explained(t, v, tc.link, render(v), withIDs("ownrent", "api"), wordsOfMoney))
		}
		for _, id := range tc.ids {
			if seen[id] == 0 {
				t.Errorf("%q: no number is explained by %s", tc.link, id)
			}
		}
		// Every point that is drawn can be pressed, and found by reading.
		drawing := priceChart(v.s, v.price, 900)
		pressed := strings.Count(drawing.Markup(), `data-x="price-gpus:`)
		if n := len(drawing.Points()); pressed != n || n < 8 {
			t.Errorf("%q: %d of %d points of the price of latency can be pressed", tc.link, pressed, n)
		}
		for _, p := range drawing.Points() {
			if x, ok := v.explanation(p.Ref); !ok || !agrees(x, strings.TrimPrefix(p.Text, p.Series+": ")) {
				t.Errorf("%q: %s does not explain %q", tc.link, p.Ref, p.Text)
			}
		}
	}
}

// Every number of the options side by side, drawn and in tables: of A, of what
// is proposed, and of options of their own with other settings.
func TestCompareIsExplained(t *testing.T) {
	for _, link := range some([]string{
		"g=h100-sxm,l40s,h200-sxm&grow=20&yrs=2",
		"g=h100-sxm&b.m=llama-3.3-70b&b.q=fp8&c.buy=own&c.nodespare=1",
		"flight=100&g=h100-sxm,l40s&b.g=h200-sxm",
	}) {
		v := studied(t, link+"&t=compare")
		cols := v.columns()
		if len(cols) < 2 {
			t.Errorf("%q: nothing to compare", link)
			continue
		}
		v.compare.equal = true
		seen := map[string]int{}
		for _, table := range []bool{false, true} {
			v.negotiate.tables = map[string]bool{"optdots-box": table}
			for ref, n := range explained(t, v, link, render(v), withIDs("options", "optdots-box"), regexp.MustCompile(`^(Proposed by|bought, |Each measure|B |C |Calibrated|Estimated|Measured|Specs|TP|[0-9A-Za-z.+ ]*× (TP|P)|.*(BF16|FP8|FP4|MXFP4|INT).*|.*(Llama|gpt|H100|H200|L40S|MI3).*)`)) {
				seen[ref] += n
			}
		}
		for _, c := range cols {
			option := ""
			if c.letter != 'A' {
				option = string(c.letter-'A'+'a') + "."
			}
			for _, id := range []string{"gpus", "nodes", "usd-month", "ttft", "speed", "e2e", "rate-per-gpu", "kw"} {
				if seen[option+id] == 0 {
					t.Errorf("%q: %s%s is not explained", link, option, id)
				}
			}
		}
	}
}

// tableText is what the tables behind charts hold besides results: the values
// that they are over, and shares of a sum.
var tableText = regexp.MustCompile(`^[0-9][0-9,.]*( tok)?$`)

// wordsOfFigures are names of layouts, and the heading with the model's.
var wordsOfFigures = regexp.MustCompile(`^TP[0-9]|in figures$|^one GPU, `)

// nothing lets no text pass.
var nothing = regexp.MustCompile(`^\b$`)

// Every number in the tables behind the Explain view's charts, and every cell
// and point that is drawn.
func TestDeepIsExplained(t *testing.T) {
	ids := []string{"parts", "memory", "bytes", "tokens", "requests", "budget", "grid", "deep-samples"}
	for _, link := range []string{"g=h100-sxm", "g=b200&m=gpt-oss-120b&spec=3:2.1", "g=l40s&m=llama-3.3-70b&q=fp8"} {
		v, _ := lensOf(t, link)
		v.deep.tables = map[string]bool{}
		figures := explained(t, v, link, render(v), withIDs("deep-figures"), wordsOfFigures)
		for _, id := range []string{"fig-flop", "fig-projections", "memory-weights", "fig-kv", "fig-memory", "fig-used", "fig-headroom", "fig-least", "fig-prefill", "fig-ttft", "fig-whole", "fig-thousand",
			"fig-stream", "fig-fleet", "fig-mfu", "fig-mbu", "fig-wait", "gpus-per-replica", "fig-gpu-bytes", "fig-links", "fig-faster", "fig-efficiency"} {
			if figures[id] == 0 {
				t.Errorf("%s: no figure is explained by %s", link, id)
			}
		}
		drawn := explained(t, v, link, render(v), withIDs("deep-samples"), tableText)
		if drawn["step-at"] < 12 || drawn["intensity-at"] < 12 {
			t.Errorf("%s: sample points %v", link, drawn)
		}
		markup := render(v)
		for id, least := range map[string]int{"step-at": 160, "compute-at": 60, "memory-at": 60, "larger-at": 60, "requests-at": 10, "decode-weights": 1, "decode-write-bytes": 1} {
			if n := strings.Count(markup, `data-x="`+id+`:`); n < least {
				t.Errorf("%s: %d places show %s, want %d", link, n, id, least)
			}
		}
		for _, id := range ids {
			v.deep.tables[id] = true
		}
		tables := explained(t, v, link, render(v), withIDs(ids...), tableText)
		explained(t, v, link, render(v), withIDs("tokens", "requests", "budget"), nothing)
		for id, least := range map[string]int{"step-at": 140, "compute-at": 60, "memory-at": 60, "requests-at": 10, "prefill-compute": 1, "decode-weights": 1, "memory-weights": 1} {
			if tables[id] < least {
				t.Errorf("%s: %d numbers in tables are explained by %s, want %d", link, tables[id], id, least)
			}
		}
	}
}

// wordsOfReport are texts with digits in the report that are no results: what
// was stated, names, sources, the pages themselves and the formulas, which
// explain their numbers where they stand.
var reportTables = regexp.MustCompile(`^(≤|≥|met, |missed|[0-9]+ \+ [0-9]+ × |Calibrated|Estimated|Measured|Specs|.* the target$|Cloud list|list|same demand|whole cost|average load|at the planned|.*spare.*|.*per GPU.*|at the start|.*year.*|0$|.* ms$|.*730 h.*|Servers with|NVIDIA|AMD|[0-9]+$|.*replicas? of .*|.*BF16.*|bge-.*|all-in.*|rated.*|.*PUE.*)`)

// The cards and the tables of options, targets, cost, growth and accelerators
// in the report's preview.
func TestReportIsExplained(t *testing.T) {
	for _, link := range []string{
		"g=h100-sxm,l40s&grow=20&yrs=3",
		"g=h100-sxm,l40s&users=2500&buy=own&lic=4500&co2=300&emb=bge-large-en-v1-5&ret=50ms&grow=30&yrs=2",
		"flight=200&g=h200-sxm,a100-80-sxm&b.g=h100-sxm&ttft=off&e2e=40s",
	} {
		v := studied(t, link+"&t=report")
		markup := render(v)
		seen := explained(t, v, link, markup, func(tag, attrs string) bool { return strings.Contains(attrs, `class="kpis"`) },
			regexp.MustCompile(`1,000 req|10 kW|spare|list|target|Next: |Calibrated|Estimated|PUE|all-in|Purchase|Own|before the model|p95|in flight per replica|of target`))
		if len(seen) < 8 {
			t.Errorf("%q: the cards explain %v", link, seen)
		}
		tables := explained(t, v, link, markup[:strings.Index(markup, "<h2>Assumptions: ")], func(tag, attrs string) bool { return strings.Contains(attrs, `class="tbl`) }, reportTables)
		for _, id := range []string{"gpus", "nodes", "usd-month", "ttft", "itl", "speed", "memory-share", "usd-per-million-output", "kw", "kwh-month"} {
			if tables[id] == 0 && tables[id+"-whole"] == 0 {
				t.Errorf("%q: the report's tables do not explain %s", link, id)
			}
		}
		if strings.Contains(link, "grow=") && (tables["growth-gpus"] == 0 || tables["growth-usd"] == 0) {
			t.Errorf("%q: growth in the report is not explained", link)
		}
		// On paper and in the file the numbers are text.
		paper := report.Pages(v.handover())
		if strings.ContainsAny(paper, markEdge+markText) || strings.Contains(paper, "data-x") || strings.Contains(paper, "<button") {
			t.Errorf("%q: the printed report holds marks or buttons", link)
		}
		if got, want := strings.Join(strings.Fields(words(report.Preview(v.handover()))), " "), strings.Join(strings.Fields(words(paper)), " "); got != want {
			t.Errorf("%q: preview and paper say different things", link)
		}
	}
}

// Undo and redo change the sizing and not the view.
func TestUndoStaysInView(t *testing.T) {
	v := sized(t, "rps=4&t=report")
	v.s.Edit("", func(st *state) { st.Demand.ReqPerS = 8 })
	v.s.State.View = viewCompare
	if !v.s.Undo() || v.s.State.Demand.ReqPerS != 4 || v.s.State.View != viewCompare {
		t.Errorf("undo leads to %g req/s in %s", v.s.State.Demand.ReqPerS, v.s.State.View)
	}
	v.s.State.View = viewData
	if !v.s.Redo() || v.s.State.Demand.ReqPerS != 8 || v.s.State.View != viewData {
		t.Errorf("redo leads to %g req/s in %s", v.s.State.Demand.ReqPerS, v.s.State.View)
	}
}
