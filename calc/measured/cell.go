package measured

import (
	"math"
	"strconv"
	"strings"
)

// Largest figures a table may hold. They are far above any real one and keep
// what follows bounded.
const (
	MaxTokens      = 10_000_000
	MaxConcurrency = 1_000_000
	maxGPUs        = 100_000
	maxSeconds     = 1e7
	maxTokPerS     = 1e9
	maxRate        = 1e6
	maxRounds      = 1e6
)

// blank reports whether a cell states nothing.
func blank(s string) bool {
	switch strings.ToLower(s) {
	case "", "-", "–", "—", "n/a", "na", "nan", "null", "none", "?", "nil":
		return true
	}
	return false
}

// parseNumber reads a finite decimal number. A comma is the decimal point in
// files separated by semicolons or tabs, and a thousands separator elsewhere.
func parseNumber(s string, decimalComma bool) (float64, bool) {
	if strings.IndexByte(s, ',') >= 0 {
		switch {
		case decimalComma && strings.Count(s, ",") == 1:
			s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
		case grouped(s):
			s = strings.ReplaceAll(s, ",", "")
		default:
			return 0, false
		}
	}
	for _, r := range s { // neither hexadecimal nor "Infinity" nor "1_000"
		if !strings.ContainsRune("0123456789.+-eE", r) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// grouped reports whether the commas of s separate thousands.
func grouped(s string) bool {
	whole, _, _ := strings.Cut(s, ".")
	parts := strings.Split(strings.TrimLeft(whole, "+-"), ",")
	for i, p := range parts {
		if strings.Trim(p, "0123456789") != "" || i > 0 && len(p) != 3 || i == 0 && (p == "" || len(p) > 3) {
			return false
		}
	}
	return true
}

// infinite reports whether a request rate means "all at once".
func infinite(s string) bool {
	switch strings.ToLower(s) {
	case "inf", "infinity", "+inf", "∞":
		return true
	}
	return false
}
