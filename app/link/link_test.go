package link

import (
	"math"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// load returns the shipped catalog.
func load(t testing.TB) *catalog.Catalog {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// codes joins the codes of notes.
func codes(notes []Note) string {
	var list []string
	for _, n := range notes {
		list = append(list, n.Code)
	}
	return strings.Join(list, " ")
}

// The published examples of the grammar: the canonical link they become, and
// the keys of later versions they carry, which must survive.
func TestPublishedExamples(t *testing.T) {
	cat := load(t)
	for _, c := range []struct{ name, in, want, unknown string }{
		{"worked example", "#v=1&w=rag&m=llama-3.1-8b&rps=10&ttft=3s", "v=1", ""},
		{"selection",
			"#v=1&d=2026-11-18&w=rag&m=llama-3.1-8b&in=5000&out=500&rps=10&ttft=3s&g=h100-sxm,l40s,a100-80-sxm&util=70&spare=1&t=size",
			"v=1&d=2026-11-18&g=h100-sxm-80gb,l40s,a100-sxm-80gb", ""},
		{"three options",
			"#v=1&d=2026-11-18&w=rag&m=llama-3.3-70b&q=fp8&kv=fp8&users=2500&rph=12&peak=2.5&ttft=2s&itl=50ms&pct=95&grow=30&yrs=3" +
				"&buy=own&px=h100-sxm:31500,h200-sxm:36000&kwh=0.14&pue=1.35&b.g=h200-sxm&b.n=Fewer-nodes&c.m=llama-3.1-8b&c.n=Small-model" +
				"&fit=h100-sxm:pe0.58:de0.71:of14&t=compare&end",
			"v=1&d=2026-11-18&m=llama-3-3-70b&q=fp8&kv=fp8&users=2500&fit=h100-sxm:pe0.58:de0.71:of14&ttft=2s&grow=30&yrs=3" +
				"&buy=own&px=h100-sxm-80gb:31500,h200-sxm-141gb:36000&kwh=0.14&pue=1.35&t=compare&b.g=h200-sxm-141gb&b.n=Fewer-nodes&c.m=llama-3.1-8b&c.n=Small-model",
			""},
		{"chat preset", "w=chat", "v=1&w=chat", ""},
		{"prompt", "in=5000", "v=1", ""},
		{"reuse", "hit=30", "v=1&hit=30", ""},
		{"people", "users=2500&rph=12&peak=2.5", "v=1&users=2500", ""},
		{"targets", "ttft=3s&itl=50ms", "v=1", ""},
		{"posture", "pos=lean", "v=1&pos=lean", ""},
		{"overrides", "util=65&grow=30&yrs=3", "v=1&util=65&grow=30&yrs=3", ""},
		{"fixed layout", "g=h100-sxm:tp2", "v=1&g=h100-sxm-80gb:tp2", ""},
		{"confirmed", "ok=in,out,rps", "v=1&ok=in,out,rps", ""},
		{"title", "n=RAG%20pilot", "v=1&n=RAG%20pilot", ""},
		{"view", "t=compare", "v=1&t=compare", ""},
	} {
		s, notes := Parse(cat, c.in)
		if got := s.String(); got != c.want {
			t.Errorf("%s: String() = %q, want %q", c.name, got, c.want)
		}
		var text string
		for _, n := range notes {
			text += n.Text
		}
		if text != c.unknown {
			t.Errorf("%s: notes say %q, want %q", c.name, text, c.unknown)
		}
		if len("https://fleetsize.dev/"+c.want) > 400 {
			t.Errorf("%s: %d characters, longer than 400", c.name, len(c.want))
		}
	}
}

// Every form of one link means the same.
func TestForms(t *testing.T) {
	cat := load(t)
	const want = "v=1&w=chat&m=llama-3-3-70b&rps=25"
	for _, in := range []string{
		"w=chat&m=llama-3.3-70b&rps=25",
		"#w=chat&m=llama-3.3-70b&rps=25",
		"?w=chat&m=llama-3.3-70b&rps=25",
		"https://example.com/tools/fleetsize/#v=1&w=chat&m=llama-3.3-70b&rps=25",
		"https://example.com/tools/?w=chat&m=llama-3.3-70b&rps=25",
		"https://example.com/?w=batch&rps=3&m=llama-3.3-70b#w=chat&rps=25",
		"http://localhost:8000#w=chat&m=Llama_3.3_70B&rps=25",
		"  #w%3Dchat%26m%3Dllama-3.3-70b%26rps%3D25 ",
		"#w=chat&amp;m=llama-3.3-70b&amp;rps=25",
		"&&w=chat&m=llama%2D3.3-70b&rps=25&&",
		"W=Chat&M=LLAMA-3.3-70B&RPS=25.0",
		"?w=chat&m=llama+3.3+70b&rps=25",
		"w=chat&m=llama-3.3-70b&rps=1500/min",
	} {
		s, notes := Parse(cat, in)
		if got := s.String(); got != want || len(notes) > 0 {
			t.Errorf("Parse(%q) = %q with notes %v, want %q", in, got, notes, want)
		}
	}
	for _, in := range []string{"", "#", "?", "https://example.com/", "example.com", "https://example.com/a=b/c/", "#end", "end"} {
		s, notes := Parse(cat, in)
		if got := s.String(); got != "v=1" || len(notes) > 0 {
			t.Errorf("Parse(%q) = %q with notes %v, want the defaults", in, got, notes)
		}
	}
}

func TestValues(t *testing.T) {
	cat := load(t)
	for in, want := range map[string]string{
		"in=5k&out=1.5k":                     "v=1&out=1500",
		"in=20k":                             "v=1&in=20000",
		"in=2,500":                           "v=1&in=2500",
		"ttft=0.5":                           "v=1&ttft=500ms",
		"ttft=500ms":                         "v=1&ttft=500ms",
		"ttft=2":                             "v=1&ttft=2s",
		"itl=40":                             "v=1&itl=40ms",
		"itl=0.04s":                          "v=1&itl=40ms",
		"e2e=30":                             "v=1&e2e=30s",
		"e2e=2min":                           "v=1&e2e=120s",
		"ttft=off&itl=OFF":                   "v=1&ttft=off&itl=off",
		"w=batch&ttft=off":                   "v=1&w=batch",
		"w=batch&ttft=2s":                    "v=1&w=batch&ttft=2s",
		"pct=p99":                            "v=1&pct=99",
		"pct=mean":                           "v=1&pct=mean",
		"q=FP8_block&kv=auto":                "v=1&q=fp8-block",
		"q=awq":                              "v=1&q=int4",
		"q=gptq-int4&kv=FP8":                 "v=1&q=int4&kv=fp8",
		"q=any":                              "v=1&q=any",
		"eng=vllm":                           "v=1",
		"eng=vllm:0.11.0":                    "v=1&eng=vllm:0.11.0",
		"eng=tensorrt-llm":                   "v=1&eng=trtllm",
		"eng=trtllm-static":                  "v=1&eng=trtllm",
		"eng=trtllm-offline":                 "v=1&eng=trtllm",
		"eng=nim-trtllm:1.8.0":               "v=1&eng=nim:1.8.0",
		"tp=2&pp=1":                          "v=1&tp=2&pp=1",
		"day=1.5m":                           "v=1&day=1500000",
		"day=1.5m&peak=4":                    "v=1&day=1500000&peak=4",
		"users=2.5k&rph=6&peak=3":            "v=1&users=2500&rph=6&peak=3",
		"flight=200&rounds=4&lr=0.8":         "v=1&lr=0.8&flight=200&rounds=4",
		"lr=1":                               "v=1",
		"rps=0.001":                          "v=1&rps=0.001",
		"pos=cautious&grow=20&yrs=1":         "v=1&pos=cautious",
		"pos=lean&util=85&spare=0":           "v=1&pos=lean",
		"spare=0":                            "v=1&spare=0",
		"nodespare=1":                        "v=1&nodespare=1",
		"util=72.5%":                         "v=1&util=72.5",
		"w=agent&hit=0":                      "v=1&w=agent&hit=0",
		"w=agent&hit=80":                     "v=1&w=agent",
		"g=all":                              "v=1",
		"g=H200-SXM, b200 ,gb200,":           "v=1&g=h200-sxm-141gb,b200-180gb,gb200-186gb",
		"g=a100-sxm,a10g,b300":               "v=1&g=a100-sxm-80gb,a10g,b300-288gb",
		"m=LLaMA 3.1 8B":                     "v=1",
		"x=ttft:h100-sxm-80gb&s=gpus":        "v=1&s=gpus&x=ttft:h100-sxm-80gb",
		"n=Acme (2026) – RAG.":               "v=1&n=Acme%20%282026%29%20%E2%80%93%20RAG%2E",
		"n=a%26b%3Dc%23d":                    "v=1&n=a%26b%3Dc%23d",
		"ok=in,in,out":                       "v=1&ok=in,out",
		"buy=own&px=H100_SXM:30k,l40s:9000":  "v=1&buy=own&px=h100-sxm-80gb:30000,l40s:9000",
		"px=l40s:0.79&off=15%&kwh=0&pue=1.2": "v=1&px=l40s:0.79&off=15&kwh=0&pue=1.2",
		"buy=cloud&off=0&term=3&use=0":       "v=1",
		"cur=USD&pos=standard":               "v=1",
		"w=summarization":                    "v=1&w=summarize",
		"term=5&host=180&lic=0&use=40":       "v=1&term=5&host=180&lic=0&use=40",
		"co2=350&api=3:15":                   "v=1&co2=350&api=3:15",
		"api=2":                              "v=1&api=2:2",
		"chunks=9&sys=400&ask=100&hist=2k&chunk=500":       "v=1&sys=400&hist=2000&ask=100&chunks=9",
		"emb=BGE_large_en_v1.5&docs=1.5m&doc=800&hours=12": "v=1&emb=bge-large-en-v1-5&docs=1500000&doc=800&hours=12",
		"rer=bge-reranker-v2-m3&cand=50&ret=0.05":          "v=1&rer=bge-reranker-v2-m3&ret=50ms",
		"rer=off&emb=off&pd=off&rt=random":                 "v=1",
		"turns=8&calls=1&rt=least":                         "v=1&turns=8&rt=least",
		"own=h100-sxm:8,l40s:4&budget=20k":                 "v=1&own=h100-sxm-80gb:8,l40s:4&budget=20000",
		"own=l40s:4,l40s:6":                                "v=1&own=l40s:6",
		"mix=chat:5,summarize:120/min":                     "v=1&mix=chat:5,summarize:2",
		"spec=3:2.1&pd=AUTO&ep=8&dp=1":                     "v=1&spec=3:2.1&pd=auto&ep=8",
		"pd=2:6":                                           "v=1&pd=2:6",
		"users=100&peak=P95":                               "v=1&users=100&peak=p95",
		"users=100&peak=default":                           "v=1&users=100",
		"rps=default&in=default":                           "v=1",
		"b.g=h200-sxm&C.TTFT=4&b.n=Two%20nodes":            "v=1&b.g=h200-sxm-141gb&b.n=Two%20nodes&c.ttft=4s",
		"b.rps=10&c.q=auto":                                "v=1&b.rps=10&c.q=auto",
	} {
		s, notes := Parse(cat, in)
		if in == "own=l40s:4,l40s:6" && codes(notes) == "duplicate" {
			notes = nil
		}
		if got := s.String(); got != want || len(notes) > 0 {
			t.Errorf("Parse(%q) = %q with notes %v, want %q", in, got, notes, want)
		}
	}
}

// A bad value falls back to its default and is named with its remedy.
func TestBadValues(t *testing.T) {
	cat := load(t)
	for _, c := range []struct{ in, key, contains string }{
		{"ttft=abc", "ttft", `"abc" is not a duration`},
		{"ttft=3 parsecs", "ttft", "write it like 500ms, 3s or 2min"},
		{"ttft=0", "ttft", "or off for no target"},
		{"ttft=-1", "ttft", "is negative"},
		{"itl=1e9", "itl", "out of range"},
		{"in=0", "in", "use 1 to 10,000,000"},
		{"in=2,5", "in", "decimals with a point"},
		{"out=10.5", "out", "is not a whole number: write 11"},
		{"hit=100", "hit", "use 0 to 99 per cent"},
		{"lr=1.2", "lr", "use 0.01 to 1"},
		{"rps=0", "rps", "requests per second"},
		{"rps=NaN", "rps", "is not a rate"},
		{"rps=1e999", "rps", "is too large"},
		{"users=-5", "users", "out of range"},
		{"users=10&peak=0.5", "peak", "use 1 to 100"},
		{"flight=1.5", "flight", "whole number"},
		{"m=llama-3.1-9b", "m", "did you mean llama-3-1-8b?"},
		{"m=", "m", "no value: write m=llama-3.1-8b"},
		{"m", "m", "no value"},
		{"q=fp7", "q", "auto, any, bf16"},
		{"kv=any", "kv", "auto, bf16"},
		{"pct=42", "pct", "mean, 50, 90, 95 or 99"},
		{"pos=bold", "pos", "lean, std or cautious"},
		{"util=0", "util", "use 1 to 100"},
		{"util=101", "util", "use 1 to 100"},
		{"yrs=2.5", "yrs", "whole number: write 3"},
		{"w=fun", "w", "rag, chat, summarize"},
		{"t=secret", "t", "size, compare"},
		{"x=<b>", "x", "is not a word"},
		{"s=_", "s", "is not a word"},
		{"v=one", "v", "is not a version"},
		{"d=yesterday", "d", "write it like 2026-11-20"},
		{"tp=0", "tp", "use 1 to 1,024"},
		{"g=h101-sxm", "g", "did you mean h100-sxm"},
		{"g=h100-sxm:2", "g", "write g=h100-sxm-80gb:tp2"},
		{"ok=a_b", "ok", "not the name of an input"},
		{"xg=!", "xg", "is not a custom entry"},
		{"eng=vllm:§", "eng", "is not a version"},
		{"buy=lease", "buy", "cloud or own"},
		{"cur=eur", "cur", "prices are in US dollars"},
		{"px=h101-sxm:2", "px", "did you mean h100-sxm"},
		{"px=h100-sxm", "px", "a price is written px=h100-sxm-80gb:2.49"},
		{"px=h100-sxm:0", "px", "USD"},
		{"px=h100-sxm:free", "px", "is not a number"},
		{"off=100", "off", "use 0 to 99"},
		{"pue=0.9", "pue", "use 1 to 5"},
		{"kwh=-1", "kwh", "out of range"},
		{"term=0", "term", "use 0.25 to 15"},
		{"api=3:x", "api", "api=3:15"},
		{"api=0:0", "api", "is free"},
		{"emb=bge-reranker-v2-m3", "emb", "is no embedding model: write"},
		{"rer=colbert", "rer", "bge-reranker-v2-m3"},
		{"chunks=0", "chunks", "use 1 to 10,000"},
		{"ret=soon", "ret", "is not a duration"},
		{"ret=-1s", "ret", "negative"},
		{"rt=sticky", "rt", "random or least"},
		{"own=h100-sxm:0", "own", "own=h100-sxm-80gb:8"},
		{"own=gone:8", "own", "not in the accelerator catalog"},
		{"mix=fun:5", "mix", "rag, chat"},
		{"mix=chat", "mix", "mix=chat:5"},
		{"spec=3", "spec", "spec=3:2.1"},
		{"spec=3:4.5", "spec", "spec=3:2.1"},
		{"spec=3:0.5", "spec", "spec=3:2.1"},
		{"pd=1", "pd", "pd=1:3"},
		{"turns=0", "turns", "use 1 to 1,000"},
		{"b.ttft=soon", "b.ttft", "is not a duration"},
		{"c.m=llama-3.1-9b", "c.m", "did you mean"},
		{"b.t=how", "b.t", "the same for all options"},
		{"b.g=", "b.g", "no value: write g="},
	} {
		s, notes := Parse(cat, c.in)
		if len(notes) != 1 || notes[0].Code != CodeValue || notes[0].Key != c.key || !strings.Contains(notes[0].Text, c.contains) {
			t.Errorf("Parse(%q) notes %+v, want one about %s with %q", c.in, notes, c.key, c.contains)
			continue
		}
		if n := notes[0]; !strings.HasPrefix(n.Problem(), c.key+": ") || strings.Contains(n.Problem(), "default is used") {
			t.Errorf("Parse(%q): Problem() = %q", c.in, n.Problem())
		}
		want := "v=1"
		if c.key == "peak" {
			want = "v=1&users=10"
		}
		if got := s.String(); got != want {
			t.Errorf("Parse(%q) = %q, want the default", c.in, got)
		}
	}
}

// What is wrong with one item of a list does not take the others with it.
func TestListsKeepGoodItems(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "g=h100-sxm,nonsense,l40s,h100-sxm:tp2&ok=in,?,out")
	if got, want := s.String(), "v=1&g=h100-sxm-80gb,l40s&ok=in,out"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	if got := codes(notes); got != "value duplicate value" {
		t.Errorf("notes %q: %+v", got, notes)
	}
}

func TestDemandMasters(t *testing.T) {
	cat := load(t)
	for _, c := range []struct{ in, want, codes string }{
		{"rps=10&users=100", "v=1&users=100", "demand"},
		{"flight=5&rps=10&day=1m", "v=1&flight=5", "demand"}, // the last of rps, users, day, flight
		{"users=abc&rps=20", "v=1&rps=20", "value demand"},
		{"users=abc&rph=3", "v=1", "value ignored"},
		{"peak=4", "v=1", "ignored"},
		{"rps=4&peak=4&rph=2", "v=1&rps=4", "ignored ignored"},
		{"day=1m&rph=2", "v=1&day=1000000", "ignored"},
		{"yrs=3", "v=1&yrs=3", "ignored"},
		{"yrs=3&grow=10", "v=1&grow=10&yrs=3", ""},
	} {
		s, notes := Parse(cat, c.in)
		if got := s.String(); got != c.want || codes(notes) != c.codes {
			t.Errorf("Parse(%q) = %q with %q, want %q with %q", c.in, got, codes(notes), c.want, c.codes)
		}
	}
}

func TestUnknownKeys(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "#foo=1:2,3&rps=20&Bar=a%20b+c_d~&baz&foo=4")
	if got, want := s.String(), "v=1&rps=20&foo=1:2,3&Bar=a%20b+c_d~&baz&foo=4"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	if len(notes) != 1 || notes[0].Text != "3 settings in this link are newer than this app: foo, Bar, baz." {
		t.Errorf("notes %+v", notes)
	}
	_, notes = Parse(cat, "foo=1")
	if len(notes) != 1 || notes[0].Text != "1 setting in this link is newer than this app: foo." {
		t.Errorf("notes %+v", notes)
	}
	// The fragment wins key by key, for unknown keys as well.
	s, _ = Parse(cat, "https://h/?foo=q&bar=q#foo=f")
	if got, want := s.String(), "v=1&bar=q&foo=f"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}

