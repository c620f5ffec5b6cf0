package views

import (
	"strings"
	"testing"

	"fleetsize/calc/units"
	"fleetsize/catalog"
)

func TestDataViewRenders(t *testing.T) {
	v := studied(t, few+"&t=data&xg=mygpu:mem96:bw4000:bf16-800:w450&px=l40s:0.9")
	for _, part := range []string{"", "models", "hardware", "own"} {
		for _, open := range []string{"", "h100-sxm-80gb", "llama-3-1-8b", "deepseek-v3"} {
			v.data.part, v.data.open = part, open
			soundMarkup(t, "data "+part+" "+open, render(v))
		}
	}
}

// A table never holds more than a page of rows until more are asked for.
func TestDataTablesArePaged(t *testing.T) {
	v := studied(t, few+"&t=data")
	for _, c := range []struct{ part, attr string }{{"gpus", "data-accelerator"}, {"models", "data-catalog-model"}, {"hardware", "data-hardware"}} {
		v.data = dataState{part: c.part}
		count := func() (n int) {
			for _, e := range elements(render(v)) {
				if e.attr(c.attr) != "" {
					n++
				}
			}
			return n
		}
		if n := count(); n != pageRows {
			t.Errorf("%s: %d rows, want %d", c.part, n, pageRows)
		}
		v.data.shown = 1000
		if n := count(); n <= pageRows {
			t.Errorf("%s: only %d rows of all", c.part, n)
		}
	}
}

func TestAcceleratorFilters(t *testing.T) {
	cat := testCatalog(t)
	shown := func(d dataState) map[string]bool {
		list := map[string]bool{}
		for _, g := range cat.GPUs {
			if d.keeps(g) {
				list[g.ID] = true
			}
		}
		return list
	}
	if n := len(shown(dataState{})); n != len(cat.GPUs) {
		t.Errorf("no filter shows %d of %d", n, len(cat.GPUs))
	}
	for _, c := range []struct {
		d       dataState
		in, out string
	}{
		{dataState{query: "h100_SXM"}, "h100-sxm-80gb", "h200-sxm-141gb"},
		{dataState{query: "instinct"}, "", "h100-sxm-80gb"},
		{dataState{vendor: "AMD"}, "mi300x", "h100-sxm-80gb"},
		{dataState{memory: "100"}, "h200-sxm-141gb", "h100-sxm-80gb"},
		{dataState{memory: "80"}, "h100-sxm-80gb", "l40s"},
		{dataState{format: "fp8"}, "h100-sxm-80gb", "a100-sxm-80gb"},
		{dataState{format: "mxfp4"}, "b200-180gb", "h100-sxm-80gb"},
		{dataState{since: "2024"}, "", "t4"},
		{dataState{memory: "lots"}, "t4", ""}, // half-typed numbers hide nothing
	} {
		list := shown(c.d)
		if c.in != "" && !list[c.in] || c.out != "" && list[c.out] {
			t.Errorf("%+v: %s shown %v, %s shown %v", c.d, c.in, list[c.in], c.out, list[c.out])
		}
	}
}

// 004-4: the fewest accelerators that hold a need with 2 GB kept free on each.
func TestRecommendedAccelerators(t *testing.T) {
	cat := testCatalog(t)
	for _, need := range []float64{1e9, 16.1e9, 78e9, 141e9, 810e9} {
		list := cat.Holding(need)
		last := 0
		for _, f := range list {
			room := func(n int) float64 { return float64(n) * (f.GPU.UsableBytes - catalog.Headroom) }
			if room(f.N) < need || f.N > 1 && room(f.N/2) >= need || f.N > max(1, f.GPU.GPUsPerNode) || f.N < last {
				t.Errorf("%g GB: %d × %s after %d", need/1e9, f.N, f.GPU.ID, last)
			}
			last = f.N
		}
		if need < 100e9 && len(list) == 0 {
			t.Errorf("nothing holds %g GB", need/1e9)
		}
	}
	if list := cat.Holding(1e15); len(list) != 0 {
		t.Errorf("a server holds a petabyte: %+v", list[0])
	}
}

