package catalog

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParseCustomGPU(t *testing.T) {
	g, err := ParseCustomGPU("mygpu:mem96:bw4000:bf16-800:fp8-1600:w450:ln450:dom4:px2.5")
	if err != nil {
		t.Fatal(err)
	}
	if g.ID != "mygpu" || g.MemoryBytes != 96e9 || g.BandwidthBytesPerS != 4e12 || g.DenseFLOPS.BF16 != 8e14 ||
		g.DenseFLOPS.FP8 != 1.6e15 || g.TDPWatts != 450 || g.LinkBytesPerS != 450e9 || g.LinkDomain != 4 ||
		g.Rent.USD != 2.5 || !g.Custom || !g.UsableEstimated {
		t.Errorf("got %+v", g)
	}
	if got := g.UsableBytes / (96 * gib); got != usableShare {
		t.Errorf("usable share %v", got)
	}
	plain, err := ParseCustomGPU("x:mem24:bw600:bf16-125")
	if err != nil || plain.LinkDomain != 1 || plain.LinkBytesPerS != 0 || plain.Rent != nil || plain.PCIeBytesPerS != 31.5e9 || plain.GPUsPerNode < 1 {
		t.Errorf("plain: %+v, %v", plain, err)
	}
}

func TestParseCustomGPUErrors(t *testing.T) {
	for item, want := range map[string]string{
		"":                                     "write a name",
		"mygpu":                                "for example",
		":mem96:bw4000:bf16-800":               "write a name",
		"g:bw4000:bf16-800":                    "memory 0 is outside",
		"g:mem96:bf16-800":                     "memory bandwidth 0 is outside",
		"g:mem96:bw4000":                       "16-bit rate 0 is outside",
		"g:mem96:bw3.35:bf16-800:bw2":          `"bw" comes twice`,
		"g:mem96:bw4000:bf16-800:zz1":          `"zz1" is not known`,
		"g:mem96:bw4000:bf16-x":                `"bf16-x" is not known`,
		"g:mem1e9:bw4000:bf16-800":             "memory 1e+09 is outside",
		"g:mem96:bw4000:bf16-800:dom2.5":       "whole number of GPUs",
		"g:mem96:bw4000:bf16-800:w-5":          "not known",
		"g:memNaN:bw4000:bf16-800":             "not known",
		"g:" + strings.Repeat("mem96:", 200):   "longer than",
		"g:mem96:bw4000:bf16-800:ln9999999999": "link rate",
	} {
		if g, err := ParseCustomGPU(item); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseCustomGPU(%q) = %v, %v; want an error with %q", clip(item), g, err, want)
		}
	}
}

// TestCustomGPUOfCatalog writes every catalog GPU with a 16-bit rate in the
// compact form and expects the same numbers back.
func TestCustomGPUOfCatalog(t *testing.T) {
	n := 0
	for _, g := range load(t).GPUs {
		if g.HalfFLOPS() == 0 {
			continue
		}
		n++
		b, err := ParseCustomGPU(g.LinkItem())
		if err != nil {
			t.Errorf("%s: %s: %v", g.ID, g.LinkItem(), err)
			continue
		}
		for what, q := range map[string][2]float64{
			"memory": {b.MemoryBytes, g.MemoryBytes}, "bandwidth": {b.BandwidthBytesPerS, g.BandwidthBytesPerS},
			"16-bit": {b.HalfFLOPS(), g.HalfFLOPS()}, "fp8": {b.DenseFLOPS.FP8, g.DenseFLOPS.FP8},
			"link": {b.LinkBytesPerS, g.LinkBytesPerS}, "domain": {float64(b.LinkDomain), float64(g.LinkDomain)},
		} {
			if math.Abs(q[0]-q[1]) > 1e-9*q[1] {
				t.Errorf("%s: %s %v, want %v (%s)", g.ID, what, q[0], q[1], g.LinkItem())
			}
		}
		if b.LinkItem() != g.LinkItem() && g.PCIeBytesPerS > 0 {
			t.Errorf("%s: %s became %s", g.ID, g.LinkItem(), b.LinkItem())
		}
	}
	if n < 55 {
		t.Errorf("only %d GPUs tried", n)
	}
}

func TestParseCustomModel(t *testing.T) {
	c := load(t)
	want, _ := c.Model("llama-3-1-8b")
	m, err := ParseCustomModel("mymodel:l32:d4096:h32:kv8:hd128:ff14336:v128256:ctx131072")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m.Work(), want.Work()) || m.ID != "mymodel" || m.MaxContext != 131072 || m.Native != (Weights{BF16, BF16}) {
		t.Errorf("got %+v", m)
	}
	want, _ = c.Model("mixtral-8x7b")
	m, err = ParseCustomModel("mix:l32:d4096:h32:kv8:v32000:ctx32768:e8:k2:ef14336:q-fp8")
	if err != nil || !reflect.DeepEqual(m.Work(), want.Work()) || m.Native != (Weights{FP8, FP8}) {
		t.Errorf("mixtral: %+v, %v", m, err)
	}
}

