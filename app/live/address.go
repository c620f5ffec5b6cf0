package live

import (
	"fmt"
	"strconv"
	"strings"
)

// Address is an endpoint's base address as requests use it.
type Address struct {
	Base   string // "http://127.0.0.1:8000/v1", no slash at the end
	Secure bool   // https
	Host   string // without port and brackets
	Port   string // "" = the scheme's
	path   string
}

// Place says from where the endpoint is seen.
type Place uint8

// The places.
const (
	Public   Place = iota // a name or an address of the Internet
	Local                 // the network this computer is in
	Loopback              // this computer
)

// words name a place that is not the Internet.
func (p Place) words() string {
	if p == Loopback {
		return "this computer"
	}
	return "the local network"
}

// ParseAddress reads a base address as a person types it: the scheme may be
// missing on this computer, and a full address of an endpoint is cut back to
// its base. The error names what is wrong and what to write.
func ParseAddress(text string) (Address, error) {
	s := strings.TrimSpace(text)
	const example = "write for example http://127.0.0.1:8000/v1"
	if s == "" {
		return Address{}, fmt.Errorf("no address: %s", example)
	}
	if strings.ContainsAny(s, " \t\n\"<>\\") || len(s) > 2000 {
		return Address{}, fmt.Errorf("%q is not an address: %s", clip(s), example)
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		scheme, rest = "http", s
	}
	scheme = strings.ToLower(scheme)
	if scheme != "http" && scheme != "https" {
		return Address{}, fmt.Errorf("%q is neither http nor https: %s", clip(scheme+"://"), example)
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		return Address{}, fmt.Errorf("the address holds a user name; put keys into their own field")
	}
	host, port := authority, ""
	if end := strings.IndexByte(authority, ']'); strings.HasPrefix(authority, "[") && end > 0 {
		host, port = authority[1:end], strings.TrimPrefix(authority[end+1:], ":")
	} else if colon := strings.LastIndexByte(authority, ':'); colon >= 0 {
		host, port = authority[:colon], authority[colon+1:]
	}
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n < 1 || n > 65535) {
		return Address{}, fmt.Errorf("%q is not a port: %s", clip(port), example)
	}
	if host == "" {
		return Address{}, fmt.Errorf("%q names no server: %s", clip(s), example)
	}
	path = strings.TrimRight(path, "/")
	for _, end := range []string{"chat/completions", "completions", "models"} {
		path = strings.TrimRight(strings.TrimSuffix(path, end), "/")
	}
	if path == "" {
		path = "v1" // where every server of this protocol has it
	}
	a := Address{Secure: scheme == "https", Host: strings.ToLower(host), Port: port, path: path}
	a.Base = a.at(a.Host)
	if strings.ContainsAny(a.Base, "'`$;|&(){}^") { // it stands in commands to copy
		return Address{}, fmt.Errorf("%q is not an address: %s", clip(s), example)
	}
	return a, nil
}

// at is the base address with another host name.
func (a Address) at(host string) string {
	scheme := "http"
	if a.Secure {
		scheme = "https"
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if a.Port != "" {
		host += ":" + a.Port
	}
	return scheme + "://" + host + "/" + a.path
}

// Place says where the host is, by its name alone.
func (a Address) Place() Place {
	h := a.Host
	switch {
	case h == "localhost" || strings.HasSuffix(h, ".localhost") || h == "::1" || strings.HasPrefix(h, "127."):
		return Loopback
	case strings.HasSuffix(h, ".local") || strings.HasPrefix(h, "10.") || strings.HasPrefix(h, "192.168.") ||
		strings.HasPrefix(h, "169.254.") || strings.HasPrefix(h, "fe80:") || strings.HasPrefix(h, "fd") && strings.Contains(h, ":"):
		return Local
	case strings.HasPrefix(h, "172."):
		second, _, _ := strings.Cut(h[4:], ".")
		if n, err := strconv.Atoi(second); err == nil && n >= 16 && n <= 31 {
			return Local
		}
	case !strings.Contains(h, "."):
		return Local // a bare name
	}
	return Public
}

// MostSpread is the largest number of addresses one service is spread over.
const MostSpread = 32

// Spread lists n addresses of the same service on this computer: names below
// localhost all mean it, and a browser counts connections for each. Other
// hosts have one.
func (a Address) Spread(n int) []string {
	if n <= 1 || a.Place() != Loopback || a.Host == "::1" {
		return []string{a.Base}
	}
	bases := make([]string, min(n, MostSpread))
	for i := range bases {
		bases[i] = a.at("b" + strconv.Itoa(i+1) + ".localhost")
	}
	return bases
}

// CanSpread reports whether Spread helps: connections to one plain address
// are limited, and other names lead to it.
func (a Address) CanSpread() bool { return !a.Secure && a.Place() == Loopback && a.Host != "::1" }

// PerAddress is how many connections a browser opens to one address over
// HTTP/1.1, which is all that plain http has in a browser.
const PerAddress = 6

// PerHTTP2 is how many requests run at one address over HTTP/2: Chromium sends
// 256 on a connection, servers commonly take 250 (Go, Caddy) or more.
const PerHTTP2 = 250

// clip shortens a value for a message.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

// ParseHeaders reads header lines, "Name: value". The error names the line.
func ParseHeaders(text string) ([][2]string, error) {
	var out [][2]string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || !isToken(name) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r > 0xff }) {
			return nil, fmt.Errorf("%q is not a header: write Name: value", clip(line))
		}
		out = append(out, [2]string{name, value})
	}
	return out, nil
}

// isToken reports whether s can be the name of a header.
func isToken(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)) {
			return false
		}
	}
	return s != ""
}
