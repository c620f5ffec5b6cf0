package bench

import (
	"container/heap"
	"fmt"
	"slices"
	"testing"
)

// virtual is a transport and a server in simulated time: a request holds one
// of slots for ttft + (n−1)·itl, the others wait in order of arrival. Quirks
// bend single requests.
type virtual struct {
	t    *testing.T
	run  *Run
	now  float64
	ttft float64
	itl  float64

	slots   int
	running int
	queue   []*job
	jobs    map[int]*job
	unsent  map[int]bool
	todo    timers
	order   int

	// quirk changes what becomes of a request; nil = a complete answer.
	quirk   func(id int, at float64) Failure
	status  func(id int, at float64) int // 0 or 200 = fine
	lag     func(at float64) float64     // of the client's heartbeat
	late    float64                      // between an action and its carrying out
	pace    func(at float64) float64     // factor on itl; nil = 1
	maxSeen int
	started int
	phases  []string
	reports []PhaseResult
	bodies  []string
}

type job struct {
	id     int
	stream *Stream
	output int
	token  int
	state  int // 0 waiting, 1 running, 2 over
}

type timer struct {
	at    float64
	order int
	do    func()
}

type timers []timer

func (h timers) Len() int { return len(h) }
func (h timers) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].order < h[j].order
}
func (h timers) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *timers) Push(x any)   { *h = append(*h, x.(timer)) }
func (h *timers) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

func (v *virtual) after(delay float64, do func()) {
	v.order++
	heap.Push(&v.todo, timer{v.now + delay, v.order, do})
}

// play carries out a plan and returns its report.
func (v *virtual) play(t *testing.T, p Plan, o Options) Document {
	t.Helper()
	run, err := New(p, o)
	if err != nil {
		t.Fatal(err)
	}
	v.t, v.run, v.jobs, v.unsent = t, run, map[int]*job{}, map[int]bool{}
	v.beat()
	for steps := 0; !run.Over(); steps++ {
		if steps > 5_000_000 {
			t.Fatalf("not over after %d steps at %.1f s, state %s, %d in flight", steps, v.now, run.state, len(run.flights))
		}
		v.step()
		wake := run.Wake()
		if wake < v.now {
			t.Fatalf("Wake = %v, before %v", wake, v.now)
		}
		if len(v.todo) > 0 && v.todo[0].at <= wake {
			x := heap.Pop(&v.todo).(timer)
			v.now = max(v.now, x.at)
			x.do()
			continue
		}
		v.now = wake
	}
	if len(v.jobs) > 0 {
		t.Errorf("%d requests were never finished", len(v.jobs))
	}
	doc := run.Report()
	if _, err := doc.Encode(); err != nil {
		t.Errorf("the report cannot be written: %v", err)
	}
	return doc
}

func (v *virtual) beat() {
	late := 0.0
	if v.lag != nil {
		late = v.lag(v.now)
	}
	v.run.Lag(late)
	v.after(0.1, v.beat)
}

func (v *virtual) step() {
	for _, a := range v.run.Step(v.now) {
		switch a.Kind {
		case Start:
			v.started++
			v.bodies = append(v.bodies, string(a.Request.Body))
			v.unsent[a.ID] = true
			v.after(v.late, func() { v.send(a.Request) })
		case Abort:
			if j := v.jobs[a.ID]; j != nil {
				v.end(j, Failure{Class: Canceled})
			} else if v.unsent[a.ID] {
				delete(v.unsent, a.ID)
				s := NewStream(&Request{ID: a.ID}, nil)
				v.run.Done(s.End(v.now, Failure{Class: Canceled}))
				v.after(0, func() {})
			} else {
				v.t.Errorf("abort of request %d, which is not under way", a.ID)
			}
		case PhaseStart:
			v.phases = append(v.phases, a.Phase.Label)
		case PhaseEnd:
			v.reports = append(v.reports, *a.Result)
		}
	}
}

func (v *virtual) send(q *Request) {
	if !v.unsent[q.ID] {
		return // aborted before it left
	}
	delete(v.unsent, q.ID)
	s := NewStream(q, v.run.opts.Counter)
	s.Sent(v.now)
	v.run.Sent(q.ID, v.now)
	j := &job{id: q.ID, stream: s, output: q.Output}
	v.jobs[q.ID] = j
	v.maxSeen = max(v.maxSeen, len(v.jobs))
	status := 200
	if v.status != nil {
		if n := v.status(q.ID, v.now); n != 0 {
			status = n
		}
	}
	if status == -1 {
		v.after(0.001, func() { v.end(j, Failure{Connect, "connection refused"}) })
		return
	}
	s.Headers(v.now, status, "text/event-stream", 0)
	v.run.Headers(q.ID, v.now)
	if status != 200 {
		s.Read(v.now, []byte(`{"error":{"message":"not today"}}`))
		v.after(0.001, func() { v.end(j, Failure{}) })
		return
	}
	v.queue = append(v.queue, j)
	v.serve()
}

func (v *virtual) serve() {
	for v.running < v.slots && len(v.queue) > 0 {
		j := v.queue[0]
		v.queue = v.queue[1:]
		if j.state == 2 {
			continue
		}
		j.state = 1
		v.running++
		v.after(v.ttft, func() { v.emit(j) })
	}
}

func (v *virtual) emit(j *job) {
	if j.state == 2 {
		return
	}
	if v.quirk != nil {
		if f := v.quirk(j.id, v.now); f.Class != OK && j.token == 1 {
			v.end(j, f)
			return
		}
	}
	j.token++
	j.stream.Read(v.now, []byte(content("a ")))
	if j.token < j.output {
		itl := v.itl
		if v.pace != nil {
			itl *= v.pace(v.now)
		}
		v.after(itl, func() { v.emit(j) })
		return
	}
	j.stream.Read(v.now, []byte(stopChunk+usage(j.stream.rec.InputWanted, j.output)+doneChunk))
	v.end(j, Failure{})
}

func (v *virtual) end(j *job, f Failure) {
	if j.state == 2 {
		return
	}
	if j.state == 1 {
		v.running--
	}
	j.state = 2
	delete(v.jobs, j.id)
	v.run.Done(j.stream.End(v.now, f))
	v.serve()
	v.after(0, func() {})
}

// service is how long a request holds a slot.
func (v *virtual) service(n int) float64 { return v.ttft + float64(n-1)*v.itl }

// throughput is the closed form of the model in output tok/s.
func (v *virtual) throughput(inFlight, n int) float64 {
	return float64(min(inFlight, v.slots)) * float64(n) / v.service(n)
}

// capacity is the closed form of the largest load that holds a TTFT limit:
// every request waits for the ones in front of it.
func (v *virtual) capacity(n int, limit float64) int {
	wait := limit - v.ttft
	return v.slots + int(wait*float64(v.slots)/v.service(n))
}

func (d *Document) labels() (out []string) {
	for i := range d.Phases {
		out = append(out, d.Phases[i].Label)
	}
	return out
}

func within(t *testing.T, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is null, want %v", what, want)
		return
	}
	if *got < want*(1-tolerance) || *got > want*(1+tolerance) {
		t.Errorf("%s = %v, want %v ± %v %%", what, *got, want, 100*tolerance)
	}
}

func sorted(list []string) []string { slices.Sort(list); return list }

func ms(x float64) string { return fmt.Sprintf("%.1f ms", x*1e3) }
