//go:build !js

package mock

import (
	"net/http"
	"strings"
)

// whole answers in one JSON body.
func (a *answer) whole() error {
	parts := map[string]*strings.Builder{}
	var probs []tokenProbs
	o := newOutlet(a.w, quirkSet{}, func(int) {})
	n := 0
	for {
		if stop, err := a.breaks(n, o); stop || err != nil {
			return err
		}
		more, err := a.wait()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		kind := a.kind(n)
		if parts[kind] == nil {
			parts[kind] = &strings.Builder{}
		}
		token := a.tokens.at(n)
		parts[kind].WriteString(token)
		if a.top >= 0 {
			probs = append(probs, a.probs(n, token))
		}
		n++
	}
	c := choice{Finish: &a.finish, Logprobs: a.logprobs(probs)}
	if a.chat {
		m := &delta{Role: "assistant"}
		for kind, b := range parts {
			d := a.delta(kind, b.String(), true)
			m.Content, m.ReasoningContent = either(m.Content, d.Content), either(m.ReasoningContent, d.ReasoningContent)
			m.Reasoning, m.Refusal = either(m.Reasoning, d.Reasoning), either(m.Refusal, d.Refusal)
			m.ToolCalls = append(m.ToolCalls, d.ToolCalls...)
		}
		c.Message = m
	} else {
		text := parts["text"].String()
		c.Text = &text
	}
	k := a.chunk(c)
	if a.chat {
		k.Object = "chat.completion"
	}
	if !a.quirk.has("usage-absent") {
		k.Usage = a.usage(n)
	}
	a.rec.Finish = a.finish
	now := a.s.now().Microseconds()
	for range n {
		a.rec.FlushUS = append(a.rec.FlushUS, now)
	}
	writeJSON(a.w, http.StatusOK, k)
	return nil
}

func either(a, b *string) *string {
	if a != nil {
		return a
	}
	return b
}
