//go:build !js

package mock

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fleetsize/catalog/jsonio"
)

// Server answers requests. It is an http.Handler, safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	engine engine
	items  *constant // embeddings and rerank
	began  time.Time
	trace  trace
	serial atomic.Uint64
	active atomic.Int64

	closing context.Context
	close   context.CancelFunc
	once    sync.Once
}

// New makes a server. Close ends its answers.
func New(cfg Config) (*Server, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg.fill(), mux: http.NewServeMux(), began: time.Now()}
	s.trace.out = cfg.Trace
	s.closing, s.close = context.WithCancel(context.Background())
	switch {
	case cfg.Cost != nil:
		s.engine = &stepped{law: costLaw(cfg.Cost, cfg.MaxSeqs), cachedShare: min(cfg.CachedShare, 0.999), clock: s.now, stop: s.closing.Done()}
	case cfg.StepBase > 0:
		s.engine = &stepped{law: batchLaw(&s.cfg), clock: s.now, stop: s.closing.Done()}
	default:
		s.engine = &constant{now: s.now, slots: s.cfg.MaxSeqs}
	}
	s.items = &constant{now: s.now, slots: max(1, s.cfg.MaxSeqs)}

	for _, prefix := range []string{"/v1", ""} {
		s.mux.HandleFunc("GET "+prefix+"/models", s.models)
		s.mux.HandleFunc("POST "+prefix+"/chat/completions", func(w http.ResponseWriter, r *http.Request) { s.complete(w, r, true) })
		s.mux.HandleFunc("POST "+prefix+"/completions", func(w http.ResponseWriter, r *http.Request) { s.complete(w, r, false) })
		s.mux.HandleFunc("POST "+prefix+"/embeddings", s.embeddings)
		s.mux.HandleFunc("POST "+prefix+"/rerank", s.rerank)
		s.mux.HandleFunc("POST "+prefix+"/audio/speech", s.speech)
		s.mux.HandleFunc("POST "+prefix+"/audio/transcriptions", s.transcribe)
	}
	s.mux.HandleFunc("GET /trace", s.serveTrace)
	s.mux.HandleFunc("DELETE /trace", s.serveTrace)
	s.mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) {})
	return s, nil
}

// Close ends the answers that are under way; their streams are cut off.
func (s *Server) Close() { s.once.Do(s.close) }

// Trace returns the records of the requests that have ended, in the order in
// which they did. The last 20,000 are kept.
func (s *Server) Trace() []Record { return s.trace.all() }

// ResetTrace forgets them.
func (s *Server) ResetTrace() { s.trace.reset() }

// Served is how many requests have been answered or are under way, besides
// those for the trace and the list of models.
func (s *Server) Served() uint64 { return s.serial.Load() }

// now is the time since the server started, on the monotonic clock.
func (s *Server) now() time.Duration { return time.Since(s.began) }

// Began is the wall clock of time 0 in records.
func (s *Server) Began() time.Time { return s.began }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.cors(w, r) {
		return
	}
	if s.cfg.Key != "" && strings.HasPrefix(r.URL.Path, "/v1") && r.Header.Get("Authorization") != "Bearer "+s.cfg.Key {
		writeFault(w, &fault{http.StatusUnauthorized, "invalid_request_error", "Incorrect API key provided."})
		return
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		writeFault(w, &fault{http.StatusNotFound, "NotFoundError", fmt.Sprintf("%s %s is not served here", r.Method, r.URL.Path)})
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) models(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"object": "list",
		"data": []map[string]any{{
			"id": s.cfg.Model, "object": "model", "created": s.began.Unix(), "owned_by": "fleetsize", "max_model_len": s.cfg.MaxTokens,
		}},
	})
}

// open numbers a request, from 1, starts its record and reads its quirks.
func (s *Server) open(w http.ResponseWriter, r *http.Request) (n uint64, rec Record, quirk quirkSet, err error) {
	n = s.serial.Add(1)
	rec = Record{
		ID: "mock-" + strconv.FormatUint(n, 10), Path: r.URL.Path, Proto: r.Proto, ArrivalUS: s.now().Microseconds(),
		StartUS: -1, HeadersUS: -1, InFlight: int(s.active.Load()),
	}
	w.Header().Set("X-Request-Id", rec.ID)
	list := s.cfg.Quirks
	if text, given := r.Header["X-Mock-Quirk"]; given {
		if list, err = ParseQuirks(strings.Join(text, ",")); err != nil {
			return n, rec, nil, badRequest("X-Mock-Quirk: %v", err)
		}
	}
	quirk = newQuirkSet(list)
	rec.Quirks = quirk.String()
	return n, rec, quirk, refusal(quirk, n)
}

// refusal is the error that a quirk answers request number n with.
func refusal(quirk quirkSet, n uint64) error {
	for _, f := range refusals {
		if every, ok := quirk["http-"+strconv.Itoa(f.status)]; ok && n%uint64(every) == 0 {
			return &f
		}
	}
	return nil
}

var refusals = []fault{
	{http.StatusBadRequest, "invalid_request_error", "This request is refused on purpose."},
	{http.StatusUnauthorized, "invalid_request_error", "Incorrect API key provided."},
	{http.StatusNotFound, "NotFoundError", "The model does not exist."},
	{http.StatusTooManyRequests, "rate_limit_error", "Rate limit reached. Try again in 1 s."},
	{http.StatusInternalServerError, "InternalServerError", "The engine failed on purpose."},
	{http.StatusBadGateway, "html", "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"},
	{http.StatusServiceUnavailable, "ServiceUnavailableError", "The engine is not ready."},
}

// fail answers with an error and closes the record.
func (s *Server) fail(w http.ResponseWriter, rec *Record, err error) {
	f := &fault{http.StatusInternalServerError, "InternalServerError", err.Error()}
	errors.As(err, &f)
	rec.Status = f.status
	writeFault(w, f)
}

func writeFault(w http.ResponseWriter, f *fault) {
	if f.kind == "html" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(f.message)) // the reader may have gone
		return
	}
	if f.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	writeJSON(w, f.status, map[string]any{"error": map[string]any{"message": f.message, "type": f.kind, "param": nil, "code": f.status}})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := jsonio.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader may have gone
}
