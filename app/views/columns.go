package views

import (
	"sort"

	"fleetsize/calc/fleet"
)

// col is a column of the table that can be sorted by.
type col struct {
	id, head, class, order string
	less                   func(a, b *fleet.Option, pct string) bool
}

var columns = []col{
	{"rate", "req/s per GPU", "num lg l2", "most requests per GPU first", func(a, b *fleet.Option, _ string) bool { return a.ReqPerSPerGPU > b.ReqPerSPerGPU }},
	{"gpus", "GPUs", "num", "fewest GPUs first", func(a, b *fleet.Option, _ string) bool { return a.GPUs < b.GPUs }},
	{"nodes", "Nodes", "num lg l2", "fewest nodes first", func(a, b *fleet.Option, _ string) bool { return a.Nodes < b.Nodes }},
	{"ttft", "TTFT, s", "num", "fastest first token first", func(a, b *fleet.Option, pct string) bool {
		return a.At.TTFT.At(pct) < b.At.TTFT.At(pct)
	}},
	{"speed", "tok/s/user", "num lg", "fastest answers first", func(a, b *fleet.Option, pct string) bool {
		return a.At.ITL.At(pct) < b.At.ITL.At(pct)
	}},
	{"cost", "$/month", "num", "cheapest first, unpriced last", nil},
	{"kw", "kW", "num lg", "least power first", func(a, b *fleet.Option, _ string) bool {
		if a.Powered != b.Powered {
			return a.Powered
		}
		return a.KW < b.KW
	}},
}

// column is the column the table is sorted by; the default is cost.
func column(id string) col {
	for _, c := range columns {
		if c.id == id {
			return c
		}
	}
	return columns[5]
}

// rows are the options in the order of the table.
func rows(s *Sizing) []*fleet.Option {
	list := make([]*fleet.Option, len(s.Answer.Options))
	for i := range s.Answer.Options {
		list[i] = &s.Answer.Options[i]
	}
	if c := column(s.State.Sort); c.less != nil {
		sort.SliceStable(list, func(i, j int) bool { return c.less(list[i], list[j], s.Req.Targets.Percentile) })
	}
	return list
}
