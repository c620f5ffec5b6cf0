package link

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// String returns the canonical pairs of the state, "v=1&…": one fixed order,
// without those that equal the default, unknown ones last and unchanged, and
// with the end mark when they are longer than 400 characters. Put it after "#".
func (s State) String() string {
	s = s.Canonical()
	var b strings.Builder
	b.WriteString("v=" + strconv.Itoa(Newest))
	for i := range keys {
		if keys[i].write == nil {
			continue
		}
		if v := keys[i].write(&s); v != "" {
			b.WriteString("&" + keys[i].name + "=" + v)
		}
	}
	for _, letter := range [...]string{"a", "b", "c"} {
		for _, p := range s.Differs(letter[0]) {
			b.WriteString("&" + letter + "." + p.Key + "=" + p.Value)
		}
	}
	for _, p := range s.Unknown {
		b.WriteString("&" + p.Key)
		if !p.Bare {
			b.WriteString("=" + p.Value)
		}
	}
	if b.Len() > markFrom {
		b.WriteString("&end")
	}
	return b.String()
}

const hex = "0123456789ABCDEF"

// escape percent-encodes free text. Letters, digits, "-" and "." stay, but no
// value ends in punctuation: programs that find links in text cut it off.
func escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if alnum(c) || c >= 'A' && c <= 'Z' || (c == '-' || c == '.') && i+1 < len(s) {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
	}
	return b.String()
}

// safe percent-encodes what a browser would in a fragment (controls, spaces,
// quotes, angle brackets, everything beyond ASCII) and leaves the rest of an
// unknown pair as it is.
func safe(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>`", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// cleanTitle drops what a title cannot hold and cuts it to its longest length.
func cleanTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	for n := utf8.RuneCountInString(s); n > maxTitle; n-- {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s)
}
