package bench

import "fleetsize/calc/tokens"

// Counter counts the tokens of a text. It is used from several goroutines at
// once.
type Counter interface {
	// Count is the number of tokens of s, 0 for an empty text.
	Count(s string) int
	// Name says what is counted, for the report: "o200k_base".
	Name() string
	// Exact is false where the count is only an estimate.
	Exact() bool
}

// CharsPerToken is the fallback where no vocabulary is at hand: four
// characters to a token, a common rule for English text that is off by tens of
// percent for code and for other languages. Reports name it "chars/4".
type CharsPerToken struct{}

// Count is the number of characters divided by 4, rounded up.
func (CharsPerToken) Count(s string) int { return tokens.Approximate(s) }

// Name is "chars/4".
func (CharsPerToken) Name() string { return "chars/4" }

// Exact is false.
func (CharsPerToken) Exact() bool { return false }
