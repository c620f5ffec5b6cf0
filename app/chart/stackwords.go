package chart

import (
	"strings"

	"fleetsize/calc/units"
)

// sentence is a part in words: "Weights: 16.1 GB, 20 %".
func (r *stackRow) sentence(p Part) string {
	text := p.Name + ": " + join(r.text(p.Value), r.Unit) + ", " + units.Percent(p.Value/r.sum)
	if p.Note != "" {
		text += ", " + p.Note
	}
	return text
}

// tell describes the bar in one sentence.
func (r *stackRow) tell() string {
	var parts []string
	for _, p := range r.parts {
		parts = append(parts, lower(p.Name)+" "+r.text(p.Value))
	}
	text := strings.Join(parts, ", ") + "; total " + join(r.text(r.sum), r.Unit) + "."
	if r.Title != "" {
		return r.Title + ": " + text
	}
	return upper(text)
}

// tables lists every part, the unknown ones in words.
func (spec StackSpec) tables() (text, raw Table) {
	bars := len(spec.Rows) > 1
	unit := ""
	for i, b := range spec.Rows {
		if i > 0 && b.Unit != unit {
			unit = ""
			break
		}
		unit = b.Unit
	}
	head := []string{"Part", joinComma("Value", unit), "Share, %"}
	if unit == "" {
		head = []string{"Part", "Value", "Unit", "Share, %"}
	}
	if bars {
		head = append([]string{"Bar"}, head...)
	}
	text.Head, raw.Head = head, head
	for _, b := range spec.Rows {
		_, sum := b.visible()
		for _, p := range b.Parts {
			t, r := []string{p.Name}, []string{p.Name}
			if bars {
				t, r = []string{b.Title, p.Name}, []string{b.Title, p.Name}
			}
			value, share := noValue, noValue
			rawShare := ""
			if known(Linear, p.Value) {
				value = b.text(p.Value)
				if sum > 0 {
					share, rawShare = units.Sig(100*p.Value/sum, 3), exact(100*p.Value/sum)
				}
			}
			text.explain(len(text.Rows), len(t), p.Ref)
			t, r = append(t, value), append(r, exact(p.Value))
			if unit == "" {
				t, r = append(t, b.Unit), append(r, b.Unit)
			}
			text.Rows = append(text.Rows, append(t, share))
			raw.Rows = append(raw.Rows, append(r, rawShare))
		}
	}
	return text, raw
}
