//go:build !js

package jsonio

import "testing"

// TestKnownDifferences pins what the package doc says is not as in
// encoding/json, so that an update of the library cannot change it unnoticed.
func TestKnownDifferences(t *testing.T) {
	data, err := Marshal(map[string]int{"&": 1, "A": 2})
	if err != nil || string(data) != `{"A":2,"\u0026":1}` {
		t.Errorf("keys with escapes: %s, %v", data, err)
	}
	if data, err := Marshal(2.5e-7); err != nil || string(data) != "2.5e-07" {
		t.Errorf("small number: %s, %v", data, err)
	}
	var few struct {
		A int `json:"a"`
	}
	if err := Unmarshal([]byte(`{"A":5}`), &few); err != nil || few.A != 5 {
		t.Errorf("other case, small struct: %d, %v", few.A, err)
	}
	var many everything
	if err := Unmarshal([]byte(`{"A":5}`), &many); err != nil || many.A != 0 {
		t.Errorf("other case, large struct: %d, %v", many.A, err)
	}
}

// Integers beyond 64 bits are refused, not wrapped around.
func TestLongIntegers(t *testing.T) {
	var v struct {
		A int     `json:"a"`
		B float64 `json:"b"`
	}
	for _, doc := range []string{`{"a":9227000000000000000}`, `{"a":-9223372036854775809}`, `{"a":123456789012345678901234567890}`} {
		if err := Unmarshal([]byte(doc), &v); err == nil {
			t.Errorf("%s reads as %d", doc, v.A)
		}
	}
	if err := Unmarshal([]byte(`{"a":9223372036854775807,"b":9227000000000000000}`), &v); err != nil || v.A != 1<<63-1 || v.B != 9.227e18 {
		t.Errorf("%+v, %v", v, err)
	}
}
