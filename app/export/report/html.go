// Package report writes the printed report: pages that fit A4 and Letter, each
// with its footer. The page shows them as a preview and prints them; with the
// style sheets inside they are a file of their own, without scripts.
//
// The markup uses the classes of the page's sheets (static/app.css).
package report

import (
	"strings"

	"fleetsize/calc/explain"
)

// A number that the page can explain is marked inside its text; settle takes
// the marks out, or makes buttons of them.
const (
	markEdge = "\x1e"
	markText = "\x1f"
)

// mark marks a number with the reference to its explanation.
func mark(ref, text string) string {
	if ref == "" {
		return text
	}
	return markEdge + ref + markText + text + markEdge
}

// about marks a number about an accelerator.
func about(id, gpu, text string) string { return mark(explain.Ref(id, gpu, ""), text) }

// settle finishes markup: marked numbers become buttons, or text for paper and
// files.
func settle(markup string, press bool) string {
	parts := strings.Split(markup, markEdge)
	var b strings.Builder
	for i, part := range parts {
		ref, number, marked := strings.Cut(part, markText)
		switch {
		case i%2 == 0 || !marked:
			b.WriteString(strings.ReplaceAll(part, markText, ""))
		case press:
			b.WriteString(`<button type="button" class="xn" data-x="` + ref + `">` + number + `</button>`)
		default:
			b.WriteString(number)
		}
	}
	return b.String()
}

// escape makes text safe in content and in quoted attributes.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "\x00", "").Replace

// el is an element with a class and its content, which is markup already.
func el(tag, class string, content ...string) string {
	return open(tag, class) + strings.Join(content, "") + "</" + tag + ">"
}

func open(tag, class string) string {
	if class == "" {
		return "<" + tag + ">"
	}
	return "<" + tag + ` class="` + class + `">`
}

// text is an element with plain text.
func text(tag, class, s string) string { return el(tag, class, escape(s)) }

// cell is one cell of a table.
type cell struct {
	class, markup string
}

func plain(s string) cell  { return cell{breaks("", s), escape(s)} }
func number(s string) cell { return cell{"num", escape(s)} }
func muted(s string) cell  { return cell{breaks("mut", s), escape(s)} }

// longWord is how many letters a column of words holds without a break.
const longWord = 24

// breaks adds the class of cells whose words may be broken: addresses, and names
// that a user gave.
func breaks(class, s string) string {
	for word := range strings.FieldsSeq(s) {
		if len(word) > longWord {
			return strings.TrimSpace(class + " long")
		}
	}
	return class
}

// table is a table whose first cells are row heads.
func table(head []cell, rows [][]cell) string { return tableOf("tbl", head, rows) }

// tight is a table with many columns.
func tight(head []cell, rows [][]cell) string { return tableOf("tbl tight", head, rows) }

func tableOf(class string, head []cell, rows [][]cell) string {
	var b strings.Builder
	if len(head) > 3 {
		class += " stacked" // on phones: each row a block with named numbers
	}
	b.WriteString(`<div class="tb" tabindex="0" role="group" aria-label="Table"><table class="` + class + `"><thead><tr>`)
	for _, h := range head {
		b.WriteString(`<th scope="col"` + classed(h.class) + `>` + h.markup + `</th>`)
	}
	b.WriteString(`</tr></thead><tbody>`)
	for _, r := range rows {
		b.WriteString(`<tr>`)
		for i, c := range r {
			tag := "td"
			if i == 0 {
				tag = `th scope="row"`
			}
			if i > 0 && strings.HasPrefix(c.class, "num") && len(head) > 3 {
				tag += ` data-l="` + head[i].markup + `"`
			}
			b.WriteString(`<` + tag + classed(c.class) + `>` + c.markup + `</` + tag[:2] + `>`)
		}
		b.WriteString(`</tr>`)
	}
	b.WriteString(`</tbody></table></div>`)
	return b.String()
}

func classed(class string) string {
	if class == "" {
		return ""
	}
	return ` class="` + class + `"`
}

// heads makes a table's head; names beginning with "#" are numbers.
func heads(names ...string) []cell {
	out := make([]cell, len(names))
	for i, n := range names {
		if s, ok := strings.CutPrefix(n, "#"); ok {
			out[i] = number(s)
		} else {
			out[i] = plain(n)
		}
	}
	return out
}
