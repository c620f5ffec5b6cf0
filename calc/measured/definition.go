package measured

import (
	"fmt"
	"strings"
)

// Figure is one of the three figures that tools define differently.
type Figure string

// The figures.
const (
	FigureTTFT Figure = "ttft"
	FigureITL  Figure = "itl"
	FigureRate Figure = "rate"
)

// Likeness says how a tool's figure compares with ours of the same name.
type Likeness string

const (
	Same  Likeness = "same"  // the same quantity
	Near  Likeness = "near"  // the same quantity taken at another point or averaged in another way; compared, and marked
	Other Likeness = "other" // another quantity under the same name; never compared
)

// Definition is how a tool arrives at a figure. Ours are TTFT from sending to
// the first event with generated text, and for the time per token
// (E2E − TTFT)/(output tokens − 1) per request.
type Definition struct {
	ID     string
	Figure Figure
	Like   Likeness
	Text   string // a clause: "… is taken at the first chunk, …"
}

// Known definitions. Sources: the code and documentation of the tools as of
// November 2026.
const (
	DefFirstToken    = "ttft:first_nonempty"
	DefFirstChunk    = "ttft:first_chunk"
	DefFirstContent  = "ttft:first_content"
	DefFirstResponse = "ttft:first_response"
	DefPerRequest    = "tpot:(e2e-ttft)/(n-1)"
	DefFirstToLast   = "tpot:first_to_last/(n-nfirst)"
	DefDerived       = "tpot:derived_from_means"
	DefGapPerToken   = "itl:gap/tokens"
	DefChunkGap      = "itl:chunk_gap"
	DefWithTTFT      = "itl:e2e/n"
	DefRateWall      = "tok_s:wall_time"
	DefRateWindow    = "tok_s:window"
	DefRateArrived   = "output_throughput:arrived_in_window"
)

var definitions = []Definition{
	{DefFirstToken, FigureTTFT, Same, "first event with generated text"},
	{DefFirstChunk, FigureTTFT, Near, "first chunk of any kind: a chunk with only a role counts, which can come before the first token"},
	{DefFirstContent, FigureTTFT, Near, "first chunk with answer text: reasoning before it is not seen"},
	{DefFirstResponse, FigureTTFT, Near, "first response of any kind"},
	{DefPerRequest, FigureITL, Same, "(E2E − TTFT) ÷ (tokens − 1) of each request"},
	{DefFirstToLast, FigureITL, Same, "first to last token ÷ tokens after the first event"},
	{DefDerived, FigureITL, Near, "worked out from the mean E2E, mean TTFT and mean length, because the tool's own figure is another quantity"},
	{DefGapPerToken, FigureITL, Near, "gaps between chunks ÷ tokens of the later chunk, over all requests: long answers weigh more"},
	{DefChunkGap, FigureITL, Other, "gaps between chunks, whatever the tokens in them"},
	{DefWithTTFT, FigureITL, Other, "whole latency ÷ tokens: TTFT is in it"},
	{DefRateWall, FigureRate, Same, "output tokens ÷ wall time of the whole run, filling and draining included"},
	{DefRateWindow, FigureRate, Near, "output tokens inside the measured window: filling and draining left out"},
	{DefRateArrived, FigureRate, Same, "output tokens that arrived inside the steady window ÷ its length"},
}

// DefinitionOf finds a definition.
func DefinitionOf(id string) (Definition, bool) {
	for _, d := range definitions {
		if d.ID == id {
			return d, true
		}
	}
	return Definition{}, false
}

// Definition is how the row's tool defines a figure; ok is false where nothing
// is known about it.
func (r *Row) Definition(f Figure) (d Definition, ok bool) {
	for _, id := range strings.Fields(r.Definitions) {
		if d, ok := DefinitionOf(id); ok && d.Figure == f {
			return d, true
		}
	}
	return Definition{}, false
}

// Marked reports whether the row's figure is defined in another way than ours.
func (r *Row) Marked(f Figure) bool {
	d, ok := r.Definition(f)
	return ok && d.Like != Same
}

// has reports whether the row states the figure.
func (r *Row) has(f Figure) bool {
	switch f {
	case FigureTTFT:
		return r.TTFT.OK
	case FigureITL:
		return r.ITL.OK
	}
	return r.OutputTokPerS.OK
}

// Words names the figure.
func (f Figure) Words() string {
	switch f {
	case FigureTTFT:
		return "TTFT"
	case FigureITL:
		return "time per token"
	}
	return "tokens/s"
}

// define reads the definitions of a row; a figure that is another quantity
// than ours is read as not stated.
func (p *parser) define(r *Row) {
	r.Definitions = p.text(colDefinitions)
	for _, id := range strings.Fields(r.Definitions) {
		d, ok := DefinitionOf(id)
		switch {
		case !ok:
			p.add(p.line, CodeDefined, "Unknown definition %q: taken as ours.", clip(id))
		case d.Like != Other || !r.has(d.Figure):
		case d.Figure == FigureITL:
			r.ITL, r.ITLP95 = Opt{}, Opt{}
			p.add(p.line, CodeDefined, "The time per token is %s: it is not compared.", d.Text)
		}
	}
}

// DefinitionUse is a definition with the rows it is used in.
type DefinitionUse struct {
	Definition
	Rows int
}

// DefinitionsOf lists the definitions of the figures that rows state, in the
// order of the figures.
func DefinitionsOf(rows []Row) []DefinitionUse {
	var out []DefinitionUse
	for _, d := range definitions {
		u := DefinitionUse{Definition: d}
		for i := range rows {
			if own, ok := rows[i].Definition(d.Figure); ok && own.ID == d.ID && rows[i].has(d.Figure) {
				u.Rows++
			}
		}
		if u.Rows > 0 {
			out = append(out, u)
		}
	}
	return out
}

// CheckDefinitions says which figures are not defined as ours, and where rows
// of one table are defined in several ways.
func CheckDefinitions(rows []Row) []Problem {
	var out []Problem
	uses := DefinitionsOf(rows)
	for _, u := range uses {
		if u.Like != Same {
			out = append(out, Problem{0, CodeDefined, fmt.Sprintf("%s of %s: %s. Compared with ours, and marked †.", upper(u.Figure.Words()), count(u.Rows), u.Text)})
		}
	}
	for _, f := range []Figure{FigureTTFT, FigureITL, FigureRate} {
		var ids []string
		total := 0
		for _, u := range uses {
			if u.Figure == f {
				ids, total = append(ids, u.ID), total+u.Rows
			}
		}
		stated := 0
		for i := range rows {
			if rows[i].has(f) {
				stated++
			}
		}
		if len(ids) > 0 && total < stated {
			ids = append(ids, "not stated")
		}
		if len(ids) > 1 {
			out = append(out, Problem{0, CodeDefined, fmt.Sprintf("%s is defined in %d ways in this table (%s): compare rows of one kind only.", upper(f.Words()), len(ids), strings.Join(ids, ", "))})
		}
	}
	return out
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func count(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}
