package views

import (
	"regexp"
	"strings"
	"testing"

	"fleetsize/calc/explain"
)

// wordsOfData are texts with digits that are no figures of the catalog: names,
// kinds and counts of what is listed, dates and fixed rules.
var wordsOfData = regexp.MustCompile(`^[0-9,]+ (accelerators|models)( and [0-9,]+ models)?$|^Data pack of |experts, [0-9]+ used|^Show |^Accelerators that hold |^No single server holds |^Gi?B of weights, and [0-9.]+ Gi?B kept free|^Memory alone: as asked|^Memory is in GiB|^… and [0-9]+ more accelerators?$|^(FP32|BF16|FP16|FP8|INT8|INT4(-G32)?|MXFP4|NVFP4)( block)?( experts, .* rest)?$|^(, )?([0-9]+ [A-Z][a-z]+ 20[0-9]+|20[0-9-]+)$|^TFLOPS BF16$|^B parameters, |gpu,usd|^kB at 16 bit$`)

// dataOf is the Data view at one of its parts with every row shown.
func dataOf(t *testing.T, link, part, open string) *Page {
	t.Helper()
	v := studied(t, link)
	v.data = dataState{part: part, open: open, shown: 1000}
	return v
}

// Every figure of the catalog says where it was read and of which date, and
// every computed one opens its formula: accelerators, models, what holds a
// model or a need, own entries and prices, all accelerators side by side.
func TestDataIsExplained(t *testing.T) {
	names := regexp.MustCompile(wordsOfData.String() + "|" + namesOf(t))
	for _, tc := range some([]struct {
		link, part string
		least      map[string]int
	}{
		{few + "&t=data", "gpus", map[string]int{"cat-memory": 40, "cat-bandwidth": 40, "cat-half": 40, "cat-fp8": 20, "cat-link": 15, "cat-watts": 30, "cat-rent": 10, "cat-year": 30, "cat-held": 12, "cat-held-usable": 12, "cat-held-free": 12, "cat-weights": 1}},
		{few + "&t=data&q=fp8&m=gpt-oss-120b&px=l40s:0.9&off=20", "gpus", map[string]int{"cat-rent": 10, "cat-held": 5, "cat-weights": 1}},
		{few + "&t=data&buy=own&q=any", "gpus", map[string]int{"cat-rent": 10}},
		{few + "&t=data", "models", map[string]int{"cat-params": 40, "cat-active": 40, "cat-weights": 40, "cat-kv": 30, "cat-context": 40}},
		{few + "&t=data&xg=mygpu:mem96:bw4000:bf16-800:w450&xm=mymodel:l32:d4096:h32:kv8:ff14336:v128256:ctx131072&px=l40s:0.9,h100-sxm:1.7", "own", map[string]int{"cat-memory": 1, "cat-bandwidth": 1, "cat-half": 1, "cat-params": 1, "cat-list-rent": 2}},
		{few + "&t=data&buy=own&px=h100-sxm:28000", "own", map[string]int{"cat-list-price": 1}},
	}) {
		v := dataOf(t, tc.link, tc.part, "")
		where := tc.link + " " + tc.part
		seen := explained(t, v, where, render(v), withIDs("data", "data-gpus", "data-fits", "data-models", "data-own", "data-prices"), names)
		v.gib = true
		explained(t, v, where+" in GiB", render(v), withIDs("data", "data-gpus", "data-fits", "data-models", "data-own", "data-prices"), names)
		v.gib = false
		for id, least := range tc.least {
			if seen[id] < least {
				t.Errorf("%s: %d numbers are explained by %s, want %d: %v", where, seen[id], id, least, seen)
			}
		}
		for _, ref := range regexp.MustCompile(`data-x="([^"]+)"`).FindAllStringSubmatch(render(v), -1) {
			x, ok := v.explanation(ref[1])
			if !ok || !strings.HasPrefix(x.ID, "cat_") {
				continue
			}
			for _, in := range x.Input {
				if in.Source.Origin != explain.FromFormula && len(in.Source.Text) < 8 {
					t.Errorf("%s: %s has no source: %+v", where, ref[1], in)
				}
			}
			if x.Given() && x.Input[0].Source.Origin == explain.FromCatalog && !strings.Contains(x.Input[0].Source.Text, "20") && !strings.Contains(x.Input[0].Source.Text, "your own") {
				t.Errorf("%s: %s has no date: %q", where, ref[1], x.Input[0].Source.Text)
			}
		}
	}
	for i, need := range []string{"96", "0.5", "1500", "64"} {
		v := dataOf(t, few+"&t=data", "gpus", "")
		v.data.need, v.gib = need, i == 3
		if seen := explained(t, v, need+" GB", render(v), withIDs("data-fits"), names); seen["cat-held"] < 3 {
			t.Errorf("%s GB: %v", need, seen)
		}
	}
}

