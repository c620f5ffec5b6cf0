package wire

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/serve"
	"fleetsize/calc/step"
	"fleetsize/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file under testdata and leaves what it got beside it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		_ = os.WriteFile(path+".got", got, 0o644)
		t.Errorf("%s differs; compare with %s.got, and run with -update if the change is meant", path, path)
	}
}

// keysOf lists every path of a decoded document, lists as their first entry:
// "options.ttft_ms.mean". Null ends a path.
func keysOf(v any, prefix string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			into[prefix+k] = true
			keysOf(e, prefix+k+".", into)
		}
	case []any:
		for _, e := range v {
			keysOf(e, prefix, into)
		}
	}
}

// decode reads a document as a script would and checks that no number is one
// that JSON cannot hold and no text stands for a missing one.
func decode(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	for _, bad := range []string{`\bNaN\b`, `\bInf\b`, `: ?""`} {
		if regexp.MustCompile(bad).Match(b) {
			t.Errorf("the document contains %s", bad)
		}
	}
	return v
}

// The keys of the published contract, written out: a script relies on each.
const sizeKeys = `demand_req_s link options excluded
options.gpu options.layout options.tp options.pp options.q options.kv options.eng options.profile options.tier
options.rate_slo options.req_s_per_gpu options.replicas_needed options.replicas_spare options.replicas options.gpus options.nodes
options.ttft_ms options.ttft_ms.mean options.ttft_ms.p50 options.ttft_ms.p95 options.ttft_ms.p99
options.itl_ms options.itl_ms.mean options.itl_ms.p50 options.itl_ms.p95 options.itl_ms.p99
options.usd_per_million_output_tokens options.usd_per_million_input_tokens options.usd_per_million_total_tokens options.tok_s_per_w
options.money options.money.basis options.money.definitions options.pipeline options.growth
options.binding options.usd_month options.kw options.range options.range.gpus options.range.req_s_per_gpu options.runners_up options.warnings
excluded.gpu excluded.reason excluded.text excluded.nearest`

const estimateKeys = `model gpu tp pp q kv eng profile tier mode
ttft_ms.mean ttft_ms.p50 ttft_ms.p95 ttft_ms.p99 itl_ms.mean itl_ms.p50 itl_ms.p95 itl_ms.p99 e2e_ms.mean e2e_ms.p50 e2e_ms.p95 e2e_ms.p99
output_tok_s total_tok_s req_s req_s_per_gpu gpus running waiting
memory_bytes.weights memory_bytes.kv_used memory_bytes.kv_free memory_bytes.activations memory_bytes.runtime memory_bytes.unusable memory_bytes.capacity
binding range.ttft_ms range.itl_ms range.req_s warnings`

func hasKeys(t *testing.T, doc map[string]any, keys string) {
	t.Helper()
	found := map[string]bool{}
	keysOf(doc, "", found)
	for _, k := range strings.Fields(keys) {
		if !found[k] {
			t.Errorf("key %s is missing", k)
		}
	}
}

func oneOf(t *testing.T, what, got, words string) {
	t.Helper()
	for _, w := range strings.Fields(words) {
		if got == w {
			return
		}
	}
	t.Errorf("%s is %q, not one of %s", what, got, words)
}

