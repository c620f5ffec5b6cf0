// Package jsonio is the only door between the program and its JSON library:
// goccy/go-json in the native command, encoding/json in the browser.
//
// It works on byte slices only: the library's stream decoder has open defects
// (wrong values at buffer borders) and nothing here needs it. Input is checked
// by a parser of our own before the library sees it — grammar, UTF-8, size and
// nesting depth — so that a hostile or broken document is refused with a
// position instead of reaching unsafe code.
//
// # Version
//
// goccy/go-json is pinned at v0.10.5. Measured with the differential tests of
// this package (the same documents and values through this package and
// through encoding/json) and as size added to a WebAssembly program:
//
//	version   disagreements       wasm raw   wasm brotli
//	v0.10.5   the last three      +1.9 MB    +0.28 MB
//	v0.10.6   the same            about as v0.10.5
//	v0.12.0   none of those       +4.6 MB    +0.70 MB
//
// The three are harmless here (our keys are plain and lower-case constants,
// any reader takes 1e-07), 2.7 MB are not, and v0.10.6 changes nothing we use.
//
// # In the browser
//
// The program there is built with encoding/json, which go-app links anyway.
// go-json costs 2.3 MB of code in it (its four encoder interpreters are linked
// as soon as the package is imported, used or not), measured 0.5 MB of the
// 3.2 MB that the gzipped program may have, and would save some 30 ms of
// decoding once. What is decoded and encoded is the same, see the tests, which
// run against both.
//
// Known differences of go-json from encoding/json, each held by a test:
//   - invalid UTF-8 is refused instead of replaced, and so are documents over
//     MaxBytes or nested deeper than MaxDepth
//   - map keys with characters that are escaped sort by the escaped form
//   - exponents have two digits: 1e-07
//   - MarshalIndent does not escape <, > and &
//   - in structs of many fields a key must match in case
//
// Documents with more than 18 digits in a row are decoded by encoding/json
// everywhere: go-json wraps integers that do not fit into 64 bits.
package jsonio

import "fmt"

const (
	// MaxBytes is the largest document that is read.
	MaxBytes = 64 << 20
	// MaxDepth is the deepest nesting of arrays and objects that is read.
	MaxDepth = 128
)

// Marshal returns v as JSON, much as encoding/json would write it: map keys
// sorted, <, > and & escaped. NaN and infinities are an error.
func Marshal(v any) (data []byte, err error) {
	defer rescue(&err)
	return encode(v)
}

// MarshalIndent is Marshal for files and readers: with line breaks and
// indentation, and with <, > and & as they are, so that links stay legible.
// Text that is put into HTML must come from Marshal.
func MarshalIndent(v any, prefix, indent string) (data []byte, err error) {
	defer rescue(&err)
	return encodeIndent(v, prefix, indent)
}

// Unmarshal reads a whole JSON document into v. A document that Check refuses
// leaves v as it was and returns a *SyntaxError.
func Unmarshal(data []byte, v any) (err error) {
	if err := Check(data); err != nil {
		return err
	}
	defer rescue(&err)
	return decode(data, v)
}

// rescue turns a panic of the library into an error.
func rescue(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("json: %v", r)
	}
}
