//go:build !js

package xlsx

import (
	"bytes"
	"compress/flate"
)

// pack compresses content and names the method (8 = deflate).
func pack(content []byte) (method int, data []byte) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return 0, content
	}
	_, _ = w.Write(content) // a buffer does not fail
	_ = w.Close()
	return 8, b.Bytes()
}
