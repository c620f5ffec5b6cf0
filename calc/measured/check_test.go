package measured_test

import (
	"strings"
	"testing"

	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

// subjects finds models and accelerators in the catalog.
func subjects(t *testing.T) func(*measured.Row) measured.Subject {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return func(r *measured.Row) (s measured.Subject) {
		if m, ok := c.Model(r.Model); ok {
			s.Model = m
		}
		if g, ok := c.GPU(r.GPU); ok {
			s.GPU = g
		}
		return s
	}
}

const checkHeader = "model,gpu,gpus,engine,weights,isl,osl,concurrency,ttft_ms,itl_ms,e2e_ms,output_tok_s,ttft_p95_ms,use\n"

func TestCheck(t *testing.T) {
	find := subjects(t)
	for _, c := range []struct {
		name, row string
		want      measured.Code // "" = nothing
	}{
		// 8B in 16 bit on one H100: 15.0 GB of weights without the embedding
		// table at 3.35 TB/s take 4.5 ms; 1,000 tokens are 14 TFLOP.
		{"plausible", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,40,6.5,683.5,146,50,", ""},
		// The time per token that inference-perf published for this system in
		// 2025, halved by a phantom timestamp per chunk.
		{"halved time per token", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,40,3.48,,,,", measured.CodeFloor},
		{"seconds for milliseconds, token", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,40,0.0065,,,,", measured.CodeUnits},
		{"seconds for milliseconds, first token", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,0.04,6.5,,,,", measured.CodeUnits},
		// 14 TFLOP at the FP8 peak of 1,979 TFLOP/s are 7 ms.
		{"cached prompt", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,4,6.5,,,,", measured.CodeTTFTFloor},
		{"one GPU stated of two", "llama-3-3-70b,h100-sxm-80gb,1,vllm,fp8,200,200,1,31,14,,,,", measured.CodeFloor},
		{"the same on two", "llama-3-3-70b,h100-sxm-80gb,2,vllm,fp8,200,200,1,31,14,,,,", ""},
		// 10 in flight of 100·20 ms + 0.1 s each make 10/2.08·100 = 481 tokens/s.
		{"Little's law holds", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,10,100,20,,481,,", ""},
		{"Little's law broken above", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,10,100,20,,520,,", measured.CodeLittle},
		{"the end of a short run", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,10,100,20,,280,,", ""},
		{"Little's law broken below", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,10,100,20,,200,,", measured.CodeLittle},
		{"static batches have no queue", "llama-3-1-8b,h100-sxm-80gb,1,trtllm-static,bf16,1000,100,10,100,20,,900,,", ""},
		{"E2E of another length", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,100,20,1500,,,", measured.CodeDisagree},
		{"TTFT above E2E", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,1,1,100,,90,,,", measured.CodeDisagree},
		{"p95 below the mean", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,100,20,,,60,", measured.CodePercentile},
		{"unknown GPU", "llama-3-1-8b,h1000,1,vllm,bf16,1000,100,1,40,0.0065,,,,", ""},
		{"excluded by the table", "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,40,0.0065,,,,no: broken", ""},
	} {
		table, problems, err := measured.ParseCSV([]byte(checkHeader + c.row + "\n"))
		if err != nil || len(problems) > 0 {
			t.Fatalf("%s: %v %v", c.name, problems, err)
		}
		found := measured.Check(table.Rows, find)
		switch {
		case c.want == "" && len(found) > 0, c.want != "" && (len(found) != 1 || found[0].Code != c.want):
			t.Errorf("%s: found %v, want %q", c.name, found, c.want)
		case c.want != "" && (found[0].Line != 2 || !strings.HasSuffix(strings.TrimSuffix(found[0].Text, "?"), ".") && !strings.HasSuffix(found[0].Text, "?")):
			t.Errorf("%s: line %d, text %q: want line 2 and a sentence", c.name, found[0].Line, found[0].Text)
		}
	}
}

// An expert model touches at least its own experts per token, not all of them.
func TestCheckFloorOfExperts(t *testing.T) {
	// gpt-oss-120b: 5.1 of 117 billion parameters a token, about 4 GB with the
	// 16-bit attention and head; at 3.35 TB/s a millisecond or so.
	table, _, err := measured.ParseCSV([]byte(checkHeader + "gpt-oss-120b,h100-sxm-80gb,1,vllm,mxfp4,1000,100,1,40,4,,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if found := measured.Check(table.Rows, subjects(t)); len(found) > 0 {
		t.Errorf("found %v, want nothing", found)
	}
}

func TestCheckRepeats(t *testing.T) {
	const row = "llama-3-1-8b,h100-sxm-80gb,1,vllm,bf16,1000,100,1,"
	table, _, err := measured.ParseCSV([]byte(checkHeader +
		row + "40,6.5,,,,\n" + row + "40,6.5,,,,\n" + row + "42,6.6,,,,\n" + row + "50,6.6,,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range measured.Check(table.Rows, subjects(t)) {
		got = append(got, string(p.Code)+" "+p.String()[:7])
	}
	// The second repeats the first to the digit, the third within 15 %, the
	// fourth is 25 % above.
	if want := "duplicate Line 3:, repeat_differs Line 5:"; strings.Join(got, ", ") != want {
		t.Errorf("found %q, want %q", strings.Join(got, ", "), want)
	}
}
