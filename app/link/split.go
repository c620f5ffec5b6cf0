package link

import (
	"net/url"
	"strings"
)

// Bounds of what is read: a longer link is cut and says so.
const (
	maxLink    = 8192 // bytes
	maxUnknown = 64   // unknown pairs kept
	maxKept    = 2500 // bytes of unknown pairs kept
	maxItems   = 128  // items of one list
	markFrom   = 400  // bytes from which on a link carries the end mark
)

// raw is one pair of a link before its key is looked up.
type raw struct {
	Pair
	query bool // from the query rather than the fragment
}

// text is a link taken apart.
type text struct {
	pairs []raw
	cut   bool // long and without end mark
	long  bool // longer than is read
}

// split takes a full URL, "#…", "?…" or bare pairs apart.
func split(link string) text {
	var t text
	link = strings.TrimSpace(link)
	if len(link) > maxLink {
		link, t.long = link[:maxLink], true
		if i := strings.LastIndexByte(link, '&'); i > 0 {
			link = link[:i]
		}
	}
	query, fragment := parts(link)
	ended := false
	t.pairs, ended = appendPairs(t.pairs, query, true, ended)
	t.pairs, ended = appendPairs(t.pairs, fragment, false, ended)
	t.cut = !ended && max(len(query), len(fragment)) > markFrom
	return t
}

// parts returns the query and the fragment of a link. Text whose first special
// character is "=" or "&" is bare pairs, which are read as a fragment.
func parts(link string) (query, fragment string) {
	i := strings.IndexAny(link, "#?/=&")
	if i < 0 {
		if strings.Contains(link, "%") || link == "end" {
			return "", link // encoded as a whole, or nothing but the mark
		}
		if strings.ContainsAny(link, ".:") {
			return "", "" // a host alone
		}
		return "", link
	}
	if link[i] == '=' || link[i] == '&' {
		return "", link
	}
	base, fragment, _ := strings.Cut(link, "#")
	_, query, _ = strings.Cut(base, "?")
	return query, fragment
}

// appendPairs splits s into pairs. Text without any "=" that has escapes is
// decoded once first: some mailers encode a whole fragment.
func appendPairs(pairs []raw, s string, query, ended bool) ([]raw, bool) {
	if !strings.Contains(s, "=") && strings.Contains(s, "%") {
		if d, err := url.PathUnescape(s); err == nil && strings.Contains(d, "=") {
			s = d
		}
	}
	s = strings.ReplaceAll(s, "&amp;", "&") // copied out of HTML
	for s != "" {
		var p string
		p, s, _ = strings.Cut(s, "&")
		switch p {
		case "":
			continue
		case "end", "end=":
			ended = true
			continue
		}
		key, value, ok := strings.Cut(p, "=")
		if key == "" {
			continue
		}
		pairs = append(pairs, raw{Pair{Key: key, Value: value, Bare: !ok}, query})
	}
	return pairs, ended
}

// decode undoes percent-encoding once. A form-encoded query writes a space as "+".
func (p raw) decode() string {
	v := p.Value
	if p.query {
		v = strings.ReplaceAll(v, "+", " ")
	}
	if strings.Contains(v, "%") {
		if d, err := url.PathUnescape(v); err == nil {
			v = d
		}
	}
	return strings.TrimSpace(strings.ToValidUTF8(v, ""))
}
