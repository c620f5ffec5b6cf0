package score_test

import (
	"fmt"
	"log"

	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// A row of measurements beside what the model says of the same run.
func ExampleRunner_Row() {
	table, _, err := measured.ParseCSV([]byte(
		"model,gpu,tp,engine,weights,kv,isl,osl,concurrency,ttft_ms,itl_ms\n" +
			"llama-3.1-8b,h100-sxm,1,vllm,bf16,bf16,1000,200,8,95,9\n"))
	if err != nil {
		log.Fatal(err)
	}
	cat, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	resolver, err := score.NewResolver(cat)
	if err != nil {
		log.Fatal(err)
	}
	var run score.Runner
	scored := run.Row(resolver, &table.Rows[0])
	fmt.Println(scored.Prediction.Tier, "by the profile", scored.Prediction.Profile.ID)
	fmt.Println("9 ms per token in the range:", scored.ITL.Inside())
	// Output:
	// calibrated by the profile vllm-inferencex
	// 9 ms per token in the range: true
}
