package link

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// allowed is what a link consists of: the grammar, and the letters and escapes
// of the title.
var allowed = regexp.MustCompile(`^[a-z0-9\-.,:=&]*$`)

// random returns a state that a page could hold.
func random(rng *rand.Rand, cat *catalog.Catalog) State {
	s := Default()
	coin := func() bool { return rng.IntN(3) == 0 }
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	some := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	if coin() {
		s.Data = "2026-11-20"
	}
	if coin() {
		s.Workload = v1PresetOrder[rng.IntN(len(v1PresetOrder))]
	}
	if coin() {
		s.Input, s.Output = 1+rng.IntN(100000), 1+rng.IntN(10000)
	}
	if coin() {
		s.Hit, s.LengthRatio = some(0, 99), some(0.01, 1)
	}
	if coin() {
		s.Model = cat.Models[rng.IntN(len(cat.Models))].ID
	}
	if coin() {
		s.Weights, s.KV = pick("", "any", "bf16", "fp8", "fp8-block", "int4", "mxfp4"), pick("", "fp8", "fp16")
	}
	if coin() {
		s.Engine, s.EngineVer = cat.Engines[rng.IntN(len(cat.Engines))].ID, pick("", "0.11.0", "1.8-rc1")
	}
	if coin() {
		s.TP, s.PP = rng.IntN(9), rng.IntN(5)
	}
	switch rng.IntN(5) {
	case 0:
		s.Demand = fleet.Demand{Kind: fleet.People, Users: some(1, 1e5), ReqPerHour: some(0.1, 100), PeakFactor: some(1, 9), PeakP95: coin()}
	case 1:
		s.Demand = fleet.Demand{Kind: fleet.PerDay, ReqPerDay: some(1, 1e8), PeakFactor: some(1, 9)}
	case 2:
		s.Demand, s.Rounds = fleet.Demand{Kind: fleet.InFlight, InFlight: float64(1 + rng.IntN(500))}, float64(rng.IntN(4))
	case 3:
		s.Demand = fleet.Demand{Kind: fleet.PerSecond, ReqPerS: some(0.001, 1000)}
	}
	for _, t := range []*Target{&s.TTFT, &s.ITL, &s.E2E} {
		switch rng.IntN(4) {
		case 0:
			*t = Target{Set: true, Off: true}
		case 1:
			*t = Target{Set: true, Seconds: some(0.0001, 100)}
		}
	}
	s.Percentile = pick("95", "95", "mean", "50", "90", "99")
	s.Posture = pick("std", "std", "lean", "cautious")
	if coin() {
		s.Util, s.Spare, s.NodeSpare, s.Grow, s.Years = some(1, 100), float64(rng.IntN(4)), float64(rng.IntN(3)), some(0, 50), float64(rng.IntN(6))
	}
	if coin() {
		seen := map[string]bool{}
		for range rng.IntN(9) {
			g := cat.GPUs[rng.IntN(len(cat.GPUs))].ID
			if !seen[g] {
				seen[g] = true
				s.GPUs = append(s.GPUs, GPUChoice{g, rng.IntN(3)})
			}
		}
	}
	more(&s, rng, cat)
	if coin() {
		s.B = Default().WithOption('b', s).B
		if coin() {
			s.A = s.B[:min(len(s.B), 3)]
		}
	}
	if coin() {
		other := Default()
		more(&other, rng, cat)
		other.Title = pick("", "Öption *C*.")
		s = s.WithOption('c', other)
	}
	s.View = pick("size", "size", "compare", "how")
	s.Sort = pick("cost", "cost", "gpus", "ttft")
	s.Open = pick("", "", "gpus:h100-sxm-80gb", "b.gpus", "front-output::h100-sxm-80gb:12")
	if coin() {
		s.Confirmed = []string{"in", "out", "rps"}[:rng.IntN(4)]
	}
	s.Title = pick("", "", "RAG pilot", "a&b=c#d%e+f;g", "“Größe” 100 %.", "日本")
	if coin() {
		s.Unknown = []Pair{{Key: "zone", Value: "own"}, {Key: "q2", Value: "h100-sxm:2.49,l40s:0.79"}, {Key: "fitted", Value: strings.Repeat("a1:", rng.IntN(200)) + "z"}}
	}
	return s
}

