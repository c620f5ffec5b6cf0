//go:build !js

package live

// Reader is the page's Wire; it exists in the browser only.
type Reader struct{}

// NewReader starts the reader; there is none outside a browser.
func NewReader(tick func(at, late float64), take func([]Event), lost func()) *Reader { return nil }

// Start sends a request now.
func (r *Reader) Start(Send) {}

// Abort ends a request.
func (r *Reader) Abort(int) {}

// Wake asks for a tick.
func (r *Reader) Wake(float64) {}

// Close ends the worker.
func (r *Reader) Close() {}
