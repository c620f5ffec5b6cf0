package jsonio

import (
	"fmt"
	"unicode/utf8"
)

// SyntaxError says why a document is not acceptable and where.
type SyntaxError struct {
	Offset int // byte position, from 0
	Line   int // from 1
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not valid JSON at line %d (byte %d): %s", e.Line, e.Offset, e.Reason)
}

// Check reports whether data is exactly one JSON document (RFC 8259, UTF-8,
// no byte order mark) of at most MaxBytes and MaxDepth, as nil or a
// *SyntaxError.
func Check(data []byte) error {
	if len(data) > MaxBytes {
		return &SyntaxError{Offset: MaxBytes, Line: 1, Reason: fmt.Sprintf("longer than %d MiB", MaxBytes>>20)}
	}
	c := checker{data: data}
	c.space()
	if c.value(0) {
		c.space()
		if c.at < len(data) {
			c.fail("text after the end of the document")
		}
	}
	if c.reason == "" {
		return nil
	}
	e := &SyntaxError{Offset: c.at, Line: 1, Reason: c.reason}
	for _, b := range data[:min(c.at, len(data))] {
		if b == '\n' {
			e.Line++
		}
	}
	return e
}

// checker walks over a document. Its methods return false after the first
// mistake, which stays in reason with at on it.
type checker struct {
	data   []byte
	at     int
	reason string
}

func (c *checker) fail(reason string) bool {
	if c.reason == "" {
		c.reason = reason
	}
	return false
}

// peek is the next byte, 0 at the end (a NUL byte is nowhere valid).
func (c *checker) peek() byte {
	if c.at < len(c.data) {
		return c.data[c.at]
	}
	return 0
}

func (c *checker) unexpected(wanted string) bool {
	if c.at >= len(c.data) {
		return c.fail("ends where " + wanted + " should be")
	}
	return c.fail(fmt.Sprintf("%q where %s should be", c.data[c.at:c.at+1], wanted))
}

func (c *checker) space() {
	for c.at < len(c.data) {
		switch c.data[c.at] {
		case ' ', '\t', '\n', '\r':
			c.at++
		default:
			return
		}
	}
}

func (c *checker) value(depth int) bool {
	switch b := c.peek(); {
	case b == '{':
		return c.deeper(depth) && c.object(depth+1)
	case b == '[':
		return c.deeper(depth) && c.array(depth+1)
	case b == '"':
		return c.str()
	case b == '-' || b >= '0' && b <= '9':
		return c.number()
	case b == 't':
		return c.word("true")
	case b == 'f':
		return c.word("false")
	case b == 'n':
		return c.word("null")
	}
	return c.unexpected("a value")
}

func (c *checker) deeper(depth int) bool {
	if depth >= MaxDepth {
		return c.fail(fmt.Sprintf("nested more than %d deep", MaxDepth))
	}
	return true
}

func (c *checker) word(w string) bool {
	if len(c.data)-c.at < len(w) || string(c.data[c.at:c.at+len(w)]) != w {
		return c.fail("not a value (" + w + " is written in full)")
	}
	c.at += len(w)
	return true
}

func (c *checker) object(depth int) bool {
	c.at++
	c.space()
	if c.peek() == '}' {
		c.at++
		return true
	}
	for {
		if c.peek() != '"' {
			return c.unexpected("a key in quotes")
		}
		if !c.str() {
			return false
		}
		c.space()
		if c.peek() != ':' {
			return c.unexpected("a colon")
		}
		c.at++
		c.space()
		if !c.value(depth) {
			return false
		}
		c.space()
		switch c.peek() {
		case ',':
			c.at++
			c.space()
		case '}':
			c.at++
			return true
		default:
			return c.unexpected("a comma or the end of the object")
		}
	}
}

func (c *checker) array(depth int) bool {
	c.at++
	c.space()
	if c.peek() == ']' {
		c.at++
		return true
	}
	for {
		if !c.value(depth) {
			return false
		}
		c.space()
		switch c.peek() {
		case ',':
			c.at++
			c.space()
		case ']':
			c.at++
			return true
		default:
			return c.unexpected("a comma or the end of the array")
		}
	}
}

func (c *checker) str() bool {
	c.at++
	for c.at < len(c.data) {
		switch b := c.data[c.at]; {
		case b == '"':
			c.at++
			return true
		case b == '\\':
			if !c.escape() {
				return false
			}
		case b < 0x20:
			return c.fail("control character in a string")
		case b < utf8.RuneSelf:
			c.at++
		default:
			r, n := utf8.DecodeRune(c.data[c.at:])
			if r == utf8.RuneError && n == 1 {
				return c.fail("not UTF-8")
			}
			c.at += n
		}
	}
	return c.fail("ends inside a string")
}

func (c *checker) escape() bool {
	c.at++
	switch c.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		c.at++
		return true
	case 'u':
		c.at++
		for range 4 {
			b := c.peek()
			if !(b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F') {
				return c.unexpected("a hexadecimal digit")
			}
			c.at++
		}
		return true
	}
	return c.unexpected("an escape character")
}

func (c *checker) number() bool {
	if c.peek() == '-' {
		c.at++
	}
	if c.peek() == '0' {
		c.at++
	} else if !c.digits() {
		return false
	}
	if c.peek() == '.' {
		c.at++
		if !c.digits() {
			return false
		}
	}
	if b := c.peek(); b == 'e' || b == 'E' {
		c.at++
		if b = c.peek(); b == '+' || b == '-' {
			c.at++
		}
		return c.digits()
	}
	return true
}

func (c *checker) digits() bool {
	start := c.at
	for b := c.peek(); b >= '0' && b <= '9'; b = c.peek() {
		c.at++
	}
	if c.at == start {
		return c.unexpected("a digit")
	}
	return true
}
