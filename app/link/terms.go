package link

import (
	"strings"

	"fleetsize/calc/money"
	"fleetsize/calc/rag"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Terms is the price basis in force, for accelerators under engine: what was
// stated, else the defaults. The license of an engine that needs one is part
// of the default when accelerators are owned; rent is the list rent alone
// unless a license is stated.
func (s State) Terms(engine string) money.Terms {
	t := money.Default(money.Rent)
	if s.Buy == string(money.Own) {
		t.Basis = money.Own
		if engine == "nim" {
			t.License = money.EnterpriseUSD
		}
	}
	for _, p := range s.Prices {
		t.Prices = append(t.Prices, money.Price{GPU: p.GPU, USD: p.USD})
	}
	t.Discount = s.Discount / 100
	t.AverageUse = s.Use / 100
	t.CO2PerKWh = s.CO2
	for _, f := range []struct {
		to     *float64
		stated float64
		ok     bool
	}{
		{&t.Years, s.Term, s.Term > 0}, {&t.PUE, s.PUE, s.PUE >= 1}, {&t.USDPerKWh, s.KWh, s.KWh >= 0},
		{&t.Hosting, s.Hosting, s.Hosting >= 0}, {&t.License, s.License, s.License >= 0},
	} {
		if f.ok {
			*f.to = f.stated
		}
	}
	return t
}

// API is the hosted price that was stated; ok is false without one.
func (s State) API() (a money.API, ok bool) {
	return money.API{Input: s.APIIn, Output: s.APIOut}, s.APIIn > 0 || s.APIOut > 0
}

// Parts is what the prompt consists of; its Chunks are 0 where the prompt is
// stated as a whole.
func (s State) Parts() rag.Prompt {
	if s.Chunks == 0 {
		return rag.Prompt{}
	}
	return rag.Prompt{System: s.System, History: s.History, Question: s.Question, Chunks: s.Chunks, ChunkSize: s.chunkSize()}
}

func (s State) chunkSize() int { return orInt(s.ChunkSize, v1ChunkSize) }

func orInt(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}

// Talk is the conversation that the requests are turns of; Turns is 1 without
// one. What is new in a turn is the question where one is stated, else all of
// the prompt but the system prompt.
func (s State) Talk() rag.Talk {
	p := preset(s.Workload)
	k := rag.Talk{Turns: max(s.Turns, 1), Answer: p.Output, Reused: p.HitPercent / 100}
	if s.Output > 0 {
		k.Answer = s.Output
	}
	if s.Hit >= 0 {
		k.Reused = s.Hit / 100
	}
	if parts := s.Parts(); parts.Chunks > 0 {
		k.Fixed, k.Question, k.Passages = parts.System+parts.History, parts.Question, parts.Passages()
		return k
	}
	in := p.Input
	if s.Input > 0 {
		in = s.Input
	}
	k.Question = in - min(s.System, in-1)
	if s.Question > 0 {
		k.Question = min(s.Question, in)
	}
	k.Fixed = in - k.Question
	return k
}

// Pipeline is what runs before the model, nil where nothing is stated.
func (s State) Pipeline(cat *catalog.Catalog) *rag.Pipeline {
	p := rag.Pipeline{Retrieval: s.Retrieval}
	question := orInt(s.Question, v1Question)
	if m, ok := cat.Model(s.Embedder); ok && s.Embedder != "" {
		p.Embedder, p.Query = m, question
		p.Docs, p.DocTokens, p.Chunk = s.Docs, orInt(s.DocTokens, v1DocTokens), s.chunkSize()
		p.ReindexHours = s.ReindexHours
		if p.ReindexHours == 0 {
			p.ReindexHours = v1ReindexHours
		}
	}
	if m, ok := cat.Model(s.Reranker); ok && s.Reranker != "" {
		p.Reranker, p.Candidates, p.Pair = m, orInt(s.Candidates, v1Candidates), question+s.chunkSize()
	}
	if !p.On() {
		return nil
	}
	return &p
}

// longTalk notes a conversation whose last turn is longer than the model holds.
func (s State) longTalk(m *catalog.Model) []Note {
	k := s.Talk()
	last := k.Prompt(k.Turns) + float64(k.Answer)
	if k.Turns < 2 || m.MaxContext <= 0 || last <= float64(m.MaxContext) {
		return nil
	}
	return []Note{{Code: CodeContext, Key: "turns", Value: units.Plain(float64(k.Turns)),
		Text: "The last of " + units.Count(float64(k.Turns)) + " turns is " + units.Count(last) + " tokens long, more than " + m.Name + " holds (" +
			units.Count(float64(m.MaxContext)) + "). Fewer turns, or a history that is cut."}}
}

// moneyKeys are the keys a price profile holds.
var moneyKeys = []string{"buy", "px", "off", "kwh", "pue", "term", "host", "lic", "use", "co2", "api"}

// MoneyPairs states every price and energy input, those at their default too,
// so that With makes another state's the same.
func (s State) MoneyPairs() string {
	s = s.Canonical()
	pairs := make([]string, 0, len(moneyKeys))
	for _, name := range moneyKeys {
		v := lookup(name).write(&s)
		if v == "" {
			v = standardWord
		}
		pairs = append(pairs, name+"="+v)
	}
	return strings.Join(pairs, "&")
}

// OnlyMoney keeps the pairs of a price profile and drops the others.
func OnlyMoney(pairs string) string {
	var keep []string
	for _, p := range strings.Split(pairs, "&") {
		key, _, _ := strings.Cut(p, "=")
		for _, name := range moneyKeys {
			if key == name {
				keep = append(keep, p)
			}
		}
	}
	return strings.Join(keep, "&")
}
