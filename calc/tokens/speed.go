package tokens

import "math"

// Normalize converts an output speed in a model's own tokens (tok/s) into one
// in OpenAI tokens: speed · openai/native, where native and openai are the
// tokens of the same text. ok is false where it cannot be told: a count is
// not positive, or the speed is not a number.
//
// Source: Artificial Analysis, performance methodology: output speeds are
// compared in OpenAI tokens because tokenizers differ.
func Normalize(speed float64, native, openai int) (normalized float64, ok bool) {
	if native <= 0 || openai <= 0 || math.IsNaN(speed) || math.IsInf(speed, 0) || speed < 0 {
		return 0, false
	}
	return speed * float64(openai) / float64(native), true
}

// Overstatement is by how much the native speed is above the normalized one,
// as a share: native/openai − 1. A model whose tokenizer needs 20 % more tokens
// for the same text overstates its speed by 0.2; a negative value means that
// it understates. ok is false where a count is not positive.
func Overstatement(native, openai int) (share float64, ok bool) {
	if native <= 0 || openai <= 0 {
		return 0, false
	}
	return float64(native)/float64(openai) - 1, true
}

// BundledTokens is the most OpenAI tokens a first event may hold for a time to
// the first token and a speed to mean anything.
const BundledTokens = 4

// Bundled reports whether a first event of so many OpenAI tokens holds several
// tokens that were made before it was sent, so that time to first token is too
// long and output speed too high.
func Bundled(firstEvent int) bool { return firstEvent > BundledTokens }

// Mismatch reports whether a server's count of output tokens and ours differ
// by more than a fifth, which a tokenizer alone seldom does: counts may leave
// out reasoning, or the server may count chunks.
func Mismatch(reported, openai int) bool {
	if reported <= 0 || openai <= 0 {
		return false
	}
	return math.Abs(float64(reported)/float64(openai)-1) > 0.2
}
