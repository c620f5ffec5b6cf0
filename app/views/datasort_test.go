package views

import (
	"slices"
	"testing"
)

func TestOrdered(t *testing.T) {
	columns := []dataColumn[float64]{
		{"much", "", false, func(x float64) float64 { return x }},
		{"little", "", true, func(x float64) float64 { return x }},
	}
	list := []float64{3, 0, 7, 1, 0, 5}
	for sort, want := range map[string][]float64{
		"":       {3, 0, 7, 1, 0, 5},
		"much":   {7, 5, 3, 1, 0, 0},
		"little": {1, 3, 5, 7, 0, 0},
		"gone":   {3, 0, 7, 1, 0, 5},
	} {
		if got := ordered(&dataState{sort: sort}, columns, list); !slices.Equal(got, want) {
			t.Errorf("by %q: %v, want %v", sort, got, want)
		}
	}
	if list[0] != 3 {
		t.Error("the list itself was sorted")
	}
}
