package bench

import (
	"strings"
	"testing"
)

// wordCounter counts words, as o200k_base does for the words of prompts.
type wordCounter struct{}

func (wordCounter) Count(s string) int { return len(strings.Fields(s)) }
func (wordCounter) Name() string       { return "words" }
func (wordCounter) Exact() bool        { return true }

// Prompts have the wanted length by either counter, start differently, and are
// the same for the same seed.
func TestPrompts(t *testing.T) {
	for _, counter := range []Counter{wordCounter{}, CharsPerToken{}} {
		p := Prompter{Seed: 1, Counter: counter}
		for _, tokens := range []int{1, 2, 3, 5, 20, 50, 128, 1000, 4000} {
			text := p.Prompt(7, tokens)
			got := counter.Count(text)
			// Two words at least; a word has up to three tokens of four characters.
			if got < tokens && tokens > 5 || got > tokens+2 && tokens > 5 {
				t.Errorf("%s: %d tokens, want %d", counter.Name(), got, tokens)
			}
			if tokens >= 50 && !strings.HasSuffix(text, ending) {
				t.Errorf("%s: a prompt of %d tokens does not ask for a long answer", counter.Name(), tokens)
			}
			if again := p.Prompt(7, tokens); again != text {
				t.Errorf("%s: two prompts of the same seed and number differ", counter.Name())
			}
		}
	}
	p := Prompter{Seed: 1, Counter: wordCounter{}}
	starts := map[string]int{}
	for id := range 3000 {
		words := strings.Fields(p.Prompt(id, 100))
		start := strings.Join(words[:2], " ")
		if before, ok := starts[start]; ok {
			t.Fatalf("prompts %d and %d start with %q", before, id, start)
		}
		starts[start] = id
	}
	if other := (&Prompter{Seed: 2, Counter: wordCounter{}}).Prompt(5, 100); other == p.Prompt(5, 100) {
		t.Error("another seed gives the same prompt")
	}
}

// With a shared prefix, prompts are the same up to there and differ after it.
func TestSharedPrefix(t *testing.T) {
	p := Prompter{Seed: 1, Counter: wordCounter{}, Shared: 40}
	a, b := strings.Fields(p.Prompt(1, 100)), strings.Fields(p.Prompt(2, 100))
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	if same < 39 || same > 42 || len(a) != 100 || len(b) != 100 {
		t.Errorf("%d words are the same of %d and %d, want 40 of 100", same, len(a), len(b))
	}
}

func FuzzPrompt(f *testing.F) {
	f.Add(uint64(1), 0, 100, 10)
	f.Fuzz(func(t *testing.T, seed uint64, id, tokens, shared int) {
		tokens, shared = tokens%3000, shared%3000
		if tokens < 1 || shared < 0 {
			return
		}
		p := Prompter{Seed: seed, Counter: wordCounter{}, Shared: shared}
		if text := p.Prompt(id, tokens); strings.TrimSpace(text) == "" {
			t.Errorf("seed %d, id %d, %d tokens: empty", seed, id, tokens)
		}
	})
}

// The length is corrected by what the server counts, here half as much again
// and 12 for its template.
func TestPromptLengthFollowsTheServer(t *testing.T) {
	run, err := New(Plan{Input: 1000}, Options{Counter: wordCounter{}})
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for range 4 {
		run.phase = Phase{Concurrency: 1, Input: 1000, Output: 10}
		f := run.start(-1, 0)
		words := wordCounter{}.Count(run.prompter.Prompt(f.id, f.asked))
		got = words*3/2 + 12
		run.learn(f, &Record{Input: got, Output: 1, First: 1, Last: 1})
	}
	if got < 995 || got > 1005 {
		t.Errorf("after three corrections the server counts %d tokens, want 1000", got)
	}
}
