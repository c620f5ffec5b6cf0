package score

import (
	"fmt"
	"strings"

	"fleetsize/calc/measured"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// defaultEngine stands in for engines the catalog does not have.
const defaultEngine = "vllm"

// maxRequests bounds the simulation of one row.
const maxRequests = 2_000_000

// Resolver finds what rows name in a catalog. It is safe for concurrent use.
type Resolver struct {
	cat       *catalog.Catalog
	protocols measured.Protocols
	unknown   *catalog.Engine // for engines the catalog does not have
}

// NewResolver prepares a catalog. It fails only when the embedded protocols
// are broken or the catalog has no engine.
func NewResolver(cat *catalog.Catalog) (*Resolver, error) {
	protocols, err := measured.LoadProtocols()
	if err != nil {
		return nil, err
	}
	e, ok := cat.Engine(defaultEngine)
	if !ok || len(e.Profiles) == 0 {
		return nil, fmt.Errorf("score: the catalog has no engine %q", defaultEngine)
	}
	plain := *e
	plain.Profiles = nil
	for _, p := range e.Profiles {
		if strings.HasPrefix(p.ID, fitPrefix) { // the user's own measurements
			plain.Profiles = append(plain.Profiles, p)
		}
	}
	plain.Profiles = append(plain.Profiles, e.Profiles[len(e.Profiles)-1]) // nothing measured stands behind it
	return &Resolver{cat, protocols, &plain}, nil
}

// Case is what a row measured, or the reason why it cannot be scored with a
// sentence on it.
func (x *Resolver) Case(row *measured.Row) (c Case, why Reason, detail string) {
	if row.Excluded() {
		return c, ReasonUse, "The table says " + row.Use + "."
	}
	model, named := x.model(row.Model)
	if model == nil {
		return c, ReasonModel, fmt.Sprintf("No model is called %q.", row.Model)
	}
	if model.Class != catalog.ClassGenerative {
		return c, ReasonModel, fmt.Sprintf("%s generates no text.", model.Name)
	}
	gpu, ok := x.gpu(row.GPU)
	if !ok {
		return c, ReasonGPU, fmt.Sprintf("No accelerator is called %q.", row.GPU)
	}
	if !row.HasMetric() {
		return c, ReasonMetric, "Neither TTFT nor time per token nor throughput is measured."
	}
	if !row.HasLoad() {
		return c, ReasonMetric, "Tokens in and out and a load are needed beside the measurement."
	}
	p := x.protocols.Of(row)
	c = Case{Row: row, Protocol: p, Version: row.Version, FrontEnd: true}
	if !named {
		c.Notes = append(c.Notes, Note{"inferred_model", fmt.Sprintf("%q is computed as %s, whose name it has in it.", row.Model, model.Name)})
	}
	if p.Build != "" {
		c.Version = p.Build
	}
	c.Replica = step.Replica{
		Model: model, GPU: gpu, Engine: x.engine(&c), TP: row.TP, PP: row.PP,
		EP: expertParallel(row, model), Weights: model.Resolve(row.Weights), KV: row.KV,
	}
	sched := c.Replica.Engine.SchedulerFor(gpu, c.Version, model.ID, row.TP)
	c.Replica.Scheduler = &sched
	c.share()
	c.load()
	if err := c.Load.Validate(); err != nil {
		return c, ReasonMetric, err.Error()
	}
	return c, "", ""
}

// expertParallel is over how many ranks of the row's group whole experts are
// spread. Tables state it for the group or for the whole system.
//
// On 41 rows of MiniMax-M2.5 under vLLM that no fit has seen, counting it takes
// the mean error of the time per token from 11.7 to 8.9 % and leaves that of
// TTFT at 12 %. The same rows are also labeled attention data parallel; computed
// so, TTFT is 28 % off, because copies of attention weights would leave less
// memory for the cache than the measured onset of queueing allows.
func expertParallel(row *measured.Row, m *catalog.Model) int {
	if ep := min(row.EP, row.TP); m.MoE != nil && ep > 1 && row.TP%ep == 0 {
		return ep
	}
	return 1
}

// model finds a row's model; named is false where the name only has that of a
// model in it, as checkpoints of other publishers do:
// "nvidia/Llama-3.3-70B-Instruct-FP8".
func (x *Resolver) model(name string) (m *catalog.Model, named bool) {
	if m, ok := x.cat.Model(name); ok {
		return m, true
	}
	if !strings.Contains(name, "/") {
		return nil, false
	}
	m, _ = GuessModel(x.cat, name)
	return m, false
}

// engine finds the row's engine, or what stands in for it.
func (x *Resolver) engine(c *Case) *catalog.Engine {
	name := c.Row.Engine
	if e, ok := x.cat.Engine(name); ok {
		return e
	}
	// "vLLM 0.6.3", "SGLang (nightly)": the first word.
	if words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" /:(", r) }); len(words) > 1 {
		if e, ok := x.cat.Engine(words[0]); ok {
			return e
		}
	}
	text := fmt.Sprintf("Unknown engine %q: computed as %s with its default profile.", name, x.unknown.Name)
	if name == "" {
		text = fmt.Sprintf("No engine is named: computed as %s with its default profile.", x.unknown.Name)
	}
	c.Notes = append(c.Notes, Note{"unknown_engine", text})
	return x.unknown
}

