//go:build !js

package cli

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// run executes a command line in this process.
func run(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Run(args, strings.NewReader(stdin), &out, &err)
	return code, out.String(), err.String()
}

func TestHelpGolden(t *testing.T) {
	_, all, _ := run("", "help")
	text := all
	for _, v := range verbs() {
		code, out, stderr := run("", "help", v.name)
		if code != 0 || stderr != "" {
			t.Errorf("help %s: code %d, %s", v.name, code, stderr)
		}
		text += "\n--- " + v.name + "\n\n" + out
		if _, same, _ := run("", v.name, "-h"); same != out {
			t.Errorf("%s -h differs from help %s", v.name, v.name)
		}
	}
	path := filepath.Join("testdata", "help.txt")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		_ = os.WriteFile(path+".got", []byte(text), 0o644)
		t.Errorf("help text differs; compare %s with %s.got, and run with -update if the change is meant", path, path)
	}
}

// Every verb that is listed has help with an example.
func TestHelpOfEveryVerb(t *testing.T) {
	for _, v := range verbs() {
		code, out, _ := run("", "help", v.name)
		if code != 0 || !strings.Contains(out, "Usage: fleetsize "+v.name) || !strings.Contains(out, "Example: fleetsize "+v.name) {
			t.Errorf("help %s: code %d, text %q", v.name, code, out)
		}
	}
}

// The examples in the help texts run as they stand.
func TestExamplesInHelpRun(t *testing.T) {
	example := regexp.MustCompile(`(?m)^Example: fleetsize (size|estimate|sweep) '([^']+)'$`)
	for _, text := range []string{overview(), sizeUsage, estimateUsage, sweepUsage} {
		m := example.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("no example in %q", text)
			continue
		}
		args := []string{m[1], m[2]}
		if m[1] == "size" {
			args = append(args, "-timeout", "2s")
		}
		code, out, stderr := run("", args...)
		if code != 0 && code != exitCut || out == "" {
			t.Errorf("%s: code %d, %s", m[0], code, stderr)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args   []string
		code   int
		stderr string // contained in
	}{
		{nil, 2, "Usage: fleetsize COMMAND"},
		{[]string{"nonsense"}, 2, `unknown command "nonsense"`},
		{[]string{"help", "nonsense"}, 2, `unknown command "nonsense"`},
		{[]string{"size"}, 2, "no LINK"},
		{[]string{"size", "w=rag", "rps=10"}, 2, "'w=rag&rps=10'"},
		{[]string{"size", "-color", "w=rag"}, 2, "-color"},
		{[]string{"size", "llama-3.1-8b"}, 2, `"llama-3.1-8b" is no LINK: settings are written KEY=VALUE`},
		{[]string{"estimate", "-"}, 2, "standard input is empty"},
		{[]string{"sweep", "-"}, 2, "standard input is empty"},
		{[]string{"size", "rps=abc"}, 2, `rps: "abc" is not a rate: write it like 20/s`},
		{[]string{"size", "m=llama-9"}, 2, `m: "llama-9" is not in the model catalog`},
		{[]string{"size", "g=h100-sxm,foo"}, 2, `g: "foo" is not in the accelerator catalog`},
		{[]string{"size", "ttft=3 parsecs", "-json"}, 2, `ttft: "3 parsecs" is not a duration`},
		{[]string{"size", "-timeout", "-1s", "w=rag"}, 2, "negative"},
		{[]string{"size", "-timeout", "soon", "w=rag"}, 2, "soon"},
		{[]string{"estimate", "flight=5"}, 2, "write for example g=h100-sxm"},
		{[]string{"estimate", "g=h100-sxm,l40s"}, 2, "keep one"},
		{[]string{"estimate", "g=h100-sxm&q=any"}, 2, "name a precision"},
		{[]string{"estimate", "g=h100-sxm&in=500k"}, 2, "write for example in="},
		{[]string{"estimate", "g=h100-sxm&m=bge-large-en-v1-5"}, 2, "generative"},
		{[]string{"estimate", "g=h100-sxm&m=llama-3.1-405b&tp=1&pp=1"}, 2, "GPU"},
		{[]string{"estimate", "g=h100-sxm&pp=64"}, 2, "64 pipeline stages of 32 layers: use at most"},
		{[]string{"estimate", "g=h200&m=deepseek-v3&tp=8&ep=3"}, 2, "ep=3 does not divide tp=8: use a divisor of it"},
		{[]string{"estimate", "g=h200&m=deepseek-v3&dp=6"}, 2, "dp=6 divides no group of 1, 2, 4, … GPUs: use a power of two, or state tp"},
		{[]string{"estimate", "g=h100-sxm&rounds=4"}, 2, "flight=50&rounds=4"},
		{[]string{"estimate", "g=h100-sxm&flight=1000000"}, 2, "at most 100,000"},
		{[]string{"estimate", "g=h100-sxm&flight=10000&rounds=1000"}, 2, "at most rounds=100"},
		{[]string{"size", "g=h100-sxm&in=500k"}, 0, ""},                    // nothing viable is an answer
		{[]string{"size", "g=t4&m=llama-3.1-405b&tp=1&pp=1"}, 0, ""},       // nothing viable
		{[]string{"size", "g=h100-sxm&foo=1"}, 0, "newer than this app"},   // unknown key: a warning
		{[]string{"size", "g=h100-sxm&eng=mystery"}, 0, "default profile"}, // unknown engine: a warning
		{[]string{"size", "-timeout", "1ns", "w=rag"}, 3, "Cut short"},
		{[]string{"estimate", "#v=1&g=h100-sxm&flight=4"}, 0, ""},
		{[]string{"estimate", "g=h100-sxm&flight=1&tp=3"}, 0, "32 attention heads, which do not divide by 3"},
		{[]string{"estimate", "g=h100-sxm&flight=1&tp=16"}, 0, "leaves the fast link (8 GPUs)"},
		{[]string{"estimate", "g=a100-sxm&flight=1&q=fp8"}, 0, "no FP8 arithmetic"},
		{[]string{"estimate", "g=h100-sxm&flight=1&in=100k"}, 0, "Outside the measured range"},
	} {
		code, out, stderr := run("", c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%q: code %d, want %d; stderr %q, want it to contain %q", c.args, code, c.code, stderr, c.stderr)
		}
		if (code == 0 || code == 3) != (out != "") {
			t.Errorf("%q: code %d with %d bytes of answer", c.args, code, len(out))
		}
	}
}

