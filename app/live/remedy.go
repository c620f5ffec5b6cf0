package live

import "strings"

// Remedy is a text to copy that removes an obstacle.
type Remedy struct {
	Name string // what it is for
	Text string // commands or a configuration file, in lines
}

// CORSRemedies allow the page's origin at the server itself, or in front of it.
//
// What the servers do by themselves, as of November 2026: vLLM, SGLang, NIM 2
// and TGI allow every origin, TGI only requests without a key; llama.cpp
// reflects every origin unless it runs tools; Ollama allows this computer's;
// LM Studio none. Sources: their documentation and code.
func CORSRemedies(p Page, a Address, headers [][2]string) []Remedy {
	o := p.Origin
	return append([]Remedy{{"Commands for each server", strings.Join([]string{
		"# vLLM",
		`vllm serve … --allowed-origins '["` + o + `"]'`,
		"# llama.cpp",
		"llama-server … --cors-origins " + o,
		"# Ollama",
		"OLLAMA_ORIGINS=" + o + " ollama serve",
		"# LM Studio",
		"lms server start --cors",
		"# TGI: requests with a key need a proxy",
		"text-generation-launcher … --cors-allow-origin " + o,
		"# NIM 2 and newer; NIM 1 needs a proxy",
		"docker run … -e NIM_CORS_ALLOW_ORIGINS=" + o,
		"# SGLang allows every page: look at what is in front of it",
	}, "\n")}}, ProxyRemedies(p, a, headers)...)
}

// ProxyRemedies are proxies with HTTP/2 that do not hold streams back and let
// the page read. They were run with Caddy 2.6 and nginx 1.22.
func ProxyRemedies(p Page, a Address, headers [][2]string) []Remedy {
	scheme, rest, _ := strings.Cut(a.Base, "://")
	host, path, _ := strings.Cut(rest, "/")
	to, named, sni := host, "", ""
	if a.Secure {
		to, named = scheme+"://"+host, "\n\t\theader_up Host {upstream_hostport}"
		sni = "\n\t\tproxy_ssl_server_name on;"
	}
	allowed := "Content-Type"
	for _, h := range headers {
		allowed += ", " + h[0]
	}
	use := "# measure https://localhost:"
	return []Remedy{
		{"HTTP/2 with Caddy", use + "9443/" + path + `; caddy trust makes browsers take its certificate
https://localhost:9443 {
	tls internal
	header {
		Access-Control-Allow-Origin "` + p.Origin + `"
		Access-Control-Allow-Headers "` + allowed + `"
		Access-Control-Max-Age 7200
		defer
	}
	@preflight method OPTIONS
	respond @preflight 204
	reverse_proxy ` + to + ` {
		flush_interval -1` + named + `
	}
}`},
		{"HTTP/2 with nginx", use + "9444/" + path + ` with a certificate that this browser trusts
server {
	listen 9444 ssl http2;
	http2_max_concurrent_streams 1024;
	ssl_certificate cert.pem;
	ssl_certificate_key key.pem;
	proxy_hide_header Access-Control-Allow-Origin;
	add_header Access-Control-Allow-Origin "` + p.Origin + `" always;
	add_header Access-Control-Allow-Headers "` + allowed + `" always;
	add_header Access-Control-Max-Age 7200 always;
	location / {
		if ($request_method = OPTIONS) { return 204; }
		proxy_pass ` + scheme + `://` + host + `;` + sni + `
		proxy_http_version 1.1;
		proxy_set_header Connection "";
		proxy_buffering off;
		proxy_read_timeout 600s;
		gzip off;
	}
}`},
	}
}
