package tokens

// piece is the end of the piece that starts at byte i of text, i < len(text).
//
// The rules are those of the o200k_base pattern, in its order; U stands for
// the class upper, L for lower, X for [^\r\n\p{L}\p{N}], C for a contraction:
//
//	X? U* L+ C?        word that ends in lower case
//	X? U+ L* C?        word in upper case
//	\p{N}{1,3}         up to three digits
//	 ?[^\s\p{L}\p{N}]+[\r\n/]*
//	\s*[\r\n]+         white space up to its last line break
//	\s+(?!\S)          white space but its last character, if something follows
//	\s+
//
// A pattern engine backtracks; here each rule's outcome is worked out directly.
func (t *classes) piece(text string, i int) int {
	first, size := t.at(text, i)
	if end := t.word(text, i, first, size); end > 0 {
		return end
	}
	if first&number != 0 {
		end := i + size
		for range 2 {
			c, n := t.at(text, end)
			if c&number == 0 {
				break
			}
			end += n
		}
		return end
	}
	if end := t.symbols(text, i, first, size); end > 0 {
		return end
	}
	return t.blank(text, i)
}

// word tries the two rules of words; 0 = neither applies.
func (t *classes) word(text string, i int, first class, size int) int {
	// With a leading character that belongs to no word, or is a mark.
	lead := first&(letter|number|newline) == 0
	run := -1 // where the leading character's branch found upper case only
	if lead {
		end, lowerSeen := t.letters(text, i+size)
		if lowerSeen {
			return t.contraction(text, end)
		}
		run = end
	}
	// Without one: the first character must be part of the word itself.
	if first&(upper|lower) != 0 {
		end, lowerSeen := t.letters(text, i)
		if lowerSeen {
			return t.contraction(text, end)
		}
		if run <= i+size {
			run = end
		}
	} else if run <= i+size {
		return 0
	}
	return t.contraction(text, run)
}

// letters is the end of U* L+ from byte i, or where that does not match
// (lowerSeen is false), the end of U*.
//
// U* takes all it can. If something of L alone follows, L+ takes that; if not,
// U* gives back characters until the last one is of L, too.
func (t *classes) letters(text string, i int) (end int, lowerSeen bool) {
	both := -1 // end of the last character of both classes
	for {
		c, n := t.at(text, i)
		if n == 0 || c&upper == 0 {
			break
		}
		i += n
		if c&lower != 0 {
			both = i
		}
	}
	c, n := t.at(text, i)
	if n == 0 || c&lower == 0 {
		if both >= 0 {
			return both, true
		}
		return i, false
	}
	for n > 0 && c&lower != 0 {
		i += n
		c, n = t.at(text, i)
	}
	return i, true
}

// contraction is the end of (?i:'s|'t|'re|'ve|'m|'ll|'d)? at byte i. Without
// regard to case, the long s (U+017F) is an s.
func (t *classes) contraction(text string, i int) int {
	if i+1 >= len(text) || text[i] != '\'' {
		return i
	}
	switch text[i+1] | 0x20 {
	case 's', 't', 'm', 'd':
		return i + 2
	case 'r', 'v':
		if i+2 < len(text) && text[i+2]|0x20 == 'e' {
			return i + 3
		}
	case 'l':
		if i+2 < len(text) && text[i+2]|0x20 == 'l' {
			return i + 3
		}
	}
	if len(text) >= i+3 && text[i+1:i+3] == "ſ" {
		return i + 3
	}
	return i
}

// symbols tries a run of characters that are no letters, numbers or space,
// with the line breaks and slashes behind it; 0 = there is none.
func (t *classes) symbols(text string, i int, first class, size int) int {
	const not = space | letter | number
	end := i
	if text[i] == ' ' {
		end += size
	} else if first&not != 0 {
		return 0
	}
	start := end
	for {
		c, n := t.at(text, end)
		if n == 0 || c&not != 0 {
			break
		}
		end += n
	}
	if end == start {
		return 0
	}
	for end < len(text) && (text[end] == '\r' || text[end] == '\n' || text[end] == '/') {
		end++
	}
	return end
}

// blank is the end of a piece of white space.
func (t *classes) blank(text string, i int) int {
	end, before, broken := i, i, -1
	for {
		c, n := t.at(text, end)
		if n == 0 || c&space == 0 {
			break
		}
		before = end
		end += n
		if c&newline != 0 {
			broken = end
		}
	}
	switch {
	case broken >= 0:
		return broken
	case end == len(text), before == i:
		return end
	}
	return before
}
