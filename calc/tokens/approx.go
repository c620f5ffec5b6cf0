package tokens

// Approximate is the rule of thumb for when the vocabulary is not at hand:
// characters ÷ 4, rounded up. It is right to about a quarter for English
// prose and wrong by a factor of two and more for code, numbers and scripts
// that are not Latin, so what is shown of it must say that it is an estimate.
func Approximate(text string) int {
	n := 0
	for range text {
		n++
	}
	return (n + 3) / 4
}
