package answers

import (
	"math"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	list, err := Parse([]byte("\ufeff" + `{"question":"What is 2 + 2?","answer":"4"}` + "\r\n\n" +
		`{"id":"x","category":"c","question":"Which?","choices":["red","blue"],"answer":"b"}` + "\n" + `{"question":"Capital of France?","answer":"Paris"}`))
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	for i, want := range []Kind{Number, Choice, Text} {
		if list[i].Kind != want {
			t.Errorf("question %d is of kind %s, want %s", i, list[i].Kind, want)
		}
	}
	if list[0].ID != "line-1" || list[1].Answer != "B" || !strings.Contains(list[1].Prompt(), "\nB) blue") {
		t.Errorf("%+v", list)
	}
	for data, want := range map[string]string{
		"": "no questions", "{": "line 1", `{"question":"x"}`: "missing", "\xff": "UTF-8",
		`{"question":"q","answer":"C","choices":["a","b"]}`:                                               "letter",
		`{"question":"q","answer":"x","kind":"number"}`:                                                   "not a number",
		`{"question":"q","answer":"x","kind":"essay"}`:                                                    "essay",
		`{"id":"1","question":"q","answer":"x"}` + "\n" + `{"id":"1","question":"q","answer":"x"}` + "\n": "line 2",
	} {
		if _, err := Parse([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", data, err, want)
		}
	}
	if n := len(Builtin()); n != 40 {
		t.Errorf("%d built-in questions, want 40", n)
	}
}

// A right answer in the asked form is right, for every question that ships.
func TestBuiltinAnswersAreRight(t *testing.T) {
	for _, q := range Builtin() {
		for _, reply := range []string{"Answer: " + q.Answer, "Let me think: 1, 2.\n\n**Answer:** " + q.Answer + ".", q.Answer, "<think>7 or B? Answer: 5</think>" + q.Answer} {
			if got := q.Judge(reply); got != Right {
				t.Errorf("%s: %q is %s", q.ID, reply, got)
			}
		}
		if got := q.Judge(""); got != Unparsed {
			t.Errorf("%s: an empty reply is %s", q.ID, got)
		}
		if got := q.Judge("<think>well, " + q.Answer); got != Unparsed {
			t.Errorf("%s: unfinished thinking is %s", q.ID, got)
		}
	}
}

func TestJudge(t *testing.T) {
	n := Question{Question: "q", Answer: "1234.5", Kind: Number}
	c := Question{Question: "q", Answer: "B", Kind: Choice}
	x := Question{Question: "q", Answer: "New York", Kind: Text}
	minus := Question{Question: "q", Answer: "-3", Kind: Number}
	for _, k := range []struct {
		q     *Question
		reply string
		want  Outcome
	}{
		{&n, "It is 1,234.5.", Right}, {&n, "$1,234.50", Right}, {&n, "1234.5 of 1300", Wrong}, {&n, "Answer: 1234.5 (of 1300)", Wrong},
		{&n, "no idea", Unparsed}, {&n, "Answer:\n1234.5", Right}, {&minus, "So x = −3", Right}, {&minus, "5-3", Wrong}, {&minus, "Answer: -3", Right},
		{&c, "The answer is B", Right}, {&c, "Answer: b) because", Right}, {&c, "A dog is (B).", Right}, {&c, "I think so", Unparsed}, {&c, "C", Wrong},
		{&c, "DNA", Unparsed}, {&c, "I'd say C", Wrong},
		{&x, "new york!", Right}, {&x, "Answer: The New York", Right}, {&x, "Answer: York", Wrong}, {&x, "It is New York.", Right},
		{&x, "Well.\nI do not know.", Unparsed}, {&x, "Answer: ", Unparsed},
	} {
		if got := k.q.Judge(k.reply); got != k.want {
			t.Errorf("Judge(%q) for %s = %s, want %s", k.reply, k.q.Answer, got, k.want)
		}
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("1,234.5", "Answer: 1")
	f.Add("B", "<think></think></think>")
	f.Fuzz(func(t *testing.T, answer, reply string) {
		q := Question{Question: "q", Answer: answer}
		if q.complete(1) == nil {
			q.Judge(reply)
		}
	})
}

// Intervals as in the literature: Wilson 8 of 10 (Brown, Cai, DasGupta 2001
// use the same formula), Clopper–Pearson by R's binom.test(8, 10).
func TestIntervals(t *testing.T) {
	for _, c := range []struct {
		name      string
		got       Interval
		low, high float64
	}{
		{"Wilson 8 of 10", Wilson(8, 10), 0.4901625, 0.9433178},
		{"Wilson 0 of 10", Wilson(0, 10), 0, 0.2775328},
		{"Clopper–Pearson 8 of 10", ClopperPearson(8, 10), 0.4439045, 0.9747893},
		{"Clopper–Pearson 0 of 10", ClopperPearson(0, 10), 0, 0.3084971},
		{"Clopper–Pearson 10 of 10", ClopperPearson(10, 10), 0.6915029, 1},
		{"nothing", Wilson(0, 0), 0, 1},
	} {
		if math.Abs(c.got.Low-c.low) > 1e-6 || math.Abs(c.got.High-c.high) > 1e-6 {
			t.Errorf("%s = %+v, want %v to %v", c.name, c.got, c.low, c.high)
		}
	}
	for df, want := range map[int]float64{1: 12.706, 2: 4.303, 3: 3.1824, 5: 2.5706, 10: 2.2281, 30: 2.0423, 1000: 1.9623} {
		if got := t95(df); math.Abs(got-want) > 0.005*want {
			t.Errorf("t95(%d) = %v, want %v", df, got, want)
		}
	}
	for _, c := range []struct {
		t    float64
		df   int
		want float64
	}{{2.2281388, 10, 0.05}, {1, 1, 0.5}, {0, 7, 1}, {2.0422725, 30, 0.05}, {3.2498355, 9, 0.01}} {
		if got := tTail(c.t, c.df); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("P(|T| > %v; %d) = %v, want %v", c.t, c.df, got, c.want)
		}
	}
}

// results makes questions with the given shares of right replies.
func results(repeats int, right ...int) []Result {
	var out []Result
	for i, k := range right {
		r := Result{Question: &Question{ID: string(rune('a' + i)), Category: []string{"x", "y"}[i%2]}}
		for j := range repeats {
			o := Wrong
			if j < k {
				o = Right
			}
			r.Outcomes = append(r.Outcomes, o)
		}
		out = append(out, r)
	}
	return out
}

func TestScores(t *testing.T) {
	one := results(1, 1, 1, 1, 0)
	one[3].Outcomes[0] = Unparsed
	s := Scores(append(one, Result{Question: &Question{ID: "f", Category: "x"}, Outcomes: []Outcome{Failed}}))
	if len(s) != 3 || s[0].Accuracy != 0.75 || s[0].Unparsed != 1 || s[0].Wrong != 0 || s[0].Failed != 1 || s[0].Questions != 4 || s[0].Method != "clopper-pearson" {
		t.Errorf("%+v", s)
	}
	if s[1].Category != "x" || s[1].Accuracy != 1 || s[2].Accuracy != 0.5 {
		t.Errorf("%+v", s[1:])
	}
	// Ten repeats of four questions tell little about other questions: the
	// interval is that of four values, not of 40.
	many := Scores(results(10, 10, 10, 5, 5))[0]
	if many.Method != "cluster" || math.Abs(many.Interval.Low-(0.75-3.1824*0.288675/2)) > 2e-3 || many.Interval.Width() < Wilson(30, 40).Width() {
		t.Errorf("%+v", many)
	}
	// Within-question variance 0.25·10/9 at two of four questions: the mean of
	// 4·K replies has the standard error √(0.1389/(4K)); ±1 % needs 1,334 each.
	if many.RepeatsFor1 != 1334 {
		t.Errorf("%d repeats for ±1 %%, want 1334", many.RepeatsFor1)
	}
	// At 75 % and one reply each: 1.96²·0.1875/0.01².
	if n := Scores(results(1, 1, 1, 1, 0))[0].QuestionsFor1; n != 7203 {
		t.Errorf("%d questions for ±1 %%, want 7203", n)
	}
	if empty := Scores(nil)[0]; !math.IsNaN(empty.Accuracy) || empty.Interval.Width() != 1 {
		t.Errorf("%+v", empty)
	}
}

func TestCompare(t *testing.T) {
	var a, b []int
	for i := range 40 { // A alone right once, B alone 8 times
		pa, pb := 1, 1
		if i == 0 {
			pb = 0
		} else if i <= 8 {
			pa = 0
		}
		a, b = append(a, pa), append(b, pb)
	}
	c := Compare(results(1, a...), results(1, b...))
	if c.Questions != 40 || c.OnlyA != 1 || c.OnlyB != 8 || c.Test != "mcnemar" || math.Abs(c.P-20.0/512) > 1e-12 || !c.Significant() || math.Abs(c.Difference-7.0/40) > 1e-12 {
		t.Errorf("%+v", c)
	}
	if c.Interval.Low <= 0 || c.Interval.High >= 0.4 || c.Size != "small" {
		t.Errorf("%+v", c)
	}
	same := Compare(results(1, a...), results(1, a...))
	if same.P != 1 || same.Difference != 0 || same.Size != "none" || same.Significant() {
		t.Errorf("%+v", same)
	}
	r := Compare(results(4, 4, 3, 2, 1), results(4, 3, 2, 1, 1))
	if r.Test != "paired-t" || math.Abs(r.Difference+0.1875) > 1e-12 || math.Abs(r.P-0.0577) > 5e-3 || r.Size != "large" {
		t.Errorf("%+v", r)
	}
	if none := Compare(nil, nil); none.Questions != 0 || none.Significant() {
		t.Errorf("%+v", none)
	}
}

func TestParity(t *testing.T) {
	position := func(token string, shift float64) Position {
		p := Position{Token: token, Logprob: -0.1 + shift}
		for i, name := range strings.Fields("a b c d e f g h i j") {
			p.Top = append(p.Top, Alternative{name, -0.1 - float64(i) + shift})
		}
		return p
	}
	a := [][]Position{{position("a", 0), position("a", 0)}, {position("a", 0), position("a", 0)}}
	b := [][]Position{{position("a", 0.02), position("a", 0.02)}, {position("a", 0.02), position("a", 0.05)}}
	p := Compared(a, b)
	if p.Positions != 4 || p.Same != 4 || p.Overlap != 10 || math.Abs(p.Largest-0.05) > 1e-12 || math.Abs(p.Mean-0.0275) > 1e-12 || p.Verdict != "same" || p.Diverged != 0 {
		t.Errorf("%+v", p)
	}
	// The two likeliest tokens exchanged at the first of two positions: half
	// agree, and after a different token nothing is compared.
	x := position("b", 0)
	x.Top[0].Logprob, x.Top[1].Logprob = x.Top[1].Logprob, x.Top[0].Logprob
	p = Compared([][]Position{{position("a", 0), position("a", 0)}}, [][]Position{{x, position("a", 0)}})
	if p.Positions != 1 || p.Same != 0 || p.Diverged != 1 || p.Verdict != "suspicious" {
		t.Errorf("%+v", p)
	}
	if p := Compared(nil, nil); p.Verdict != "unknown" {
		t.Errorf("%+v", p)
	}
}

func TestDecodeReply(t *testing.T) {
	r, err := DecodeReply([]byte(`{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop","logprobs":{"content":[{"token":"Hi","logprob":-0.1,"top_logprobs":[{"token":"Hi","logprob":-0.1},{"token":"Ho","logprob":-2}]}]}}]}`))
	if err != nil || r.Text != "Hi" || len(r.Tokens) != 1 || len(r.Tokens[0].Top) != 2 || r.Tokens[0].Top[1].Token != "Ho" {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = DecodeReply([]byte(`{"choices":[{"text":"Hi","logprobs":{"tokens":["Hi"],"token_logprobs":[null],"top_logprobs":[{"Hi":-0.1,"Ho":-2}]}}]}`))
	if err != nil || r.Text != "Hi" || len(r.Tokens) != 1 || ordered(&r.Tokens[0])[0].Token != "Hi" {
		t.Errorf("%+v, %v", r, err)
	}
	for _, bad := range []string{"", "{}", `{"error":{"message":"x"},"choices":[{}]}`} {
		if _, err := DecodeReply([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a reply", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"question":"q","choices":["a"],"answer":"a"}`)
	f.Fuzz(func(t *testing.T, data string) {
		list, err := Parse([]byte(data))
		if err != nil && list != nil {
			t.Error("questions and an error")
		}
		for i := range list {
			if list[i].Prompt() == "" || list[i].Judge("Answer: "+list[i].Answer) == Failed {
				t.Errorf("%+v", list[i])
			}
		}
	})
}

// Whatever two endpoints answer, the comparison is of finite numbers, and no
// more alternatives are common than there are.
func FuzzDecodeReply(f *testing.F) {
	chat := `{"choices":[{"message":{"content":"Hi"},"logprobs":{"content":[{"token":"Hi","logprob":-0.1,"top_logprobs":[{"token":"\ufffd","logprob":-0.1},{"token":"\ufffd","logprob":-2}]}]}}]}`
	f.Add(chat, chat)
	f.Add(`{"choices":[{"text":"Hi","logprobs":{"tokens":["Hi"],"token_logprobs":[null],"top_logprobs":[{"Hi":-1e308,"Ho":-2}]}}]}`, `{"choices":[{"text":"Hi","logprobs":{"tokens":["Hi","x"],"top_logprobs":[{"Hi":1e308}]}}]}`)
	f.Add(`{"error":1}`, `{"choices":[{}]}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, errX := DecodeReply([]byte(a))
		y, errY := DecodeReply([]byte(b))
		if errX != nil || errY != nil {
			return
		}
		p := Compared([][]Position{x.Tokens}, [][]Position{y.Tokens})
		if p.Overlap > p.Of || p.Same > p.Positions || math.IsInf(p.Mean+p.Largest, 0) || math.IsNaN(p.Mean+p.Largest) {
			t.Errorf("%+v", p)
		}
	})
}
