//go:build !js

package jsonio

import gojson "github.com/goccy/go-json"

func encode(v any) ([]byte, error) { return gojson.Marshal(v) }

func encodeIndent(v any, prefix, indent string) ([]byte, error) {
	return gojson.MarshalIndentWithOption(v, prefix, indent, gojson.DisableHTMLEscape())
}

func decode(data []byte, v any) error { return gojson.Unmarshal(data, v) }
