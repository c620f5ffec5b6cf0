package views

import (
	"encoding/csv"
	"strings"
	"testing"

	"fleetsize/app/export"
	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"
	"fleetsize/catalog"
)

func TestDay(t *testing.T) {
	for _, c := range [][2]string{{"2026-11-18", "18 Nov 2026"}, {"2026-04-03", "3 Apr 2026"}, {"2026-04", "2026-04"}, {"", ""}, {"2026-13-01", "2026-13-01"}} {
		if got := day(c[0]); got != c[1] {
			t.Errorf("day(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestPriceFinding(t *testing.T) {
	cat := testCatalog(t)
	curve := func(id string, gpus ...int) fleet.PriceCurve {
		g, _ := cat.GPU(id)
		c := fleet.PriceCurve{GPU: g}
		for i, n := range gpus {
			c.Points = append(c.Points, fleet.PricePoint{TTFT: []float64{0.5, 1, 3, 5}[i], GPUs: n})
		}
		return c
	}
	for _, c := range []struct {
		curves []fleet.PriceCurve
		want   string
	}{
		{nil, "What a shorter wait costs"},
		{[]fleet.PriceCurve{curve("h100-sxm-80gb", 5, 4, 4, 4)}, "Waiting 3 s instead of 500 ms cuts H100 SXM from 5 GPUs to 4"},
		{[]fleet.PriceCurve{curve("h100-sxm-80gb", 4, 4, 4, 4), curve("a100-sxm-80gb", 111, 40, 12, 10)},
			"Waiting 3 s instead of 500 ms cuts A100 80 SXM from 111 GPUs to 12; H100 SXM barely moves"},
		{[]fleet.PriceCurve{curve("a10g", 0, 52, 52, 52)}, "Waiting 3 s instead of 1 s changes little: A10G 52 GPUs"},
	} {
		if got := bare(priceFinding(worker.Price{Curves: c.curves}, 3)); got != c.want {
			t.Errorf("finding = %q, want %q", got, c.want)
		}
	}
}

func TestLoadMissed(t *testing.T) {
	s := NewSizing(testCatalog(t), "")
	point := func(n int, ttft float64) fleet.LoadPoint {
		p := fleet.LoadPoint{InFlight: n}
		p.At.TTFT.P95 = ttft
		return p
	}
	for _, c := range []struct {
		points []fleet.LoadPoint
		want   float64
	}{
		{[]fleet.LoadPoint{point(1, 0.2), point(2, 0.3)}, 0},
		{[]fleet.LoadPoint{point(1, 4)}, 1},
		{[]fleet.LoadPoint{point(16, 1), point(64, 3.1)}, 32},
		{[]fleet.LoadPoint{point(16, 1), point(64, 3)}, 0}, // exactly at the target is met
	} {
		if got := export.LoadMissed(s.Req.Targets, c.points); got != c.want {
			t.Errorf("LoadMissed = %v, want %v", got, c.want)
		}
	}
}

func TestMemoryBarAddsUp(t *testing.T) {
	for _, o := range example(t).s.Answer.Options {
		m := o.Memory
		sum := m.Weights + m.KVUsed + m.KVFree + m.Activations + m.Runtime + m.Unusable
		if d := sum - m.Capacity; d > 1e-6*m.Capacity || d < -1e-6*m.Capacity {
			t.Errorf("%s: parts sum to %v of %v", o.GPU.ID, sum, m.Capacity)
		}
		if title := memoryChart(&o, 400, true).Title; !strings.HasSuffix(title, units.Sig(m.Capacity/(1<<30), 3)+" GiB") {
			t.Errorf("in GiB: %s", title)
		}
		if svg := memoryChart(&o, 400, false).Markup(); !strings.Contains(svg, "<svg") || strings.Contains(svg, "NaN") {
			t.Errorf("%s: bad drawing", o.GPU.ID)
		}
	}
}

func TestCSV(t *testing.T) {
	s := NewSizing(testCatalog(t), "")
	v := showing(s, handmade(t, s))
	records, err := csv.NewReader(strings.NewReader(tableCSV(v.s))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 3 {
		t.Fatalf("%d records, want a header and two rows", len(records))
	}
	at := map[string]int{}
	for i, h := range records[0] {
		at[h] = i
	}
	if got := records[1][at["usd_month"]] + " " + records[1][at["gpus"]] + " " + records[1][at["ttft_p95_s"]]; got != "7300 4 2.4" {
		t.Errorf("first row %q", got)
	}
	if got := records[2][at["usd_month"]] + records[2][at["kw"]]; got != "" {
		t.Errorf("unknown price and power read %q, want empty cells", got)
	}
}

func TestCustomGPU(t *testing.T) {
	item, name, faults := gpuItem(map[string]string{"gpu-name": "My GPU", "gpu-mem": "96", "gpu-bw": "4,000", "gpu-flops": "800", "gpu-watts": "450"})
	if len(faults) > 0 || name != "My GPU" {
		t.Fatalf("faults %v, name %q", faults, name)
	}
	g, err := catalog.ParseCustomGPU(item)
	if err != nil || g.MemoryBytes != 96e9 || g.TDPWatts != 450 {
		t.Errorf("%q reads as %+v, %v", item, g, err)
	}
	s := NewSizing(testCatalog(t), "g=h100-sxm")
	s.Edit("", func(st *state) { addCustomGPU(st, item) })
	if len(s.Req.GPUs) != 2 || !s.Req.GPUs[1].GPU.Custom {
		t.Errorf("the own accelerator is not considered: %+v", s.Req.GPUs)
	}
	_, _, faults = gpuItem(map[string]string{"gpu-mem": "lots", "gpu-bw": "0", "gpu-flops": ""})
	for id, want := range map[string]string{"gpu-mem": "lots", "gpu-bw": "out of range", "gpu-flops": "Needed"} {
		if !strings.Contains(faults[id], want) {
			t.Errorf("%s: %q, want it to name %q", id, faults[id], want)
		}
	}
}

func TestCustomModel(t *testing.T) {
	const config = `{"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":4096,"intermediate_size":14336,"num_attention_heads":32,
"num_hidden_layers":32,"num_key_value_heads":8,"vocab_size":128256,"max_position_embeddings":131072,"torch_dtype":"bfloat16"}`
	s := NewSizing(testCatalog(t), "")
	m, err := s.readModel("my llama", config)
	if err != nil {
		t.Fatal(err)
	}
	s.Edit("", m.into)
	if s.Req.Model == nil || !s.Req.Model.Custom || s.Req.Model.Layers != 32 {
		t.Errorf("model %+v", s.Req.Model)
	}
	again := NewSizing(testCatalog(t), s.Link())
	if again.Req.Model.KVHeads != 8 || len(again.Notes) > 0 {
		t.Errorf("from the link: %+v, %v", again.Req.Model, again.Notes)
	}
	for _, bad := range []string{"", "{", `{"model_type":"nope"}`, "null", "[]"} {
		if _, err := s.readModel("x", bad); err == nil || len(err.Error()) < 10 {
			t.Errorf("config %q: error %v, want a message", bad, err)
		}
	}
}

func FuzzFieldRead(f *testing.F) {
	for _, text := range []string{"5k", "off", "0.5s", "1.5M/day", "2,500", "-1", "1e400", "％", ""} {
		f.Add("in", text)
		f.Add("ttft", text)
	}
	f.Fuzz(func(t *testing.T, id, text string) {
		fd, ok := fields[id]
		if !ok {
			return
		}
		x, err := fd.read(text)
		if err == nil && x == x && (x < fd.lo || x > fd.hi) {
			t.Errorf("%s.read(%q) = %v, outside %v to %v", id, text, x, fd.lo, fd.hi)
		}
	})
}
