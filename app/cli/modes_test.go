//go:build !js

package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

func document(t *testing.T, args ...string) map[string]any {
	t.Helper()
	code, out, stderr := run("", args...)
	var doc map[string]any
	if err := json.Unmarshal([]byte(out), &doc); code != 0 || err != nil {
		t.Fatalf("%q: code %d, %v, %s", args, code, err, stderr)
	}
	return doc
}

// Speculative decoding, disaggregation, expert and attention data parallelism
// reach the answers of both verbs.
func TestModes(t *testing.T) {
	const base = "m=llama-3.1-8b&g=h100-sxm&in=2000&out=300"
	itl := func(link string) float64 {
		return document(t, "estimate", "-json", link)["itl_ms"].(map[string]any)["mean"].(float64)
	}
	if plain, fast := itl(base+"&flight=4"), itl(base+"&flight=4&spec=3:2.5"); !(fast < 0.75*plain) {
		t.Errorf("time per token %g ms with speculation, %g without", fast, plain)
	}
	for _, c := range []struct {
		link, layout string
		gpus         float64
		warning      string
	}{
		{base + "&rps=3&pd=2:1", "P2×TP1 + D1×TP1", 3, "disaggregated"},
		{base + "&flight=30&pd=1:2&tp=2", "P1×TP2 + D2×TP2", 6, "disaggregated"},
		{base + "&rps=3&spec=3:2.1", "TP1", 1, "speculation"},
		{base + "&rps=3&ep=8", "TP1", 1, "no_experts"},
		{"m=gpt-oss-120b&g=h100-sxm&in=2000&out=300&rps=2&ep=4", "TP4 EP4", 4, "expert_parallel"},
		{"m=deepseek-v3&g=b200&in=2000&out=300&rps=2&ep=8&dp=8", "TP8 EP8 DP8", 8, "attention_dp"},
	} {
		doc := document(t, "estimate", "-json", c.link)
		if doc["layout"] != c.layout || doc["gpus"] != c.gpus {
			t.Errorf("%s: %v on %v GPUs, want %s on %v", c.link, doc["layout"], doc["gpus"], c.layout, c.gpus)
		}
		if b, _ := json.Marshal(doc["warnings"]); !strings.Contains(string(b), `"`+c.warning+`"`) {
			t.Errorf("%s: warnings %s, want %s", c.link, b, c.warning)
		}
		if tier := doc["tier"]; tier == "calibrated" && c.warning != "no_experts" && c.warning != "expert_parallel" {
			t.Errorf("%s: %v, but nothing like it was measured", c.link, tier)
		}
		sum, capacity := 0.0, 0.0
		for k, v := range doc["memory_bytes"].(map[string]any) {
			if k == "capacity" {
				capacity = v.(float64)
			} else {
				sum += v.(float64)
			}
		}
		if sum != capacity {
			t.Errorf("%s: memory parts sum to %g of %g", c.link, sum, capacity)
		}
	}

	doc := document(t, "size", "-json", base+"&rps=20&ttft=2s&pd=auto")
	option := doc["options"].([]any)[0].(map[string]any)
	if l := option["layout"].(string); !strings.HasPrefix(l, "P") || !strings.Contains(l, " + D") {
		t.Errorf("pd=auto is answered with %s", l)
	}

	for _, c := range []struct{ link, text string }{
		{base + "&flight=30&rounds=4&pd=1:1", "rounds"},
		{"m=gpt-oss-120b&g=h100-sxm&in=2000&out=300&rps=2&ep=3", "ep"},
		{"m=gpt-oss-120b&g=h100-sxm&in=2000&out=300&rps=2&tp=4&dp=8", "dp"},
		{base + "&rps=3&spec=3:9", "spec"},
		{base + "&rps=3&pd=1", "pd"},
	} {
		if code, _, stderr := run("", "estimate", c.link); code != exitUsage || !strings.Contains(stderr, c.text) {
			t.Errorf("%s: code %d, %q, want it to name %s", c.link, code, stderr, c.text)
		}
	}
}
