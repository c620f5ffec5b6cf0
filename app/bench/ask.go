//go:build !js

package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/catalog/jsonio"
)

// maxReply bounds the body of an answer that is not streamed.
const maxReply = 64 << 20

// post sends one request that is answered at once and returns the body of a
// success, and how long it took.
func (c *Config) post(ctx context.Context, path, contentType string, body []byte) (reply []byte, took time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	for k, v := range c.Header {
		req.Header[k] = v
	}
	req.Header.Set("Content-Type", contentType)
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	begin := time.Now()
	res, err := c.Client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		return nil, 0, fmt.Errorf("%s", plain(err))
	}
	defer res.Body.Close()
	reply, err = io.ReadAll(io.LimitReader(res.Body, maxReply))
	took = time.Since(begin)
	if err != nil {
		return nil, took, err
	}
	if res.StatusCode/100 != 2 {
		return nil, took, fmt.Errorf("HTTP %d: %s", res.StatusCode, bench.ServerMessage(reply))
	}
	return reply, took, nil
}

// Exam is a set of questions to ask.
type Exam struct {
	Model       string
	API         bench.API
	Questions   []answers.Question
	Repeats     int     // of each question
	Concurrency int     // requests at once
	MaxTokens   int     // per reply
	Temperature float64 // sent as it is, 0 too
	Progress    func(done, total int)
}

// message is the body of a request that is not streamed.
type message struct {
	Model       string  `json:"model,omitempty"`
	Messages    []chat  `json:"messages,omitempty"`
	Prompt      string  `json:"prompt,omitempty"`
	MaxTokens   int     `json:"max_tokens"`
	Temperature float64 `json:"temperature"`
	Seed        *int    `json:"seed,omitempty"`
	Logprobs    any     `json:"logprobs,omitempty"`
	Top         int     `json:"top_logprobs,omitempty"`
}

type chat struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// compose is path and body of a question.
func compose(api bench.API, model, prompt string, tokens int, temperature float64, repeat int, top int) (path string, body []byte, err error) {
	m := message{Model: model, MaxTokens: tokens, Temperature: temperature}
	if temperature > 0 {
		m.Seed = &repeat // repeats are to differ, runs are not
	}
	path = "/chat/completions"
	if api == bench.Completions {
		path, m.Prompt = "/completions", prompt
		if top > 0 {
			m.Logprobs = top
		}
	} else {
		m.Messages = []chat{{"user", prompt}}
		if top > 0 {
			m.Logprobs, m.Top = true, top
		}
	}
	body, err = jsonio.Marshal(m)
	return path, body, err
}

// Sit asks all questions and judges the replies. When ctx ends, the results
// hold what was asked until then and cut is set. Failures are the messages of
// requests that brought no reply, a few different ones.
func Sit(ctx context.Context, cfg *Config, e Exam) (results []answers.Result, failures []string, cut bool) {
	results = make([]answers.Result, len(e.Questions))
	for i := range results {
		results[i] = answers.Result{Question: &e.Questions[i]}
	}
	var mu sync.Mutex
	done, total := 0, len(e.Questions)*e.Repeats
	pool(ctx, e.Concurrency, total, func(i int) {
		q := &e.Questions[i%len(e.Questions)]
		path, body, err := compose(e.API, e.Model, q.Prompt(), e.MaxTokens, e.Temperature, i/len(e.Questions), 0)
		outcome := answers.Failed
		if err == nil {
			var data []byte
			if data, _, err = cfg.post(ctx, path, "application/json", body); err == nil {
				var r answers.Reply
				if r, err = answers.DecodeReply(data); err == nil {
					outcome = q.Judge(r.Text)
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil && ctx.Err() != nil {
			return // interrupted, not failed
		}
		if err != nil && len(failures) < 5 && !contains(failures, err.Error()) {
			failures = append(failures, err.Error())
		}
		r := &results[i%len(e.Questions)]
		r.Outcomes = append(r.Outcomes, outcome)
		done++
		if e.Progress != nil {
			e.Progress(done, total)
		}
	})
	return results, failures, done < total
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
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

// Probabilities asks prompts at temperature 0 and returns each answer's tokens
// with their ten likeliest alternatives.
func Probabilities(ctx context.Context, cfg *Config, api bench.API, model string, prompts []string, tokens int) ([][]answers.Position, error) {
	var out [][]answers.Position
	for _, p := range prompts {
		path, body, err := compose(api, model, p, tokens, 0, 0, 10)
		if err != nil {
			return nil, err
		}
		data, _, err := cfg.post(ctx, path, "application/json", body)
		if err != nil {
			return nil, err
		}
		r, err := answers.DecodeReply(data)
		if err != nil {
			return nil, err
		}
		out = append(out, r.Tokens)
	}
	return out, nil
}

var started = time.Now()

// now is a monotonic time in seconds.
func now() float64 { return time.Since(started).Seconds() }
