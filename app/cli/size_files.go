//go:build !js

package cli

import (
	"fmt"
	"io/fs"
	"strings"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/app/export/book"
	"fleetsize/app/export/report"
	"fleetsize/app/link"
	"fleetsize/app/wire"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/static"
)

// sizeForms are the forms of a size answer. a is read when a form is made.
func sizeForms(in *input, a *fleet.Answer) []form {
	p := func() *export.Proposal { return in.proposal(*a) }
	return []form{
		{".xlsx", func() ([]byte, error) { return book.Workbook(p()).Bytes(), nil }},
		text(".csv", func() string { return export.Table(export.Options(a), in.req.Targets.Percentile) }),
		{".json", func() ([]byte, error) { return wire.Encode(wire.Size(*a, in.req, in.state, in.notes)) }},
		text(".md", func() string { return export.Markdown(p()) }),
		{".html", func() ([]byte, error) {
			css, err := styleSheet()
			if err != nil {
				return nil, err
			}
			return []byte(report.Standalone(in.priced(p()), css)), nil
		}},
		{".svg", func() ([]byte, error) {
			if a.Problem != nil || in.req.Targets.TTFT <= 0 && len(a.Options) == 0 {
				return nil, fmt.Errorf("there is no answer to draw the price of latency of")
			}
			return []byte(chart.Lines(export.PriceSpec(in.priced(p()), "price", "target", "target"), 960).SVG()), nil
		}},
	}
}

// proposal is the answer as the export packages take it.
func (in *input) proposal(a fleet.Answer) *export.Proposal {
	p := in.handed(a)
	p.Pinned = in.pinned(p)
	return p
}

// handed is the answer with its link and day, without the options beside it.
func (in *input) handed(a fleet.Answer) *export.Proposal {
	state := in.state
	state.View = link.Default().View // readers start at the answer
	return &export.Proposal{State: in.state, Req: in.req, Answer: a, Link: in.base + "#" + state.String(), Day: today(), Version: version()}
}

// pinned are the options that the link sets beside this one.
func (in *input) pinned(p *export.Proposal) []export.Pick {
	var out []export.Pick
	for _, letter := range []byte{'a', 'b', 'c'} {
		state, ok := in.state.Option(in.cat, letter)
		if !ok || len(in.state.Differs(letter)) == 0 {
			continue
		}
		req, _ := state.Requirement(in.cat)
		var e fleet.Estimator
		plan := e.Plan(req)
		for !plan.HeadlineDone() && !plan.Step() {
		}
		if a := plan.Answer(); len(a.Options) > 0 {
			why := state.Title
			if why == "" || why == in.state.Title {
				why = "Option " + string(letter-'a'+'A')
			}
			out = append(out, export.Pick{Letter: string(letter - 'a' + 'A'), Why: why, Option: &a.Options[0]})
		}
	}
	if o := p.Best(); o != nil && len(out) > 0 && len(in.state.A) == 0 {
		out = append([]export.Pick{{Letter: "A", Why: "This sizing", Option: o}}, out...)
	}
	return out
}

// priced adds the price of latency of the accelerators worth drawing.
func (in *input) priced(p *export.Proposal) *export.Proposal {
	var e fleet.Estimator
	for _, g := range worker.WorthDrawing(p.Answer) {
		p.Price = append(p.Price, e.PriceOfLatency(p.Req, g, true))
	}
	return p
}

// baseOf is the address in front of a link's pairs: "https://host/path/"; ""
// where the text has none.
func baseOf(text string) string {
	base, _, found := strings.Cut(text, "#")
	if !found {
		base, _, _ = strings.Cut(text, "?")
	}
	if strings.HasPrefix(base, "https://") || strings.HasPrefix(base, "http://") {
		return base
	}
	return ""
}

// styleSheet is the page's style, for reports that stand alone.
func styleSheet() (string, error) {
	var b strings.Builder
	for _, name := range []string{"tokens.css", "app.css"} {
		data, err := fs.ReadFile(static.Files, name)
		if err != nil {
			return "", err
		}
		b.Write(data)
		b.WriteByte('\n')
	}
	return b.String(), nil
}
