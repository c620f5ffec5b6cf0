package fleet_test

import (
	"fmt"
	"log"

	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// The worked example: ten requests a second of retrieval-augmented answers
// from an 8-billion-parameter model, the first token within three seconds, on
// one kind of accelerator.
func ExampleEstimator_Size() {
	cat, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	model, _ := cat.Model("llama-3.1-8b")
	engine, _ := cat.Engine("vllm")
	gpu, _ := cat.GPU("h100-sxm")

	var e fleet.Estimator
	answer := e.Size(fleet.Requirement{
		Catalog: cat, Model: model, Engine: engine,
		Workload: fleet.Workload{Input: 5000, Output: 500},
		Demand:   fleet.Demand{Kind: fleet.PerSecond, ReqPerS: 10},
		Targets:  catalog.Targets{TTFT: 3, ITL: 0.05, Percentile: "95"},
		Posture:  fleet.Posture{Utilization: 0.7, SpareReplicas: 1},
		GPUs:     []fleet.Choice{{GPU: gpu}},
	})
	for _, o := range answer.Options {
		fmt.Printf("%d × %s: %d replicas and %d spare, %v each\n", o.GPUs, o.GPU.Short, o.ReplicasNeeded, o.ReplicasSpare, o.Layout)
	}
	// Output:
	// 7 × H100 SXM: 6 replicas and 1 spare, TP1 each
}

func ExampleDemand_PeakReqPerS() {
	people := fleet.Demand{Kind: fleet.People, Users: 2500, ReqPerHour: 12, PeakFactor: 2.5}
	fmt.Printf("%.1f req/s on average, %.1f at peak\n", people.MeanReqPerS(), people.PeakReqPerS())
	// Output:
	// 8.3 req/s on average, 20.8 at peak
}
