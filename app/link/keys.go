package link

import (
	"strings"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// key is one setting of the grammar.
type key struct {
	name    string
	example string // a valid pair, for messages
	// read applies a decoded, non-empty value; a problem names value and remedy.
	read func(r *reader, value string) (problem string)
	// reset puts the default back.
	reset func(s *State)
	// write returns the value, "" where it equals the default.
	write func(s *State) string
}

// keys are all settings of version 1 in the order they are read and written.
// A key is never used again with another meaning.
var keys []key

// init breaks the reference cycle between the table and the functions that look into it.
func init() {
	keys = []key{
		{"v", "v=1", readVersion, func(s *State) { s.V = Newest }, nil},
		{"d", "d=2026-11-20", readDate, func(s *State) { s.Data = "" }, func(s *State) string { return s.Data }},
		{"w", "w=rag", readWorkload, func(s *State) { s.Workload = v1Workload }, func(s *State) string { return unless(s.Workload, v1Workload) }},
		whole("in", "in=5000", 1, 10e6, func(s *State) *int { return &s.Input }),
		whole("out", "out=500", 1, 1e6, func(s *State) *int { return &s.Output }),
		percent("hit", "hit=30", 0, 99, func(s *State) *float64 { return &s.Hit }),
		plain("lr", "lr=0.8", 0.01, 1, func(s *State) *float64 { return &s.LengthRatio }),
		{"m", "m=llama-3.1-8b", readModel, func(s *State) { s.Model = v1Model }, func(s *State) string { return unless(s.Model, v1Model) }},
		precision("q", "q=fp8", true, func(s *State) *string { return &s.Weights }),
		precision("kv", "kv=fp8", false, func(s *State) *string { return &s.KV }),
		{"eng", "eng=vllm", readEngine, func(s *State) { s.Engine, s.EngineVer = v1Engine, "" }, writeEngine},
		whole("tp", "tp=2", 1, 1024, func(s *State) *int { return &s.TP }),
		whole("pp", "pp=2", 1, 64, func(s *State) *int { return &s.PP }),
		{"rps", "rps=10", readRPS, resetDemand(fleet.PerSecond), writeDemand(fleet.PerSecond)},
		{"users", "users=2500", readUsers, resetDemand(fleet.People), writeDemand(fleet.People)},
		{"day", "day=1.5m", readDay, resetDemand(fleet.PerDay), writeDemand(fleet.PerDay)},
		{"rph", "rph=12", readPerHour, func(s *State) { s.Demand.ReqPerHour = v1ReqPerHour }, writePerHour},
		{"peak", "peak=2.5", readPeak, func(s *State) { s.Demand.PeakFactor, s.Demand.PeakP95 = v1Peak, false }, writePeak},
		{"flight", "flight=100", readFlight, resetDemand(fleet.InFlight), writeDemand(fleet.InFlight)},
		free("fit", "fit=vllm-inferencex", "", func(s *State) *string { return &s.Fit }),
		plain("rounds", "rounds=4", 0.01, 1000, func(s *State) *float64 { return &s.Rounds }),
		target("ttft", "ttft=3s", "s", func(s *State) *Target { return &s.TTFT }),
		target("itl", "itl=50ms", "ms", func(s *State) *Target { return &s.ITL }),
		target("e2e", "e2e=30s", "s", func(s *State) *Target { return &s.E2E }),
		choice("pct", "pct=95", v1Percentile, []string{"mean", "50", "90", "95", "99"}, func(s *State) *string { return &s.Percentile }),
		choice("pos", "pos=lean", v1Posture, []string{"lean", "std", "cautious"}, func(s *State) *string { return &s.Posture }),
		percent("util", "util=70", 1, 100, func(s *State) *float64 { return &s.Util }),
		number("spare", "spare=1", 0, 1000, func(s *State) *float64 { return &s.Spare }),
		number("nodespare", "nodespare=1", 0, 100, func(s *State) *float64 { return &s.NodeSpare }),
		percent("grow", "grow=20", 0, 1000, func(s *State) *float64 { return &s.Grow }),
		number("yrs", "yrs=3", 0, 10, func(s *State) *float64 { return &s.Years }),
		choice("buy", "buy=own", v1Buy, []string{"cloud", "own"}, func(s *State) *string { return &s.Buy }),
		{"cur", "cur=usd", readCurrency, func(*State) {}, func(*State) string { return "" }},
		{"px", "px=h100-sxm:2.49", readPrices, func(s *State) { s.Prices = nil }, writePrices},
		zeroPercent("off", "off=30", 99, func(s *State) *float64 { return &s.Discount }),
		amount("kwh", "kwh=0.14", 0, 10, func(s *State) *float64 { return &s.KWh }),
		plain("pue", "pue=1.35", 1, 5, func(s *State) *float64 { return &s.PUE }),
		plainOr("term", "term=3", 0.25, 15, v1Term, func(s *State) *float64 { return &s.Term }),
		amount("host", "host=180", 0, 1e5, func(s *State) *float64 { return &s.Hosting }),
		amount("lic", "lic=4500", 0, 1e6, func(s *State) *float64 { return &s.License }),
		zeroPercent("use", "use=40", 100, func(s *State) *float64 { return &s.Use }),
		plain("co2", "co2=350", 0.01, 5000, func(s *State) *float64 { return &s.CO2 }),
		{"api", "api=3:15", readAPI, func(s *State) { s.APIIn, s.APIOut = 0, 0 }, writeAPI},
		whole("sys", "sys=400", 1, 1e6, func(s *State) *int { return &s.System }),
		whole("hist", "hist=2000", 1, 10e6, func(s *State) *int { return &s.History }),
		whole("ask", "ask=100", 1, 1e6, func(s *State) *int { return &s.Question }),
		whole("chunks", "chunks=9", 1, 10000, func(s *State) *int { return &s.Chunks }),
		wholeOr("chunk", "chunk=500", 1, 100000, v1ChunkSize, func(s *State) *int { return &s.ChunkSize }),
		passageModel("emb", "emb=bge-large-en-v1-5", catalog.ClassEmbedding, func(s *State) *string { return &s.Embedder }),
		passageModel("rer", "rer=bge-reranker-v2-m3", catalog.ClassReranker, func(s *State) *string { return &s.Reranker }),
		wholeOr("cand", "cand=50", 1, 10000, v1Candidates, func(s *State) *int { return &s.Candidates }),
		plain("docs", "docs=1m", 1, 1e12, func(s *State) *float64 { return &s.Docs }),
		wholeOr("doc", "doc=1000", 1, 10e6, v1DocTokens, func(s *State) *int { return &s.DocTokens }),
		plainOr("hours", "hours=24", 0.01, 8760, v1ReindexHours, func(s *State) *float64 { return &s.ReindexHours }),
		duration("ret", "ret=50ms", 600, func(s *State) *float64 { return &s.Retrieval }),
		wholeOr("turns", "turns=8", 1, 1000, 1, func(s *State) *int { return &s.Turns }),
		wholeOr("calls", "calls=8", 1, 1000, 1, func(s *State) *int { return &s.Calls }),
		choice("rt", "rt=least", v1Router, []string{"random", "least"}, func(s *State) *string { return &s.Router }),
		{"own", "own=h100-sxm:8", readOwn, func(s *State) { s.Own = nil }, writeOwn},
		plain("budget", "budget=20k", 0.01, 1e12, func(s *State) *float64 { return &s.Budget }),
		{"mix", "mix=chat:5,summarize:2", readMix, func(s *State) { s.Mix = nil }, writeMix},
		{"spec", "spec=3:2.1", readSpec, func(s *State) { s.SpecTokens, s.SpecAccepted = 0, 0 }, writeSpec},
		{"pd", "pd=auto", readSplit, func(s *State) { s.Split = "" }, func(s *State) string { return s.Split }},
		wholeOr("ep", "ep=8", 1, 1024, 1, func(s *State) *int { return &s.EP }),
		wholeOr("dp", "dp=8", 1, 1024, 1, func(s *State) *int { return &s.DP }),
		{"g", "g=h100-sxm,l40s", readGPUs, func(s *State) { s.GPUs = nil }, writeGPUs},
		{"xg", "xg=mygpu:mem96:bw4000:bf16-800:w450", readNothing, func(s *State) { s.CustomGPUs = nil }, func(s *State) string { return strings.Join(s.CustomGPUs, ",") }},
		{"xm", "xm=mymodel:l32:d4096", readNothing, func(s *State) { s.CustomModels = nil }, func(s *State) string { return strings.Join(s.CustomModels, ",") }},
		{"ok", "ok=in,out", readConfirmed, func(s *State) { s.Confirmed = nil }, func(s *State) string { return strings.Join(s.Confirmed, ",") }},
		choice("t", "t=size", v1View, []string{"size", "compare", "explain", "measure", "report", "data", "how"}, func(s *State) *string { return &s.View }),
		free("s", "s=cost", v1Sort, func(s *State) *string { return &s.Sort }),
		free("x", "x=gpus", "", func(s *State) *string { return &s.Open }),
		{"n", "n=RAG%20pilot", readTitle, func(s *State) { s.Title = "" }, func(s *State) string { return escape(s.Title) }},
	}
}

// lookup finds a key by its name in lower case.
func lookup(name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

// unless returns value, or "" where it is the default.
func unless(value, standard string) string {
	if value == standard {
		return ""
	}
	return value
}
