//go:build !js

package mock

import "math"

// tokenProbs are the log probabilities at one position, the likeliest first.
type tokenProbs struct {
	token string
	prob  float64
	top   []alternative
}

type alternative struct {
	token string
	prob  float64
}

// topProbability is the probability of the likeliest token at position i of a
// text, between 0.55 and 0.95.
func topProbability(seed uint64, i int) float64 {
	return 0.55 + 0.4*float64(mix(seed, uint64(i)^0x70)%1000)/1000
}

// probs are those of the i-th token, known by construction: the token itself
// with probability p (topProbability), the j-th alternative with (1−p)/2^j,
// all shifted by LogprobShift. Every LogprobSwap-th position gives p to the
// first alternative and (1−p)/2 to the token.
func (a *answer) probs(i int, token string) tokenProbs {
	p := topProbability(a.tokens.seed, i)
	shift := a.s.cfg.LogprobShift
	log := func(j int) float64 {
		if j == 0 {
			return math.Log(p) + shift
		}
		return math.Log(1-p) - float64(j)*math.Ln2 + shift
	}
	names := []string{token}
	for j := 1; j < max(a.top, 2); j++ {
		names = append(names, words[(mix(a.tokens.seed, uint64(i)<<8)+uint64(j))%uint64(len(words))]+"_")
	}
	t := tokenProbs{token: token, prob: log(0)}
	if n := a.s.cfg.LogprobSwap; n > 0 && i%n == n-1 {
		names[0], names[1] = names[1], names[0]
		t.prob = log(1)
	}
	for j := range a.top {
		t.top = append(t.top, alternative{names[j], log(j)})
	}
	return t
}

// logprobs is the object of a choice; nil = null.
func (a *answer) logprobs(list []tokenProbs) any {
	if a.top < 0 || len(list) == 0 {
		return nil
	}
	if a.chat {
		var content []map[string]any
		for _, t := range list {
			top := []map[string]any{}
			for _, alt := range t.top {
				top = append(top, map[string]any{"token": alt.token, "logprob": alt.prob, "bytes": byteValues(alt.token)})
			}
			content = append(content, map[string]any{"token": t.token, "logprob": t.prob, "bytes": byteValues(t.token), "top_logprobs": top})
		}
		return map[string]any{"content": content}
	}
	var tokens []string
	var probs []float64
	var tops []map[string]float64
	for _, t := range list {
		tokens, probs = append(tokens, t.token), append(probs, t.prob)
		top := map[string]float64{}
		for _, alt := range t.top {
			top[alt.token] = alt.prob
		}
		tops = append(tops, top)
	}
	return map[string]any{"tokens": tokens, "token_logprobs": probs, "top_logprobs": tops}
}

func byteValues(text string) []int {
	var list []int
	for _, b := range []byte(text) {
		list = append(list, int(b))
	}
	return list
}
