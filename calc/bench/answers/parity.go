package answers

import (
	"fmt"
	"math"
	"slices"

	"fleetsize/catalog/jsonio"
)

// Position is one generated token with the likeliest alternatives.
type Position struct {
	Token   string
	Logprob float64
	Top     []Alternative // the likeliest first
}

// Alternative is a token and its log probability.
type Alternative struct {
	Token   string
	Logprob float64
}

// Parity says how alike two endpoints are that should serve the same model:
// another precision, engine or device.
type Parity struct {
	Prompts   int
	Positions int // compared: up to the first token in which two answers differ
	Same      int // of these, with the same likeliest token
	// Overlap is the mean number of common tokens among the ten likeliest, of
	// Of; below 8 of 10 something is wrong.
	Overlap, Of float64
	// Largest and Mean difference of log probability over tokens that both list.
	Largest, Mean float64
	Pairs         int // tokens compared
	Diverged      int // prompts whose answers differ at all
	Verdict       string
	Text          string
}

// topN is how many alternatives are compared.
const topN = 10

// mostApart bounds the difference of two log probabilities: engines write
// −9,999 for a token that cannot be.
const mostApart = 1e4

// Compared compares the answers of two endpoints, prompt by prompt. After the
// first differing token the texts are different contexts, and nothing more is
// compared.
func Compared(a, b [][]Position) Parity {
	var p Parity
	sum, overlaps := 0.0, 0
	for i := range min(len(a), len(b)) {
		p.Prompts++
		for j := range min(len(a[i]), len(b[i])) {
			x, y := &a[i][j], &b[i][j]
			p.Positions++
			tx, ty := ordered(x), ordered(y)
			if len(tx) > 0 && len(ty) > 0 {
				if tx[0].Token == ty[0].Token {
					p.Same++
				}
				n := min(topN, len(tx), len(ty))
				common, taken := 0, [topN]bool{}
				for _, u := range tx[:n] {
					for k, v := range ty[:n] {
						// Some tokens look alike: parts of a character are all written �.
						if u.Token == v.Token && !taken[k] {
							taken[k] = true
							common++
							d := min(math.Abs(u.Logprob-v.Logprob), mostApart)
							sum += d
							p.Pairs++
							p.Largest = math.Max(p.Largest, d)
							break
						}
					}
				}
				p.Overlap += float64(common)
				p.Of += float64(n)
				overlaps++
			}
			if x.Token != y.Token {
				p.Diverged++
				break
			}
		}
	}
	if overlaps > 0 {
		p.Overlap /= float64(overlaps)
		p.Of /= float64(overlaps)
	}
	if p.Pairs > 0 {
		p.Mean = sum / float64(p.Pairs)
	}
	p.judge(overlaps)
	return p
}

// judge applies the usual bars: the same likeliest token at 99 of 100
// positions and 9 of 10 common alternatives is the same model up to rounding,
// below 90 of 100 or 8 of 10 something is wrong.
func (p *Parity) judge(n int) {
	if n == 0 {
		p.Verdict, p.Text = "unknown", "The endpoints return no log probabilities."
		return
	}
	same, common := float64(p.Same)/float64(n), p.Overlap/p.Of
	p.Text = fmt.Sprintf("The likeliest token agrees at %.1f %% of %d positions; %.1f of %.0f alternatives are common.", 100*same, n, p.Overlap, p.Of)
	switch {
	case same < 0.90 || common < 0.8:
		p.Verdict = "suspicious"
	case same >= 0.99 && common >= 0.9:
		p.Verdict = "same"
	default:
		p.Verdict = "close"
	}
}

// ordered are the alternatives of a position, the likeliest first, equal ones
// by name.
func ordered(p *Position) []Alternative {
	top := slices.Clone(p.Top)
	for i := range top { // few
		for j := i; j > 0 && (top[j].Logprob > top[j-1].Logprob || top[j].Logprob == top[j-1].Logprob && top[j].Token < top[j-1].Token); j-- {
			top[j], top[j-1] = top[j-1], top[j]
		}
	}
	return top
}

type wireLogprobs struct {
	Content []struct {
		Token   string  `json:"token"`
		Logprob float64 `json:"logprob"`
		Top     []struct {
			Token   string  `json:"token"`
			Logprob float64 `json:"logprob"`
		} `json:"top_logprobs"`
	} `json:"content"`
	Tokens []string             `json:"tokens"`
	Probs  []*float64           `json:"token_logprobs"`
	Tops   []map[string]float64 `json:"top_logprobs"`
}

type wireReply struct {
	Error   any `json:"error"`
	Choices []struct {
		Text    *string `json:"text"`
		Message *struct {
			Content   *string `json:"content"`
			Reasoning *string `json:"reasoning_content"`
		} `json:"message"`
		Finish   any           `json:"finish_reason"`
		Logprobs *wireLogprobs `json:"logprobs"`
	} `json:"choices"`
}

// Reply is one answer that was not streamed.
type Reply struct {
	Text   string
	Tokens []Position // nil without log probabilities
}

// DecodeReply reads the body of a chat-completions or completions answer.
func DecodeReply(body []byte) (Reply, error) {
	var w wireReply
	if err := jsonio.Unmarshal(body, &w); err != nil {
		return Reply{}, err
	}
	if w.Error != nil || len(w.Choices) == 0 {
		return Reply{}, fmt.Errorf("the reply has no answer")
	}
	c := &w.Choices[0]
	var r Reply
	switch {
	case c.Text != nil:
		r.Text = *c.Text
	case c.Message != nil && c.Message.Content != nil:
		r.Text = *c.Message.Content
	}
	l := c.Logprobs
	if l == nil {
		return r, nil
	}
	for _, t := range l.Content {
		p := Position{Token: t.Token, Logprob: t.Logprob}
		for _, a := range t.Top {
			p.Top = append(p.Top, Alternative{a.Token, a.Logprob})
		}
		r.Tokens = append(r.Tokens, p)
	}
	for i, t := range l.Tokens {
		p := Position{Token: t}
		if i < len(l.Probs) && l.Probs[i] != nil {
			p.Logprob = *l.Probs[i]
		}
		if i < len(l.Tops) {
			for name, x := range l.Tops[i] {
				p.Top = append(p.Top, Alternative{name, x})
			}
		}
		r.Tokens = append(r.Tokens, p)
	}
	return r, nil
}

// quantile interpolates linearly (type 7).
func quantile(x []float64, q float64) float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	at := q * float64(len(x)-1)
	i := int(at)
	if i+1 >= len(x) {
		return x[len(x)-1]
	}
	return x[i] + (at-float64(i))*(x[i+1]-x[i])
}
