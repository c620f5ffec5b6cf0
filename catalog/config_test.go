package catalog

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// configFiles are config.json files as published, shortened to the fields that
// matter, each named after the catalog entry it must agree with.
func configFiles(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/configs/*.json")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d config files, %v", len(paths), err)
	}
	out := map[string][]byte{}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(p), ".json")] = data
	}
	return out
}

// TestConfigAgreesWithCatalog reads each file and expects exactly the work,
// context and cache of the catalog's own entry.
func TestConfigAgreesWithCatalog(t *testing.T) {
	c := load(t)
	for id, data := range configFiles(t) {
		want, ok := c.Model(id)
		if !ok {
			t.Errorf("%s: no such catalog entry", id)
			continue
		}
		m, err := ModelFromConfig("My "+want.Name, data)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if !m.Custom || m.Name != "My "+want.Name || m.ID == "" {
			t.Errorf("%s: custom %v, name %q, id %q", id, m.Custom, m.Name, m.ID)
		}
		if m.MaxContext != want.MaxContext {
			t.Errorf("%s: context %d, want %d", id, m.MaxContext, want.MaxContext)
		}
		if got, want := m.Work(), want.Work(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: work\n%+v, want\n%+v", id, got, want)
		}
		if m.Attention.Type != want.Attention.Type {
			t.Errorf("%s: attention %s, want %s", id, m.Attention.Type, want.Attention.Type)
		}
		if got, want := m.Native.Experts.Bits(), want.Native.Experts.Bits(); got != want {
			t.Errorf("%s: native %v, want %d bits", id, m.Native, want)
		}
	}
}

// edit replaces one piece of a config file.
func edit(data []byte, old, new string) []byte {
	return []byte(strings.Replace(string(data), old, new, 1))
}

func TestConfigErrorsNameTheField(t *testing.T) {
	files := configFiles(t)
	llama, moe, nemotron := files["llama-3-1-8b"], files["qwen3-30b-a3b"], files["nemotron-h-8b"]
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"empty", nil, "config.json is empty"},
		{"not JSON", []byte("model_type: llama"), "not valid JSON at line 1"},
		{"a list", []byte("[]"), "config.json"},
		{"null", []byte("null"), "one object"},
		{"empty object", []byte("{}"), `"model_type"`},
		{"unknown type", edit(llama, `"llama"`, `"ostrich"`), `"ostrich" is not known`},
		{"encoder", edit(llama, `"llama"`, `"bert"`), "does not generate text"},
		{"no layers", edit(llama, `"num_hidden_layers": 32,`, ``), `"num_hidden_layers"`},
		{"no vocabulary", edit(llama, `"vocab_size": 128256`, `"x": 1`), `"vocab_size" is missing`},
		{"no context", edit(llama, `"max_position_embeddings": 131072,`, ``), `"max_position_embeddings"`},
		{"no FFN", edit(llama, `"intermediate_size": 14336,`, ``), `"intermediate_size"`},
		{"text for a number", edit(llama, `"hidden_size": 4096`, `"hidden_size": "4096"`), `"hidden_size" is "4096"`},
		{"fraction", edit(llama, `"hidden_size": 4096`, `"hidden_size": 4096.5`), `"hidden_size" is 4096.5`},
		{"negative", edit(llama, `"hidden_size": 4096`, `"hidden_size": -1`), `"hidden_size" is -1`},
		{"a billion layers", edit(llama, `"num_hidden_layers": 32`, `"num_hidden_layers": 1e9`), "layers 1000000000"},
		{"overflow", edit(llama, `"num_hidden_layers": 32`, `"num_hidden_layers": 1e300`), `"num_hidden_layers" is 1e+300`},
		{"flag", edit(llama, `"tie_word_embeddings": false`, `"tie_word_embeddings": "no"`), `"tie_word_embeddings" is "no"`},
		{"heads", edit(llama, `"num_key_value_heads": 8`, `"num_key_value_heads": 7`), "not a multiple of 7 KV heads"},
		{"dtype", edit(llama, `"bfloat16"`, `"int3"`), `"torch_dtype" is "int3"`},
		{"no top-k", edit(moe, `"num_experts_per_tok": 8,`, ``), `"num_experts_per_tok"`},
		{"top-k", edit(moe, `"num_experts_per_tok": 8`, `"num_experts_per_tok": 999`), "999 experts per token"},
		{"no expert width", edit(moe, `"moe_intermediate_size": 768,`, ``), `"moe_intermediate_size" is missing`},
		{"pattern letters", edit(nemotron, `M-M`, `MXM`), "letters M, *, - and E"},
		{"pattern length", edit(nemotron, `M-M`, `M-`), `"hybrid_override_pattern" has 51 letters`},
		{"layer kinds", edit(files["gpt-oss-120b"], `"sliding_attention"`, `"odd_attention"`), `"odd_attention"`},
		{"layer count", edit(files["gpt-oss-120b"], `"num_hidden_layers": 36`, `"num_hidden_layers": 35`), `"layer_types" lists 36 layers`},
		{"quantization", edit(files["deepseek-v3"], `"quant_method": "fp8"`, `"quant_method": "q7"`), `"quant_method" "q7"`},
		{"per-layer input", edit(files["gemma-4-31b"], `"num_kv_shared_layers": 0`, `"num_kv_shared_layers": 20`), `"num_kv_shared_layers"`},
		{"deep", []byte(strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500)), "nested"},
	} {
		m, err := ModelFromConfig("x", c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want an error with %q", c.what, m, err, c.want)
		}
	}
}

func TestConfigReadsPrecision(t *testing.T) {
	llama := configFiles(t)["llama-3-1-8b"]
	for _, c := range []struct {
		quant string
		want  Weights
	}{
		{`"quant_method": "fp8", "weight_block_size": [128, 128]`, Weights{FP8Block, FP8Block}},
		{`"quant_method": "fbgemm_fp8"`, Weights{FP8, FP8}},
		{`"quant_method": "awq", "bits": 4`, Weights{INT4, INT4}},
		{`"quant_method": "gptq", "bits": 8`, Weights{INT8, INT8}},
		{`"quant_method": "bitsandbytes", "load_in_8bit": true`, Weights{INT8, INT8}},
		{`"quant_method": "modelopt", "quant_algo": "NVFP4"`, Weights{NVFP4, NVFP4}},
		{`"quant_method": "mxfp4"`, Weights{BF16, MXFP4}},
		{`"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "float"}}}`, Weights{FP8, FP8}},
		{`"quant_method": "compressed-tensors", "ignore": ["re:.*self_attn.*"], "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}}}`, Weights{BF16, INT4}},
	} {
		m, err := ModelFromConfig("", edit(llama, `"model_type"`, `"quantization_config": {`+c.quant+`}, "model_type"`))
		if err != nil || m.Native != c.want {
			t.Errorf("%s: %v, %v; want %v", c.quant, m, err, c.want)
		}
	}
}

// FuzzModelFromConfig feeds broken files: either an error, or a model within
// bounds whose work is finite.
func FuzzModelFromConfig(f *testing.F) {
	for _, data := range configFiles(f) {
		if len(data) < 4000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ModelFromConfig("fuzz", data)
		if err != nil {
			return
		}
		sane(t, m)
	})
}

// sane fails when a model that was accepted has impossible work.
func sane(t *testing.T, m *Model) {
	t.Helper()
	w := m.Work()
	for what, v := range map[string]float64{
		"total": w.TotalParams, "FLOP": w.LinearFLOP, "bytes": m.WeightBytes(m.Native),
		"layers": float64(w.Layers), "shards": float64(w.KVShards),
	} {
		if !(v > 0 && v < 1e21) {
			t.Errorf("%s = %v of %+v", what, v, m)
		}
	}
	for what, v := range map[string]float64{
		"KV": w.KVElems, "state": w.StateBytes, "pair": w.PrefillPairFLOP, "experts": w.ExpertParams,
	} {
		if !(v >= 0 && v < 1e21) {
			t.Errorf("%s = %v of %+v", what, v, m)
		}
	}
	if w.ActiveExpertParams > w.ExpertParams {
		t.Errorf("active experts %v of %v", w.ActiveExpertParams, w.ExpertParams)
	}
}
