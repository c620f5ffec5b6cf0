package export

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		_ = os.WriteFile(path+".got", []byte(got), 0o644)
		t.Errorf("%s differs; compare with %s.got, and run with -update if the change is meant", path, path)
	}
}

// proposal is the previewed answer to a link.
func proposal(t testing.TB, text string) *Proposal {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := link.Parse(cat, text)
	r, _ := s.Requirement(cat)
	var e fleet.Estimator
	p := &Proposal{State: s, Req: r, Answer: e.Preview(r), Link: "https://fleetsize.example/#" + s.String(), Day: "2026-11-21"}
	p.Answer.Preview = false // as if it were exact: the closed form is enough for words
	return p
}

// made is an answer written by hand, so that goldens do not move with the
// engine.
func made(t testing.TB, text string) *Proposal {
	p := proposal(t, text)
	gpu := func(id string) *catalog.GPU {
		g, ok := p.Req.Catalog.GPU(id)
		if !ok {
			t.Fatalf("no %s", id)
		}
		return g
	}
	weights := catalog.Weights{Dense: catalog.FP8, Experts: catalog.FP8}
	first := fleet.Option{GPU: gpu("h100-sxm"), Layout: fleet.Layout{TP: 1, PP: 1}, Weights: weights, KV: catalog.FP8, Tier: fleet.Calibrated,
		RateSLO: 5.41, RateMax: 7, SafeShare: 0.85, ReplicaRate: 5.41, ReqPerSPerGPU: 5.41, DemandReqPerS: 10,
		ReplicasNeeded: 3, ReplicasSpare: 1, Replicas: 4, GPUs: 4, Nodes: 1, USDPerMonth: 7300, Priced: true, KW: 3.64, Powered: true, PowerBasis: "all-in figure",
		GPURange: fleet.Range{Low: 4, High: 5}, RateRange: fleet.Range{Low: 4.76, High: 6.06},
		Memory: fleet.Memory{Weights: 8e9, KVUsed: 25e9, KVFree: 26e9, Activations: 4e9, Runtime: 2e9, Unusable: 15e9, Capacity: 80e9, KVPerRequest: 0.7e9, Slots: 100}}
	first.At.TTFT.P95, first.At.ITL.P95, first.At.E2E.P95, first.At.E2E.Mean = 2.4, 0.016, 10.4, 9
	second := first
	second.GPU, second.Tier, second.Priced, second.Powered, second.GPUs, second.Replicas, second.ReplicasNeeded = gpu("mi300x"), fleet.SpecsOnly, false, false, 5, 5, 4
	second.At.E2E.P95, second.At.ITL.P95 = 8, 0.012
	p.Answer = fleet.Answer{DemandReqPerS: 10, SizedReqPerS: 10, Options: []fleet.Option{first, second},
		Excluded: []fleet.Exclusion{{GPU: gpu("t4"), Reason: fleet.ReasonMemory, Text: "Does not fit: 2.1 GB short per GPU."},
			{GPU: gpu("l40s"), Reason: fleet.ReasonNotConsidered, Text: "Not in the selection."}}}
	return p
}