func TestOwnEntriesTravelInAFile(t *testing.T) {
	cat := testCatalog(t)
	s := NewSizing(cat, "xg=mygpu:mem96:bw4000:bf16-800&xm=mymodel:l32:d4096:h32:kv8:ff14336:v128256:ctx131072&px=h100-sxm:1.9,mygpu:0.5")
	fresh := NewSizing(cat, "rps=3")
	next := fresh.State
	if err := readOwn(cat, ownEntries(&s.State), &next); err != nil {
		t.Fatal(err)
	}
	if strings.Join(next.CustomGPUs, "|") != strings.Join(s.State.CustomGPUs, "|") || strings.Join(next.CustomModels, "|") != strings.Join(s.State.CustomModels, "|") || len(next.Prices) != 2 || next.Demand.ReqPerS != 3 {
		t.Errorf("came back as %+v", next)
	}
	if err := readOwn(cat, "gpu,usd\r\nH100 SXM,2.10\r\nl40s,$0.80\r\n\r\n", &next); err != nil {
		t.Fatal(err)
	}
	if r, _ := next.Requirement(cat); r.Model == nil {
		t.Error("no requirement")
	}
	got := map[string]float64{}
	for _, p := range next.Prices {
		got[p.GPU] = p.USD
	}
	if got["h100-sxm-80gb"] != 2.1 || got["l40s"] != 0.8 {
		t.Errorf("prices %v", got)
	}
	for _, c := range []struct{ file, want string }{
		{"", "gpu,usd"}, {"{", "JSON"}, {"{}", "own entries"}, {`{"fleetsize":"own entries","gpus":["x"]}`, "x"},
		{`{"fleetsize":"own entries","buy":"lease"}`, "lease"}, {`{"fleetsize":"own entries","prices":[{"gpu":"nope","usd":1}]}`, "nope"},
		{`{"fleetsize":"own entries","prices":[{"gpu":"l40s","usd":-1}]}`, "L40S"}, {"gpu,usd\nl40s,lots", "lots"}, {"gpu,usd\nl40s", "line 2"}, {"gpu,usd\n", "empty"}, {"a,b\n1,2", "gpu,usd"},
	} {
		before := clone(fresh.State)
		err := readOwn(cat, c.file, &before)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("readOwn(%q) = %v, want it to name %q", c.file, err, c.want)
		}
		if before.String() != fresh.State.String() {
			t.Errorf("readOwn(%q) changed the state in spite of its error", c.file)
		}
	}
}

func FuzzReadOwn(f *testing.F) {
	f.Add(`{"fleetsize":"own entries","gpus":["mygpu:mem96:bw4000:bf16-800"],"prices":[{"gpu":"l40s","usd":1}]}`)
	f.Add("gpu,usd\nl40s,0.8\n")
	f.Add("{")
	cat, err := loadOnce()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		st := defaults
		if err := readOwn(cat, text, &st); err != nil {
			return
		}
		again := defaults
		if err := readOwn(cat, ownEntries(&st), &again); err != nil {
			t.Fatalf("what was read does not read again: %v", err)
		}
		if again.String() != st.String() {
			t.Errorf("%q came back as %q", st.String(), again.String())
		}
	})
}

func TestTablesAsFiles(t *testing.T) {
	cat := testCatalog(t)
	for name, text := range map[string]string{"gpus": gpusCSV(cat.GPUs), "models": modelsCSV(cat.Models)} {
		lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
		want := map[string]int{"gpus": len(cat.GPUs), "models": len(cat.Models)}[name]
		if len(lines) != want+1 {
			t.Errorf("%s: %d lines, want %d", name, len(lines), want+1)
		}
		for _, bad := range []string{"NaN", "+Inf", "-Inf", "not published"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the file has %q", name, bad)
			}
		}
	}
	for _, c := range []struct{ in, want string }{{"=1+1", "'=1+1"}, {"-3", "-3"}, {"a,b", `"a,b"`}, {`say "x"`, `"say ""x"""`}, {"@cmd", "'@cmd"}} {
		if got := csvLine(c.in); got != c.want+"\r\n" {
			t.Errorf("csvLine(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// The hardware comparison takes exact figures where the sizing has them.
func TestHardwareRowsAgreeWithTheSizing(t *testing.T) {
	v := studied(t, few+"&t=data")
	rows := v.hardwareRows()
	if len(rows) != len(v.s.Catalog().GPUs) {
		t.Fatalf("%d rows of %d accelerators", len(rows), len(v.s.Catalog().GPUs))
	}
	for _, h := range rows {
		for i := range v.s.Answer.Options {
			o := &v.s.Answer.Options[i]
			if o.GPU.ID != h.GPU {
				continue
			}
			if h.Preview || h.GPUs != o.GPUs {
				t.Errorf("%s: %d GPUs, the sizing says %d", h.GPU, h.GPUs, o.GPUs)
			}
			want := o.ReqPerSPerGPU * 500
			if units.Sig(h.OutputTokPerSPerGPU, 6) != units.Sig(want, 6) {
				t.Errorf("%s: %v tok/s per GPU, want %v", h.GPU, h.OutputTokPerSPerGPU, want)
			}
			if o.Priced && units.Sig(h.TokPerUSD, 6) != units.Sig(want*3600*730*float64(o.Bill.GPUs)/o.USDPerMonth, 6) {
				t.Errorf("%s: %v tokens per USD", h.GPU, h.TokPerUSD)
			}
			if units.Sig(h.TokPerSPerRatedW, 6) != units.Sig(want/o.GPU.TDPWatts, 6) {
				t.Errorf("%s: %v tok/s per rated watt", h.GPU, h.TokPerSPerRatedW)
			}
		}
		if !h.Viable && h.Text == "" {
			t.Errorf("%s has neither an answer nor a reason", h.GPU)
		}
	}
}

func TestFactsNameTheirSources(t *testing.T) {
	v := &Page{s: NewSizing(testCatalog(t), "")}
	for _, g := range v.s.Catalog().GPUs {
		if len(g.Sources) == 0 {
			t.Errorf("%s has no source", g.ID)
		}
		for _, f := range v.gpuFacts(g) {
			if f.value != "" && f.source == "" && f.value != units.NoPrice {
				t.Errorf("%s: %s without a source", g.ID, f.name)
			}
		}
	}
	if got := shortened(strings.Repeat("é", 80)); !strings.HasSuffix(got, "…") || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("shortened to %q", got)
	}
}
