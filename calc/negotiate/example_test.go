package negotiate_test

import (
	"fmt"

	"fleetsize/calc/negotiate"
)

// A curve never says anything about what was not computed.
func ExampleCurve_At() {
	speed := []float64{20, 50, 120}
	output := []float64{3000, 1800, 400}
	c := negotiate.NewCurve(speed, output)
	for _, x := range []float64{20, 80, 150} {
		if y, ok := c.At(x); ok {
			fmt.Printf("%.0f tok/s per user: %.0f tok/s per GPU\n", x, y)
		} else {
			fmt.Printf("%.0f tok/s per user: not computed\n", x)
		}
	}
	// Output:
	// 20 tok/s per user: 3000 tok/s per GPU
	// 80 tok/s per user: 1020 tok/s per GPU
	// 150 tok/s per user: not computed
}
