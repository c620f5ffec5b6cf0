// Package rag sizes what stands before the language model in a
// retrieval-augmented answer: the embedding of the question, the search in the
// index, the reranking of what it found, and the embedding of the documents
// themselves when they are indexed again.
//
// Prompt adds up the parts of the prompt; Talk is a conversation whose history
// grows and is reused. Encoders run on the step law of package step with the
// engine's own efficiencies, prefill only:
//
//	seconds = step time of (passages · tokens) with bidirectional attention
//
// so that embedding and reranking are estimated on the same ground as the
// model they feed. An encoder on the same engine is an assumption; dedicated
// servers for encoders reach similar shares of the hardware.
package rag

// Prompt is what a prompt consists of, in tokens.
type Prompt struct {
	System, History, Question int
	Chunks, ChunkSize         int // retrieved passages and the tokens of one
}

// Tokens is the whole prompt: system + history + question + chunks · size.
func (p Prompt) Tokens() int { return p.System + p.History + p.Question + p.Passages() }

// Passages is the retrieved part.
func (p Prompt) Passages() int { return p.Chunks * p.ChunkSize }

// ReusedShare is the share of the prompt that every request has in common, the
// system prompt, which stands first and stays in the prefix cache, [0, 1).
func (p Prompt) ReusedShare() float64 {
	if t := p.Tokens(); t > 0 && p.System < t {
		return float64(p.System) / float64(t)
	}
	return 0
}

// Talk is a conversation of several turns. Every turn sends the fixed part,
// what was asked and answered before, and the new part.
type Talk struct {
	Fixed    int // tokens before the history: system prompt and history it starts with
	Question int // new tokens of a turn that stay in the history
	Passages int // new tokens of a turn that do not: retrieved passages
	Answer   int // tokens of an answer
	Turns    int // ≥ 1
	// Reused is the share of the first prompt found in the prefix cache.
	Reused float64
}

// Prompt is the prompt of turn t, from 1:
//
//	fixed + (t − 1) · (question + answer) + passages + question
func (k Talk) Prompt(t int) float64 {
	return float64(k.Fixed) + float64(t-1)*float64(k.Question+k.Answer) + float64(k.Passages+k.Question)
}

// Cached is how many tokens of the prompt of turn t are in the prefix cache:
// everything of the turn before up to where the two prompts differ. Passages
// stand before the question and change from turn to turn, so with passages the
// last question and answer are computed again; without, only the new question.
func (k Talk) Cached(t int) float64 {
	first := k.Reused * k.Prompt(t)
	switch {
	case t <= 1:
		return first
	case k.Passages > 0:
		return max(first, float64(k.Fixed)+float64(t-2)*float64(k.Question+k.Answer))
	}
	return max(first, k.Prompt(t)-float64(k.Question))
}

// Mean is the mean prompt of a turn in tokens and the share of it, over all
// turns, that is cached.
func (k Talk) Mean() (tokens, cachedShare float64) {
	n := max(k.Turns, 1)
	cached := 0.0
	for t := 1; t <= n; t++ {
		tokens += k.Prompt(t)
		cached += k.Cached(t)
	}
	if tokens > 0 {
		cachedShare = min(cached/tokens, 0.99)
	}
	return tokens / float64(n), cachedShare
}
