package views

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// el is an element with classes; nil children are left out.
func el(tag, class string, body ...app.UI) app.HTMLElem {
	e := app.Elem(tag)
	if class != "" {
		e = e.Class(class)
	}
	if len(body) > 0 {
		e = e.Body(body...)
	}
	return e
}

// node is el for an element that takes no attributes, and leaf for one that
// holds a text only. With them the compiler writes a tenth less for a view.
func node(tag, class string, body ...app.UI) app.UI { return el(tag, class, body...) }

func leaf(tag, class, text string) app.UI { return el(tag, class, txt(text)) }

// txt is a text node.
func txt(s string) app.UI { return app.Text(s) }

// p is a paragraph of text.
func p(class, text string) app.HTMLElem { return el("p", class, txt(text)) }

// button is a plain button that submits nothing.
func button(class string, body ...app.UI) app.HTMLElem {
	return el("button", class, body...).Attr("type", "button")
}

// boolean prints a state for ARIA attributes, which are words.
func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// either is one text where something holds, else the other.
func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

// escape makes text safe inside markup given to app.Raw.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace

// nobreak keeps a number and its unit on one line.
func nobreak(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// join joins the non-empty parts.
func join(sep string, parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}

// flag is the value of an attribute that counts by being there: "true", or ""
// which go-app leaves out.
func flag(on bool) string {
	if on {
		return "true"
	}
	return ""
}

// steady is a piece of the page that is drawn again only when what it is about
// changes. A frame after an edit consists of such pieces mostly.
type steady struct {
	app.Compo
	Name  string
	About any

	draw func(about any) app.UI
}

// still makes a piece steady. draw shows nothing that changes but about; the
// first one under a name stays in use.
func still(name string, about any, draw func(about any) app.UI) app.UI {
	return &steady{Name: name, About: about, draw: draw}
}

// CompoID keeps two pieces apart that take each other's place.
func (s *steady) CompoID() string { return s.Name }

// Render draws the piece.
func (s *steady) Render() app.UI { return s.draw(s.About) }
