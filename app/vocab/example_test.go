//go:build !js

package vocab_test

import (
	"fmt"

	"fleetsize/app/vocab"
)

func ExampleLoad() {
	e, err := vocab.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Count("How many tokens is this?"), e.Count("お誕生日おめでとう"))
	// Output: 6 8
}