func TestVersionAndDuplicates(t *testing.T) {
	cat := load(t)
	s, notes := Parse(cat, "v=7&rps=20&rps=30")
	if got := s.String(); got != "v=1&rps=30" || codes(notes) != "duplicate version" {
		t.Errorf("String() = %q, notes %+v", got, notes)
	}
	if s, notes := Parse(cat, "eng=mystery:2"); s.Engine != "vllm" || codes(notes) != "engine" {
		t.Errorf("engine %q, notes %+v", s.Engine, notes)
	}
}

// Long links carry an end mark, and a long link without it says so.
func TestEndMark(t *testing.T) {
	cat := load(t)
	for n := 380; n < 420; n++ {
		s := Default()
		s.Unknown = []Pair{{Key: "k", Value: strings.Repeat("x", n-len("v=1&k="))}}
		text := s.String()
		ended := strings.HasSuffix(text, "&end")
		if want := n > 400; ended != want {
			t.Errorf("%d characters: end mark %v, want %v", n, ended, want)
		}
		if _, notes := Parse(cat, text); codes(notes) != "unknown" {
			t.Errorf("%d characters: notes %q", n, codes(notes))
		}
		_, notes := Parse(cat, "https://h/#"+strings.TrimSuffix(text, "&end"))
		if cut := strings.Contains(codes(notes), "cut"); cut != ended {
			t.Errorf("%d characters without the mark: reported as cut %v, want %v", n, cut, ended)
		}
	}
}

