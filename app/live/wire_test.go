//go:build !js

package live

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// httpWire is a Wire over net/http that allows only so many connections, as a
// browser does.
type httpWire struct {
	client *http.Client
	slots  chan struct{} // requests at once; nil = any number
	events chan Event
	ticks  chan float64
	start  time.Time

	mu      sync.Mutex
	cancels map[int]context.CancelFunc
	closed  bool
}

func newWire(connections int) *httpWire {
	return &httpWire{
		client: &http.Client{Transport: &http.Transport{MaxConnsPerHost: connections, MaxIdleConnsPerHost: 256}},
		events: make(chan Event, 1<<16), ticks: make(chan float64, 1024), start: time.Now(), cancels: map[int]context.CancelFunc{},
	}
}

func (w *httpWire) now() float64 { return float64(time.Since(w.start).Microseconds()) / 1e3 }

func (w *httpWire) Start(s Send) {
	ctx, cancel := context.WithCancel(context.Background())
	w.mu.Lock()
	w.cancels[s.ID] = cancel
	w.mu.Unlock()
	go func() {
		defer cancel()
		note := func(e Event) { e.ID, e.At = s.ID, w.now(); w.events <- e }
		note(Event{What: Sent})
		fail := func(err error) {
			if ctx.Err() != nil {
				note(Event{What: Ended})
				return
			}
			note(Event{What: Fail, Text: err.Error()})
		}
		if w.slots != nil {
			select {
			case w.slots <- struct{}{}:
				defer func() { <-w.slots }()
			case <-ctx.Done():
				fail(ctx.Err())
				return
			}
		}
		req, err := http.NewRequestWithContext(ctx, s.Method, s.URL, bytes.NewReader(s.Body))
		if err != nil {
			fail(err)
			return
		}
		for _, h := range s.Headers {
			req.Header.Set(h[0], h[1])
		}
		res, err := w.client.Do(req)
		if err != nil {
			fail(err)
			return
		}
		defer res.Body.Close()
		retry, _ := strconv.ParseFloat(res.Header.Get("Retry-After"), 64)
		note(Event{What: Head, Status: res.StatusCode, ContentType: res.Header.Get("Content-Type"), RetryAfter: retry})
		buffer := make([]byte, 32<<10)
		for {
			n, err := res.Body.Read(buffer)
			if n > 0 {
				note(Event{What: Data, Bytes: append([]byte(nil), buffer[:n]...)})
			}
			if err == io.EOF {
				note(Event{What: End})
				return
			}
			if err != nil {
				fail(err)
				return
			}
		}
	}()
}

func (w *httpWire) Abort(id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.cancels[id]; c != nil {
		c()
	}
}

func (w *httpWire) Wake(at float64) {
	time.AfterFunc(time.Duration((at-w.now())*1e6), func() {
		select {
		case w.ticks <- w.now():
		default:
		}
	})
}

func (w *httpWire) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, cancel := range w.cancels {
		cancel()
	}
}

// drive feeds a state machine until it is over.
func (w *httpWire) drive(tick func(at float64), take func([]Event), over func() bool) bool {
	beat := time.NewTicker(50 * time.Millisecond)
	defer beat.Stop()
	limit := time.After(60 * time.Second)
	for !over() {
		select {
		case e := <-w.events:
			take([]Event{e})
		case at := <-w.ticks:
			tick(at)
		case <-beat.C:
			tick(w.now())
		case <-limit:
			return false
		}
	}
	return true
}
