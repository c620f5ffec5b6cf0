//go:build !js

package cli

import (
	"fleetsize/app/vocab"
	"fleetsize/calc/bench"
	"fleetsize/calc/tokens"
)

// openAI counts tokens of o200k_base.
type openAI struct{ e *tokens.Encoding }

func (c openAI) Count(s string) int { return c.e.Count(s) }
func (openAI) Name() string         { return "o200k_base" }
func (openAI) Exact() bool          { return true }

// benchCounter counts tokens of prompts and answers: exactly, or by characters
// where the vocabulary cannot be read.
func benchCounter() bench.Counter {
	e, err := vocab.Load()
	if err != nil {
		return bench.CharsPerToken{}
	}
	return openAI{e}
}
