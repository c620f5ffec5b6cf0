package jsonio

import (
	"bytes"
	"encoding/json"
)

func encode(v any) ([]byte, error) { return json.Marshal(v) }

func encodeIndent(v any, prefix, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, indent)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func decode(data []byte, v any) error { return json.Unmarshal(data, v) }
