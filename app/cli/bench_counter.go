//go:build !js

package cli

import (
	"fleetsize/app/vocab"
	"fleetsize/calc/bench"
)

// benchCounter counts tokens of prompts and answers: exactly, or by characters
// where the vocabulary cannot be read.
func benchCounter() bench.Counter {
	e, err := vocab.Load()
	if err != nil {
		return bench.CharsPerToken{}
	}
	return e
}
