package report

import (
	"unicode/utf8"

	"fleetsize/app/chart"
	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
)

// split cuts rows into pages by an estimate of their lines: the longest cell
// over the characters its column has. first is the room on the first page,
// whole that on further ones.
func split(rows [][]cell, columns []int, first, whole int) [][][]cell {
	var out [][][]cell
	room := first
	for _, r := range rows {
		lines := 1
		for i, c := range r {
			if i < len(columns) && columns[i] > 0 {
				lines = max(lines, (visible(c.markup)+columns[i]-1)/columns[i])
			}
		}
		if len(out) == 0 || room < lines {
			if len(out) > 0 {
				room = whole
			}
			out = append(out, nil)
		}
		room -= lines
		out[len(out)-1] = append(out[len(out)-1], r)
	}
	return out
}

// visible is the number of characters of markup that are seen.
func visible(markup string) int {
	markup = settle(markup, false)
	n, inside := 0, false
	for i := 0; i < len(markup); {
		r, size := utf8.DecodeRuneInString(markup[i:])
		i += size
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
		case !inside:
			n++
		}
	}
	return n
}

// numbered is a number about an accelerator that explains itself on the page.
func numbered(id, gpu, s string) cell { return number(about(id, gpu, s)) }

// accelerators is every option, then every exclusion with its reason. Its rows
// are lower than those of other tables.
func accelerators(p *export.Proposal, lines int) []string {
	lines += 2
	pct := p.Req.Targets.Percentile
	word := export.Percentile(pct)
	var rows [][]cell
	for i := range p.Answer.Options {
		o := &p.Answer.Options[i]
		mark := chart.Key(o.GPU)
		if o.Tier == fleet.Estimated || o.Tier == fleet.SpecsOnly {
			mark = mark.Estimated()
		}
		id := o.GPU.ID
		power := number(units.Unknown)
		if o.Powered {
			power = numbered("kw", id, units.SigFixed(o.KW, 2))
		}
		price := cell{"num mut", units.NoPrice}
		if o.Priced {
			price = numbered("usd_month", id, units.Sig(o.USDPerMonth, 3))
		}
		rows = append(rows, []cell{
			{"", el("span", breaks("gpu", export.GPUName(o.GPU)), mark.SwatchMarkup(), escape(export.GPUName(o.GPU)))},
			{"mut nw", escape(export.Fleet(o))}, numbered("gpus", id, export.GPUs(o)), numbered("nodes", id, units.Count(float64(o.Nodes))), numbered("ttft", id, units.SigFixed(o.At.TTFT.At(pct), 2)),
			numbered("speed", id, speed(o, pct)), price, power, {"", badge(kind(o.Tier), export.Tier(o))},
		})
	}
	var pages []string
	for i, part := range split(rows, []int{20, 0, 0, 0, 0, 0, 0, 0, 26}, lines, lines) {
		title := "All accelerators that meet the targets"
		if i > 0 {
			title += ", continued"
		}
		pages = append(pages, text("h2", "", title)+tight(heads("GPU", "Fleet", "#GPUs", "#Nodes", "#TTFT "+word+", s", "#tok/s/user", "#$/month", "#kW", "Confidence"), part))
	}
	rows = nil
	for _, x := range export.NotViable(&p.Answer) {
		nearest := ""
		if x.Nearest != nil {
			nearest = x.Nearest.Text
		}
		rows = append(rows, []cell{plain(export.GPUName(x.GPU)), plain(x.Text), muted(nearest)})
	}
	left := lines
	if n := len(pages); n > 0 {
		left = lines - (len(p.Answer.Options) - (n-1)*lines) - 4
	}
	below := len(pages) > 0 && left > 3 // under the last table
	if !below {
		left = lines
	}
	for i, part := range split(rows, []int{20, 60, 30}, left, lines) {
		title := "Not viable"
		if i > 0 {
			title += ", continued"
		}
		markup := text("h2", "", title) + tight(heads("GPU", "Reason", "Nearest change that helps"), part)
		if i == 0 && below {
			pages[len(pages)-1] += markup
			continue
		}
		pages = append(pages, markup)
	}
	return pages
}

func speed(o *fleet.Option, pct string) string {
	if itl := o.At.ITL.At(pct); itl > 0 {
		return units.Sig(1/itl, 2)
	}
	return units.Unknown
}

// register is every assumption with status and owner.
func register(p *export.Proposal, lines int) []string {
	list := export.Register(p)
	var rows [][]cell
	for _, a := range list {
		shape := map[export.Status]string{export.Confirmed: "s1", export.Assumed: "s2"}[a.Status]
		if shape == "" {
			shape = "s3"
		}
		rows = append(rows, []cell{plain(a.Name), plain(a.Value), {"", badge(shape, string(a.Status))}, muted(a.Next)})
	}
	var pages []string
	for i, part := range split(rows, []int{28, 44, 0, 28}, lines, lines) {
		title := "Assumptions: " + export.StatusText(list)
		if i > 0 {
			title = "Assumptions, continued"
		}
		pages = append(pages, text("h2", "", title)+table(heads("Input", "Value", "Status", "Owner or next step"), part))
	}
	return pages
}
