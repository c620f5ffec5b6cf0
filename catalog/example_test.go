package catalog_test

import (
	"fmt"
	"log"

	"fleetsize/catalog"
)

func ExampleModel_Work() {
	c, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	m, _ := c.Model("meta-llama/Llama-3.1-8B-Instruct")
	w := m.Work()
	fmt.Printf("%s: %.2f B parameters, %.0f KV bytes per token at 16 bit\n", m.Name, w.TotalParams/1e9, w.KVElems*catalog.BF16.Bytes())
	fmt.Printf("FP8 weights: %.1f GB\n", m.WeightBytes(m.Resolve(catalog.FP8))/1e9)
	// Output:
	// Llama 3.1 8B Instruct: 8.03 B parameters, 131072 KV bytes per token at 16 bit
	// FP8 weights: 9.1 GB
}

func ExampleModelFromConfig() {
	_, err := catalog.ModelFromConfig("My model", []byte(`{
		"model_type": "llama", "hidden_size": 4096, "num_attention_heads": 32,
		"intermediate_size": 14336, "vocab_size": 128256, "max_position_embeddings": 131072
	}`))
	fmt.Println(err)
	// Output:
	// config.json: "num_hidden_layers" (or "n_layer", "n_layers", "num_layers") is missing: add it, or paste the whole config.json of the model
}

func ExampleParseCustomGPU() {
	g, err := catalog.ParseCustomGPU("mygpu:mem96:bw4000:bf16-800:w450")
	if err != nil {
		log.Fatal(err)
	}
	flops, native, ok := g.Compute(catalog.FP8)
	fmt.Printf("%.0f TFLOPS, native %v, runs %v\n", flops/1e12, native, ok)
	fmt.Println(g.LinkItem())
	// Output:
	// 800 TFLOPS, native false, runs true
	// mygpu:mem96:bw4000:bf16-800:w450
}

func ExampleCatalog_SearchModels() {
	c, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range c.SearchModels("llama 70b", 3) {
		fmt.Println(m.Name)
	}
	// Output:
	// Llama 3.3 70B Instruct
	// Llama 3.1 70B Instruct
	// Llama 3.1 Nemotron 70B Instruct
}

func ExampleEngine_SchedulerFor() {
	c, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	e, _ := c.Engine("vllm")
	for _, id := range []string{"h100-sxm", "a100-sxm"} {
		g, _ := c.GPU(id)
		s := e.SchedulerFor(g, "", "llama-3-1-8b", 1)
		fmt.Println(g.Short, s.TokenBudget, s.MaxSequences)
	}
	// Output:
	// H100 SXM 8192 1024
	// A100 80 SXM 2048 256
}