// A real answer keeps the contract: every key, every enumeration, every
// accelerator in exactly one list, and the numbers of the engine.
func TestSizeOfTheCatalog(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{
		"g=h100-sxm,l40s,t4", "m=llama-3.3-70b&flight=50&g=h100-sxm,l4", "in=500k", "w=batch&m=gpt-oss-120b&q=any&g=b200",
		"m=deepseek-v3&ttft=100ms", "chunks=9&rer=bge-reranker-v2-m3&ret=20ms&grow=30&yrs=3&buy=own&api=3:15&co2=300&g=h100-sxm,h100-nvl", "m=bge-large-en-v1-5",
	} {
		s, notes := link.Parse(cat, in)
		r, _ := s.Requirement(cat)
		var e fleet.Estimator
		a := e.Preview(r)
		if strings.HasPrefix(in, "g=") || strings.HasPrefix(in, "m=llama") {
			a = e.Size(r)
		}
		b, err := Encode(Size(a, r, s, notes))
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		doc := decode(t, b)
		if len(a.Options) > 0 {
			hasKeys(t, doc, sizeKeys)
		}
		seen := map[string]int{}
		for i, v := range doc["options"].([]any) {
			o := v.(map[string]any)
			seen[o["gpu"].(string)]++
			oneOf(t, "binding", o["binding"].(string), "ttft itl e2e compute bandwidth kv_memory max_sequences front_end load")
			oneOf(t, "tier", o["tier"].(string), "measured calibrated estimated specs_only")
			if want := float64(a.Options[i].GPUs); o["gpus"] != want {
				t.Errorf("%s: %v has %v GPUs, the engine says %v", in, o["gpu"], o["gpus"], want)
			}
			if o["replicas"].(float64) != o["replicas_needed"].(float64)+o["replicas_spare"].(float64) {
				t.Errorf("%s: %v: replicas do not add up", in, o["gpu"])
			}
			if o["gpus"].(float64) != o["replicas"].(float64)*o["tp"].(float64)*o["pp"].(float64) {
				t.Errorf("%s: %v: GPUs are not replicas times layout", in, o["gpu"])
			}
		}
		for _, v := range doc["excluded"].([]any) {
			x := v.(map[string]any)
			seen[x["gpu"].(string)]++
			oneOf(t, "reason", x["reason"].(string), "memory ttft itl e2e precision context impractical not_considered no_facts")
		}
		for _, g := range cat.GPUs {
			if seen[g.ID] != 1 {
				t.Errorf("%s: %s is listed %d times", in, g.ID, seen[g.ID])
			}
		}
		if len(seen) != len(cat.GPUs) {
			t.Errorf("%s: %d accelerators listed, the catalog has %d", in, len(seen), len(cat.GPUs))
		}
	}
}

func TestEstimateOfTheCatalog(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, _ := cat.Model("llama-3.1-8b")
	gpu, _ := cat.GPU("h100-sxm")
	engine, _ := cat.Engine("vllm")
	cost, err := step.New(step.Replica{Model: model, GPU: gpu, Engine: engine, TP: 1, PP: 1})
	if err != nil {
		t.Fatal(err)
	}
	for mode, load := range map[string]serve.Load{
		"closed": {Input: 1000, Output: 200, Concurrency: 8},
		"open":   {Input: 1000, Output: 200, Rate: 2},
	} {
		o := Operating{Unit: fleet.Unit{Layout: fleet.Layout{TP: 1, PP: 1}, Cost: cost}, Load: load}
		o.Result = o.Unit.Run(load)
		o.Assess()
		b, err := Encode(Estimate(o, cat, "v=1", nil))
		if err != nil {
			t.Fatal(err)
		}
		doc := decode(t, b)
		hasKeys(t, doc, estimateKeys)
		if doc["mode"] != mode {
			t.Errorf("mode %v, want %s", doc["mode"], mode)
		}
		if got, want := doc["ttft_ms"].(map[string]any)["p95"].(float64), o.Result.TTFT.P95*1e3; got < want*0.999999 || got > want*1.000001 {
			t.Errorf("TTFT p95 %v ms, the engine says %v", got, want)
		}
		m := doc["memory_bytes"].(map[string]any)
		sum := 0.0
		for k, v := range m {
			if k != "capacity" {
				sum += v.(float64)
			}
		}
		if sum != m["capacity"] {
			t.Errorf("memory parts sum to %v, the capacity is %v", strconv.FormatFloat(sum, 'f', 0, 64), m["capacity"])
		}
		oneOf(t, "binding", doc["binding"].(string), "compute bandwidth kv_memory max_sequences front_end load")
		oneOf(t, "tier", doc["tier"].(string), "measured calibrated estimated specs_only")
		for _, k := range []string{"ttft_ms", "itl_ms", "req_s"} {
			r, ok := doc["range"].(map[string]any)[k].([]any)
			if !ok || len(r) != 2 || r[0].(float64) > r[1].(float64) {
				t.Errorf("range %s is %v", k, doc["range"])
			}
		}
	}
}
