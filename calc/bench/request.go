package bench

import (
	"strings"

	"fleetsize/catalog/jsonio"
)

// Request is one request to send: POST Body as JSON to the base URL + Path.
type Request struct {
	ID       int
	Phase    int
	Measured bool    // issued inside the window
	Due      float64 // seconds since the start of the run
	Input    int     // nominal tokens
	Output   int
	Path     string // "/chat/completions"
	Body     []byte
	// TimeoutSeconds ends the whole request (Timeout), StallSeconds is the
	// longest pause between bytes once the first one has come (Stall).
	TimeoutSeconds float64
	StallSeconds   float64
}

// dialect is which options of a request a server takes. All are tried at
// first; what a server refuses is left out from then on.
type dialect struct {
	Usage      bool // stream_options.include_usage
	Continuous bool // stream_options.continuous_usage_stats
	Length     bool // ignore_eos and min_tokens
	MaxNew     bool // max_completion_tokens instead of max_tokens
}

var fullDialect = dialect{Usage: true, Continuous: true, Length: true}

// without is the next dialect to try after a server refused d with a message;
// ok is false when there is nothing left to leave out.
func (d dialect) without(message string) (next dialect, ok bool) {
	next = d
	says := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(message, w) {
				return true
			}
		}
		return false
	}
	switch {
	case says("max_completion_tokens") && !d.MaxNew:
		next.MaxNew = true
	case says("continuous_usage") && d.Continuous:
		next.Continuous = false
	case says("ignore_eos", "min_tokens") && d.Length:
		next.Length = false
	case says("stream_options", "include_usage") && d.Usage:
		next.Usage, next.Continuous = false, false
	case d.Continuous:
		next.Continuous = false
	case d.Length:
		next.Length = false
	case d.Usage:
		next.Usage = false
	default:
		return d, false
	}
	return next, true
}

// left names what a dialect leaves out, for the report.
func (d dialect) left() []string {
	out := []string{}
	if !d.Continuous {
		out = append(out, "continuous_usage_stats")
	}
	if !d.Length {
		out = append(out, "ignore_eos, min_tokens")
	}
	if !d.Usage {
		out = append(out, "stream_options")
	}
	if d.MaxNew {
		out = append(out, "max_tokens (max_completion_tokens instead)")
	}
	return out
}

type wireMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type wireStream struct {
	Usage      bool `json:"include_usage"`
	Continuous bool `json:"continuous_usage_stats,omitempty"`
}

type wireBody struct {
	Model     string        `json:"model,omitempty"`
	Messages  []wireMessage `json:"messages,omitempty"`
	Prompt    string        `json:"prompt,omitempty"`
	MaxTokens int           `json:"max_tokens,omitempty"`
	MaxNew    int           `json:"max_completion_tokens,omitempty"`
	MinTokens int           `json:"min_tokens,omitempty"`
	IgnoreEOS bool          `json:"ignore_eos,omitempty"`
	Stream    bool          `json:"stream"`
	Options   *wireStream   `json:"stream_options,omitempty"`
}

// body is the JSON of a request and the path it goes to.
func (d dialect) body(api API, model, prompt string, output int) (path string, body []byte, err error) {
	b := wireBody{Model: model, Stream: true}
	path = "/chat/completions"
	if api == Completions {
		path = "/completions"
		b.Prompt = prompt
	} else {
		b.Messages = []wireMessage{{"user", prompt}}
	}
	if d.MaxNew {
		b.MaxNew = output
	} else {
		b.MaxTokens = output
	}
	if d.Length {
		b.IgnoreEOS, b.MinTokens = true, output
	}
	if d.Usage {
		b.Options = &wireStream{true, d.Continuous}
	}
	body, err = jsonio.Marshal(b)
	return path, body, err
}
