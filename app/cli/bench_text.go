//go:build !js

package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"
)

// progress shows a running measurement on stderr: a row per phase, and on a
// terminal a bar below them.
type progress struct {
	w     io.Writer
	quiet bool
	bar   bool
	drawn int // characters of the bar
	rows  int
	phase bench.Phase
}

func newProgress(w io.Writer, quiet bool) *progress {
	return &progress{w: w, quiet: quiet, bar: isTerminal(w) && !quiet}
}

func (p *progress) clear() {
	if p.drawn > 0 {
		fmt.Fprint(p.w, "\r"+strings.Repeat(" ", p.drawn)+"\r")
		p.drawn = 0
	}
}

// widths of the live table's columns.
var liveColumns = []struct {
	name  string
	width int
}{{"load", -34}, {"requests", 8}, {"errors", 6}, {"TTFT p50", 10}, {"p95", 10}, {"per token", 10}, {"tok/s", 10}, {"tok/s/user", 10}}

func (p *progress) line(cells ...string) {
	var b strings.Builder
	for i, c := range cells {
		fmt.Fprintf(&b, "%*s ", liveColumns[i].width, c)
	}
	fmt.Fprintln(p.w, strings.TrimRight(b.String(), " "))
}

func (p *progress) action(a bench.Action) {
	if p.quiet {
		return
	}
	switch a.Kind {
	case bench.PhaseStart:
		p.phase = a.Phase
	case bench.PhaseEnd:
		p.clear()
		if p.rows == 0 {
			var names []string
			for _, c := range liveColumns {
				names = append(names, c.name)
			}
			p.line(names...)
		}
		p.rows++
		r := a.Result
		errors := 0
		for _, n := range r.Errors {
			errors += n
		}
		speed, ok := r.Speed.Quantile(0.5)
		tokens := units.Sig(r.OutputTokPerS, 3)
		p.line(r.Phase.Label, strconv.Itoa(r.Requests), strconv.Itoa(errors), quantile(r.TTFT, 0.5), thin(quantile(r.TTFT, 0.95), r.TTFT.N()),
			quantile(r.TPOT, 0.5), tokens, orDash(units.Sig(speed, 3), ok))
		if r.Limited != nil {
			fmt.Fprintln(p.w, "  "+r.Limited.Text)
		}
		for _, m := range r.Messages {
			fmt.Fprintln(p.w, "  "+m)
		}
	}
}

func quantile(d bench.Dist, q float64) string {
	x, ok := d.Quantile(q)
	return orDash(units.Duration(x, 3), ok)
}

func orDash(s string, ok bool) string {
	if !ok {
		return "–"
	}
	return s
}

// barWidth is that of the progress bar in characters.
const barWidth = 20

func (p *progress) tick(l bench.Live) {
	if !p.bar || l.State == bench.Over {
		return
	}
	full := int(l.Share*barWidth + 0.5)
	name := l.Phase.Label
	if name == "" {
		name = "starting"
	}
	text := fmt.Sprintf("[%s%s] %s: %s, %d in flight, %s done", strings.Repeat("#", full), strings.Repeat(".", barWidth-full),
		name, l.State, l.InFlight, units.Count(float64(l.Done)))
	if l.Failed > 0 {
		text += fmt.Sprintf(", %s failed", units.Count(float64(l.Failed)))
	}
	if len(text) > 110 {
		text = text[:110]
	}
	p.clear()
	fmt.Fprint(p.w, text)
	p.drawn = len(text)
}

func (p *progress) end() { p.clear() }
