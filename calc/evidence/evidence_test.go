package evidence

import (
	"math"
	"strings"
	"testing"

	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

func shipped(t testing.TB) *Index {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	x, err := Shipped(cat)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The two NIM 1.8.0 tables have 40 and 39 rows.
func TestShipped(t *testing.T) {
	x := shipped(t)
	if x.Len() != 79 {
		t.Errorf("%d rows ship, want 79", x.Len())
	}
	for _, points := range x.at {
		for _, p := range points {
			if p.Source == "" || p.Date == "" || p.Version == "" {
				t.Errorf("%s %s: source %q, date %q, version %q", p.Model, p.Load(), p.Source, p.Date, p.Version)
			}
		}
	}
}

// q is a load of the first table: 1,000 tokens in and out, 50 in flight.
var q = Query{
	Model: "llama-3-1-8b", GPU: "h100-sxm-80gb", Engine: "nim", Weights: catalog.FP8, KV: catalog.FP8, TP: 1, PP: 1,
	Input: 1000, Output: 1000, InFlight: 50,
}

func TestFind(t *testing.T) {
	x := shipped(t)
	m := x.Find(q)
	if m == nil || m.InFlight != 50 || m.Input != 1000 || m.LoadRatio != 1 || m.Shape != 1 {
		t.Fatalf("Find(%+v) = %+v, want the row itself", q, m)
	}
	if !strings.Contains(m.Figures(), "per token") || m.Load() != "1,000 in, 1,000 out, 50 in flight" || !strings.Contains(m.From(), "NIM") {
		t.Errorf("said as %q, %q, %q", m.Figures(), m.Load(), m.From())
	}
	for _, c := range []struct {
		name   string
		change func(*Query)
		want   int // requests in flight of the row, 0 = no match
	}{
		{"a load between two rows goes to the nearer", func(q *Query) { q.InFlight = 60 }, 50},
		{"the same on the other side", func(q *Query) { q.InFlight = 80 }, 100},
		{"at the edge of the load", func(q *Query) { q.InFlight = 250 * LoadRatio }, 250},
		{"beyond the edge of the load", func(q *Query) { q.InFlight = 250 * LoadRatio * 1.001 }, 0},
		{"at the edge of the shape", func(q *Query) { q.Input = 1000 * ShapeRatio }, 50},
		{"beyond the edge of the input", func(q *Query) { q.Input = 1000 * ShapeRatio * 1.001 }, 0},
		{"beyond the edge of the output", func(q *Query) { q.Output = 1000 * ShapeRatio * 1.001 }, 0},
		{"another model", func(q *Query) { q.Model = "llama-3-8b" }, 0},
		{"another accelerator", func(q *Query) { q.GPU = "h100-pcie-80gb" }, 0},
		{"another engine", func(q *Query) { q.Engine = "vllm" }, 0},
		{"another precision", func(q *Query) { q.Weights = catalog.BF16 }, 0},
		{"another cache", func(q *Query) { q.KV = catalog.BF16 }, 0},
		{"another layout", func(q *Query) { q.TP = 2 }, 0},
		{"no load", func(q *Query) { q.InFlight = 0 }, 0},
		{"not a number", func(q *Query) { q.InFlight = math.NaN() }, 0},
	} {
		at := q
		c.change(&at)
		m := x.Find(at)
		switch {
		case m == nil && c.want != 0:
			t.Errorf("%s: no match, want the row with %d in flight", c.name, c.want)
		case m != nil && m.InFlight != c.want:
			t.Errorf("%s: matches %d in flight, want %d", c.name, m.InFlight, c.want)
		}
	}
	var none *Index
	if none.Find(q) != nil || (&Index{}).Find(q) != nil {
		t.Error("an empty index matches")
	}
}

// Whatever matches lies inside the stated ratios, and nothing nearer exists.
func TestFindIsNearest(t *testing.T) {
	x := shipped(t)
	for in := 200.0; in < 25000; in *= 1.17 {
		for load := 0.7; load < 500; load *= 1.31 {
			at := q
			at.Input, at.InFlight = in, load
			m := x.Find(at)
			distance := func(p *Point) (d float64, ok bool) {
				for _, r := range []struct{ a, b, ratio float64 }{
					{float64(p.Input), at.Input, ShapeRatio}, {float64(p.Output), at.Output, ShapeRatio}, {float64(p.InFlight), at.InFlight, LoadRatio},
				} {
					l := math.Abs(math.Log(r.a / r.b))
					if l > math.Log(r.ratio)+1e-9 {
						return 0, false
					}
					d += l * l
				}
				return d, true
			}
			best, rows := math.Inf(1), 0
			for _, p := range x.at[subject{q.Model, q.GPU, q.Engine, q.Weights, 1, 1}] {
				if d, ok := distance(&p); ok {
					best, rows = min(best, d), rows+1
				}
			}
			if (m == nil) != (rows == 0) {
				t.Fatalf("in %g, load %g: match %v, but %d rows are near", in, load, m, rows)
			}
			if m == nil {
				continue
			}
			if d, ok := distance(&m.Point); !ok || d > best+1e-12 || m.Rows != rows {
				t.Fatalf("in %g, load %g: %+v is not the nearest of %d", in, load, m, rows)
			}
		}
	}
}

func TestAddRows(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	table, _, err := measured.ParseCSV([]byte(`model,gpu,gpus,tp,engine,weights,isl,osl,concurrency,request_rate,ttft_ms,itl_ms,use,definitions
llama-3.1-8b,h100-sxm,1,1,vllm,fp8,1000,200,16,,120,10,,ttft:first_chunk
llama-3.1-8b,h100-sxm,1,1,vllm,fp8,1000,200,16,,120,10,no: cached,
llama-3.1-8b,h100-sxm,2,1,vllm,fp8,1000,200,16,,120,10,,
nobody,h100-sxm,1,1,vllm,fp8,1000,200,16,,120,10,,
llama-3.1-8b,h100-sxm,1,1,vllm,fp8,1000,200,,4,120,10,,
`))
	if err != nil {
		t.Fatal(err)
	}
	x := &Index{}
	x.AddRows(cat, table.Rows, "")
	if x.Len() != 2 {
		t.Fatalf("%d rows are used, want 2: excluded rows, several replicas and unknown names are left out", x.Len())
	}
	at := Query{Model: "llama-3-1-8b", GPU: "h100-sxm-80gb", Engine: "vllm", Weights: catalog.FP8, TP: 1, PP: 1, Input: 1000, Output: 200, InFlight: 16}
	if m := x.Find(at); m == nil || !m.Marked || m.From() != "your measurements" {
		t.Errorf("closed loop: %+v", m)
	}
	// 4 req/s of 2.11 s each keep 8.4 in flight.
	at.InFlight = 8.44
	if m := x.Find(at); m == nil || m.Rate != 4 || math.Abs(m.LoadRatio-1) > 1e-9 {
		t.Errorf("open loop: %+v", m)
	}
}

func BenchmarkShipped(b *testing.B) {
	cat, err := catalog.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Shipped(cat); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	x := shipped(b)
	for b.Loop() {
		x.Find(q)
	}
}
