//go:build !js

package mock

import (
	"net/http"
	"time"
)

// stream answers as an event stream.
func (a *answer) stream() error {
	o := newOutlet(a.w, a.quirk, func(tokens int) {
		now := a.s.now().Microseconds()
		for range tokens {
			a.rec.FlushUS = append(a.rec.FlushUS, now)
		}
	})
	h := a.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	if a.quirk.has("wrong-type") {
		h.Set("Content-Type", "application/json")
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no")
	held := a.quirk.has("late-headers") || a.quirk.has("slow-headers") || a.quirk.has("buffered")
	if !held {
		a.headers(o)
	}
	if a.quirk.has("role-early") && a.chat {
		a.role(o)
	}
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
		if n == 0 && held {
			if ms, ok := a.quirk["slow-headers"]; ok {
				if err := a.sleepUntil(a.s.now() + time.Duration(ms)*time.Millisecond); err != nil {
					return err
				}
			}
			if !a.quirk.has("buffered") {
				a.headers(o)
			}
		}
		if n == 0 && a.chat && !a.quirk.has("role-early") && !a.quirk.has("role-absent") && !a.quirk.has("role-with-token") {
			a.role(o)
		}
		made, err := a.group(o, n)
		if err != nil {
			return err
		}
		n += made
		if o.err != nil {
			return errGone
		}
	}
	a.ending(o, n)
	if o.err != nil {
		return errGone
	}
	return nil
}

// headers sends the status and headers by themselves.
func (a *answer) headers(o *outlet) {
	a.w.WriteHeader(http.StatusOK)
	a.rec.HeadersUS = a.s.now().Microseconds()
	if err := http.NewResponseController(a.w).Flush(); err != nil && o.err == nil {
		o.err = err
	}
}

// role sends the chunk that only names the role.
func (a *answer) role(o *outlet) {
	empty := ""
	o.event(a.encode(a.chunk(choice{Delta: &delta{Role: "assistant", Content: &empty}}), 0), 0, false)
}

// group sends the chunk of the token that was waited for and, where several
// go into one, of those after it. It returns how many there were.
func (a *answer) group(o *outlet, n int) (made int, err error) {
	size := max(1, a.quirk["chunk"])
	kind, text := a.kind(n), ""
	var probs []tokenProbs
	for {
		token := a.tokens.at(n + made)
		text += token
		if a.top >= 0 {
			probs = append(probs, a.probs(n+made, token))
		}
		made++
		if made >= size || n+made >= a.out || a.kind(n+made) != kind {
			break
		}
		if more, err := a.wait(); err != nil || !more {
			return made, err
		}
	}
	if a.quirk.has("empty-deltas") {
		empty := ""
		o.event(a.encode(a.chunk(a.part("content", empty, false)), n), 0, false)
	}
	c := a.part(kind, text, n == 0)
	c.Logprobs = a.logprobs(probs)
	if n == 0 && a.chat && a.quirk.has("role-with-token") {
		c.Delta.Role = "assistant"
	}
	o.event(a.encode(a.chunk(c), n+made), made, false)
	return made, nil
}

// part is a choice with a piece of text.
func (a *answer) part(kind, text string, first bool) choice {
	if !a.chat {
		return choice{Text: &text}
	}
	return choice{Delta: a.delta(kind, text, first)}
}

// ending sends the finish reason, the usage and [DONE].
func (a *answer) ending(o *outlet, n int) {
	asked := a.ask.StreamOptions
	usage := !a.quirk.has("usage-absent") && (a.quirk.has("usage-always") || a.quirk.has("usage-continuous") || asked != nil && asked.IncludeUsage)
	var events []string
	if !a.quirk.has("no-finish") {
		c := a.part("content", "", false)
		c.Finish = &a.finish
		if a.chat {
			c.Delta = &delta{}
		}
		a.rec.Finish = a.finish
		events = append(events, a.encode(a.chunk(c), n))
	}
	if usage {
		k := a.chunk(choice{})
		k.Choices, k.Usage = []choice{}, a.usage(n)
		events = append(events, a.encode(k, n))
	}
	if !a.quirk.has("no-done") {
		events = append(events, "[DONE]")
	}
	for i, e := range events {
		o.event(e, 0, i == len(events)-1)
	}
	if len(events) == 0 {
		o.flush()
	}
}