// namesOf matches the names of models and accelerators, which hold digits.
func namesOf(t *testing.T) string {
	cat := testCatalog(t)
	var list []string
	for _, g := range cat.GPUs {
		list = append(list, regexp.QuoteMeta(gpuName(g)), " × "+regexp.QuoteMeta(gpuName(g)), regexp.QuoteMeta(" "+g.Vendor+" "+g.Architecture))
	}
	for _, m := range cat.Models {
		list = append(list, regexp.QuoteMeta(m.Name))
	}
	for i, s := range list {
		list[i] = "^" + strings.TrimSpace(s) + "$"
	}
	return strings.Join(list, "|")
}

// In the open row of an entry every figure stands beside its source, and what
// is derived opens its formula.
func TestOpenFactsNameTheirSources(t *testing.T) {
	cat := testCatalog(t)
	row := regexp.MustCompile(`(?s)<tr[^>]*>\s*<th[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>\s*</tr>`)
	for _, part := range []string{"gpus", "models"} {
		var ids []string
		for i, g := range cat.GPUs {
			if part == "gpus" && i%9 == 0 {
				ids = append(ids, g.ID)
			}
		}
		for i, m := range cat.Models {
			if part == "models" && i%9 == 0 {
				ids = append(ids, m.ID)
			}
		}
		for _, id := range ids {
			v := &Page{s: NewSizing(cat, "t=data"), gone: map[string]bool{}, widths: map[string]float64{}}
			v.data = dataState{part: part, open: id, shown: 1000}
			markup := render(v)
			_, table, ok := strings.Cut(markup, `class="tbl facts"`)
			table, _, _ = strings.Cut(table, "</table>")
			rows := row.FindAllStringSubmatch(table, -1)
			if !ok || len(rows) < 8 {
				t.Fatalf("%s: %d facts", id, len(rows))
			}
			derived := 0
			for _, r := range rows {
				name, value, from := text(r[1]), text(r[2]), text(r[3])
				if strings.ContainsAny(value, "0123456789") && from == "" && name != "Repository" {
					t.Errorf("%s: %s %q has no source", id, name, value)
				}
				if strings.HasPrefix(from, "derived from") {
					derived++
					if !strings.Contains(r[2], "data-x") && strings.ContainsAny(strings.TrimSuffix(value, "at 16 bit"), "0123456789") {
						t.Errorf("%s: %s %q opens no formula", id, name, value)
					}
				}
			}
			if part == "models" && derived < 3 {
				t.Errorf("%s: %d derived facts", id, derived)
			}
			numbers, _ := walk(t, markup, func(tag, attrs string) bool { return strings.Contains(attrs, `class="tbl facts"`) }, func(string, string) bool { return true })
			agreeing(t, v, id, markup, numbers)
		}
	}
}

// Where no accelerator meets the targets the numbers that are left still say
// where they come from.
func TestNumbersWithoutAnAnswer(t *testing.T) {
	v := studied(t, "w=rag&ttft=0.01s&g=h100-sxm,l40s&own=h100-sxm:8&budget=20000&mix=rag:5,chat:2&t=compare")
	if v.s.Best() != nil {
		t.Fatal("there is an answer")
	}
	for _, view := range []string{viewCompare, viewData, viewExplain, viewSize, viewReport} {
		v.s.State.View = view
		for _, part := range []string{"gpus", "models", "hardware"} {
			v.data = dataState{part: part, shown: 1000}
			markup := render(v)
			numbers, _ := walk(t, markup, func(string, string) bool { return true }, func(string, string) bool { return true })
			if (view == viewData && part != "hardware" || view == viewCompare) && len(numbers) == 0 {
				t.Errorf("%s %s: no number is explained", view, part)
			}
			agreeing(t, v, view, markup, numbers)
		}
	}
	for _, ref := range []string{"gpus", "usd-month", "kw", "ttft", "nodes", "spare-gpus", "memory-weights", "growth-gpus::1"} {
		if x, ok := v.explanation(ref); ok {
			t.Errorf("%s explains %s without an answer", ref, x.Shown())
		}
	}
}
