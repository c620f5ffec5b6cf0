//go:build !js

package mock

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"fleetsize/app/vocab"
	"fleetsize/catalog/jsonio"
)

// Words are one OpenAI token each, halves two for one, so that the difference
// between native and normalized speed is known.
func TestTextInOpenAITokens(t *testing.T) {
	e, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if e.Count(w) != 1 {
			t.Errorf("word %q has %d tokens", w, e.Count(w))
		}
	}
	for _, h := range halves {
		if e.Count(h[0]+h[1]) != 1 {
			t.Errorf("halves %q have %d tokens together", h, e.Count(h[0]+h[1]))
		}
	}
	join := func(style Text, n int) string {
		text, tokens := "", tokenText{style: style, seed: 3}
		for i := range n {
			text += tokens.at(i)
		}
		return text
	}
	if n := e.Count(join(Words, 1000)); n != 1000 {
		t.Errorf("1,000 words have %d tokens", n)
	}
	if n := e.Count(join(Halves, 1000)); n != 500 {
		t.Errorf("1,000 halves have %d tokens, want 500", n)
	}
	for _, w := range foreign {
		if insideCharacter([]byte(w)) == 0 {
			t.Errorf("%q has no character of several bytes", w)
		}
	}
}

func TestKnownAnswers(t *testing.T) {
	s, err := New(Config{Wrong: 0.3, Seed: 5, Answer: func(q string, n uint64) (string, bool) { return "B", q == "Which?" }})
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for n := range uint64(2000) {
		switch got := s.known("Now: what is 12 × -3?", n)[0]; got {
		case "-36":
			right++
		case "-35":
		default:
			t.Fatalf("12 × -3 = %s", got)
		}
	}
	// Binomial with 2,000 tries at 0.7: three standard deviations are 0.031.
	if share := float64(right) / 2000; math.Abs(share-0.7) > 0.031 {
		t.Errorf("%v of the sums are right, want 0.7", share)
	}
	if got := s.known("Which?", 1); len(got) != 1 || got[0] != "B" {
		t.Errorf("Config.Answer gives %q", got)
	}
	if got := s.known("Repeat exactly: one  two three\n", 1); strings.Join(got, "|") != "one|  two| three" {
		t.Errorf("repeated as %q", got)
	}
	if got := s.known("What is love?", 1); got != nil {
		t.Errorf("an answer to everything: %q", got)
	}
}

func TestLogprobs(t *testing.T) {
	type top struct {
		Token   string
		Logprob float64
		Bytes   []int
	}
	read := func(cfg Config) (tokens []top, tops [][]top) {
		_, url := start(t, cfg)
		_, body := post(t, url+"/chat/completions", `{"messages":[{"role":"user","content":"Hello"}],"max_tokens":40,"logprobs":true,"top_logprobs":5}`)
		var k struct {
			Choices []struct {
				Logprobs struct {
					Content []struct {
						top
						Top []top `json:"top_logprobs"`
					}
				}
			}
		}
		if err := jsonio.Unmarshal([]byte(body), &k); err != nil {
			t.Fatal(err)
		}
		for _, c := range k.Choices[0].Logprobs.Content {
			tokens, tops = append(tokens, c.top), append(tops, c.Top)
		}
		return tokens, tops
	}
	tokens, tops := read(Config{})
	if len(tokens) != 40 {
		t.Fatalf("%d positions, want 40", len(tokens))
	}
	for i := range tokens {
		if len(tops[i]) != 5 || tops[i][0].Token != tokens[i].Token || tops[i][0].Logprob != tokens[i].Logprob || len(tokens[i].Bytes) != len(tokens[i].Token) {
			t.Fatalf("position %d: %+v, %+v", i, tokens[i], tops[i])
		}
		sum := 0.0
		for k, a := range tops[i] {
			sum += math.Exp(a.Logprob)
			if k > 0 && a.Logprob >= tops[i][k-1].Logprob {
				t.Errorf("position %d is not in order: %+v", i, tops[i])
			}
		}
		// p + (1−p)·(1 − 2^−4), just below 1.
		if sum > 1 || sum < 0.96 {
			t.Errorf("position %d: probabilities sum to %v", i, sum)
		}
	}
	// Another server of the same seed: every tenth top differs, all shifted by a known amount.
	other, otherTops := read(Config{LogprobShift: -0.02, LogprobSwap: 10})
	same := 0
	for i := range other {
		if otherTops[i][0].Token == tops[i][0].Token {
			same++
			if d := other[i].Logprob - tokens[i].Logprob; math.Abs(d+0.02) > 1e-9 {
				t.Errorf("position %d differs by %v, want -0.02", i, d)
			}
		} else if i%10 != 9 || otherTops[i][1].Token != tokens[i].Token {
			t.Errorf("position %d has another top", i)
		}
	}
	if same != 36 {
		t.Errorf("%d of 40 tops agree, want 36", same)
	}
	// Text completions have their own form.
	_, url := start(t, Config{})
	_, body := post(t, url+"/completions", `{"prompt":"Hello","max_tokens":3,"logprobs":2}`)
	var k struct {
		Choices []struct {
			Logprobs struct {
				Tokens  []string
				Probs   []float64            `json:"token_logprobs"`
				TopList []map[string]float64 `json:"top_logprobs"`
			}
		}
	}
	if err := jsonio.Unmarshal([]byte(body), &k); err != nil {
		t.Fatal(err)
	}
	if l := k.Choices[0].Logprobs; len(l.Tokens) != 3 || len(l.Probs) != 3 || len(l.TopList) != 3 || len(l.TopList[0]) != 2 {
		t.Errorf("got %s", body)
	}
}

