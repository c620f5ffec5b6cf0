//go:build !js

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/calc/bench"
)

// smallReport is the report of calc/bench's golden file: 1, 4 and 8 in flight
// against four slots, TTFT 200 ms, 20 ms per token.
func smallReport(t *testing.T) bench.Document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "calc", "bench", "testdata", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := bench.DecodeDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What the text of a report says, and what it must not claim.
func TestBenchText(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		name   string
		change func(d *bench.Document)
		want   []string
		not    []string
	}{
		{"as it is", func(*bench.Document) {},
			[]string{"Knee: 4 in flight (90 %: 4 to 8); more brings no more than", "(200 ms)", "(p95): of fewer than 20 answers", "bar 1,000 tok/s  fail", " requests, 1 failed, "},
			[]string{"o200k_base tokens", "prefill"}},
		{"a clear knee", func(d *bench.Document) { d.KneeRange = []int{4, 4} }, []string{"Knee: 4 in flight; more brings no more than"}, nil},
		{"enough for p95", func(d *bench.Document) {
			for i := range d.Phases {
				d.Phases[i].TTFT.N = 20
			}
		}, []string{"200 ms"}, []string{"(200 ms)", "(p95)"}},
		{"cut short", func(d *bench.Document) { d.Knee, d.CutShort = nil, true },
			[]string{"No knee: the run ended before throughput stopped rising"}, []string{"No knee was found"}},
		{"still rising", func(d *bench.Document) { d.Knee = nil }, []string{"No knee was found; the highest throughput was 138 tok/s"}, nil},
		{"other tokens", func(d *bench.Document) {
			for i := range d.Phases {
				d.Phases[i].CountedSpeed, d.Phases[i].Overstated = &bench.DistDoc{N: 3, P50: number(40)}, number(25)
			}
			d.Setup.Counter = "o200k_base"
		}, []string{"In o200k_base tokens: 40 tok/s/user p50; 50 in the server's own is 25 % above that."}, nil},
		{"one kind of request", func(d *bench.Document) {
			d.Setup.Plan.Kind, d.Knee = bench.Single, nil
			d.Phases = d.Phases[:1]
		}, []string{"prefill tok/s", "100 tokens", "per token std", "2.18 s"}, []string{"knee"}},
		{"cost", func(d *bench.Document) { d.Setup.USD = number(0.25) }, []string{", $0.25 in "}, []string{"$/M"}},
		{"price of the GPUs", func(d *bench.Document) {
			d.Setup.Deployment = &bench.Deployment{GPUs: 2, USDPerGPUHour: number(3), PriceFrom: "cloud list"}
			d.Cost()
		}, []string{"$/M tokens out", "At $3.00 an hour for each of 2 GPUs (cloud list); with 30 tok/s for the median request: $"}, nil},
		{"the same doubt everywhere", func(d *bench.Document) {
			for i := range d.Phases {
				d.Phases[i].Warnings = []bench.Warning{{Code: "x", Text: "Doubt " + d.Phases[i].Label + "."}}
			}
		}, []string{"1 in flight, and 2 more alike: Doubt 1 in flight."}, []string{"Doubt 4"}},
		{"nothing", func(d *bench.Document) { d.Phases, d.KPIs, d.Knee, d.Peak = nil, nil, nil, nil }, []string{"Nothing was measured."}, []string{"bars"}},
	} {
		d := smallReport(t)
		c.change(&d)
		text := benchText(&d)
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: lacks %q:\n%s", c.name, want, text)
			}
		}
		for _, not := range c.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: says %q:\n%s", c.name, not, text)
			}
		}
	}
}

// Extra headers go with a plan that is written out for another client.
func TestBenchWriteHeaders(t *testing.T) {
	for client, want := range map[string]string{"vllm": "--header 'X-Team=a b'", "aiperf": "--header 'X-Team:a b'", "guidellm": `"X-Team":"a b"`, "inference-perf": `"X-Team": "a b"`} {
		code, out, stderr := run("", "bench", "-write", client, "-header", "X-Team: a b")
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("%s: code %d, lacks %s: %s%s", client, code, want, out, stderr)
		}
	}
	_, out, stderr := run("", "bench", "-write", "vllm", "-header", "X-Team: a b", "-header", "Authorization: Bearer x")
	if !strings.Contains(stderr, "names the variable HEADER_AUTHORIZATION instead") || strings.Contains(stderr, "X-Team") || strings.Contains(out, "Bearer x") || !strings.Contains(out, "HEADER_AUTHORIZATION") {
		t.Errorf("a key among the headers: %s%s", stderr, out)
	}
	if code, _, stderr := run("", "bench", "-write", "vllm", "-header", "none"); code != exitUsage || !strings.Contains(stderr, "is not a header") {
		t.Errorf("a bad header: code %d, %s", code, stderr)
	}
}

// A figure that misses its bar never reads like the bar.
func TestBenchBarsTellApart(t *testing.T) {
	speed := 49.98
	d := &bench.Document{Phases: []bench.PhaseDoc{{}}, KPIs: []bench.KPI{{Text: "Output speed", Limit: 50, Unit: "tok/s", Value: &speed, Verdict: bench.Fail}}}
	if got := benchBars(d); !strings.Contains(got, "49.98 tok/s") || !strings.Contains(got, "bar 50 tok/s") {
		t.Error(got)
	}
	speed = 50
	if got := benchBars(d); !strings.Contains(got, "50 tok/s") || strings.Contains(got, "50.0") {
		t.Error(got)
	}
}
