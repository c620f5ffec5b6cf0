package bench

import "strings"

// Fix is what can be done about a request that failed with a class and a text,
// as records and reports have them; "" where nothing general is known. What is
// said of flags is for the terminal.
func Fix(c Class, text string) string {
	low := strings.ToLower(text)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(low, w) {
				return true
			}
		}
		return false
	}
	status, _, _ := strings.Cut(strings.TrimPrefix(low, "http "), ":")
	switch {
	case c == Connect && has("no such host"):
		return "Is the host's name right?"
	case c == Connect, c == Network:
		return "Is the server running, and is the port right? One that other machines are to reach listens with --host 0.0.0.0."
	case c == TLS && has("does not look like"):
		return "The server speaks plain http at this port: write http:// in front of the address."
	case c == TLS:
		return "Trust the authority that signed its certificate (-cacert FILE), or any (-insecure)."
	case status == "401":
		return "The server wants a key, or another one (terminal: -key-env NAME)."
	case status == "403":
		return "The key may not do this, or what stands in front of the server refuses this client."
	case status == "404" && has("model"):
		return "Ask for a model that the server lists under /models (terminal: -model NAME)."
	case status == "404", status == "405":
		return "Is the path right? The address usually ends in /v1. Servers without chat have completions only (terminal: -api completions)."
	case c == HTTP4xx && has("context", "length", "too long", "too large"):
		return "Prompt and answer together must fit the context that the server was started with (terminal: -in, -out)."
	case c == HTTP429:
		return "Lower the load, or raise the limit of the server or of the gateway in front. A wait that it asks for (Retry-After) was kept."
	case status == "502", status == "503", status == "504":
		return "What stands in front does not reach the server, or it is still loading the model."
	case c == HTTP5xx, c == InStream:
		return "The reason is in the server's log."
	case c == HTTPOdd && strings.HasPrefix(status, "3"):
		return "The server redirects: give the address that it leads to."
	case c == Garbage:
		return "The address must be that of an OpenAI-compatible interface: it usually ends in /v1, at the engine's own port."
	case c == NoStream:
		return "Switch streaming on, or take the buffering proxy away (nginx: proxy_buffering off; Caddy: flush_interval -1)."
	case c == Cut:
		return "A proxy may end long answers (nginx: proxy_read_timeout 600s), or the server restarted: look into its log."
	case c == Stall, c == Timeout:
		return "Look whether the server is overloaded; a slow one needs more patience (terminal: -stall, -timeout)."
	case c == Client:
		return "Fewer requests in flight, or more open files for this program (ulimit -n 65536)."
	}
	return ""
}

// explained is a failure in words with what can be done about it.
func (f Failure) explained() string {
	text := strings.TrimSuffix(f.Text, ".")
	if fix := Fix(f.Class, f.Text); fix != "" {
		text += ". " + fix
	}
	return text
}

// page is what an HTML page says where an answer was expected, without its tags.
func page(head string) (text string, ok bool) {
	if low := strings.ToLower(head[:min(len(head), 14)]); !strings.HasPrefix(low, "<!doctype html") && !strings.HasPrefix(low, "<html") {
		return "", false
	}
	var b strings.Builder
	tag := false
	for _, r := range head {
		switch {
		case r == '<':
			tag = true
			b.WriteByte(' ')
		case r == '>':
			tag = false
		case !tag:
			b.WriteRune(r)
		}
	}
	return `a web page, "` + clip(b.String(), 80) + `"`, true
}
