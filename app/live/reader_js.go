package live

import (
	"syscall/js"

	"fleetsize/catalog/jsonio"
)

// Reader is the page's Wire: the site's reader.js in a Web Worker.
type Reader struct {
	worker    js.Value
	functions []js.Func
	closed    bool
	dog       Watchdog
	beats     js.Value // of the watchdog: an interval's id
}

// NewReader starts the reader; nil where there is none to start. tick and take
// are called on the page's thread, lost when the worker fails or falls silent.
func NewReader(tick func(at, late float64), take func([]Event), lost func()) *Reader {
	shell := js.Global().Get("fleetsize")
	if !shell.Truthy() || !shell.Get("reader").Truthy() {
		return nil
	}
	r := &Reader{worker: shell.Call("reader")}
	message := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if r.closed {
			return nil
		}
		r.dog.Heard()
		data := args[0].Get("data")
		if at := data.Get("tick"); at.Type() == js.TypeNumber {
			tick(at.Float(), data.Get("lag").Float())
			return nil
		}
		take(decode(data.Get("list").String(), data.Get("bytes")))
		return nil
	})
	failed := js.FuncOf(func(js.Value, []js.Value) any {
		if !r.closed {
			lost()
		}
		return nil
	})
	beat := js.FuncOf(func(js.Value, []js.Value) any {
		if !r.closed && r.dog.Beat() {
			lost()
		}
		return nil
	})
	r.functions = []js.Func{message, failed, beat}
	r.worker.Set("onmessage", message)
	r.worker.Set("onerror", failed)
	r.worker.Set("onmessageerror", failed)
	r.beats = js.Global().Call("setInterval", beat, 1e3*BeatSeconds)
	return r
}

// decode reads a message of reader.js.
func decode(list string, bytes js.Value) []Event {
	var raw []struct {
		ID     int     `json:"id"`
		What   What    `json:"what"`
		At     float64 `json:"at"`
		Status int     `json:"status"`
		Type   string  `json:"type"`
		Retry  float64 `json:"retry"`
		Length int     `json:"length"`
		Text   string  `json:"text"`
	}
	if jsonio.Unmarshal([]byte(list), &raw) != nil {
		return nil
	}
	all := make([]byte, bytes.Length())
	js.CopyBytesToGo(all, bytes)
	events := make([]Event, 0, len(raw))
	for _, e := range raw {
		n := min(e.Length, len(all))
		events = append(events, Event{ID: e.ID, What: e.What, At: e.At, Status: e.Status, ContentType: e.Type, RetryAfter: e.Retry, Bytes: all[:n], Text: e.Text})
		all = all[n:]
	}
	return events
}

// Start sends a request now.
func (r *Reader) Start(s Send) {
	headers := make([]any, len(s.Headers))
	for i, h := range s.Headers {
		headers[i] = []any{h[0], h[1]}
	}
	start := map[string]any{"id": s.ID, "url": s.URL, "method": s.Method, "headers": headers, "opaque": s.Opaque, "asks": "local-network"}
	if s.Near == Loopback {
		start["asks"] = "loopback-network"
	}
	if len(s.Body) > 0 {
		body := js.Global().Get("Uint8Array").New(len(s.Body)) // recordings are no text
		js.CopyBytesToJS(body, s.Body)
		start["body"] = body
	}
	r.post(map[string]any{"start": start})
}

// Abort ends a request.
func (r *Reader) Abort(id int) { r.post(map[string]any{"abort": id}) }

// Wake asks for a tick.
func (r *Reader) Wake(at float64) { r.post(map[string]any{"wake": at}) }

func (r *Reader) post(message map[string]any) {
	if !r.closed {
		r.worker.Call("postMessage", message)
	}
}

// Close ends the worker and with it every request.
func (r *Reader) Close() {
	if r.closed {
		return
	}
	r.closed = true
	r.worker.Call("terminate")
	js.Global().Call("clearInterval", r.beats)
	// The handlers may be running: they are let go, not released.
	r.worker.Set("onmessage", js.Null())
	r.worker.Set("onerror", js.Null())
	r.worker.Set("onmessageerror", js.Null())
}
