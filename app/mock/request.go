//go:build !js

package mock

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"fleetsize/catalog/jsonio"
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 32 << 20

// ask is the body of a chat or text completion, as far as it matters here.
type ask struct {
	Model    string    `json:"model"`
	Messages []message `json:"messages"`
	Prompt   any       `json:"prompt"` // text, texts, or tokens

	MaxTokens           *int `json:"max_tokens"`
	MaxCompletionTokens *int `json:"max_completion_tokens"`
	IgnoreEOS           bool `json:"ignore_eos"`

	Stream        bool `json:"stream"`
	StreamOptions *struct {
		IncludeUsage    bool `json:"include_usage"`
		ContinuousUsage bool `json:"continuous_usage_stats"`
	} `json:"stream_options"`

	Logprobs    any `json:"logprobs"` // chat: true; text: how many
	TopLogprobs int `json:"top_logprobs"`
}

type message struct {
	Role    string `json:"role"`
	Content any    `json:"content"` // text, or parts of which those of type text count
}

func (m message) text() string {
	switch c := m.Content.(type) {
	case string:
		return c
	case []any:
		var b strings.Builder
		for _, part := range c {
			if p, ok := part.(map[string]any); ok {
				if text, ok := p["text"].(string); ok {
					b.WriteString(text)
				}
			}
		}
		return b.String()
	}
	return ""
}

// prompt is the text of the request and, where it is given in tokens, their number.
func (a *ask) prompt() (text string, tokens int) {
	if a.Messages != nil {
		var b strings.Builder
		for i, m := range a.Messages {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(m.text())
		}
		return b.String(), 0
	}
	switch p := a.Prompt.(type) {
	case string:
		return p, 0
	case []any:
		var b strings.Builder
		for _, e := range p {
			switch e := e.(type) {
			case string:
				b.WriteString(e)
			case float64:
				tokens++
			case []any:
				tokens += len(e)
			}
		}
		return b.String(), tokens
	}
	return "", 0
}

// last is the text of the last message, or the prompt: what is asked.
func (a *ask) last() string {
	if n := len(a.Messages); n > 0 {
		return a.Messages[n-1].text()
	}
	text, _ := a.prompt()
	return text
}

// output is how many tokens are asked for; 0 = not stated.
func (a *ask) output() int {
	if a.MaxCompletionTokens != nil {
		return *a.MaxCompletionTokens
	}
	if a.MaxTokens != nil {
		return *a.MaxTokens
	}
	return 0
}

// alternatives is how many log probabilities per token are asked for; −1 = none.
func (a *ask) alternatives() int {
	switch l := a.Logprobs.(type) {
	case bool:
		if l {
			return min(max(a.TopLogprobs, 0), 20)
		}
	case float64:
		return min(max(int(l), 0), 20)
	}
	return -1
}

// fault is an answer in the form of OpenAI's errors.
type fault struct {
	status        int
	kind, message string
}

func (f *fault) Error() string { return f.message }

func badRequest(format string, args ...any) *fault {
	return &fault{http.StatusBadRequest, "invalid_request_error", fmt.Sprintf(format, args...)}
}

// readBody decodes a request's JSON body.
func readBody(r *http.Request, into any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return badRequest("the body cannot be read: %v", err)
	}
	if len(body) > maxBody {
		return &fault{http.StatusRequestEntityTooLarge, "invalid_request_error", fmt.Sprintf("the body is larger than %d MiB", maxBody>>20)}
	}
	if err := jsonio.Unmarshal(body, into); err != nil {
		return badRequest("the body is not JSON that is understood here: %v", err)
	}
	return nil
}

// check refuses what cannot be answered, and returns the lengths of a request.
func (s *Server) check(a *ask, chat bool, quirk quirkSet) (in, out int, err error) {
	if chat && len(a.Messages) == 0 {
		return 0, 0, badRequest("messages: none; send at least one, for example [{\"role\":\"user\",\"content\":\"Hello\"}]")
	}
	if !chat && a.Prompt == nil {
		return 0, 0, badRequest("prompt: none; send a text")
	}
	if a.Model != "" && a.Model != s.cfg.Model {
		return 0, 0, &fault{http.StatusNotFound, "NotFoundError", fmt.Sprintf("The model `%s` does not exist; this server has `%s`.", a.Model, s.cfg.Model)}
	}
	if o := a.StreamOptions; o != nil && (quirk.has("reject-stream-options") || o.ContinuousUsage && quirk.has("reject-continuous")) {
		if quirk.has("reject-stream-options") {
			return 0, 0, badRequest("Unknown parameter: stream_options")
		}
		return 0, 0, badRequest("Unknown parameter: stream_options.continuous_usage_stats")
	}
	text, tokens := a.prompt()
	in = max(1, tokens+s.cfg.Count(text))
	out = a.output()
	if out < 0 || (a.MaxTokens != nil || a.MaxCompletionTokens != nil) && out == 0 {
		return 0, 0, badRequest("max_tokens must be at least 1, got %d.", out)
	}
	if out == 0 {
		out = min(s.cfg.DefaultTokens, max(1, s.cfg.MaxTokens-in))
	}
	if in+out > s.cfg.MaxTokens {
		return 0, 0, badRequest("This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the messages, %d in the completion).",
			s.cfg.MaxTokens, in+out, in, out)
	}
	return in, out, nil
}
