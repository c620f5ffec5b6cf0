package tokens

import (
	"unicode"
	"unicode/utf8"
)

// class is a set of the properties of a character that the rules ask for.
type class uint8

const (
	upper   class = 1 << iota // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]: may stand in the first part of a word
	lower                     // [\p{Ll}\p{Lm}\p{Lo}\p{M}]: may stand in the second
	letter                    // \p{L}
	number                    // \p{N}
	space                     // \s, Unicode's White_Space
	newline                   // \r or \n
)

// plain is a character of no class: punctuation, symbols, controls.
const plain class = 0

// classes of the characters below 0x10000; filled once per Encoding.
type classes [1 << 16]class

func (t *classes) fill() {
	set := func(table *unicode.RangeTable, c class) {
		for _, r := range table.R16 {
			for x := int(r.Lo); x <= int(r.Hi); x += int(r.Stride) {
				t[x] |= c
			}
		}
	}
	for _, table := range []*unicode.RangeTable{unicode.Lu, unicode.Lt} {
		set(table, upper|letter)
	}
	for _, table := range []*unicode.RangeTable{unicode.Lm, unicode.Lo} {
		set(table, upper|lower|letter)
	}
	set(unicode.Ll, lower|letter)
	set(unicode.M, upper|lower)
	set(unicode.N, number)
	set(unicode.White_Space, space)
	for _, n := range newer {
		for r := n.first; r <= n.last && r < 1<<16; r++ {
			t[r] = n.class
		}
	}
	t['\r'] |= newline
	t['\n'] |= newline
}

// of is the class of a character.
func (t *classes) of(r rune) class {
	if r < 1<<16 {
		return t[r]
	}
	switch {
	case unicode.Is(unicode.Lo, r), unicode.Is(unicode.Lm, r):
		return upper | lower | letter
	case unicode.Is(unicode.M, r):
		return upper | lower
	case unicode.Is(unicode.Ll, r):
		return lower | letter
	case unicode.Is(unicode.Lu, r), unicode.Is(unicode.Lt, r):
		return upper | letter
	case unicode.Is(unicode.N, r):
		return number
	}
	for _, n := range newer {
		if r < n.first {
			break
		}
		if r <= n.last {
			return n.class
		}
	}
	return plain // there is no white space up there
}

// at is the class and the length of the character at byte i; size 0 = the end.
// A byte that is not UTF-8 is a plain character of one byte.
func (t *classes) at(text string, i int) (c class, size int) {
	if i >= len(text) {
		return 0, 0
	}
	if b := text[i]; b < utf8.RuneSelf {
		return t[b], 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	if r == utf8.RuneError && size == 1 {
		return plain, 1
	}
	return t.of(r), size
}
