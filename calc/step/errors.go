package step

import (
	"fmt"

	"fleetsize/catalog"
)

// MemoryError says that the weights do not fit, or leave no room for the KV
// cache.
type MemoryError struct {
	GPU         string
	GPUs        int     // of the replica
	WeightBytes float64 // over all GPUs
	ShortPerGPU float64 // bytes missing on every GPU, > 0
}

func (e *MemoryError) Error() string {
	on := e.GPU
	if e.GPUs > 1 {
		on = fmt.Sprintf("%d × %s", e.GPUs, e.GPU)
	}
	return fmt.Sprintf("the weights (%.1f GB) leave no memory for the KV cache on %s: %.1f GB per GPU short; use more GPUs per replica or fewer bits per weight",
		e.WeightBytes/1e9, on, e.ShortPerGPU/1e9)
}

// PrecisionError says that an accelerator cannot multiply with weights of a
// precision, not even by expanding them.
type PrecisionError struct {
	GPU       string
	Precision catalog.Precision
}

func (e *PrecisionError) Error() string {
	return fmt.Sprintf("%s has no kernels for %s weights; choose another precision", e.GPU, e.Precision.Label())
}

// FactError says that a figure nothing can be computed without is not known.
type FactError struct {
	GPU  string
	Fact string // e.g. "memory bandwidth"
}

func (e *FactError) Error() string {
	return fmt.Sprintf("the %s of %s is not published; enter it as a custom accelerator", e.Fact, e.GPU)
}

// checkFacts reports the first missing figure of the accelerator.
func checkFacts(r Replica) error {
	g := r.GPU
	switch {
	case !(g.UsableBytes > 0):
		return &FactError{g.Name, "usable memory"}
	case !(g.BandwidthBytesPerS > 0):
		return &FactError{g.Name, "memory bandwidth"}
	case !(g.HalfFLOPS() > 0) && !(g.DenseFLOPS.FP32 > 0):
		return &FactError{g.Name, "16-bit compute rate"}
	}
	return nil
}
