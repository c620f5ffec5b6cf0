//go:build !js

package vocab

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"

	"fleetsize/static"
)

// maxBytes bounds what is unpacked.
const maxBytes = 8 << 20

func read() ([]byte, error) {
	packed, err := fs.ReadFile(static.Files, File)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxBytes))
}
