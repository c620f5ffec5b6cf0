//go:build !js

package jsonio

import (
	"encoding/json"

	gojson "github.com/goccy/go-json"
)

func encode(v any) ([]byte, error) { return gojson.Marshal(v) }

func encodeIndent(v any, prefix, indent string) ([]byte, error) {
	return gojson.MarshalIndentWithOption(v, prefix, indent, gojson.DisableHTMLEscape())
}

func decode(data []byte, v any) error {
	if longDigits(data) {
		return json.Unmarshal(data, v)
	}
	return gojson.Unmarshal(data, v)
}

// longDigits reports whether data has a run of digits that may not fit into 64
// bits. go-json wraps such integers around instead of refusing them, so
// documents with one are left to encoding/json.
func longDigits(data []byte) bool {
	run := 0
	for _, b := range data {
		if b < '0' || b > '9' {
			run = 0
		} else if run++; run > 18 {
			return true
		}
	}
	return false
}
