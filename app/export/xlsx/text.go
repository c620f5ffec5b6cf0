package xlsx

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText is the most a cell holds, in UTF-16 units; longer text is cut.
const maxText = 32767

func itoa(n int) string { return strconv.Itoa(n) }

// escape writes text as XML content or attribute. Characters that XML forbids
// are left out, as are invalid bytes.
func escape(b *strings.Builder, s string) {
	units := 0
	for i, r := range s {
		size := 1
		if r > 0xffff {
			size = 2
		}
		if units += size; units > maxText {
			return
		}
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '_' && looksEscaped(s[i:]):
			b.WriteString("_x005F_") // programs read _xHHHH_ as a character
		case r < 0x20 && r != '\t' && r != '\n', r == 0x7f, r >= 0x80 && r < 0xa0, r == 0xfffe, r == 0xffff, r == utf8.RuneError:
		default:
			b.WriteRune(r)
		}
	}
}

// looksEscaped reports whether s begins with _xHHHH_.
func looksEscaped(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, c := range s[2:6] {
		if !strings.ContainsRune("0123456789abcdefABCDEF", c) {
			return false
		}
	}
	return true
}

// formulaLike reports whether a spreadsheet would take typed text for a formula.
func formulaLike(s string) bool {
	return s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0]))
}

// number writes x as XML Schema has it.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// sheetName makes a name that every program takes: 1 to 31 characters, none
// of []:*?/\, no apostrophe at an end.
func sheetName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < 0x20 || r == utf8.RuneError || strings.ContainsRune(`[]:*?/\`, r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(clean); len(runes) > 31 {
		clean = string(runes[:31])
	}
	clean = strings.Trim(clean, "' ")
	if clean == "" {
		return "Sheet"
	}
	return clean
}
