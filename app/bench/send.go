//go:build !js

package bench

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"fleetsize/calc/bench"
)

// Why a request was ended from here.
var (
	errAborted = errors.New("ended by the plan")
	errTimeout = errors.New("not finished in the time allowed")
	errStalled = errors.New("the stream stopped")
)

// buffers are what bodies are read into.
var buffers = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

// send carries out one request and reports its end.
func (r *run) send(ctx context.Context, cancel context.CancelCauseFunc, q *bench.Request) {
	defer r.wait.Done()
	defer cancel(nil)
	s := bench.NewStream(q, r.cfg.Counter)
	f := r.exchange(ctx, cancel, q, s)
	r.done(s.End(r.now(), f))
}

// exchange sends the request and reads the answer into the stream.
func (r *run) exchange(ctx context.Context, cancel context.CancelCauseFunc, q *bench.Request, s *bench.Stream) bench.Failure {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.cfg.URL+q.Path, bytes.NewReader(q.Body))
	if err != nil {
		return bench.Failure{Class: bench.Client, Text: err.Error()}
	}
	for k, v := range r.cfg.Header {
		req.Header[k] = v
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	if r.cfg.Key != "" {
		req.Header.Set("Authorization", "Bearer "+r.cfg.Key)
	}
	limit := time.AfterFunc(seconds(q.TimeoutSeconds), func() { cancel(errTimeout) })
	defer limit.Stop()

	sent := r.now()
	s.Sent(sent)
	r.mu.Lock()
	r.engine.Sent(q.ID, sent)
	r.mu.Unlock()
	res, err := r.cfg.Client.Do(req)
	at := r.now()
	if err != nil {
		return failure(ctx, err, true)
	}
	defer res.Body.Close()
	s.Headers(at, res.StatusCode, res.Header.Get("Content-Type"), retryAfter(res.Header.Get("Retry-After")))
	if to := res.Header.Get("Location"); to != "" && res.StatusCode/100 == 3 {
		s.Read(at, []byte("to "+to)) // redirects are not followed: they would be measured, too
	}
	r.mu.Lock()
	r.engine.Headers(q.ID, at)
	r.protocol = res.Proto
	r.mu.Unlock()

	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	stall := time.AfterFunc(time.Hour, func() { cancel(errStalled) })
	stall.Stop()
	defer stall.Stop()
	for {
		n, err := res.Body.Read(*buffer)
		at := r.now()
		if n > 0 {
			stall.Reset(seconds(q.StallSeconds))
			if !s.Read(at, (*buffer)[:n]) {
				return bench.Failure{}
			}
		}
		if err == io.EOF {
			return bench.Failure{}
		}
		if err != nil {
			return failure(ctx, err, false)
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// failure is the class of an error, before the headers or after them.
func failure(ctx context.Context, err error, before bool) bench.Failure {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errAborted):
		return bench.Failure{Class: bench.Canceled}
	case errors.Is(cause, errTimeout):
		return bench.Failure{Class: bench.Timeout}
	case errors.Is(cause, errStalled):
		return bench.Failure{Class: bench.Stall}
	}
	text := plain(err)
	var (
		dial      *net.OpError
		name      *net.DNSError
		record    tls.RecordHeaderError
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
	)
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.EADDRNOTAVAIL):
		return bench.Failure{Class: bench.Client, Text: "This computer is out of sockets: " + text}
	case !before:
		return bench.Failure{Class: bench.Network, Text: text}
	case errors.As(err, &verify), errors.As(err, &authority), errors.As(err, &record):
		return bench.Failure{Class: bench.TLS, Text: text}
	case errors.As(err, &name), errors.As(err, &dial) && dial.Op == "dial":
		return bench.Failure{Class: bench.Connect, Text: text}
	case os.IsTimeout(err):
		return bench.Failure{Class: bench.Connect, Text: text}
	}
	return bench.Failure{Class: bench.Network, Text: text}
}

// plain is an error without the address in front, which may hold secrets and
// says nothing.
func plain(err error) string {
	text := err.Error()
	if i := strings.Index(text, "\": "); i >= 0 {
		text = text[i+3:]
	}
	return text
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(v string) float64 {
	v = strings.TrimSpace(v)
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 {
		return s
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(time.Until(t).Seconds(), 0)
	}
	return 0
}