func TestEmbeddings(t *testing.T) {
	s, url := start(t, Config{ItemBase: 30 * time.Millisecond, ItemCost: 5 * time.Millisecond})
	read := func(body string) (vectors [][]float64) {
		_, answer := post(t, url+"/embeddings", body)
		var k struct {
			Data []struct{ Embedding any }
		}
		if err := jsonio.Unmarshal([]byte(answer), &k); err != nil {
			t.Fatalf("%s: %v", answer, err)
		}
		for _, d := range k.Data {
			var v []float64
			switch e := d.Embedding.(type) {
			case []any:
				for _, x := range e {
					v = append(v, x.(float64))
				}
			case string:
				b, err := base64.StdEncoding.DecodeString(e)
				if err != nil {
					t.Fatal(err)
				}
				for i := 0; i < len(b); i += 4 {
					v = append(v, float64(math.Float32frombits(binary.LittleEndian.Uint32(b[i:]))))
				}
			}
			vectors = append(vectors, v)
		}
		return vectors
	}
	got := read(`{"input":["water","wall","water"]}`)
	if len(got) != 3 || len(got[0]) != defaultDimensions || fmt.Sprint(got[0]) != fmt.Sprint(got[2]) || fmt.Sprint(got[0]) == fmt.Sprint(got[1]) {
		t.Fatal("equal texts must have equal vectors, others others")
	}
	norm := 0.0
	for _, x := range got[0] {
		norm += x * x
	}
	if math.Abs(norm-1) > 1e-6 {
		t.Errorf("length² %v, want 1", norm)
	}
	packed := read(`{"input":"water","encoding_format":"base64"}`)
	for i, x := range packed[0] {
		if math.Abs(x-got[0][i]) > 1e-7 {
			t.Fatalf("number %d is %v in base64 and %v in JSON", i, x, got[0][i])
		}
	}
	if v := read(`{"input":"water","dimensions":8}`); len(v[0]) != 8 {
		t.Errorf("%d numbers, want 8", len(v[0]))
	}
	if rec := last(t, s, 1); rec.DueUS[0]-rec.StartUS != 45_000 {
		t.Errorf("three texts take %d µs, want 45,000", rec.DueUS[0]-rec.StartUS)
	}
}

func TestRerank(t *testing.T) {
	_, url := start(t, Config{})
	_, body := post(t, url+"/rerank", `{"query":"cold water","documents":["A stone wall.","The water is cold.",{"text":"Warm water"}],"top_n":2}`)
	var k struct {
		Results []struct {
			Index    int
			Score    float64 `json:"relevance_score"`
			Document struct{ Text string }
		}
	}
	if err := jsonio.Unmarshal([]byte(body), &k); err != nil {
		t.Fatal(err)
	}
	if r := k.Results; len(r) != 2 || r[0].Index != 1 || r[0].Score != 1 || r[1].Index != 2 || r[1].Score != 0.5 || r[1].Document.Text != "Warm water" {
		t.Errorf("got %s", body)
	}
}

// Jitter keeps the mean and has the stated spread.
func TestJitter(t *testing.T) {
	const n = 20000
	sum, squares := 0.0, 0.0
	for i := range uint64(n) {
		x := jitter(random(1, i), 0.3)
		sum += x
		squares += x * x
	}
	mean := sum / n
	spread := math.Sqrt(squares/n - mean*mean)
	if math.Abs(mean-1) > 0.01 || math.Abs(spread-0.3) > 0.02 {
		t.Errorf("mean %v, spread %v, want 1 and 0.3", mean, spread)
	}
	if jitter(random(1, 1), 0) != 1 {
		t.Error("jitter without jitter")
	}
}
