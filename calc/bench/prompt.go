package bench

import (
	"strconv"
	"strings"
)

// words are common English words, each one token in o200k_base after a space.
var words = strings.Fields(`time people way water day part place work week case point company number group
problem fact hand eye child world school state family student country life year house service friend father power hour game
line end member law car city community name president team minute idea body information back parent face others level office door
health person art war history party result change morning reason research girl guy moment air teacher force education foot boy age
policy music market sense report table town road street field river garden window paper letter picture story voice heart summer winter
spring stone metal glass wood fire light dark green blue white black red yellow large small early late open close high low long short
young old new good great little strong free clear full easy hard cold warm dry soft deep wide simple common single public local`)

// ending asks for an answer that is longer than any limit, for servers that
// cannot be told to ignore the end of an answer.
const ending = "\nUse each word above in a very long story. Keep writing and do not stop."

// Prompter writes prompts that no server has seen before, so that a prefix
// cache does not flatter the result: they differ from the first word on.
// Equal seeds give equal prompts.
type Prompter struct {
	Seed    uint64
	Counter Counter
	// Shared is how many tokens at the start are the same in all prompts, for
	// measuring with a warm prefix cache.
	Shared int
}

// Prompt is the prompt of a request: tokens long by the counter where that is
// possible, otherwise as close as words allow. Below some 20 tokens the
// request for a long answer is left out.
func (p *Prompter) Prompt(id, tokens int) string {
	var b strings.Builder
	count := func() int { return p.Counter.Count(b.String()) }
	if shared := min(p.Shared, tokens); shared > 0 {
		r := seeded(p.Seed, -2)
		p.fill(&b, &r, shared)
	}
	r := seeded(p.Seed, id)
	if b.Len() > 0 {
		b.WriteString(" ")
	}
	// The number makes prompts differ even where random words would not.
	b.WriteString(words[r.below(len(words))] + " " + strconv.Itoa(id))
	tail := ""
	if rest := tokens - count(); rest > 2*p.Counter.Count(ending) {
		tail = ending
	}
	p.fill(&b, &r, tokens-p.Counter.Count(tail))
	text := b.String() + tail
	for range 8 { // where the parts meet, counts do not add up exactly
		over := p.Counter.Count(text) - tokens
		if over == 0 {
			break
		}
		head := strings.TrimSuffix(text, tail)
		if over < 0 {
			head += strings.Repeat(" a", -over)
		} else {
			head = dropWords(head, over)
		}
		text = head + tail
	}
	return text
}

// fill appends words until the text has the number of tokens, or is the last
// word short of it.
func (p *Prompter) fill(b *strings.Builder, r *rng, tokens int) {
	have := p.Counter.Count(b.String())
	for have < tokens {
		// A word has at least one token, and at most three by any counter.
		from := b.Len()
		for range max((tokens-have)/3, 1) {
			b.WriteString(" " + words[r.below(len(words))])
		}
		if p.Counter.Exact() { // vocabularies split texts before blanks, so that counts add up
			have += p.Counter.Count(b.String()[from:])
		} else {
			have = p.Counter.Count(b.String())
		}
	}
	if have > tokens {
		text := dropWords(b.String(), 1)
		b.Reset()
		b.WriteString(text)
	}
}

// dropWords is s without its last n words, keeping the first two.
func dropWords(s string, n int) string {
	for range n {
		cut := strings.LastIndexByte(s, ' ')
		if cut < 0 || strings.Count(s[:cut], " ") < 1 {
			return s
		}
		s = s[:cut]
	}
	return s
}
