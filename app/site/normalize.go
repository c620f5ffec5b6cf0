//go:build !js

package site

import (
	"fmt"
	"html"
	"sort"
	"strconv"
	"strings"
)

// normalize turns the HTML that go-app prints for a component tree into HTML that a browser reads as that
// tree, always with the same bytes. go-app's writer has four faults that this undoes: attributes come in
// random order; their values are quoted as Go strings, not as HTML; true and false are written as a bare
// name and as the word "false", which is wrong for aria-… in the first case and for disabled in the second;
// and line breaks between elements add spaces the live page does not have.
//
// Controls are disabled besides, because input before the program runs would be lost.
func normalize(in string) (string, error) {
	n := normalizer{rest: in}
	for n.rest != "" {
		if err := n.step(); err != nil {
			return "", fmt.Errorf("at byte %d: %w", len(in)-len(n.rest), err)
		}
	}
	if len(n.open) > 0 {
		return "", fmt.Errorf("<%s> is not closed", n.open[len(n.open)-1])
	}
	return n.out.String(), nil
}

type normalizer struct {
	rest string
	out  strings.Builder
	open []string // elements not closed yet
}

// step moves one token, a text or a tag, from rest to out.
func (n *normalizer) step() error {
	end := strings.IndexByte(n.rest, '<')
	if end < 0 {
		end = len(n.rest)
	}
	text := n.rest[:end]
	n.rest = n.rest[end:]
	n.out.WriteString(n.text(text))
	switch {
	case n.rest == "":
		return nil
	case strings.HasPrefix(n.rest, "<!--"):
		return n.comment()
	case strings.HasPrefix(n.rest, "</"):
		return n.endTag()
	}
	return n.startTag()
}

// text removes the line breaks and indentation that go-app puts around the children of an element. What
// remains is the text as the component gave it, still escaped.
func (n *normalizer) text(s string) string {
	depth := len(n.open)
	if strings.HasPrefix(n.rest, "</") && depth > 0 {
		s = strings.TrimSuffix(s, indent(depth-1))
	}
	s = strings.ReplaceAll(s, indent(depth), "")
	if depth == 0 {
		s = strings.TrimSpace(s)
	}
	return s
}

// indent is the line break and the spaces before a child at the given depth.
func indent(depth int) string { return "\n" + strings.Repeat("  ", depth) }

func (n *normalizer) comment() error {
	end := strings.Index(n.rest, "-->")
	if end < 0 {
		return fmt.Errorf("comment is not closed")
	}
	n.rest = n.rest[end+len("-->"):]
	return nil
}

func (n *normalizer) endTag() error {
	end := strings.IndexByte(n.rest, '>')
	if end < 0 {
		return fmt.Errorf("end tag is not closed")
	}
	name := strings.TrimSpace(n.rest[2:end])
	if len(n.open) == 0 || n.open[len(n.open)-1] != name {
		return fmt.Errorf("</%s> closes nothing", name)
	}
	n.open = n.open[:len(n.open)-1]
	n.rest = n.rest[end+1:]
	fmt.Fprintf(&n.out, "</%s>", name)
	return nil
}

// space is what separates the parts of a tag.
const space = " \n\t\r\f"

func (n *normalizer) startTag() error {
	s := n.rest[1:]
	end := strings.IndexAny(s, space+"/>")
	if end <= 0 {
		return fmt.Errorf("bad tag %.20q", n.rest)
	}
	name := s[:end]
	s = s[end:]
	var attrs []attribute
	for {
		s = strings.TrimLeft(s, space)
		switch {
		case s == "":
			return fmt.Errorf("<%s is not closed", name)
		case strings.HasPrefix(s, "/>"):
			n.rest = s[2:]
			n.write(name, attrs)
			if !voidElements[name] { // short form of an SVG element
				fmt.Fprintf(&n.out, "</%s>", name)
			}
			return nil
		case s[0] == '>':
			n.rest = s[1:]
			n.write(name, attrs)
			if !voidElements[name] {
				n.open = append(n.open, name)
			}
			return nil
		}
		a, after, err := nextAttribute(s)
		if err != nil {
			return fmt.Errorf("<%s>: %w", name, err)
		}
		attrs = append(attrs, a)
		s = after
	}
}

// write prints a start tag with its attributes in order.
func (n *normalizer) write(name string, attrs []attribute) {
	if controls[name] {
		attrs = append(attrs, attribute{name: "disabled"})
	}
	sort.SliceStable(attrs, func(i, j int) bool { return attrs[i].name < attrs[j].name })
	n.out.WriteByte('<')
	n.out.WriteString(name)
	last := ""
	for _, a := range attrs {
		if a.name == last || (booleans[a.name] && a.value == "false") || strings.HasPrefix(a.name, "on") {
			continue
		}
		last = a.name
		n.out.WriteByte(' ')
		n.out.WriteString(a.name)
		switch {
		case booleans[a.name]:
		case a.bare && strings.HasPrefix(a.name, "aria-"), a.bare && strings.HasPrefix(a.name, "data-"), a.bare && enumerated[a.name]:
			n.out.WriteString(`="true"`)
		case !a.bare:
			fmt.Fprintf(&n.out, `="%s"`, escapeAttribute(a.value))
		}
	}
	n.out.WriteByte('>')
}

type attribute struct {
	name, value string
	bare        bool // has no value
}

// nextAttribute reads one attribute. A value is quoted as Go quotes a string, or in raw HTML as HTML does;
// the two agree except for backslashes, and entities are decoded in both.
func nextAttribute(s string) (attribute, string, error) {
	end := strings.IndexAny(s, "="+space+"/>")
	if end <= 0 {
		return attribute{}, "", fmt.Errorf("bad attribute %.20q", s)
	}
	a := attribute{name: s[:end]}
	s = s[end:]
	if s[0] != '=' {
		a.bare = true
		return a, s, nil
	}
	s = s[1:]
	if quoted, err := strconv.QuotedPrefix(s); err == nil && quoted[0] == '"' {
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return attribute{}, "", err
		}
		a.value = html.UnescapeString(value)
		return a, s[len(quoted):], nil
	}
	if s == "" || (s[0] != '"' && s[0] != '\'') {
		return attribute{}, "", fmt.Errorf("value of %s is not quoted", a.name)
	}
	end = strings.IndexByte(s[1:], s[0])
	if end < 0 {
		return attribute{}, "", fmt.Errorf("value of %s is not closed", a.name)
	}
	a.value = html.UnescapeString(s[1 : 1+end])
	return a, s[end+2:], nil
}

var attributeEscaper = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;")

func escapeAttribute(s string) string { return attributeEscaper.Replace(s) }

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

var (
	// voidElements have no end tag in HTML.
	voidElements = set("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")

	// controls take input.
	controls = set("button", "input", "select", "textarea")

	// booleans are true by being there.
	booleans = set("async", "autofocus", "autoplay", "checked", "controls", "default", "defer", "disabled",
		"formnovalidate", "hidden", "inert", "ismap", "loop", "multiple", "muted", "novalidate", "open", "readonly",
		"required", "reversed", "selected")

	// enumerated attributes need the word "true", not just their name.
	enumerated = set("contenteditable", "draggable", "spellcheck", "translate")
)
