//go:build unix

package views

import (
	"fmt"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"fleetsize/app/link"
)

// inject is a text that would be markup wherever it is not escaped, with a control character, a change of
// writing direction and the beginning of a spreadsheet formula.
const inject = "=\"'><img src=x onx=1><script>alert(1)</script></textarea></svg>\u202e\x00\x1b[2J"

// patient is how long a processor may work on an answer to hostile input: far more than any takes, far less
// than a hang.
const patient = 20 * time.Second

// quickly fails the test if something takes longer than a person would wait, by the time of the processor: a
// machine that is busy with other things takes any time. The race detector, which runs with -short, is no
// measure at all.
func quickly(t *testing.T, what string, act func()) {
	t.Helper()
	began := worked(t)
	act()
	if took := worked(t) - began; took > patient && !testing.Short() {
		t.Errorf("%s took %v of the processor", what, took)
	}
}

// worked is how long processors have worked for this process.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// hostileValues are put into every key of the link grammar.
var hostileValues = []string{
	inject, strings.Repeat("9", 400), "-1e308", "nAn", "iNf", "0x10", "%", "%zz", ":::::", ",,,,", "\x00", "\u202e10",
	strings.Repeat("h100-sxm,", 400), strings.Repeat("a:1,", 900), strings.Repeat("[", 2000),
}

// No value of any key becomes markup, makes a number that is none, or holds the page up.
func TestHostileLinks(t *testing.T) {
	cat := testCatalog(t)
	all := strings.Fields("v d w in out hit lr m q kv eng tp pp rps users day rph peak flight rounds ttft itl e2e pct pos util spare nodespare grow yrs buy px off kwh pue term host lic use co2 api sys hist ask chunks chunk emb rer cand docs doc hours ret turns calls rt own budget mix spec pd ep dp b.g c.m n t x g sort a own.m cm cg zzz")
	for i, value := range hostileValues {
		pairs := []string{"v=1"}
		for _, key := range all {
			one := key + "=" + url.QueryEscape(value)
			quickly(t, one, func() { // alone
				s := NewSizing(cat, one)
				if len(s.State.String()) > 8192 {
					t.Errorf("%.60q is kept as a link of %d characters", one, len(s.State.String()))
				}
			})
			pairs = append(pairs, one)
		}
		name := fmt.Sprintf("hostile value %d", i)
		quickly(t, name, func() {
			s := NewSizing(cat, strings.Join(pairs, "&"))
			for _, view := range []string{viewSize, viewData, viewMeasure} {
				s.State.View = view
				soundMarkup(t, name+" in "+view, render(showing(s, handmade(t, s))))
			}
		})
	}
	quickly(t, "a link of 4 MB", func() {
		_, notes := link.Parse(cat, "v=1&n="+strings.Repeat("x", 4<<20)+"&rps=7")
		if len(notes) == 0 {
			t.Error("a link of 4 MB is taken without a word")
		}
	})
}

// hostileFiles are contents that no file of any kind should hold.
func hostileFiles() map[string]string {
	deep := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	row := "model,gpu,tp,engine,weights,isl,osl,concurrency,ttft_ms,itl_ms,output_tok_s\n"
	long := 1 << 20
	if testing.Short() {
		long = 1 << 16
	}
	return map[string]string{
		"deep lists":       deep("[", "1", "]", 200_000),
		"deep objects":     deep(`{"a":`, "1", "}", 100_000),
		"unclosed":         strings.Repeat("[", 500_000),
		"markup":           `{"name":"` + `<script>alert(1)</script><img src=x onx=1>` + `","link":"v=1&n=<script>alert(1)</script>","model_type":"<script>"}`,
		"huge numbers":     `{"model_type":"llama","hidden_size":1e300,"num_hidden_layers":999999999999,"num_attention_heads":1e18,"num_key_value_heads":-5,"vocab_size":1e999,"intermediate_size":9007199254740993}`,
		"endless layers":   `{"model_type":"llama","hidden_size":4096,"num_hidden_layers":2000000000,"num_attention_heads":32,"intermediate_size":14336,"vocab_size":128256}`,
		"control":          "\x00\x01\x02\x1b[2J\x7f\xff\xfe",
		"byte order marks": strings.Repeat("\ufeff", 1000) + "{}",
		"many keys":        `{` + strings.Repeat(`"hidden_size":1,`, 60_000) + `"x":1}`,
		"markup in a row":  row + inject + ",<img src=x onx=1>,1,<script>,fp8,100,100,1,10,10,100\n",
		"bad numbers":      row + "llama-3.1-8b,h100-sxm,-1,vllm,fp8,1e300,NaN,Inf,-1,1e-300,0x7\n" + "llama-3.1-8b,h100-sxm,99999999,vllm,fp8,99999999999,99999999999,99999999,1,1,1\n",
		"one long line":    strings.Repeat("a,", long),
		"one long cell":    row + `"` + strings.Repeat("x", 3*long),
		"quotes":           strings.Repeat(`"`, long),
	}
}

// Whatever is imported is refused in words or taken; nothing panics, hangs, or becomes markup.
func TestHostileFiles(t *testing.T) {
	cat := testCatalog(t)
	for name, content := range hostileFiles() {
		quickly(t, "config.json: "+name, func() {
			s := NewSizing(cat, "")
			added, err := s.readModel(inject, content)
			if err != nil {
				saysLittle(t, "config.json: "+name, err)
				return
			}
			s.Edit("", added.into)
			soundMarkup(t, "config.json: "+name, render(showing(s, handmade(t, s))))
		})
		quickly(t, "own entries: "+name, func() {
			st := defaults
			if err := readOwn(cat, content, &st); err != nil {
				saysLittle(t, "own entries: "+name, err)
			}
		})
		quickly(t, "saved answer: "+name, func() {
			s := NewSizing(cat, "")
			s.OpenSaved(content)
			soundMarkup(t, "saved answer: "+name, render(showing(s, handmade(t, s))))
		})
		quickly(t, "table: "+name, func() {
			v := measuring(t, "", "file", inject+".csv", content)
			soundMarkup(t, "table: "+name, render(v))
		})
		quickly(t, "fit: "+name, func() {
			v := measuring(t, "", "", "", "")
			v.openFit(inject, content)
			soundMarkup(t, "fit: "+name, render(v))
		})
		quickly(t, "past sizings: "+name, func() {
			if f := parsePast(content); len(f.List) > maxPast {
				t.Errorf("past sizings: %s: %d", name, len(f.List))
			}
		})
		quickly(t, "price profiles: "+name, func() {
			if list := parseProfiles(content); len(list) > maxProfiles {
				t.Errorf("price profiles: %s: %d profiles", name, len(list))
			}
		})
	}
}

// saysLittle checks that a refusal fits a dialog: it must not repeat the file.
func saysLittle(t *testing.T, what string, err error) {
	t.Helper()
	if n := len(err.Error()); n > 600 {
		t.Errorf("%s: the refusal has %d characters: %.200q…", what, n, err)
	}
}
