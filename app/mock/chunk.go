//go:build !js

package mock

import (
	"strconv"
	"strings"

	"fleetsize/catalog/jsonio"
)

// chunk is one event of a stream, or the whole of an answer without one.
type chunk struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage,omitempty"`
}

type choice struct {
	Index    int     `json:"index"`
	Delta    *delta  `json:"delta,omitempty"`
	Message  *delta  `json:"message,omitempty"`
	Text     *string `json:"text,omitempty"`
	Logprobs any     `json:"logprobs"`
	Finish   *string `json:"finish_reason"`
}

type delta struct {
	Role             string     `json:"role,omitempty"`
	Content          *string    `json:"content,omitempty"`
	ReasoningContent *string    `json:"reasoning_content,omitempty"`
	Reasoning        *string    `json:"reasoning,omitempty"`
	Refusal          *string    `json:"refusal,omitempty"`
	ToolCalls        []toolCall `json:"tool_calls,omitempty"`
}

type toolCall struct {
	Index    int          `json:"index"`
	ID       string       `json:"id,omitempty"`
	Type     string       `json:"type,omitempty"`
	Function toolFunction `json:"function"`
}

type toolFunction struct {
	Name      string  `json:"name,omitempty"`
	Arguments *string `json:"arguments,omitempty"`
}

type usage struct {
	Prompt     int            `json:"prompt_tokens"`
	Completion int            `json:"completion_tokens"`
	Total      int            `json:"total_tokens"`
	PromptHas  *promptUsage   `json:"prompt_tokens_details,omitempty"`
	Has        *completionHas `json:"completion_tokens_details,omitempty"`
}

type promptUsage struct {
	Cached int `json:"cached_tokens"`
}

type completionHas struct {
	Reasoning int `json:"reasoning_tokens"`
}

// delta is a piece of text of a kind; first marks the first of its kind.
func (a *answer) delta(kind, text string, first bool) *delta {
	d := &delta{}
	switch kind {
	case "reasoning_content":
		d.ReasoningContent = &text
	case "reasoning":
		d.Reasoning = &text
	case "refusal":
		d.Refusal = &text
	case "tool":
		call := toolCall{Function: toolFunction{Arguments: &text}}
		if first {
			call.ID, call.Type, call.Function.Name = "call_"+a.rec.ID, "function", "look_up"
		}
		d.ToolCalls = []toolCall{call}
	default:
		d.Content = &text
	}
	return d
}

// kind is where the i-th token goes.
func (a *answer) kind(i int) string {
	if !a.chat {
		return "text"
	}
	for quirk, kind := range map[string]string{"reasoning-content": "reasoning_content", "reasoning": "reasoning"} {
		if percent, ok := a.quirk[quirk]; ok && i < a.out*percent/100 {
			return kind
		}
	}
	switch {
	case a.quirk.has("refusal"):
		return "refusal"
	case a.quirk.has("tool-calls"):
		return "tool"
	}
	return "content"
}

// reasoned is how many of the first n tokens are reasoning.
func (a *answer) reasoned(n int) int {
	count := 0
	for i := range n {
		if k := a.kind(i); k == "reasoning" || k == "reasoning_content" {
			count++
		} else {
			break
		}
	}
	return count
}

// usage counts n tokens made.
func (a *answer) usage(n int) *usage {
	u := &usage{Prompt: a.in, Completion: n}
	if r := a.reasoned(n); r > 0 {
		if a.quirk.has("usage-without-reasoning") {
			u.Completion -= r
		}
		u.Has = &completionHas{r}
	}
	if share := a.s.cfg.CachedShare; share > 0 {
		u.PromptHas = &promptUsage{int(share * float64(a.in))}
	}
	u.Total = u.Prompt + u.Completion
	return u
}

// chunk is an event with one choice.
func (a *answer) chunk(c choice) chunk {
	k := chunk{ID: "chatcmpl-" + a.rec.ID, Object: "chat.completion.chunk", Created: a.created, Model: a.s.cfg.Model, Choices: []choice{c}}
	if !a.chat {
		k.ID, k.Object = "cmpl-"+a.rec.ID, "text_completion"
	}
	if a.quirk.has("new-ids") {
		k.ID += "-" + strconv.Itoa(a.serial)
	}
	a.serial++
	if a.quirk.has("two-choices") {
		second := choice{Index: 1}
		empty := ""
		if a.chat {
			second.Delta = &delta{Content: &empty}
		} else {
			second.Text = &empty
		}
		k.Choices = append(k.Choices, second)
	}
	return k
}

// encode writes a chunk after n tokens.
func (a *answer) encode(k chunk, n int) string {
	if a.continuous && k.Usage == nil {
		k.Usage = a.usage(n)
	}
	b, err := jsonio.Marshal(k)
	if err != nil {
		return `{"error":{"message":"` + err.Error() + `"}}`
	}
	text := string(b)
	if k.Usage == nil && a.quirk.has("usage-null") {
		text = strings.TrimSuffix(text, "}") + `,"usage":null}`
	}
	return text
}