// more fills prices, the pipeline and the engine's layout at random.
func more(s *State, rng *rand.Rand, cat *catalog.Catalog) {
	coin := func() bool { return rng.IntN(3) == 0 }
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	some := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	gpu := func() string { return cat.GPUs[rng.IntN(len(cat.GPUs))].ID }
	if coin() {
		s.Buy, s.Discount, s.KWh, s.PUE = pick("cloud", "own"), some(0, 60), some(0, 1), some(1, 2)
		s.Term, s.Hosting, s.License, s.Use, s.CO2 = some(1, 7), some(0, 300), some(0, 5000), some(0, 100), some(1, 900)
	}
	if coin() {
		s.APIIn, s.APIOut = some(0.1, 5), some(0.1, 20)
	}
	if coin() {
		s.Prices = []PriceItem{{gpu(), some(0.1, 40000)}}
		s.Own = []GPUCount{{gpu(), 1 + rng.IntN(64)}}
		s.Budget = some(100, 1e6)
	}
	if coin() {
		s.System, s.History, s.Question, s.Chunks, s.ChunkSize = rng.IntN(3000), rng.IntN(9000), rng.IntN(900), rng.IntN(30), rng.IntN(2000)
	}
	if coin() {
		s.Embedder, s.Reranker = pick("", "bge-large-en-v1-5", "qwen3-embedding-8b"), pick("", "bge-reranker-v2-m3")
		s.Candidates, s.Docs, s.DocTokens, s.ReindexHours, s.Retrieval = rng.IntN(200), some(1, 1e8), rng.IntN(5000), some(1, 48), some(0, 2)
	}
	if coin() {
		s.Turns, s.Calls, s.Router = rng.IntN(20), rng.IntN(20), pick("random", "least")
	}
	if coin() {
		s.Mix = []MixItem{{"chat", some(0.1, 50), ""}, {"summarize", some(0.1, 50), "in800:ttft250ms"}, {"summarize", 2, "out60:itloff"}}
		s.SpecTokens, s.SpecAccepted = 4, some(1, 5)
		s.Split, s.EP, s.DP = pick("", "auto", "1:3"), rng.IntN(16), rng.IntN(16)
	}
}

// Reading what was written gives the state back; writing it again gives the
// same text; only characters of the grammar stand in it.
func TestRoundTripOfRandomStates(t *testing.T) {
	cat := load(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		s := random(rng, cat).Canonical()
		text := s.String()
		got, notes := Parse(cat, "https://fleetsize.dev/app/#"+text)
		if !reflect.DeepEqual(got, s) {
			t.Fatalf("Parse(%q)\n got %+v\nwant %+v", text, got, s)
		}
		if again := got.String(); again != text {
			t.Fatalf("String() = %q, then %q", text, again)
		}
		for _, n := range notes {
			if n.Code != CodeUnknown && n.Code != CodeIgnored {
				t.Fatalf("Parse(%q): note %+v", text, n)
			}
		}
		plain := s
		plain.Title, plain.A, plain.B, plain.C = "", untitled(s.A), untitled(s.B), untitled(s.C)
		if text := plain.String(); !allowed.MatchString(text) {
			t.Fatalf("%q has characters outside the grammar", text)
		}
		for _, p := range strings.Split(text, "&") {
			if last := p[len(p)-1]; !alnum(last) && !(last >= 'A' && last <= 'Z') {
				t.Fatalf("%q ends in punctuation", p)
			}
		}
	}
}

// untitled is the pairs of an option without its title.
func untitled(pairs []Pair) (out []Pair) {
	for _, p := range pairs {
		if p.Key != "n" {
			out = append(out, p)
		}
	}
	return out
}

// FuzzParse checks that no text makes Parse panic and that what it
// understood is stable: writing and reading it again changes nothing and
// raises no complaint about values.
func FuzzParse(f *testing.F) {
	cat := load(f)
	for _, s := range []string{
		"", "#", "?a#b", "v=1&w=rag&m=llama-3.1-8b&rps=10&ttft=3s", "https://h/?w=chat#w=rag&end",
		"users=2500&rph=12&peak=2.5&n=a%20b", "g=h100-sxm:tp2,l40s&util=65&grow=30&yrs=3", "w%3Dchat%26rps%3D5",
		"ttft=off&itl=50ms&e2e=1e3", "foo=<x>&bar=%zz&=&&baz", "xg=mygpu:mem96:bw4000:bf16-800:w450&g=mygpu", "rps=1e-7&day=9e99",
		"n=\xff\u202e%00", "v=99&end&end=1", "ok=a,b,,c&x=a:b&eng=trtllm:1.2.3", "a=b?c#d=e&f",
		"buy=own&px=h100-sxm:31500,l40s:x&off=15&kwh=0&pue=1.3&host=180&lic=4500&co2=300&api=3:15&term=5&use=40",
		"chunks=9&sys=400&ask=100&emb=bge-large-en-v1-5&rer=bge-reranker-v2-m3&cand=40&docs=1m&ret=20ms&turns=4&calls=3&rt=least",
		"own=h100-sxm:8&budget=9k&mix=chat:5,rag:1/min&spec=3:2.1&pd=1:3&ep=8&dp=8&users=9&peak=p95",
		"b.g=h200-sxm&b.n=a%2Ab&c.m=default&c.ttft=off&b.rps=20&users=5&b.b.x=1&c.zzz=2&b.t=how",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, _ := Parse(cat, in)
		text := s.String()
		again, notes := Parse(cat, text)
		if got := again.String(); got != text {
			t.Fatalf("Parse(%q) writes %q, which reads as %q", in, text, got)
		}
		if !reflect.DeepEqual(again, s) {
			t.Fatalf("Parse(%q)\nfirst %+v\nthen  %+v", in, s, again)
		}
		for _, n := range notes {
			switch n.Code {
			case CodeUnknown, CodeIgnored:
			default:
				t.Fatalf("Parse(%q) writes %q, which raises %+v", in, text, n)
			}
		}
		if r, _ := s.Requirement(cat); r.Model == nil || r.Engine == nil || r.Workload.Input < 1 || r.Workload.Output < 1 {
			t.Fatalf("Parse(%q): requirement %+v", in, r)
		}
	})
}
