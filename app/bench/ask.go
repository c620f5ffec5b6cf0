//go:build !js

package bench

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"fleetsize/calc/bench"
)

// maxReply bounds the body of an answer that is not streamed.
const maxReply = 64 << 20

// post sends one request that is answered at once.
func (c *Config) post(ctx context.Context, ask bench.Ask) (a bench.Answer) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+ask.Path, bytes.NewReader(ask.Body))
	if err != nil {
		return bench.Answer{Err: err}
	}
	for k, v := range c.Header {
		req.Header[k] = v
	}
	req.Header.Set("Content-Type", ask.Type)
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	a.Sent = now()
	defer func() { a.Done = now() }()
	res, err := c.Client.Do(req)
	if err != nil {
		a.Err = errors.New(plain(err))
		return a
	}
	defer res.Body.Close()
	if a.Body, a.Err = io.ReadAll(io.LimitReader(res.Body, maxReply)); a.Err == nil && res.StatusCode/100 != 2 {
		a.Err = bench.Refused(res.StatusCode, a.Body)
	}
	return a
}

// Carry carries out rounds; ends are the endpoints that they name. When ctx
// ends, cut is set and what was finished is taken. progress may be nil.
func Carry(ctx context.Context, ends []*Config, rounds []bench.Round, progress func(done, total int)) (cut bool) {
	done, total := 0, bench.Requests(rounds)
	for _, r := range rounds {
		type answer struct {
			i int
			bench.Answer
		}
		answers := make(chan answer, r.N)
		go func() {
			pool(ctx, r.Parallel, r.N, func(i int) {
				ask := r.Ask(i)
				if a := ends[ask.To].post(ctx, ask); ctx.Err() == nil || a.Err == nil {
					answers <- answer{i, a}
				}
			})
			close(answers)
		}()
		for a := range answers {
			r.Take(a.i, a.Answer)
			done++
			if progress != nil {
				progress(done, total)
			}
		}
	}
	return done < total
}

// pool calls do for 0 … n−1, so many at once, until ctx ends.
func pool(ctx context.Context, workers, n int, do func(i int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range max(workers, 1) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				do(i)
			}
		}()
	}
feed:
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	wait.Wait()
}

var started = time.Now()

// now is a monotonic time in seconds.
func now() float64 { return time.Since(started).Seconds() }