// gpu finds an accelerator, also as benchmark tables call them: H100_80G.
func (x *Resolver) gpu(name string) (*catalog.GPU, bool) {
	if name == "" {
		return nil, false
	}
	key := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(name))
	for _, vendor := range []string{"nvidia-", "amd-", "intel-", "google-"} {
		key = strings.TrimPrefix(key, vendor)
	}
	tries := []string{name, key}
	if strings.HasSuffix(key, "g") {
		tries = append(tries, key+"b")
	}
	chip, memory, ok := strings.Cut(tries[len(tries)-1], "-")
	if ok {
		tries = append(tries, chip+"-sxm-"+memory)
	}
	for _, t := range tries {
		if g, ok := x.cat.GPU(t); ok {
			return g, true
		}
	}
	return nil, false
}

// share splits the load over replicas.
func (c *Case) share() {
	row := c.Row
	per := row.TP * row.PP
	c.Copies = max(1, row.GPUs/per)
	if c.Copies*per != row.GPUs {
		c.Notes = append(c.Notes, Note{"gpus", fmt.Sprintf("%d GPUs are no multiple of tp × pp = %d: computed as %d.", row.GPUs, per, c.Copies*per)})
	}
	if row.DP > 1 {
		text := fmt.Sprintf("Attention data parallel over %d is computed as tensor parallel over %d.", row.DP, row.TP)
		if c.Copies > 1 {
			text = fmt.Sprintf("Attention data parallel over %d is computed as %d replicas.", row.DP, c.Copies)
		}
		c.Notes = append(c.Notes, Note{"attention_dp", text})
	}
}

// load is what one copy sees.
func (c *Case) load() {
	row, p := c.Row, c.Protocol
	c.Load = serve.Load{Input: row.Input, Output: row.Output, LengthRatio: p.Ratio(row)}
	split := func(n int) int { return (n + c.Copies - 1) / c.Copies }
	switch {
	case row.Static:
		c.Kind, c.FrontEnd = Static, false
		c.Load.Concurrency, c.Load.Rounds = split(row.Concurrency), 1
	case row.Offline:
		c.Kind, c.FrontEnd = Offline, false
		n := row.Concurrency
		if n == 0 {
			n = p.OfflineRequests(row.Input, row.Output)
		}
		c.Load.Concurrency, c.Load.Rounds = split(n), 1
	case row.Concurrency > 0:
		c.Kind = Closed
		c.Load.Concurrency = split(row.Concurrency)
		c.Load.Rounds = min(p.RoundsOf(row), max(1, maxRequests/float64(c.Load.Concurrency)))
	default:
		c.Kind = Open
		c.Load.Rate = row.Rate / float64(c.Copies)
	}
}

// GuessModel finds the model whose name is part of a file's name, the longest
// where several are: "nim_llama3.1_8b_v1.8.0.csv" is Llama 3.1 8B.
func GuessModel(cat *catalog.Catalog, file string) (*catalog.Model, bool) {
	squeeze := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, strings.ToLower(s))
	}
	name := squeeze(file)
	for _, other := range []string{"distill", "draft", "eagle", "embed", "rerank"} {
		if strings.Contains(name, other) {
			return nil, false // small models named after the large one they came from
		}
	}
	var best *catalog.Model
	longest := 4 // shorter names are found by chance
	for _, m := range cat.Models {
		if m.Class != catalog.ClassGenerative {
			continue
		}
		for _, s := range append([]string{m.ID, m.Name}, m.Aliases...) {
			if k := squeeze(s); len(k) > longest && strings.Contains(name, k) {
				best, longest = m, len(k)
			}
		}
	}
	return best, best != nil
}