func TestHostileInput(t *testing.T) {
	cat := load(t)
	for _, in := range []string{
		strings.Repeat("a", 1<<20),
		strings.Repeat("&=", 1<<16),
		strings.Repeat("k=v&", 1<<14),
		"g=" + strings.Repeat("h100-sxm,", 1<<12),
		"g=" + strings.Repeat("x,", 1<<12),
		"n=" + strings.Repeat("é", 4000),
		"xg=" + strings.Repeat("a:", 4000),
		"foo=" + strings.Repeat("é", 4000),
		"\x00\xff%zz&m=%ff%00&=&%=%",
	} {
		s, notes := Parse(cat, in)
		text := s.String()
		if len(text) > maxLink || len(notes) > 41 {
			t.Errorf("Parse(%.20q…) gives %d characters and %d notes", in, len(text), len(notes))
		}
		for _, n := range notes {
			if len(n.Text) > 600 || len(n.Value) > 100 {
				t.Errorf("Parse(%.20q…): a note of %d bytes", in, len(n.Text))
			}
		}
		if again, _ := Parse(cat, text); again.String() != text {
			t.Errorf("Parse(%.20q…) is not stable", in)
		}
	}
}

// Frozen presets and postures equal today's catalog. When a preset changes
// there, keep version 1 and start version 2.
func TestFrozenDefaultsMatchTheCatalog(t *testing.T) {
	cat := load(t)
	for _, p := range cat.Presets {
		got, ok := v1Presets[p.ID]
		want := Shape{p.Input, p.Output, p.HitPercent, p.Targets.TTFT, p.Targets.ITL, p.Targets.E2E}
		if !ok || got != want {
			t.Errorf("preset %s: version 1 has %+v, the catalog %+v", p.ID, got, want)
		}
		if p.Targets.Percentile != v1Percentile {
			t.Errorf("preset %s: percentile %s", p.ID, p.Targets.Percentile)
		}
	}
	if len(v1Presets) != len(v1PresetOrder) {
		t.Errorf("%d presets, %d in order", len(v1Presets), len(v1PresetOrder))
	}
	for _, id := range v1PresetOrder {
		if _, ok := v1Presets[id]; !ok {
			t.Errorf("preset %s has no numbers", id)
		}
	}
	if m, ok := cat.Model(v1Model); !ok || m.ID != v1Model {
		t.Errorf("default model %s is not in the catalog", v1Model)
	}
	if e, ok := cat.Engine(v1Engine); !ok || e.ID != v1Engine {
		t.Errorf("default engine %s is not in the catalog", v1Engine)
	}
}

