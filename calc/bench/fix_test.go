package bench

import (
	"strings"
	"testing"
)

// What servers, gateways and proxies answer when something is wrong becomes a
// class, their words, and what can be done about it.
func TestFix(t *testing.T) {
	fastAPI := `{"detail":[{"type":"extra_forbidden","loc":["body","ignore_eos"],"msg":"Extra inputs are not permitted"},{"loc":["body","min_tokens"],"msg":"Field required"}]}`
	for name, c := range map[string]struct {
		status           int
		kind, body       string
		failure          Failure
		class            Class
		text, fix, never string
	}{
		"refused":            {failure: Failure{Connect, "dial tcp 127.0.0.1:1: connect: connection refused"}, class: Connect, text: "refused", fix: "Is the server running"},
		"no such name":       {failure: Failure{Connect, "lookup nosuch.invalid: no such host"}, class: Connect, text: "nosuch", fix: "host's name right"},
		"plain http at TLS":  {failure: Failure{TLS, "tls: first record does not look like a TLS handshake"}, class: TLS, text: "tls", fix: "write http://"},
		"certificate":        {failure: Failure{TLS, "x509: certificate signed by unknown authority"}, class: TLS, text: "x509", fix: "-cacert"},
		"401":                {status: 401, body: `{"error":{"message":"Incorrect API key provided"}}`, class: HTTP4xx, text: "HTTP 401: Incorrect", fix: "-key-env"},
		"403":                {status: 403, body: "forbidden", class: HTTP4xx, text: "HTTP 403: forbidden", fix: "may not do this"},
		"wrong path":         {status: 404, body: `{"detail":"Not Found"}`, class: HTTP4xx, text: "HTTP 404: Not Found", fix: "/v1"},
		"no such model":      {status: 404, body: "{\"message\":\"The model `llama` does not exist.\",\"type\":\"NotFoundError\",\"code\":404}", class: HTTP4xx, text: "`llama`", fix: "-model NAME"},
		"GET only":           {status: 405, body: `{"detail":"Method Not Allowed"}`, class: HTTP4xx, text: "405", fix: "path right"},
		"context":            {status: 400, body: `{"message":"This model's maximum context length is 4096 tokens."}`, class: HTTP4xx, text: "4096", fix: "fit the context"},
		"what FastAPI says":  {status: 422, body: fastAPI, class: HTTP4xx, text: "HTTP 422: ignore_eos: Extra inputs are not permitted; min_tokens: Field required"},
		"429":                {status: 429, body: `{"error":{"message":"Rate limit reached"}}`, class: HTTP429, text: "HTTP 429: Rate limit", fix: "Lower the load"},
		"500":                {status: 500, body: "Internal Server Error", class: HTTP5xx, text: "HTTP 500: Internal", fix: "server's log"},
		"gateway":            {status: 502, body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body></html>", class: HTTP5xx, text: `HTTP 502: a web page, "502 Bad Gateway"`, fix: "loading the model", never: "<html"},
		"redirect":           {status: 307, body: "to https://other/v1", class: HTTPOdd, text: "HTTP 307: to https://other", fix: "redirects"},
		"user interface":     {status: 200, kind: "text/html", body: "<!DOCTYPE html><html><head><title>Open WebUI</title>", class: Garbage, text: `a web page, "Open WebUI"`, fix: "engine's own port", never: "<"},
		"no stream":          {status: 200, kind: "application/json", body: `{"choices":[{"message":{"content":"one two"},"finish_reason":"stop"}]}`, class: NoStream, fix: "proxy_buffering off"},
		"cut":                {status: 200, kind: "text/event-stream", body: "data: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n", class: Cut, fix: "proxy_read_timeout"},
		"error in stream":    {status: 200, kind: "text/event-stream", body: "data: {\"error\":{\"message\":\"out of memory\"}}\n\n", class: InStream, text: "out of memory", fix: "server's log"},
		"stall":              {status: 200, kind: "text/event-stream", failure: Failure{Stall, ""}, class: Stall, fix: "-stall"},
		"out of files":       {failure: Failure{Client, "This computer is out of sockets: too many open files"}, class: Client, text: "sockets", fix: "ulimit"},
		"hidden by browsers": {failure: Failure{Network, "Failed to fetch"}, class: Network, text: "fetch", fix: "server running"},
	} {
		s := NewStream(&Request{Input: 10, Output: 10}, nil)
		s.Sent(0)
		if c.status != 0 {
			s.Headers(0.1, c.status, c.kind, 0)
			s.Read(0.2, []byte(c.body))
		}
		r := s.End(0.3, c.failure)
		fix := Fix(r.Class, r.Text)
		if r.Class != c.class || !strings.Contains(r.Text, c.text) || !strings.Contains(fix, c.fix) || c.fix == "" && fix != "" {
			t.Errorf("%s: %s, %q, %q; want %s, %q, %q", name, r.Class, r.Text, fix, c.class, c.text, c.fix)
		}
		if c.never != "" && strings.Contains(r.Text, c.never) {
			t.Errorf("%s: shows markup: %q", name, r.Text)
		}
	}
	if text := (Failure{HTTP429, "HTTP 429: Slow down."}).explained(); !strings.HasPrefix(text, "HTTP 429: Slow down. Lower the load") {
		t.Errorf("in words: %s", text)
	}
	// What FastAPI names is what is left out the next time.
	d := dialect{Continuous: true, Usage: true, Length: true}
	if next, ok := d.without("HTTP 422: ignore_eos: Extra inputs are not permitted"); !ok || next.Length || !next.Continuous {
		t.Errorf("left out: %+v", next)
	}
}
