// Package vocab brings the o200k_base vocabulary to where tokens are counted:
// out of the native command, which has it compiled in, or from the site, where
// it is a file of 1 MB that is fetched when it is first needed and kept for
// use offline.
package vocab

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"sync"

	"fleetsize/calc/tokens"
)

// File is the vocabulary's name in the site.
const File = "o200k_base.tokens.gz"

// maxBytes bounds what is unpacked.
const maxBytes = 8 << 20

var (
	mu     sync.Mutex
	loaded *tokens.Encoding
)

// Load returns the encoding. The first call takes a moment, in the browser
// that of a download: it must not be made where events are handled. After a
// failure the next call tries again.
func Load() (*tokens.Encoding, error) {
	mu.Lock()
	defer mu.Unlock()
	if loaded != nil {
		return loaded, nil
	}
	packed, err := read()
	if err != nil {
		return nil, fmt.Errorf("the vocabulary for counting tokens could not be loaded: %w", err)
	}
	e, err := unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("the vocabulary for counting tokens is damaged: %w", err)
	}
	loaded = e
	return e, nil
}

// unpack reads the file, which some hosts deliver unpacked already.
func unpack(b []byte) (*tokens.Encoding, error) {
	if len(b) < 2 || b[0] != 0x1f || b[1] != 0x8b {
		return tokens.Load(b)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxBytes))
	if err != nil {
		return nil, err
	}
	return tokens.Load(plain)
}
