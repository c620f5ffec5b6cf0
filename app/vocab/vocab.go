// Package vocab brings the o200k_base vocabulary to where tokens are counted:
// out of the native command, which has it compiled in, or from the site, where
// it is a file of 1 MB that is fetched when it is first needed and kept for
// use offline.
package vocab

import (
	"fmt"
	"sync"

	"fleetsize/calc/tokens"
)

// File is the vocabulary's name in the site.
const File = "o200k_base.tokens.gz"

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
	plain, err := read()
	if err != nil {
		return nil, fmt.Errorf("the vocabulary for counting tokens could not be loaded: %w", err)
	}
	e, err := tokens.Load(plain)
	if err != nil {
		return nil, fmt.Errorf("the vocabulary for counting tokens is damaged: %w", err)
	}
	loaded = e
	return e, nil
}