// The link may stand before or after the flags, in any form, or on standard input.
func TestLinkForms(t *testing.T) {
	_, want, _ := run("", "estimate", "-json", "g=h100-sxm&flight=4&in=1k&out=100")
	for _, c := range []struct {
		stdin string
		args  []string
	}{
		{"", []string{"estimate", "g=h100-sxm&flight=4&in=1000&out=100", "-json"}},
		{"", []string{"estimate", "--json", "https://example.com/x/#v=1&g=h100-sxm-80gb&flight=4&in=1k&out=100"}},
		{"", []string{"estimate", "-json", "--", "?g=H100_SXM&flight=4&in=1k&out=100"}},
		{"#g=h100-sxm&flight=4&in=1k&out=100\n", []string{"estimate", "-", "-json"}},
	} {
		if code, got, stderr := run(c.stdin, c.args...); code != 0 || got != want {
			t.Errorf("%q: code %d, stderr %q, another answer:\n%s", c.args, code, stderr, got)
		}
	}
}

// The command says what the engine says.
func TestSizeEqualsTheEngine(t *testing.T) {
	const in = "m=llama-3.1-8b&rps=10&g=h100-sxm,l40s"
	code, out, stderr := run("", "size", "-json", in)
	if code != 0 || stderr != "" {
		t.Fatalf("code %d, stderr %q", code, stderr)
	}
	var doc struct {
		Options []struct {
			GPU     string  `json:"gpu"`
			GPUs    int     `json:"gpus"`
			RateSLO float64 `json:"rate_slo"`
		} `json:"options"`
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := link.Parse(cat, in)
	r, _ := s.Requirement(cat)
	var e fleet.Estimator
	a := e.Size(r)
	if len(doc.Options) != len(a.Options) || len(a.Options) == 0 {
		t.Fatalf("%d options, the engine has %d", len(doc.Options), len(a.Options))
	}
	for i, o := range doc.Options {
		w := a.Options[i]
		if o.GPU != w.GPU.ID || o.GPUs != w.GPUs || o.RateSLO < w.RateSLO*(1-1e-5) || o.RateSLO > w.RateSLO*(1+1e-5) {
			t.Errorf("option %d is %+v, the engine says %s %d %v", i, o, w.GPU.ID, w.GPUs, w.RateSLO)
		}
	}
	_, text, _ := run("", "size", in)
	for _, want := range []string{" × " + a.Options[0].GPU.Short + " serve", "RAG Q&A (5,000 in, 500 out)", "first token within 3 s", "Link: #v=1&g=", "Not a quote"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
}

// What is not viable is named with its reason, and a fault of the workload
// once instead of for every accelerator.
func TestSizeText(t *testing.T) {
	_, text, _ := run("", "size", "g=t4,a10&m=llama-3.1-70b&tp=1&pp=1")
	if !strings.Contains(text, "Nothing considered serves") || !strings.Contains(text, "Not viable (2):") || !strings.Contains(text, "GB short") {
		t.Errorf("no reasons in:\n%s", text)
	}
	_, text, _ = run("", "size", "in=500k")
	if strings.Count(text, "131,072") != 1 || !strings.Contains(text, "Try: ") {
		t.Errorf("the context problem is not said once with a remedy:\n%s", text)
	}
	_, text, _ = run("", "size", "-timeout", "1ns", "w=rag")
	if !strings.HasPrefix(text, "≈ ") {
		t.Errorf("a preview is not marked:\n%.200s", text)
	}
}

// The long-context case that thrashes: 200 requests of 20,000 tokens wait for
// KV memory for minutes. Measured on one H100 with NIM: TTFT 211.7 s.
func TestEstimateOfWaitingForMemory(t *testing.T) {
	code, out, _ := run("", "estimate", "-json", "m=llama-3.1-8b&q=fp8&eng=nim&g=h100-sxm&in=20000&out=2000&flight=200")
	var doc struct {
		Mode    string
		Binding string
		Running float64
		Waiting float64
		TTFT    struct{ Mean float64 } `json:"ttft_ms"`
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 0 {
		t.Fatalf("code %d, %v", code, err)
	}
	if doc.Mode != "closed" || doc.Binding != "kv_memory" || doc.TTFT.Mean < 120e3 || doc.TTFT.Mean > 400e3 {
		t.Errorf("%+v, want minutes of TTFT bound by KV memory", doc)
	}
	if in := doc.Running + doc.Waiting; in < 199 || in > 201 {
		t.Errorf("%v requests run or wait, want all 200", in)
	}
}

func TestTable(t *testing.T) {
	tab := table{right: []bool{false, true}}
	tab.add("GPU", "n")
	tab.add("H100", "1,000")
	tab.add("é", "5")
	if got, want := tab.String(), "GPU       n\nH100  1,000\né         5\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// The built command: exit codes and streams as a script sees them.
func TestBuiltCommand(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "fleetsize")
	build := exec.Command("go", "build", "-o", bin, "fleetsize")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"help"}, 0}, {nil, 2}, {[]string{"size", "rps=x"}, 2},
		{[]string{"size", "-json", "g=h100-sxm"}, 0}, {[]string{"size", "-json", "-timeout", "1ns", "w=rag"}, 3},
		{[]string{"estimate", "g=h100-sxm&flight=4", "-json"}, 0},
		{[]string{"site"}, 2},
	} {
		cmd := exec.Command(bin, c.args...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != c.code {
			t.Errorf("fleetsize %q: exit code %d, want %d; %s", c.args, code, c.code, stderr.String())
		}
		if c.code != 2 && len(c.args) > 1 && !json.Valid(stdout.Bytes()) {
			t.Errorf("fleetsize %q: stdout is not one JSON document", c.args)
		}
	}
}
