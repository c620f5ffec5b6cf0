package tokens_test

import (
	"fmt"

	"fleetsize/calc/tokens"
)

// A model that needs 1,200 of its own tokens for a text of 1,000 OpenAI tokens
// streams 60 tok/s.
func ExampleNormalize() {
	speed, _ := tokens.Normalize(60, 1200, 1000)
	over, _ := tokens.Overstatement(1200, 1000)
	fmt.Printf("%.0f tok/s in OpenAI tokens, overstated by %.0f %%\n", speed, 100*over)
	// Output: 50 tok/s in OpenAI tokens, overstated by 20 %
}
