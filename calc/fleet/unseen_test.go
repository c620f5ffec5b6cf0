package fleet

import (
	"strings"
	"testing"

	"fleetsize/calc/step"
)

// Attention that no measured row has is carried over, not calibrated: MLA,
// sparse and linear attention, Mamba. Plain attention, in windows too, stays
// calibrated, and so does whatever a fit has seen.
func TestUnseenAttentionIsNotCalibrated(t *testing.T) {
	r := worked(t)
	g, _ := r.Catalog.GPU("h200-sxm-141gb")
	p := r.Engine.ProfileFor(g, "")
	for id, want := range map[string]Confidence{
		"llama-3-1-8b": Calibrated, "llama-3-3-70b": Calibrated, "gpt-oss-120b": Calibrated, "gemma-3-27b": Calibrated, "qwen3-235b-a22b": Calibrated,
		"deepseek-v3": Estimated, "deepseek-v3-2": Estimated, "deepseek-v4-flash": Estimated, "kimi-k2-thinking": Estimated,
		"qwen3-next-80b-a3b": Estimated, "nemotron-nano-9b-v2": Estimated, "minimax-m3": Estimated,
	} {
		m, ok := r.Catalog.Model(id)
		if !ok {
			t.Fatal(id)
		}
		tier, bands := ModeBands(p, g, Layout{TP: 8, PP: 1}, step.Speculation{}, Unseen(p, m))
		_, plain := Bands(p, g)
		if tier != want || want == Estimated && !(bands.Rate >= carriedBands.Rate && bands.Rate >= plain.Rate) || want == Calibrated && bands != plain {
			t.Errorf("%s: %s with %+v, want %s; the profile has %+v", id, tier, bands, want, plain)
		}
		fitted := *p
		fitted.Seen.Add(1000, 500, 8, m, m.Native)
		if tier, _ := ModeBands(&fitted, g, Layout{TP: 8, PP: 1}, step.Speculation{}, Unseen(&fitted, m)); tier != Calibrated {
			t.Errorf("%s: %s after a fit to its own rows", id, tier)
		}
	}
	q := r
	q.Model, _ = r.Catalog.Model("deepseek-v3")
	var e Estimator
	o, x := e.On(q, g, true)
	if o == nil {
		t.Fatal(x.Text)
	}
	said := ""
	for _, w := range o.Warnings {
		if w.Code == "attention" {
			said = w.Text
		}
	}
	if o.Tier != Estimated || o.Unseen == "" || !strings.Contains(said, "latent attention (MLA)") || o.RateRange.High < 1.85*o.RateRange.Low {
		t.Errorf("DeepSeek-V3: %s, %q, %q, %+v", o.Tier, o.Unseen, said, o.RateRange)
	}
}
