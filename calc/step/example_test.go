package step_test

import (
	"fmt"
	"log"

	"fleetsize/calc/step"
	"fleetsize/catalog"
)

// A step that gives 64 running requests of 5,000 tokens their next token: what
// it reads does not depend on efficiencies.
func ExampleCost_Breakdown() {
	cat, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	model, _ := cat.Model("llama-3.1-8b")
	gpu, _ := cat.GPU("h100-sxm")
	engine, _ := cat.Engine("vllm")
	cost, err := step.New(step.Replica{Model: model, GPU: gpu, Engine: engine, TP: 1, PP: 1, KV: catalog.BF16})
	if err != nil {
		log.Fatal(err)
	}
	b := cost.Breakdown(step.Batch{Decoding: 64, Context: 64 * 5000})
	fmt.Printf("weights %.1f GB, KV cache %.1f GB\n", b.WeightBytes/1e9, b.KVReadBytes/1e9)
	fmt.Println("the cache takes longer to read than the weights:", b.KVRead > b.WeightRead)
	// Output:
	// weights 15.0 GB, KV cache 41.9 GB
	// the cache takes longer to read than the weights: true
}
