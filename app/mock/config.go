//go:build !js

package mock

import (
	"fmt"
	"io"
	"time"

	"fleetsize/calc/step"
	"fleetsize/calc/tokens"
)

// CORS says which pages of other origins may read answers.
type CORS string

const (
	CORSOn      CORS = "on"      // any origin ("*"), as vLLM does
	CORSOff     CORS = "off"     // none: no header at all
	CORSReflect CORS = "reflect" // the asking origin, as llama.cpp does
)

// Config describes a server. The zero value is a server of one slot that
// answers at once.
type Config struct {
	Model string // id that is listed and answered with; "" = "mock"

	// Constant engine.
	TTFT, ITL time.Duration // ≥ 0
	MaxSeqs   int           // slots; 0 = 1 (constant), 256 (batch), the profile's (simulated)
	Jitter    float64       // relative standard deviation of a request's TTFT and of its ITL, [0, 1]: log-normal, mean kept

	// Batch engine, when StepBase > 0. A step gives every running request a
	// token and computes prompts beside them, at most StepBudget tokens; it
	// takes
	//
	//	StepBase + StepPerSeq·(requests in the step) + StepPerKContext·(context of the decoding ones)/1000
	//	         + StepPerKPrompt·(prompt tokens computed)/1000
	StepBase, StepPerSeq, StepPerKContext, StepPerKPrompt time.Duration
	StepBudget                                            int // tokens per step; 0 = no limit

	// Simulated engine, when not nil. CachedShare is the share of each prompt
	// that its prefix cache holds, [0, 1).
	Cost        *step.Cost
	CachedShare float64

	MaxQueue      int     // waiting requests beyond which the answer is 429; 0 = no limit
	MaxTokens     int     // context, prompt and output together; 0 = 131,072
	DefaultTokens int     // output where a request states none; 0 = 128
	Key           string  // bearer token that is required; "" = none
	CORS          CORS    // "" = on
	Quirks        []Quirk // what every answer deviates by
	Text          Text    // what tokens look like; "" = words
	Wrong         float64 // share of sums answered wrongly, [0, 1]: see the package's answers
	Seed          uint64  // same seed and same requests, same texts and jitter

	// Answer is asked first for what a request is answered: question is the last
	// message, n the request's number from 1.
	Answer func(question string, n uint64) (text string, ok bool)

	LogprobShift float64 // added to every log probability, to make two servers differ by a known amount
	LogprobSwap  int     // every n-th token has its two likeliest alternatives exchanged; 0 = none

	ItemBase, ItemCost time.Duration // embeddings and rerank: base + cost · items, one request at a time per slot

	// Speech and transcripts take SpeechFactor times the length of the sound;
	// every round(1/WordErrors)-th word of a transcript is wrong.
	SpeechFactor float64 // ≥ 0
	WordErrors   float64 // [0, 1]

	// Count is the number of tokens of a prompt; nil = characters ÷ 4, rounded up.
	Count func(string) int

	// Trace receives the records of finished requests as JSON Lines; nil = none.
	Trace io.Writer
}

const (
	defaultContext = 131072
	defaultTokens  = 128
)

// fill puts in the defaults.
func (c Config) fill() Config {
	if c.Model == "" {
		c.Model = "mock"
	}
	if c.MaxTokens == 0 {
		c.MaxTokens = defaultContext
	}
	if c.DefaultTokens == 0 {
		c.DefaultTokens = defaultTokens
	}
	if c.MaxSeqs == 0 && c.Cost == nil {
		c.MaxSeqs = 1
		if c.StepBase > 0 {
			c.MaxSeqs = 256
		}
	}
	if c.CORS == "" {
		c.CORS = CORSOn
	}
	if c.Text == "" {
		c.Text = Words
	}
	if c.Count == nil {
		c.Count = tokens.Approximate
	}
	return c
}

// Check reports the first setting that makes no sense, with the remedy.
func (c Config) Check() error {
	durations := []struct {
		name string
		d    time.Duration
	}{
		{"TTFT", c.TTFT}, {"ITL", c.ITL}, {"step time", c.StepBase}, {"step time per sequence", c.StepPerSeq},
		{"step time per 1,000 context tokens", c.StepPerKContext}, {"step time per 1,000 prompt tokens", c.StepPerKPrompt},
		{"time per embedding request", c.ItemBase}, {"time per embedded text", c.ItemCost},
	}
	for _, d := range durations {
		if d.d < 0 || d.d > time.Hour {
			return fmt.Errorf("%s %v is not between 0 and 1h", d.name, d.d)
		}
	}
	counts := []struct {
		name string
		n    int
	}{{"slots", c.MaxSeqs}, {"queue", c.MaxQueue}, {"context", c.MaxTokens}, {"default output", c.DefaultTokens}, {"step budget", c.StepBudget}, {"logprob swap", c.LogprobSwap}}
	for _, n := range counts {
		if n.n < 0 || n.n > 10_000_000 {
			return fmt.Errorf("%s %d is not between 0 and 10,000,000", n.name, n.n)
		}
	}
	shares := []struct {
		name string
		x    float64
	}{{"jitter", c.Jitter}, {"share of wrong answers", c.Wrong}, {"cached share", c.CachedShare}, {"share of wrong words", c.WordErrors}}
	for _, s := range shares {
		if !(s.x >= 0 && s.x <= 1) {
			return fmt.Errorf("%s %v is not between 0 and 1", s.name, s.x)
		}
	}
	if !(c.SpeechFactor >= 0 && c.SpeechFactor <= 100) {
		return fmt.Errorf("real-time factor %v is not between 0 and 100", c.SpeechFactor)
	}
	switch c.CORS {
	case "", CORSOn, CORSOff, CORSReflect:
	default:
		return fmt.Errorf("CORS mode %q is not on, off or reflect", string(c.CORS))
	}
	switch c.Text {
	case "", Words, Halves, Unicode:
	default:
		return fmt.Errorf("text %q is not words, halves or unicode", string(c.Text))
	}
	return checkQuirks(c.Quirks)
}
