package bench

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// A plan that is written is read as it was; a report is read for its plan.
func TestPlanFile(t *testing.T) {
	want := Plan{
		Kind: Load, API: Completions, Model: "meta/llama 3", Input: 64, Output: 32, Concurrency: []int{1, 3}, MaxConcurrency: 8, PhaseSeconds: 7, Requests: 9, Warmup: -1,
		Tiers: []Tier{{"mine", 25, 2}}, Shared: 16, Seed: 1 << 63, Limits: Limits{Requests: 50, Tokens: 1000, Seconds: 60, USD: 1, InUSD: 2, OutUSD: 3, RequestSeconds: 4, StallSeconds: 5, InFlight: 6},
	}
	data, err := EncodePlan(want)
	if err != nil {
		t.Fatal(err)
	}
	got, notes, err := DecodePlan(append([]byte("\ufeff\n"), data...))
	if err != nil || len(notes) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %q, %v; want %+v", got, notes, err, want)
	}
	r, err := New(want, Options{})
	if err != nil {
		t.Fatal(err)
	}
	report, err := r.Report().Encode()
	if err != nil {
		t.Fatal(err)
	}
	full, _ := want.Defaults()
	if got, notes, err := DecodePlan(report); err != nil || len(notes) > 0 || !reflect.DeepEqual(got, full) {
		t.Errorf("of a report: %+v, %q, %v; want %+v", got, notes, err, full)
	}
}

// What is no plan says what is wrong; keys that no plan has are named.
func TestPlanFileProblems(t *testing.T) {
	for _, c := range []struct{ file, say string }{
		{``, "no plan"},
		{`[1]`, "no plan"},
		{`{"kind":"load"`, "no plan"},
		{`{"input_tokens":5}`, `"kind" is missing`},
		{`{"kind":"nonsense"}`, "the plans are single"},
		{`{"kind":"` + strings.Repeat("x", 5000) + `"}`, "…"},
		{`{"kind":"load","input_tokens":-1}`, "input tokens"},
		{`{"kind":"load","input_tokens":"many"}`, "no plan"},
		{`{"kind":"load","concurrency":[4,2]}`, "rising"},
		{`{"kind":"single","concurrency":[` + strings.Repeat("1,", 5000) + `1]}`, "at most 1000"},
		{`{"kind":"open","rates":[0]}`, "rate 0"},
		{`{"kind":"slo","tiers":[{"id":"a\u0007","p95_ttft_s":1}]}`, "service level's name"},
		{`{"kind":"load","model":"a\nb"}`, "model's name"},
		{`{"schema_version":"2.0","phases":[]}`, "schema_version"},
		{`{"schema_version":"1.0","phases":[]}`, `"kind" is missing`},
		{`{"kind":"load","x":"` + strings.Repeat("x", MaxPlanBytes) + `"}`, "MB"},
		{strings.Repeat(`{"a":`, 100000), "no plan"},
	} {
		if p, _, err := DecodePlan([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.say) || len(err.Error()) > 300 {
			t.Errorf("%.60s: %+v, %v; want %q", c.file, p, err, c.say)
		}
	}
	_, notes, err := DecodePlan([]byte(`{"kind":"load","input":5,"limits":{"seconds":60,"minutes":1}}`))
	if all := strings.Join(notes, "; "); err != nil || len(notes) != 2 || !strings.Contains(all, `"input" is no key`) || !strings.Contains(all, `"minutes" in limits`) {
		t.Errorf("notes %q, %v", notes, err)
	}
	if _, notes, _ := DecodePlan([]byte(`{"kind":"load","a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}`)); len(notes) != 5 || !strings.Contains(notes[4], "other keys") {
		t.Errorf("notes %q", notes)
	}
}

// A key in other letters is read, and nothing says that it changes nothing.
func TestPlanKeysInOtherLetters(t *testing.T) {
	p, notes, err := DecodePlan([]byte(`{"Kind":"load","INPUT_TOKENS":7,"limits":{"Requests":5}}`))
	if err != nil || p.Kind != Load || p.Input != 7 || p.Limits.Requests != 5 || len(notes) > 0 {
		t.Errorf("%+v, %q, %v", p, notes, err)
	}
}

// Whatever a file holds, a plan that is accepted can be run and written.
func FuzzDecodePlan(f *testing.F) {
	for _, s := range []string{`{"kind":"load","concurrency":[1,2]}`, `{"kind":"open","rates":[1],"poisson":true}`, `{"schema_version":"1.0","phases":[],"setup":{"plan":{"kind":"slo"}}}`, `{"kind":1}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, _, err := DecodePlan(data)
		if err != nil {
			return
		}
		if _, err := New(p, Options{}); err != nil {
			t.Fatalf("%+v is accepted, and cannot run: %v", p, err)
		}
		text, err := EncodePlan(p)
		if err != nil {
			t.Fatal(err)
		}
		again, notes, err := DecodePlan(text)
		if same, _ := EncodePlan(again); err != nil || len(notes) > 0 || !bytes.Equal(same, text) { // an empty list is none
			t.Fatalf("%+v is read back as %+v, %q, %v", p, again, notes, err)
		}
	})
}
