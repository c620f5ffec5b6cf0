//go:build !js

package cli

import (
	"fmt"
	"strconv"
	"strings"

	"fleetsize/app/export"
	"fleetsize/app/wire"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"
)

// mostFleets is how many fleets for a mix are printed.
const mostFleets = 8

// mixText compares one pool with pools apart on the cheapest accelerators.
func mixText(in *input, m *negotiate.Mix) string {
	var b strings.Builder
	if len(m.Fleets) == 0 {
		return "No accelerator was answered for the mix.\n"
	}
	best := &m.Fleets[0]
	var names []string
	for i, p := range best.Parts {
		names = append(names, p.Name+" "+units.Rate(in.state.Mix[i].ReqPerS))
	}
	fmt.Fprintf(&b, "Mix of %s on %s.\n", strings.Join(names, ", "), in.req.Model.Name)
	if w, shared := best.Best(); w.Viable {
		apart := "apart: " + gpusApart(best)
		pool := "shared: " + gpusOf(&best.Shared)
		if !shared {
			pool, apart = apart, pool
		}
		fmt.Fprintf(&b, "%s%s × %s serve it, %s, %s.\n", mark(best.Preview), units.Count(float64(w.GPUs)), in.short(best.GPU), pool, apart)
	} else {
		fmt.Fprintf(&b, "No accelerator serves all of it: %s\n", best.Apart.Text)
	}
	t := table{right: []bool{false, true, false, true, false, true, true}}
	t.add("GPU", "shared", "one pool", "apart", "pools apart", "$/month", "kW")
	for i := range m.Fleets {
		f := &m.Fleets[i]
		w, _ := f.Best()
		if i == mostFleets || !w.Viable {
			break
		}
		pool := "-"
		if f.Pool.Viable {
			pool = units.Count(float64(f.Pool.Replicas)) + " × " + wire.LayoutName(f.Pool.Layout)
		}
		var apart []string
		for _, p := range f.Parts {
			one := "-"
			if p.Viable {
				one = units.Count(float64(p.Replicas)) + " × " + wire.LayoutName(p.Layout)
			}
			apart = append(apart, one)
		}
		power := "unknown"
		if w.Powered {
			power = units.Sig(w.KW, 3)
		}
		t.add(mark(f.Preview)+in.short(f.GPU), gpusOf(&f.Shared), pool, gpusOf(&f.Apart), strings.Join(apart, " + "), usd(w.USD, w.Priced), power)
	}
	if len(t.rows) > 1 {
		b.WriteString("\n" + t.String())
	}
	if len(best.Classes) > 0 {
		var c table
		p := statistic(in.req.Targets.Percentile)
		c.right = []bool{false, true, true, true}
		c.add("in one pool", "TTFT "+p, "ITL "+p, "E2E "+p)
		for _, q := range best.Classes {
			itl := "-"
			if q.ITL > 0 {
				itl = units.Duration(q.ITL, 3)
			}
			c.add(q.Name, units.Duration(q.TTFT, 3), itl, units.Duration(q.E2E, 3))
		}
		fmt.Fprintf(&b, "\n%s", c.String())
	} else if best.Shared.Text != "" {
		b.WriteString("\nOne pool: " + best.Shared.Text + "\n")
	}
	for _, o := range m.Own {
		name := units.Count(float64(o.N)) + " × " + in.short(o.GPU)
		way := "in pools apart"
		if o.Shared {
			way = "in one pool"
		}
		if o.Times > 0 {
			fmt.Fprintf(&b, "\n%s at hand hold %s times the mix %s, on %s.\n", name, units.Sig(o.Times, 3), way, export.Count(o.Used, "GPU"))
		} else {
			fmt.Fprintf(&b, "\n%s at hand: %s\n", name, o.Text)
		}
	}
	return b.String()
}

// gpusOf is the accelerators of one way, "-" where it does not serve.
func gpusOf(w *negotiate.MixWay) string {
	if !w.Viable {
		return "-"
	}
	return units.Count(float64(w.GPUs))
}

// gpusApart is "3 + 4", the accelerators of each pool apart.
func gpusApart(f *negotiate.MixFleet) string {
	if !f.Apart.Viable {
		return "-"
	}
	var n []string
	for _, p := range f.Parts {
		n = append(n, units.Count(float64(p.GPUs)))
	}
	return strings.Join(n, " + ")
}

// reverseColumns is one row for each pool, buy, and way of serving the mix.
func reverseColumns(in *input, t *turned) [][]column {
	var rows [][]column
	row := func(kind, gpu, layout string, n, replicas int, rate, times, cost float64, priced, preview bool, text string) {
		num := func(name string, x float64, known bool) column {
			if known {
				return column{name: name, number: &x}
			}
			return column{name: name}
		}
		rows = append(rows, []column{
			{name: "question", text: kind}, {name: "model", text: in.req.Model.ID}, {name: "gpu", text: gpu}, num("gpus", float64(n), n > 0),
			{name: "layout", text: layout}, num("replicas", float64(replicas), replicas > 0), num("req_s", units.Round(rate, 6), rate > 0),
			num("times", units.Round(times, 6), times > 0), num("usd_month", units.Round(cost, 6), priced), {name: "exact", text: strconv.FormatBool(!preview)}, {name: "why", text: text},
		})
	}
	for _, v := range []struct {
		kind string
		of   *negotiate.Reverse
	}{{"own", t.own}, {"budget", t.budget}} {
		if v.of == nil {
			continue
		}
		for _, p := range v.of.Pools {
			layout := ""
			if p.Viable {
				layout = wire.LayoutName(p.Layout)
			}
			row(v.kind, p.GPU, layout, p.N, p.Replicas, p.ReqPerS, p.Times, p.USD, p.Priced, p.Preview, p.Text)
		}
	}
	if t.mix == nil {
		return rows
	}
	total := 0.0
	for _, m := range in.state.Mix {
		total += m.ReqPerS
	}
	brief := func(kind, gpu string, b *negotiate.Brief, rate float64, preview bool) {
		layout := ""
		if b.Viable {
			layout = wire.LayoutName(b.Layout)
		}
		row(kind, gpu, layout, b.GPUs, b.Replicas, rate, 0, b.USD, b.Priced, preview, b.Text)
	}
	for i := range t.mix.Fleets {
		f := &t.mix.Fleets[i]
		if len(f.Parts) > 1 {
			brief("mix, one pool", f.GPU, &f.Pool, total, f.Preview)
		}
		for k := range f.Parts {
			brief("mix, apart: "+f.Parts[k].Name, f.GPU, &f.Parts[k].Brief, in.state.Mix[k].ReqPerS, f.Preview)
		}
	}
	return rows
}
