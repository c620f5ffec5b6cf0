//go:build !js

package mock

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// pieceGap is the pause between the writes of one event that is split, so that
// they travel apart.
const pieceGap = 500 * time.Microsecond

// outlet turns events into bytes and writes, as the quirks will have it.
type outlet struct {
	w       http.ResponseWriter
	quirk   quirkSet
	eol     string
	flushed func(tokens int) // tokens have just been handed to the network

	buf    bytes.Buffer
	events int // in buf
	tokens int // in buf
	serial int // events so far
	err    error
}

func newOutlet(w http.ResponseWriter, quirk quirkSet, flushed func(int)) *outlet {
	o := &outlet{w: w, quirk: quirk, eol: "\n", flushed: flushed}
	switch {
	case quirk.has("crlf"):
		o.eol = "\r\n"
	case quirk.has("cr"):
		o.eol = "\r"
	}
	if quirk.has("bom") {
		o.buf.WriteString("\uFEFF")
	}
	return o
}

// event sends a payload that carries tokens. last marks the end of the stream.
func (o *outlet) event(payload string, tokens int, last bool) {
	if o.quirk.has("comments") {
		o.buf.WriteString(": keep-alive" + o.eol + o.eol)
	}
	if o.quirk.has("fields") {
		fmt.Fprintf(&o.buf, "event: message%sid: %d%sretry: 3000%s", o.eol, o.serial, o.eol, o.eol)
	}
	data := "data: "
	if o.quirk.has("no-space") {
		data = "data:"
	}
	if o.quirk.has("multi-data") && strings.HasPrefix(payload, "{") {
		o.buf.WriteString(data + "{" + o.eol)
		payload = payload[1:]
	}
	o.buf.WriteString(data + payload + o.eol)
	if !last || !o.quirk.has("no-final-blank") {
		o.buf.WriteString(o.eol)
	}
	o.serial++
	o.events++
	o.tokens += tokens
	if n, glued := o.quirk["glue"]; last || !o.quirk.has("buffered") && (!glued || o.events >= n) {
		o.flush()
	}
}

// flush writes what has gathered.
func (o *outlet) flush() {
	b := o.buf.Bytes()
	switch n, split := o.quirk["split"]; {
	case split:
		for len(b) > n {
			o.write(b[:n])
			time.Sleep(pieceGap)
			b = b[n:]
		}
	case o.quirk.has("split-utf8"):
		if cut := insideCharacter(b); cut > 0 {
			o.write(b[:cut])
			time.Sleep(pieceGap)
			b = b[cut:]
		}
	}
	tokens := o.tokens
	o.events, o.tokens = 0, 0
	if tokens > 0 {
		o.flushed(tokens)
	}
	o.write(b)
	o.buf.Reset()
}

// write is one write that reaches the network at once.
func (o *outlet) write(b []byte) {
	if o.err != nil || len(b) == 0 {
		return
	}
	if _, o.err = o.w.Write(b); o.err == nil {
		o.err = http.NewResponseController(o.w).Flush()
	}
}

// insideCharacter is a place inside the first character of several bytes, 0 = there is none.
func insideCharacter(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if size > 1 && r != '\uFEFF' {
			return i + 1
		}
		i += size
	}
	return 0
}