func TestGoldens(t *testing.T) {
	p := made(t, "rps=10&ok=in,rps&n=Acme%20RAG%20pilot&q=fp8&ttft=3s")
	golden(t, "text.txt", Text(p))
	golden(t, "rfp.txt", RFP(p)+"\n")
	golden(t, "answer.md", Markdown(p))
	golden(t, "table.csv", Table(Options(&p.Answer), "95"))
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{
		"rps=10":                   "4 × H100 SXM serve 10 req/s of RAG Q&A with first token under 3 s (p95), for about $7,300 a month, with one GPU spare.",
		"users=2500&w=chat":        "4 × H100 SXM serve 2,500 people using Chat with first token under 1 s (p95), for about $7,300 a month, with one GPU spare.",
		"rps=10&in=100":            "4 × H100 SXM serve 10 req/s of edited RAG Q&A with first token under 3 s (p95), for about $7,300 a month, with one GPU spare.",
		"rps=10&ttft=off&itl=50":   "4 × H100 SXM serve 10 req/s of edited RAG Q&A at 50 ms per token or less (p95), for about $7,300 a month, with one GPU spare.",
		"rps=10&ttft=off&itl=off":  "4 × H100 SXM serve 10 req/s of edited RAG Q&A with no latency target, for about $7,300 a month, with one GPU spare.",
		"rps=10&pct=mean&w=agent":  "4 × H100 SXM serve 10 req/s of Agent with answers within 3.75 s (mean), for about $7,300 a month, with one GPU spare.",
		"flight=50&ttft=1s&in=200": "4 × H100 SXM serve 50 requests in flight of edited RAG Q&A with first token under 1 s (p95), for about $7,300 a month, with one GPU spare.",
	} {
		p := made(t, in)
		if w, ok := p.Req.Catalog.Preset("agent"); ok {
			want = strings.Replace(want, "of Agent ", "of "+w.Name+" ", 1)
		}
		if got := Plain(Sentence(p)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
	p := made(t, "rps=10")
	p.Answer.Options = nil
	if got := Plain(Sentence(p)); got != "No accelerator serves 10 req/s of RAG Q&A with first token under 3 s (p95)." {
		t.Errorf("nothing viable: %s", got)
	}
	if RFP(p) != "" {
		t.Error("a paragraph about nothing")
	}
}

// Every register row has a name and a value, statuses follow the link, and a
// stated value is never called a default.
func TestRegister(t *testing.T) {
	rows := map[string]Assumption{}
	for _, a := range Register(made(t, "users=900&rph=6&peak=3&ok=in,users&itl=40ms&m=llama-3.3-70b&chunks=9&emb=bge-large-en-v1-5&buy=own&off=20")) {
		if a.Name == "" || a.Value == "" {
			t.Errorf("empty row %+v", a)
		}
		if _, twice := rows[a.ID]; twice {
			t.Errorf("%s is listed twice", a.ID)
		}
		rows[a.ID] = a
	}
	for id, want := range map[string]Status{"in": Confirmed, "users": Confirmed, "rph": Assumed, "peak": Assumed, "itl": Assumed, "m": Assumed, "ttft": Standard, "util": Standard,
		"chunks": Assumed, "emb": Assumed, "buy": Assumed, "off": Assumed} {
		if got := rows[id].Status; got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if got := rows["users"].Value; got != "900" {
		t.Errorf("users %q", got)
	}
}

func TestKPIs(t *testing.T) {
	p := made(t, "rps=10&ttft=3s&itl=10ms")
	met := map[string]int{}
	for _, k := range KPIs(p, p.Best()) {
		met[k.Name] = k.Met
		if strings.Contains(k.Value, "NaN") || k.Verdict == "" {
			t.Errorf("%+v", k)
		}
	}
	for name, want := range map[string]int{"Time to first token, p95": 1, "Time per token (ITL), p95": -1, "Speed per user, p95": -1, "Whole answer, p95": 0, "Load of the needed replicas": 1} {
		if met[name] != want {
			t.Errorf("%s: %d, want %d", name, met[name], want)
		}
	}
}

func TestFileName(t *testing.T) {
	for title, want := range map[string]string{"": "fleetsize", "Acme RAG pilot": "fleetsize-Acme-RAG-pilot", "../../etc": "fleetsize-etc", "東京": "fleetsize", "a/b\\c:d": "fleetsize-a-b-c-d"} {
		p := made(t, "rps=10")
		p.State.Title = title
		if got := p.FileName(); got != want {
			t.Errorf("FileName(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestDay(t *testing.T) {
	for in, want := range map[string]string{"2026-11-18": "18 Nov 2026", "2026-04-03": "3 Apr 2026", "2026-04": "2026-04", "": "", "2026-13-01": "2026-13-01"} {
		if got := Day(in); got != want {
			t.Errorf("Day(%q) = %q, want %q", in, got, want)
		}
	}
}

// Markup in names does not become markup of the document.
func TestMarkdownIsSafe(t *testing.T) {
	p := made(t, "rps=10")
	p.State.Title = "a|b <script> [x](y) `c` *d*\n# e"
	text := Markdown(p)
	if head, _, _ := strings.Cut(text, "\n"); head != "# a\\|b &lt;script> \\[x](y) \\`c\\` \\*d\\* # e" {
		t.Errorf("title %q", head)
	}
}

// Costs name what every price per token is per, and never show a zero for
// what is unknown.
func TestCosts(t *testing.T) {
	p := proposal(t, "rps=10&g=h100-sxm")
	o := p.Best()
	if o == nil || !o.Priced {
		t.Fatal("no priced option")
	}
	got := map[string]string{}
	for _, l := range Costs(o) {
		got[l.Name] = l.Value
	}
	u, _ := o.Flow.Units(o.Bill.PerMonth)
	for name, want := range map[string]float64{"Cost a month": o.USDPerMonth, "Cost a year": 12 * o.USDPerMonth, "Per million output tokens": u.PerMillionOutput, "Per million input tokens": u.PerMillionInput} {
		if got[name] != units.USD(want) {
			t.Errorf("%s is %s, want %s", name, got[name], units.USD(want))
		}
	}
	bare := *o
	bare.Priced, bare.Powered = false, false
	for _, l := range Costs(&bare) {
		if l.Value != units.NoPrice {
			t.Errorf("unknown price: %+v", l)
		}
	}
}

// What a spreadsheet reads back is the text, and none of it is a formula.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"", "=1+1", "+1", "-1", "-1.5", "@x", "\t=1", "a,b", "a\"b", "a\r\nb", "-", "-=1", "1e5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var c CSV
		c.Line("x", s)
		r := csv.NewReader(strings.NewReader(c.String()))
		r.LazyQuotes = false
		got, err := r.Read()
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		plain := func(s string) string { return strings.TrimPrefix(strings.ReplaceAll(s, "\r", ""), "'") } // readers change line ends
		if plain(strings.TrimPrefix(got[1], "'")) != plain(s) && plain(got[1]) != plain(s) {
			t.Errorf("%q reads back as %q", s, got[1])
		}
		if got[1] != "" && strings.ContainsRune("=+@\t\r", rune(got[1][0])) || strings.HasPrefix(got[1], "-") && !isNumber(got[1]) {
			t.Errorf("%q would run as a formula", got[1])
		}
	})
}
