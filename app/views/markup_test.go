package views

import (
	"strings"
	"testing"
)

// markupTag is one tag of rendered markup, found without regular expressions:
// the tests of this package read hundreds of pages, and those took a quarter
// of their time.
type markupTag struct {
	from, to    int    // offsets of < and of what follows >
	name, attrs string // attrs with the slash of an element without an end tag
	end         bool   // </name>
}

// nextTag finds the next tag from an offset on. Quoted values may hold > and,
// after a backslash, quotes; a < that begins no tag is text.
func nextTag(markup string, at int) (tag markupTag, ok bool) {
	for ; ; at++ {
		i := strings.IndexByte(markup[at:], '<')
		if i < 0 {
			return markupTag{}, false
		}
		at += i
		m := markupTag{from: at}
		name := at + 1
		if name < len(markup) && markup[name] == '/' {
			m.end = true
			name++
		}
		to := name
		for to < len(markup) && isAlnum(markup[to]) {
			to++
		}
		if to == name {
			continue
		}
		m.name = markup[name:to]
		attrs, quoted := to, false
		for ; to < len(markup); to++ {
			switch c := markup[to]; {
			case c == '\\' && quoted:
				to++
			case c == '"':
				quoted = !quoted
			case c == '>' && !quoted:
				m.attrs, m.to = markup[attrs:to], to+1
				return m, true
			}
		}
	}
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// opens reports whether a start tag has content and an end tag.
func (m markupTag) opens() bool {
	return !m.end && !voids[m.name] && !strings.HasSuffix(m.attrs, "/")
}

// voids are elements of pages that the encoder writes without end tags or slash.
var voids = map[string]bool{"input": true}

// element is one start tag of rendered markup.
type element struct {
	name, attrs string
	depth       int
	at          int // offset behind the tag
}

// attr is the value of an attribute, "true" where it has none because the
// encoder leaves that value out, "" where the attribute is missing.
func (e element) attr(name string) string {
	const between = " \t\r\n=\"/"
	for s := e.attrs; ; {
		s = strings.TrimLeft(s, between)
		if s == "" {
			return ""
		}
		end := strings.IndexAny(s, between)
		if end < 0 {
			end = len(s)
		}
		this, value := s[:end], "true"
		if s = s[end:]; strings.HasPrefix(s, `="`) {
			s = s[2:]
			to := 0
			for to < len(s) && s[to] != '"' {
				if s[to] == '\\' {
					to++
				}
				to++
			}
			to = min(to, len(s))
			value, s = s[:to], s[min(to+1, len(s)):]
		}
		if this == name {
			return value
		}
	}
}

// elements lists the start tags in order with their depth.
func elements(markup string) []element {
	var list []element
	depth := 0
	for m, ok := nextTag(markup, 0); ok; m, ok = nextTag(markup, m.to) {
		if m.end {
			depth--
			continue
		}
		list = append(list, element{m.name, m.attrs, depth, m.to})
		if m.opens() {
			depth++
		}
	}
	return list
}

// body is the markup between an element's start tag and its end.
func body(markup string, e element) string {
	rest := markup[e.at:]
	depth := 0
	for m, ok := nextTag(rest, 0); ok; m, ok = nextTag(rest, m.to) {
		switch {
		case m.end && depth == 0:
			return rest[:m.from]
		case m.end:
			depth--
		case m.opens():
			depth++
		}
	}
	return rest
}

// text is what markup says, without its tags and with single spaces.
func text(markup string) string {
	var b strings.Builder
	at := 0
	for m, ok := nextTag(markup, 0); ok; m, ok = nextTag(markup, at) {
		b.WriteString(markup[at:m.from])
		b.WriteByte(' ')
		at = m.to
	}
	b.WriteString(markup[at:])
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestMarkupIsRead(t *testing.T) {
	page := `a < b<div id="x" hidden data-t="1 > \"2\""><input type="text"><rect x="1"/><b class="k">5</b> < 6</div>`
	list := elements(page)
	if len(list) != 4 || list[0].attr("data-t") != `1 > \"2\"` || list[0].attr("hidden") != "true" || list[0].attr("t") != "" || list[3].depth != 1 || list[3].attr("class") != "k" {
		t.Errorf("read %+v", list)
	}
	if got := body(page, list[0]); got != `<input type="text"><rect x="1"/><b class="k">5</b> < 6` {
		t.Errorf("content %q", got)
	}
	if got := text(page); got != "a < b 5 < 6" {
		t.Errorf("text %q", got)
	}
}
