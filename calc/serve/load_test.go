package serve

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	ok := Load{Input: 1000, Output: 100, Concurrency: 5}
	if err := ok.Validate(); err != nil {
		t.Errorf("good load: %v", err)
	}
	for _, tc := range []struct {
		field string
		edit  func(l *Load)
	}{
		{"Input", func(l *Load) { l.Input = 0 }},
		{"Input", func(l *Load) { l.Input = MaxTokens + 1 }},
		{"Output", func(l *Load) { l.Output = -1 }},
		{"LengthRatio", func(l *Load) { l.LengthRatio = 1.01 }},
		{"LengthRatio", func(l *Load) { l.LengthRatio = math.NaN() }},
		{"CachedShare", func(l *Load) { l.CachedShare = 1 }},
		{"CachedShare", func(l *Load) { l.CachedShare = math.NaN() }},
		{"Concurrency", func(l *Load) { l.Concurrency = -2 }},
		{"Rate", func(l *Load) { l.Rate = 3 }},
		{"Rate", func(l *Load) { l.Concurrency, l.Rate = 0, math.Inf(1) }},
		{"Rate", func(l *Load) { l.Concurrency = 0 }},
		{"Rounds", func(l *Load) { l.Rounds = -1 }},
		{"Rounds", func(l *Load) { l.Rounds = 1e12 }},
		{"Rounds", func(l *Load) { l.Concurrency, l.Rate, l.Rounds = 0, 1, 3 }},
		{"Requests", func(l *Load) { l.Requests = -5 }},
	} {
		l := ok
		tc.edit(&l)
		var bad *LoadError
		if err := l.Validate(); !errors.As(err, &bad) || bad.Field != tc.field {
			t.Errorf("%+v: %v, want a fault of %s", l, err, tc.field)
		} else if !strings.ContainsAny(err.Error(), "0123456789") && tc.field != "Rate" && tc.field != "Rounds" {
			t.Errorf("the message names no value: %s", err)
		}
	}
}

func TestFits(t *testing.T) {
	s := newSetup()
	s.kvTokens(t, 3000)
	c := s.cost(t)
	if err := Fits(c, Load{Input: 2500, Output: 499}); err != nil {
		t.Errorf("2,999 tokens of 3,000: %v", err)
	}
	err := Fits(c, Load{Input: 2500, Output: 501})
	var large *RequestTooLargeError
	if !errors.As(err, &large) {
		t.Fatalf("3,001 tokens of 3,000: %v", err)
	}
	if want := c.TokenBytes(); !near(large.ShortPerGPU, want, 0.01) {
		t.Errorf("short by %g bytes, want one token, %g", large.ShortPerGPU, want)
	}
	if s := err.Error(); !strings.Contains(s, "3001 tokens") {
		t.Errorf("message: %s", s)
	}
	// Run still ends.
	var sim Sim
	checkFinite(t, "too large", sim.Run(c, Load{Input: 9000, Output: 500, Concurrency: 4}))
}

// Slots by hand: 930,000 tokens of KV memory hold 42 requests of 22,000.
func TestSlots(t *testing.T) {
	s := newSetup()
	s.kvTokens(t, 930000)
	c := s.cost(t)
	for _, tc := range []struct{ in, out, want int }{{20000, 2000, 42}, {5000, 500, 169}, {200, 200, 256}} {
		if got := Slots(c, Load{Input: tc.in, Output: tc.out}); got != tc.want {
			t.Errorf("%d/%d: %d slots, want %d", tc.in, tc.out, got, tc.want)
		}
	}
	if got := Slots(c, Load{Input: 5e6, Output: 1}); got != 1 {
		t.Errorf("a request that does not fit has %d slots, want 1", got)
	}
}
