//go:build !js

package bench

import (
	"context"
	"net/http"
	"sync"
	"time"

	"fleetsize/calc/bench"
)

// Config is where and how to measure.
type Config struct {
	URL    string // base, "http://host:8000/v1"
	Key    string // bearer token; "" = none
	Header http.Header
	Client *http.Client // see NewClient
	// Counter counts tokens; nil = characters ÷ 4.
	Counter bench.Counter
	Raw     bool // keep every request for the report
	// Deployment is what stands behind the endpoint, for the report.
	Deployment *bench.Deployment
	// Show is called for phases that begin and end, Tick a few times a second.
	// Both run outside the measurement, one at a time; either may be nil.
	Show func(bench.Action)
	Tick func(bench.Live)
}

// run is a measurement under way.
type run struct {
	cfg   *Config
	start time.Time
	poke  chan struct{} // the next time to wake may have changed
	show  chan bench.Action
	over  chan struct{}
	wait  sync.WaitGroup // requests

	mu       sync.Mutex
	engine   *bench.Run
	cancel   map[int]context.CancelCauseFunc
	protocol string
}

// Measure carries out a plan. When ctx ends, what is under way is aborted and
// the report holds what was finished. The error is about the plan.
func Measure(ctx context.Context, plan bench.Plan, cfg Config) (bench.Document, error) {
	engine, err := bench.New(plan, bench.Options{Counter: cfg.Counter, Raw: cfg.Raw})
	if err != nil {
		return bench.Document{}, err
	}
	if cfg.Client == nil {
		if cfg.Client, err = NewClient(Dial{}); err != nil {
			return bench.Document{}, err
		}
	}
	r := &run{
		cfg: &cfg, start: time.Now(), poke: make(chan struct{}, 1), show: make(chan bench.Action, 1024), over: make(chan struct{}),
		engine: engine, cancel: map[int]context.CancelCauseFunc{},
	}
	started := r.start.UTC().Format(bench.StartedFormat)
	display := make(chan struct{})
	go r.display(display)
	go r.heartbeat()
	r.loop(ctx)
	r.wait.Wait()
	close(r.show)
	<-display
	cfg.Client.CloseIdleConnections()

	doc := engine.Report()
	doc.Started = &started
	doc.Setup.URL, doc.Setup.Transport, doc.Setup.Deployment = cfg.URL, "net/http", cfg.Deployment
	if r.protocol != "" {
		doc.Setup.Protocol = &r.protocol
	}
	return doc, nil
}

// now is the time on the run's clock, in seconds.
func (r *run) now() float64 { return time.Since(r.start).Seconds() }

// loop steps the engine whenever it asks for it, until it is over.
func (r *run) loop(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	stopped := ctx.Done()
	for {
		select {
		case <-stopped:
			stopped = nil
			r.mu.Lock()
			r.engine.Stop(bench.StopUser, "Stopped by you.")
			r.mu.Unlock()
		case <-timer.C:
		case <-r.poke:
		}
		r.mu.Lock()
		r.step()
		over, wake := r.engine.Over(), r.engine.Wake()
		r.mu.Unlock()
		if over {
			close(r.over)
			return
		}
		timer.Reset(time.Duration((wake - r.now()) * 1e9))
	}
}

// step does what is due; r.mu is held.
func (r *run) step() {
	for _, a := range r.engine.Step(r.now()) {
		switch a.Kind {
		case bench.Start:
			ctx, cancel := context.WithCancelCause(context.Background())
			r.cancel[a.ID] = cancel
			r.wait.Add(1)
			go r.send(ctx, cancel, a.Request)
		case bench.Abort:
			if cancel := r.cancel[a.ID]; cancel != nil {
				cancel(errAborted)
			}
		case bench.PhaseStart, bench.PhaseEnd, bench.Finished:
			select {
			case r.show <- a:
			default: // the reader of the terminal is slower than the run
			}
		}
	}
}

// done reports a finished request and sends what replaces it, at once.
func (r *run) done(rec bench.Record) {
	r.mu.Lock()
	delete(r.cancel, rec.ID)
	r.engine.Done(rec)
	r.step()
	r.mu.Unlock()
	select {
	case r.poke <- struct{}{}:
	default:
	}
}

// beat is the interval of the heartbeat that shows whether this computer keeps
// up.
const beat = 10 * time.Millisecond

func (r *run) heartbeat() {
	t := time.NewTicker(beat)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-r.over:
			return
		case <-t.C:
			now := time.Now()
			late := now.Sub(last) - beat
			last = now
			r.mu.Lock()
			r.engine.Lag(max(late.Seconds(), 0))
			r.mu.Unlock()
		}
	}
}

// display calls the functions that show progress.
func (r *run) display(done chan<- struct{}) {
	defer close(done)
	t := time.NewTicker(200 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case a, ok := <-r.show:
			if !ok {
				return
			}
			if r.cfg.Show != nil {
				r.cfg.Show(a)
			}
		case <-t.C:
			if r.cfg.Tick != nil {
				r.mu.Lock()
				live := r.engine.Live()
				r.mu.Unlock()
				r.cfg.Tick(live)
			}
		}
	}
}
