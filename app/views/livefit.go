package views

import (
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/explain"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// liveFit opens the run as a table, with everything the Measure view does.
func (v *Page) liveFit() {
	l := &v.endpoint
	short := *l.doc
	short.Raw = nil
	text, err := short.Encode()
	if err != nil {
		l.fault = upperFirst(err.Error()) + "."
		return
	}
	l.on = false
	v.openTable("live", "the live endpoint", string(text))
}

// mostBars is how many requests the waterfall shows.
const mostBars = 40

// lastRequests are the requests of the waterfall, when the first was sent and the last ended, in ms.
func (l *liveState) lastRequests() (raw []bench.RawDoc, origin, end float64) {
	if l.doc == nil {
		return nil, 0, 0
	}
	last := len(l.doc.Phases) - 1
	for _, r := range l.doc.Raw {
		if r.Phase == last && r.Measured && r.Sent != nil && r.End != nil && len(raw) < mostBars {
			raw = append(raw, r)
		}
	}
	if len(raw) > 0 {
		origin = *raw[0].Sent
	}
	for _, r := range raw {
		origin, end = min(origin, *r.Sent), max(end, *r.End)
	}
	return raw, origin, end
}

// seenRequest are the figures of one request of the waterfall.
func (l *liveState) seenRequest(i int) (s explain.Shown, ok bool) {
	raw, origin, _ := l.lastRequests()
	if i < 0 || i >= len(raw) {
		return s, false
	}
	r := raw[i]
	first := *r.End
	if r.First != nil {
		first = *r.First
	}
	return explain.Shown{
		About: "request " + countText(i+1) + " of the last phase", Sure: "Measured",
		Figures: map[string]float64{"seen_sent": (*r.Sent - origin) / 1e3, "seen_first": (first - *r.Sent) / 1e3, "seen_end": (*r.End - *r.Sent) / 1e3, "seen_answer": float64(r.Output)},
		Sources: map[string]string{"seen_sent": "the client's clock", "seen_first": defined("ttft_ms"), "seen_end": defined("e2e_ms"), "seen_answer": "the server's count, or else tokens counted here"},
	}, true
}

// liveWaterfall draws the last requests of the newest phase as bars: waiting
// for the first token, then the answer.
func (v *Page) liveWaterfall() app.UI {
	l := &v.endpoint
	raw, origin, end := l.lastRequests()
	if len(raw) == 0 {
		return nil
	}
	span := max(end-origin, 1e-6)
	const bar, gap = 8.0, 3.0
	width, height := v.width("live"), float64(len(raw))*(bar+gap)+18
	n := func(x float64) string { return units.Plain(units.Round(x, 5)) }
	var b strings.Builder
	b.WriteString(`<svg class="ch" role="img" aria-label="Waterfall: each bar is a request, strong until its first token" viewBox="0 0 ` + n(width) + ` ` + n(height) + `">`)
	rect := func(class string, from, to, y float64) {
		x0, x1 := (from-origin)/span*width, (to-origin)/span*width
		b.WriteString(`<rect class="` + class + `" x="` + n(x0) + `" y="` + n(y) + `" width="` + n(max(x1-x0, 0.5)) + `" height="` + n(bar) + `"/>`)
	}
	heads := []string{"Request", "Sent after", "To the first token", "To the end", "Tokens", "End"}
	var rows []app.UI
	for i, r := range raw {
		y := float64(i) * (bar + gap)
		first := *r.End
		if r.First != nil {
			first = *r.First
		}
		about := "q" + countPlain(i)
		rect("m2", *r.Sent, first, y)
		rect("m3", first, *r.End, y)
		rows = append(rows, node("tr", "", rowHead(units.Count(float64(i+1))),
			labeled(heads[1], saw("sent", about, units.Duration((*r.Sent-origin)/1e3, 3))), labeled(heads[2], saw("first", about, units.Duration((first-*r.Sent)/1e3, 3))),
			labeled(heads[3], saw("end", about, units.Duration((*r.End-*r.Sent)/1e3, 3))), labeled(heads[4], saw("answer", about, units.Count(float64(r.Output)))), labeled(heads[5], orWord(r.Class, "complete"))))
	}
	b.WriteString(`<text x="0" y="` + n(height-4) + `">0</text><text class="e" x="` + n(width) + `" y="` + n(height-4) + `">` + escape(units.Duration(span/1e3, 2)) + `</text></svg>`)
	return v.more("live-waterfall", "Waterfall of "+plural(len(raw), "request")+" of the last phase: strong until the first token, then pale", false,
		app.Raw(b.String()),
		stacked("Requests of the last phase", head(heads...), rows...),
	)
}
