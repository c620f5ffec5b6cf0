package importer_test

import (
	"fmt"
	"log"

	"fleetsize/calc/importer"
)

// The format is told by the content.
func ExampleRead() {
	f, err := importer.Read([]byte(`{
		"backend": "vllm", "model_id": "meta-llama/Llama-3.1-8B-Instruct", "num_prompts": 100, "completed": 100,
		"max_concurrency": 16, "total_input_tokens": 100000, "total_output_tokens": 20000, "duration": 25.0,
		"request_throughput": 4.0, "output_throughput": 800.0, "mean_ttft_ms": 95.0, "mean_tpot_ms": 18.5
	}`))
	if err != nil {
		log.Fatal(err)
	}
	r := f.Table.Rows[0]
	fmt.Println(f.Format, r.Model, r.Input, "in", r.Output, "out,", r.Concurrency, "in flight")
	// Output:
	// vllm meta-llama/Llama-3.1-8B-Instruct 1000 in 200 out, 16 in flight
}