// TestModelLinkItem writes every catalog model: what comes back has the same
// work, what does not fit says so.
func TestModelLinkItem(t *testing.T) {
	fits := 0
	for _, m := range load(t).Models {
		text, err := m.LinkItem()
		plain := m.Attention.Linear == nil && m.Attention.Mamba == nil && m.Attention.Compressed == nil &&
			m.Attention.Indexer == nil && m.Attention.Global == nil && m.Extra.Blocks == nil
		if err != nil {
			if plain && m.Class == ClassGenerative && m.Extra.OtherParams == 0 && m.Extra.Positions == 0 && !m.Extra.LMHeadBias {
				t.Errorf("%s does not fit: %v", m.ID, err)
			}
			if !strings.Contains(err.Error(), "does not fit into a link") {
				t.Errorf("%s: %v", m.ID, err)
			}
			continue
		}
		fits++
		back, err := ParseCustomModel(text)
		if err != nil || !reflect.DeepEqual(back.Work(), m.Work()) {
			t.Errorf("%s: %s: %v", m.ID, text, err)
		}
		if again, _ := back.LinkItem(); again != text {
			t.Errorf("%s: %s became %s", m.ID, text, again)
		}
		if len(text) > 160 {
			t.Errorf("%s takes %d characters: %s", m.ID, len(text), text)
		}
	}
	if fits < 80 {
		t.Errorf("only %d models fit", fits)
	}
}

func TestParseCustomModelErrors(t *testing.T) {
	const ok = "m:l32:d4096:h32:ff14336:v128256:ctx8192"
	if _, err := ParseCustomModel(ok); err != nil {
		t.Fatal(err)
	}
	for item, want := range map[string]string{
		"m":                               "for example",
		"m:l32:d4096:h32:ff1:v128256":     `"ctx" is missing`,
		"m:d4096:h32:ff1:v128256:ctx8192": `"l" is missing`,
		"m:l32:d4096:h32:v128256:ctx8192": "FFN width",
		ok + ":kv7":                       "not a multiple",
		ok + ":q-fp3":                     "unknown precision",
		ok + ":q-fp8:q-fp8":               "comes twice",
		ok + ":tied:tied":                 `"tied" comes twice`,
		ok + ":e8:ef100":                  "0 experts per token",
		ok + ":e8:k9:ef100":               "9 experts per token",
		ok + ":e8:k2:ef100:dl32":          "no layer for the experts",
		ok + ":sl40:win128":               "at most 32 layers",
		ok + ":sl4":                       "needs win",
		ok + ":mats5":                     "mats must be 2 or 3",
		ok + ":hd1.5":                     "whole number",
		"m:l1e9:d4096:h32:ff1:v1:ctx1":    "layers 1000000000",
		"m:l1e300:d4096:h32:ff1:v1:ctx1":  "whole number up to",
		"m:l1000:d131072:h32:e32768:k1:ef4194304:v1:ctx1": "parameters",
	} {
		if m, err := ParseCustomModel(item); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseCustomModel(%q) = %v, %v; want an error with %q", item, m, err, want)
		}
	}
}

// FuzzCustomGPU: what is accepted is written back and read as the same GPU.
func FuzzCustomGPU(f *testing.F) {
	f.Add("mygpu:mem96:bw4000:bf16-800:w450")
	f.Add("mygpu:mem96:bw4000:bf16-800:fp8-1600:fp4-3200:w450:ln450:dom8:pc63:px2.5")
	f.Add("A b.c_d:mem1.5:bw2e3:bf16-.5")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseCustomGPU(text)
		if err != nil {
			return
		}
		once := g.LinkItem()
		b, err := ParseCustomGPU(once)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, once, err)
		}
		if twice := b.LinkItem(); twice != once {
			t.Errorf("%q became %q, then %q", text, once, twice)
		}
		if f, _, ok := g.Compute(BF16); !ok || !(f > 0) || g.LinkDomain < 1 || !(g.UsableBytes > 0) {
			t.Errorf("%q: %+v", text, g)
		}
	})
}

// FuzzCustomModel: what is accepted is sane and written back as itself.
func FuzzCustomModel(f *testing.F) {
	f.Add("mymodel:l32:d4096:h32:kv8:hd128:ff14336:v128256:ctx131072")
	f.Add("m:l36:d2880:h64:kv8:hd64:v201088:ctx131072:sl18:win128:e128:k4:ef2880:rb:eb:qb:ob:snk:q-bf16:qe-mxfp4")
	f.Add("m:l61:d7168:h128:ff18432:v129280:ctx163840:kr512:qr1536:rp64:np128:vh128:e256:k8:ef2048:sh1:dl3:q-fp8")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseCustomModel(text)
		if err != nil {
			return
		}
		sane(t, m)
		once, err := m.LinkItem()
		if err != nil {
			t.Fatalf("%q does not fit: %v", text, err)
		}
		b, err := ParseCustomModel(once)
		if err != nil {
			t.Fatalf("%q became %q: %v", text, once, err)
		}
		if twice, err := b.LinkItem(); err != nil || twice != once {
			t.Errorf("%q became %q, then %q, %v", text, once, twice, err)
		}
	})
}
