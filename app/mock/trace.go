//go:build !js

package mock

import (
	"io"
	"net/http"
	"sync"

	"fleetsize/catalog/jsonio"
)

// Record is the truth about one request. Times are in microseconds since the
// server started, whose wall clock StartUnixMS of the server gives; they come
// from one monotonic clock.
type Record struct {
	ID        string  `json:"id"`
	Path      string  `json:"path"`
	Proto     string  `json:"proto"` // HTTP/1.1, HTTP/2.0
	Quirks    string  `json:"quirks,omitempty"`
	Input     int     `json:"input_tokens"`
	Output    int     `json:"output_tokens"`        // tokens the engine made
	ArrivalUS int64   `json:"arrival_us"`           // the request was read
	StartUS   int64   `json:"start_us"`             // it got its slot; −1 = never
	HeadersUS int64   `json:"headers_us"`           // the headers were handed to the network; −1 = with the body
	DueUS     []int64 `json:"due_us,omitempty"`     // when each token was due
	FlushUS   []int64 `json:"flush_us,omitempty"`   // when it was handed to the network
	EndUS     int64   `json:"end_us"`               // the answer was complete
	Status    int     `json:"status"`               // HTTP
	Finish    string  `json:"finish,omitempty"`     // length, stop, tool_calls; "" = none was sent
	Canceled  bool    `json:"canceled,omitempty"`   // the client left first
	Waiting   int     `json:"waiting_at_arrival"`   // requests in the queue when it came
	InFlight  int     `json:"in_flight_at_arrival"` // requests in the server, this one included
}

// keepRecords is how many records a server keeps; older ones are dropped.
const keepRecords = 20000

// trace keeps the records of finished requests.
type trace struct {
	mu      sync.Mutex
	records []Record
	out     io.Writer
}

func (t *trace) add(r Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) >= keepRecords {
		t.records = append(t.records[:0], t.records[keepRecords/10:]...)
	}
	t.records = append(t.records, r)
	if t.out != nil {
		if line, err := jsonio.Marshal(r); err == nil {
			_, _ = t.out.Write(append(line, '\n'))
		}
	}
}

func (t *trace) all() []Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Record(nil), t.records...)
}

func (t *trace) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.records = nil
}

// serveTrace answers GET /trace with all records as JSON Lines, ?id= with one,
// and DELETE /trace by forgetting them.
func (s *Server) serveTrace(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodDelete {
		s.trace.reset()
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	id := r.URL.Query().Get("id")
	for _, rec := range s.trace.all() {
		if id != "" && rec.ID != id {
			continue
		}
		line, err := jsonio.Marshal(rec)
		if err != nil {
			continue
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return
		}
	}
}