func TestWith(t *testing.T) {
	cat := load(t)
	s, _ := Parse(cat, "users=2500&rph=6&foo=1&bar=2")
	for in, want := range map[string]string{
		"ttft=4500ms":     "v=1&users=2500&rph=6&ttft=4.5s&foo=1&bar=2",
		"rps=20":          "v=1&rps=20&foo=1&bar=2",
		"users=100":       "v=1&users=100&rph=6&foo=1&bar=2",
		"peak=3":          "v=1&users=2500&rph=6&peak=3&foo=1&bar=2",
		"in=3000&out=500": "v=1&in=3000&users=2500&rph=6&foo=1&bar=2",
		"foo=9":           "v=1&users=2500&rph=6&bar=2&foo=9",
		"q=fp8":           "v=1&q=fp8&users=2500&rph=6&foo=1&bar=2",
	} {
		got, _ := s.With(cat, in)
		if got.String() != want {
			t.Errorf("With(%q) = %q, want %q", in, got.String(), want)
		}
	}
}

// Whatever the page puts into a State, the link stays readable.
func TestStringOfBrokenState(t *testing.T) {
	s := State{KWh: -1, Hosting: math.NaN(), License: math.Inf(1), PUE: math.NaN(), Term: -4, APIIn: math.NaN(), SpecTokens: 4, Turns: -1, Discount: 1e9,
		Prices: []PriceItem{{"l40s", math.NaN()}}, Own: []GPUCount{{"l40s", 0}}, Mix: []MixItem{{"chat", math.Inf(1), ""}},
		Util: math.NaN(), Grow: math.Inf(1), Hit: math.NaN(), LengthRatio: math.Inf(1), Rounds: math.NaN(), Spare: -1, NodeSpare: -1, Years: -1,
		TTFT: Target{Set: true, Seconds: math.NaN()}, Demand: fleet.Demand{Kind: "nonsense", ReqPerS: math.NaN()}}
	if got := s.String(); got != "v=1&ttft=off" {
		t.Errorf("String() = %q", got)
	}
}
