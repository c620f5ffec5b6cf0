package bench

import (
	"bytes"
	"strings"

	"fleetsize/catalog/jsonio"
)

// Usage is what a server says about the tokens of one request. -1 = not said.
type Usage struct {
	Prompt, Completion int
	Reasoning          int // part of Completion on most servers
	Cached             int // prompt tokens taken from a cache
}

// Delta is what one event of a chat-completions or completions stream carries.
type Delta struct {
	Answer    string // content, refusal, text, tool-call names and arguments
	Reasoning string
	Tool      bool // part of Answer is a tool call
	Finish    string
	Usage     *Usage
	Error     string // the server's message; with it nothing else counts
	Done      bool   // "[DONE]"
	Whole     bool   // a complete answer, not a part: the server did not stream
	Choices   bool   // the event had a choice, with or without payload
}

// Bearing reports whether the event carries generated tokens: a role, an empty
// string, a finish reason or usage alone do not.
func (d *Delta) Bearing() bool { return d.Answer != "" || d.Reasoning != "" }

// Fields that servers fill with a string, with null, or with something of
// their own are read as any, so that one odd value does not lose the event.
type wireChunk struct {
	Object  any          `json:"object"`
	Error   any          `json:"error"`
	Message any          `json:"message"`
	Detail  any          `json:"detail"`
	Choices []wireChoice `json:"choices"`
	Usage   *wireUsage   `json:"usage"`
}

type wireChoice struct {
	Delta   *wireDelta `json:"delta"`
	Message *wireDelta `json:"message"`
	Text    any        `json:"text"`
	Finish  any        `json:"finish_reason"`
}

type wireDelta struct {
	Content          any            `json:"content"`
	ReasoningContent any            `json:"reasoning_content"`
	Reasoning        any            `json:"reasoning"`
	Refusal          any            `json:"refusal"`
	ToolCalls        []wireToolCall `json:"tool_calls"`
	FunctionCall     *wireFunction  `json:"function_call"`
}

type wireToolCall struct {
	Function *wireFunction `json:"function"`
}

type wireFunction struct {
	Name      any `json:"name"`
	Arguments any `json:"arguments"`
}

type wireUsage struct {
	Prompt            *float64        `json:"prompt_tokens"`
	Completion        *float64        `json:"completion_tokens"`
	PromptDetails     *wirePromptPart `json:"prompt_tokens_details"`
	CompletionDetails *wireCompletion `json:"completion_tokens_details"`
}

type wirePromptPart struct {
	Cached *float64 `json:"cached_tokens"`
}

type wireCompletion struct {
	Reasoning *float64 `json:"reasoning_tokens"`
}

// DecodeEvent reads the payload of one event. An event that is no JSON object
// of this protocol is an error.
func DecodeEvent(e Event) (Delta, error) {
	data := bytes.TrimSpace(e.Data)
	if string(data) == "[DONE]" {
		return Delta{Done: true}, nil
	}
	var c wireChunk
	if err := jsonio.Unmarshal(data, &c); err != nil {
		return Delta{}, err
	}
	var d Delta
	if e.Type == "error" || c.Error != nil || str(c.Object) == "error" {
		d.Error = errorText(&c)
		return d, nil
	}
	for i := range c.Choices {
		d.add(&c.Choices[i])
	}
	d.Choices = len(c.Choices) > 0
	if c.Usage != nil {
		d.Usage = c.Usage.read()
	}
	return d, nil
}

func (d *Delta) add(c *wireChoice) {
	d.Answer += str(c.Text)
	part := c.Delta
	if part == nil && c.Message != nil {
		part, d.Whole = c.Message, true
	}
	if part != nil {
		d.Answer += str(part.Content) + str(part.Refusal)
		r := str(part.ReasoningContent)
		if r == "" { // some servers send both names with the same text
			r = str(part.Reasoning)
		}
		d.Reasoning += r
		for _, t := range part.ToolCalls {
			d.call(t.Function)
		}
		d.call(part.FunctionCall)
	}
	if f := str(c.Finish); f != "" {
		d.Finish = f
	}
}

func (d *Delta) call(f *wireFunction) {
	if f == nil {
		return
	}
	if text := str(f.Name) + str(f.Arguments); text != "" {
		d.Answer += text
		d.Tool = true
	}
}

func (u *wireUsage) read() *Usage {
	out := Usage{count(u.Prompt), count(u.Completion), -1, -1}
	if u.PromptDetails != nil {
		out.Cached = count(u.PromptDetails.Cached)
	}
	if u.CompletionDetails != nil {
		out.Reasoning = count(u.CompletionDetails.Reasoning)
	}
	return &out
}

// count is a token count, -1 where there is none or it cannot be one.
func count(x *float64) int {
	if x == nil || !(*x >= 0) || *x > 1e9 {
		return -1
	}
	return int(*x)
}

// str is a text value; a list of parts with text, as some servers send, is
// joined; everything else is empty.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, part := range v {
			if m, ok := part.(map[string]any); ok {
				b.WriteString(str(m["text"]))
				if msg := str(m["msg"]); msg != "" { // FastAPI: what is wrong where
					if b.Len() > 0 {
						b.WriteString("; ")
					}
					if at, _ := m["loc"].([]any); len(at) > 0 {
						msg = str(at[len(at)-1]) + ": " + msg
					}
					b.WriteString(msg)
				}
			}
		}
		return b.String()
	}
	return ""
}

func errorText(c *wireChunk) string {
	text := str(c.Message)
	if text == "" {
		text = str(c.Detail)
	}
	switch e := c.Error.(type) {
	case string:
		text = e
	case map[string]any:
		for _, key := range []string{"message", "type", "code"} {
			if text = str(e[key]); text != "" {
				break
			}
		}
	}
	if text == "" {
		return "the server reported an error without a message"
	}
	return clip(text, maxMessage)
}

// maxMessage is how much of a server's message is kept, in bytes.
const maxMessage = 300

// clip is s without control characters and at most n bytes long.
func clip(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
