//go:build !js

package bench

import (
	"context"
	"math"
	"testing"

	"fleetsize/app/mock"
	"fleetsize/app/vocab"
	"fleetsize/calc/bench"
)

// The server's tokens against OpenAI's where they are known to differ. Half
// words: two of the server's are one of o200k_base, so that the native speed is
// twice the normalized one. A usage without the reasoning tokens, a third of
// 24 words of one o200k_base token each, counts 17 for 24.
func TestOverstatement(t *testing.T) {
	counter, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name            string
		config          mock.Config
		native, counted float64 // tokens of an answer
		warned          bool
	}{
		{"words", mock.Config{}, 24, 24, false},
		{"half words", mock.Config{Text: mock.Halves}, 24, 12, true},
		{"reasoning left out", mock.Config{Quirks: []mock.Quirk{{Name: "reasoning-content"}, {Name: "usage-without-reasoning"}}}, 17, 24, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.config.TTFT, c.config.ITL, c.config.MaxSeqs, c.config.Seed = quirkTTFT, quirkITL, 4, 5
			_, l := serveMock(t, c.config)
			doc, err := Measure(context.Background(), bench.Plan{Input: 50, Output: quirkTokens, Requests: 3}, Config{URL: l.URL, Counter: counter})
			if err != nil {
				t.Fatal(err)
			}
			p := &doc.Phases[0]
			if *p.Output.Mean != c.native || *p.TokensFrom != "usage" || doc.Setup.Counter != "o200k_base" {
				t.Errorf("%v tokens from %s, counted by %s; want %v from usage", *p.Output.Mean, *p.TokensFrom, doc.Setup.Counter, c.native)
			}
			// The speeds of each request differ by exactly the ratio, and so do
			// all percentiles; a report has six digits.
			if p.CountedSpeed == nil || p.Overstated == nil {
				t.Fatal("no speed in counted tokens")
			}
			if ratio := *p.Speed.P50 / *p.CountedSpeed.P50; math.Abs(ratio/(c.native/c.counted)-1) > 1e-5 {
				t.Errorf("native ÷ normalized speed = %v, want %v", ratio, c.native/c.counted)
			}
			if want := 100 * (c.native/c.counted - 1); math.Abs(*p.Overstated-want) > 1e-3 {
				t.Errorf("overstated by %v %%, want %v %%", *p.Overstated, want)
			}
			if warned(&doc, "usage") != c.warned {
				t.Errorf("warnings %+v, want one on usage: %v", p.Warnings, c.warned)
			}
		})
	}
}
