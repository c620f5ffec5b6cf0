package measured

import (
	"errors"
	"math"
	"strings"
	"testing"

	"fleetsize/catalog"
)

// parse reads a table that must be readable.
func parse(t *testing.T, text string) (Table, []Problem) {
	t.Helper()
	table, problems, err := ParseCSV([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return table, problems
}

const ownHeader = "group,model,gpu,gpus,tp,engine,engine_version,weights,kv,isl,osl,length_ratio,concurrency,request_rate,rounds,warmup_rounds," +
	"ttft_ms,ttft_p95_ms,itl_ms,itl_p95_ms,e2e_ms,output_tok_s,statistic,dp,ep,kv_basis,use,fold,source,notes\n"

func TestOwnColumns(t *testing.T) {
	table, problems := parse(t, ownHeader+
		`"a, group",llama-3-1-8b,h100-sxm-80gb,2,2,vllm,0.18.0,fp8_block,fp16,1024,512,0.8,64,,10,2,120.5,300,8.25,9,4336.25,7100,mean,1,4,inferred,yes,3,"a source, 2026","note"`+"\n")
	if len(problems) != 0 {
		t.Errorf("problems: %v", problems)
	}
	got := table.Rows[0]
	want := Row{
		Line: 2, Group: "a, group", Model: "llama-3-1-8b", GPU: "h100-sxm-80gb", GPUs: 2, TP: 2, PP: 1, LayoutStated: true, DP: 1, EP: 4,
		Engine: "vllm", Version: "0.18.0", Weights: catalog.FP8Block, KV: catalog.FP16, Input: 1024, Output: 512,
		LengthRatio: Some(0.8), Concurrency: 64, Rounds: Some(10), WarmupRounds: Some(2),
		TTFT: Some(0.1205), TTFTP95: Some(0.3), ITL: Some(0.00825), ITLP95: Some(0.009), E2E: Some(4.33625), OutputTokPerS: Some(7100),
		Statistic: Mean, KVBasis: "inferred", Use: "yes", Fold: Some(3), Source: "a source, 2026", Notes: "note",
	}
	round(&got)
	round(&want)
	if got != want {
		t.Errorf("row =\n%+v, want\n%+v", got, want)
	}
}

// round hides what is lost in converting ms to s.
func round(r *Row) {
	for _, o := range []*Opt{&r.TTFT, &r.TTFTP95, &r.ITL, &r.ITLP95, &r.E2E} {
		o.Value = math.Round(o.Value*1e9) / 1e9
	}
}

// The original columns of NVIDIA's tables; the model is that of the file.
func TestNIMColumns(t *testing.T) {
	table, problems := parse(t, "version,hardware,hardware_count,data_type,input_tokens,output_tokens,concurrency,TTFT_ms,ITL_ms,Throughput_tokens_per_s\n"+
		"1.8.0,H100_80G,2,fp8 TP2,5000,500,5,546.7,21.83,218.48\n"+
		"1.8.0,A100_80G,4,bf16 TP4,200,200,1,31.22,18.8,53\n")
	if len(problems) != 0 {
		t.Errorf("problems: %v", problems)
	}
	if table.NamesModels() {
		t.Error("NamesModels = true before the model is set")
	}
	table.SetModel("llama-3-3-70b")
	r := table.Rows[0]
	if r.Engine != "nim" || r.Version != "1.8.0" || r.GPU != "H100_80G" || r.GPUs != 2 || r.TP != 2 ||
		r.Weights != catalog.FP8 || r.KV != catalog.FP8 || r.Input != 5000 || r.Output != 500 || r.Concurrency != 5 {
		t.Errorf("row = %+v", r)
	}
	if r.Group != "nim 1.8.0 llama-3-3-70b H100_80G tp2 fp8" {
		t.Errorf("group = %q", r.Group)
	}
	if r.OutputTokPerS != Some(218.48) || math.Abs(r.TTFT.Value-0.5467) > 1e-12 || !strings.Contains(r.Source, "docs.nvidia.com") {
		t.Errorf("figures = %v %v, source %q", r.TTFT, r.OutputTokPerS, r.Source)
	}
	if q := table.Rows[1]; q.KV != catalog.BF16 || q.TP != 4 {
		t.Errorf("16-bit row: kv %q tp %d, want bf16 and 4", q.KV, q.TP)
	}
}

func TestVariants(t *testing.T) {
	for _, c := range []struct {
		name, text string
		check      func(Row) bool
		problem    Code // "" = none
	}{
		{"byte order mark and CRLF", "\ufeffisl,osl,concurrency,itl_ms\r\n100,10,4,5\r\n",
			func(r Row) bool { return r.Input == 100 && r.ITL.OK }, ""},
		{"semicolons and decimal commas", "isl;osl;concurrency;ttft_ms\n1024;10;4;1.012,5\n",
			func(r Row) bool { return near(r.TTFT, 1.0125) }, ""},
		{"tabs", "isl\tosl\tconcurrency\tttft_ms\n100\t10\t4\t12,5\n",
			func(r Row) bool { return near(r.TTFT, 0.0125) }, ""},
		{"thousands", "isl,osl,concurrency,output_tok_s\n\"1,024\",10,4,\"12,345.5\"\n",
			func(r Row) bool { return r.Input == 1024 && r.OutputTokPerS == Some(12345.5) }, ""},
		{"seconds and microseconds", "isl,osl,concurrency,TTFT (s),itl_us\n100,10,4,1.5,4500\n",
			func(r Row) bool { return near(r.TTFT, 1.5) && near(r.ITL, 0.0045) }, ""},
		{"no unit", "isl,osl,concurrency,ttft\n100,10,4,250\n",
			func(r Row) bool { return near(r.TTFT, 0.25) }, CodeColumn},
		{"percentile after the unit", "isl,osl,concurrency,ttft_ms,ttft_ms_p95\n100,10,4,250,400\n",
			func(r Row) bool { return near(r.TTFTP95, 0.4) }, ""},
		{"a client's spellings", "input_len,output_len,max_concurrency,mean_ttft_ms,mean_tpot_ms,output_throughput\n100,10,4,250,20,66\n",
			func(r Row) bool { return near(r.TTFT, 0.25) && near(r.ITL, 0.02) && r.OutputTokPerS == Some(66) }, ""},
		{"headings of a person", "Input Tokens,Output Tokens,Concurrent Users,TTFT (s),Time per token (ms),Output Throughput (tokens/s)\n100,10,4,0.25,20,66\n",
			func(r Row) bool {
				return r.Concurrency == 4 && near(r.TTFT, 0.25) && near(r.ITL, 0.02) && r.OutputTokPerS == Some(66)
			}, ""},
		{"unknown column", "isl,osl,concurrency,ttft_ms,weather\n100,10,4,250,fair\n",
			func(r Row) bool { return near(r.TTFT, 0.25) }, CodeColumn},
		{"repeated column", "isl,osl,concurrency,ttft_ms,TTFT\n100,10,4,250,99\n",
			func(r Row) bool { return near(r.TTFT, 0.25) }, CodeColumn},
		{"offline", "isl,osl,request_rate,output_tok_s\n128,128,inf,16985.6\n",
			func(r Row) bool { return r.Offline && r.Concurrency == 0 && r.HasMetric() }, ""},
		{"closed loop of a client whose rate is infinite", "isl,osl,concurrency,request_rate,ttft_ms\n128,128,8,inf,20\n",
			func(r Row) bool { return !r.Offline && r.Concurrency == 8 && r.Rate == 0 }, ""},
		{"open loop", "isl,osl,request_rate,ttft_ms\n128,128,2.5,20\n",
			func(r Row) bool { return r.Rate == 2.5 && r.Concurrency == 0 }, ""},
		{"rate and requests in flight", "isl,osl,concurrency,request_rate,ttft_ms\n128,128,8,2,20\n",
			func(r Row) bool { return r.Rate == 0 && r.Concurrency == 8 }, CodeLoad},
		{"static by engine", "isl,osl,concurrency,engine,ttft_ms\n128,128,8,trtllm-static,20\n",
			func(r Row) bool { return r.Static && r.Statistic == Mean }, ""},
		{"static by statistic", "isl,osl,concurrency,statistic,ttft_ms\n128,128,8,static batch,20\n",
			func(r Row) bool { return r.Static && r.Statistic == Mean }, ""},
		{"median", "isl,osl,concurrency,statistic,ttft_ms\n128,128,8,Median,20\n",
			func(r Row) bool { return r.Statistic == P50 }, ""},
		{"unknown statistic", "isl,osl,concurrency,statistic,ttft_ms\n128,128,8,trimmed,20\n",
			func(r Row) bool { return r.Statistic == Mean }, CodeStatistic},
		{"ITL from the whole request", "isl,osl,concurrency,ttft_ms,e2e_ms\n128,11,8,100,300\n",
			func(r Row) bool { return near(r.ITL, 0.02) }, ""},
		{"not stated", "isl,osl,concurrency,ttft_ms,itl_ms,kv\n128,11,8,n/a,NaN,\n",
			func(r Row) bool { return !r.HasMetric() && r.KV == "" }, ""},
		{"negative", "isl,osl,concurrency,ttft_ms\n128,11,8,-3\n",
			func(r Row) bool { return !r.TTFT.OK }, CodeNumber},
		{"zero", "isl,osl,concurrency,ttft_ms\n128,11,8,0\n",
			func(r Row) bool { return !r.TTFT.OK }, CodeNumber},
		{"infinite", "isl,osl,concurrency,ttft_ms\n128,11,8,Inf\n",
			func(r Row) bool { return !r.TTFT.OK }, CodeNumber},
		{"hexadecimal", "isl,osl,concurrency,ttft_ms\n128,11,8,0x1p3\n",
			func(r Row) bool { return !r.TTFT.OK }, CodeNumber},
		{"half a request", "isl,osl,concurrency,ttft_ms\n128,11,2.5,8\n",
			func(r Row) bool { return r.Concurrency == 0 && !r.HasLoad() }, CodeNumber},
		{"unknown precision", "isl,osl,concurrency,ttft_ms,weights\n128,11,2,8,fp5\n",
			func(r Row) bool { return r.Weights == "" }, CodePrecision},
		{"precision spellings", "isl,osl,concurrency,ttft_ms,weights,kv\n128,11,2,8,GPTQ-INT4,FP8_E4M3\n",
			func(r Row) bool { return r.Weights == catalog.INT4 && r.KV == catalog.FP8 }, ""},
		{"short row", "isl,osl,concurrency,ttft_ms,notes\n128,11,2,8\n",
			func(r Row) bool { return near(r.TTFT, 0.008) }, CodeCells},
		{"fewer GPUs than tp", "isl,osl,concurrency,ttft_ms,gpus,tp\n128,11,2,8,1,4\n",
			func(r Row) bool { return r.GPUs == 4 && r.TP == 4 }, CodeNumber},
		{"tp from GPUs", "isl,osl,concurrency,ttft_ms,gpus\n128,11,2,8,4\n",
			func(r Row) bool { return r.GPUs == 4 && r.TP == 4 }, ""},
		{"excluded", "isl,osl,concurrency,ttft_ms,use\n128,11,2,8,No: repeat spread\n",
			func(r Row) bool { return r.Excluded() }, ""},
		{"blank lines", "isl,osl,concurrency,ttft_ms\n\n,,,\n128,11,2,8\n",
			func(r Row) bool { return r.Input == 128 }, ""},
	} {
		table, problems := parse(t, c.text)
		if len(table.Rows) != 1 {
			t.Errorf("%s: %d rows, want 1", c.name, len(table.Rows))
			continue
		}
		if !c.check(table.Rows[0]) {
			t.Errorf("%s: row = %+v", c.name, table.Rows[0])
		}
		found := c.problem == "" && len(problems) == 0
		for _, p := range problems {
			found = found || p.Code == c.problem
		}
		if !found {
			t.Errorf("%s: problems = %v, want %q", c.name, problems, c.problem)
		}
	}
}

func near(o Opt, want float64) bool { return o.OK && math.Abs(o.Value-want) <= 1e-9*want }

func TestUnreadableFiles(t *testing.T) {
	for name, text := range map[string]string{
		"empty":            "",
		"only headings":    "isl,osl,concurrency,ttft_ms\n",
		"no input":         "osl,concurrency,ttft_ms\n1,2,3\n",
		"no load":          "isl,osl,ttft_ms\n1,2,3\n",
		"no measurement":   "isl,osl,concurrency\n1,2,3\n",
		"not UTF-8":        "isl,osl,concurrency,ttft_ms\n1,2,3,\xff\n",
		"too many columns": strings.Repeat("a,", maxColumns) + "isl,osl,concurrency,ttft_ms\n1\n",
		"a page":           "<!DOCTYPE html><html><body>404</body></html>",
	} {
		_, _, err := ParseCSV([]byte(text))
		var bad *FormatError
		if !errors.As(err, &bad) || bad.Text == "" {
			t.Errorf("%s: error = %v, want a *FormatError", name, err)
		}
	}
	var b strings.Builder
	b.WriteString("isl,osl,concurrency,ttft_ms\n")
	for range MaxRows + 1 {
		b.WriteString("1,1,1,1\n")
	}
	if _, _, err := ParseCSV([]byte(b.String())); err == nil {
		t.Error("more than MaxRows rows are accepted")
	}
	if _, _, err := ParseCSV(make([]byte, MaxBytes+1)); err == nil {
		t.Error("more than MaxBytes bytes are accepted")
	}
}

func TestProblemsAreBounded(t *testing.T) {
	text := "isl,osl,concurrency,ttft_ms\n" + strings.Repeat("1,1,1,x\n", 5000)
	_, problems := parse(t, text)
	if n := len(problems); n != listed+1 || problems[n-1].Code != CodeMany || !strings.Contains(problems[n-1].Text, "4800") {
		t.Errorf("%d problems, last %v; want %d and the number of the others", n, problems[n-1], listed+1)
	}
}

// Writing gives the input's own cells back, with columns added or replaced.
func TestWriteCSV(t *testing.T) {
	const in = "isl,osl,concurrency,ttft_ms,x,notes\n100,10,4,250,old,\"a, \"\"b\"\"\"\n200,10,4, 260 ,old,\n"
	table, _ := parse(t, in)
	got := string(table.WriteCSV([]string{"x", "y"}, [][]string{{"1", "2"}, {"", "4"}}))
	const want = "isl,osl,concurrency,ttft_ms,notes,x,y\n100,10,4,250,\"a, \"\"b\"\"\",1,2\n200,10,4,260 ,,,4\n"
	if got != want {
		t.Errorf("WriteCSV =\n%q, want\n%q", got, want)
	}
	again, _ := parse(t, got)
	if len(again.Rows) != 2 || again.Rows[1].TTFT != table.Rows[1].TTFT {
		t.Error("the written table reads differently")
	}
}

func FuzzParseCSV(f *testing.F) {
	f.Add(ownHeader + "g,m,h100,1,1,vllm,1,fp8,fp8,1,1,1,1,inf,1,1,1,1,1,1,1,1,mean,1,1,s,yes,1,s,n\n")
	f.Add("version,hardware,hardware_count,data_type,input_tokens,output_tokens,concurrency,TTFT_ms,ITL_ms,Throughput_tokens_per_s\n1.8.0,H100_80G,1,fp8 TP1,200,200,1,10.26,4.63,214.56\n")
	f.Add("isl;osl;concurrency;ttft_ms\n1.024;1e3;\"4\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, problems, err := ParseCSV([]byte(text))
		if err != nil {
			if len(table.Rows) > 0 || len(problems) > 0 {
				t.Fatal("an error with a table")
			}
			return
		}
		if len(table.Rows) == 0 || len(table.Rows) != len(table.Cells) {
			t.Fatalf("%d rows, %d lines of cells", len(table.Rows), len(table.Cells))
		}
		values := make([][]string, len(table.Rows))
		for i := range table.Rows {
			r := &table.Rows[i]
			for _, o := range []Opt{r.TTFT, r.TTFTP95, r.ITL, r.ITLP95, r.E2E, r.OutputTokPerS} {
				if o.OK && !(o.Value > 0 && o.Value <= maxTokPerS) {
					t.Fatalf("figure %v", o)
				}
			}
			if r.Input < 0 || r.Output < 0 || r.Concurrency < 0 || r.TP < 1 || r.PP < 1 || r.DP < 1 || r.EP < 1 ||
				r.GPUs < r.TP*r.PP || !(r.Rate >= 0 && r.Rate <= maxRate) || r.Group == "" {
				t.Fatalf("row %+v", r)
			}
			if len(table.Cells[i]) != len(table.Columns) {
				t.Fatal("cells and columns differ")
			}
			values[i] = []string{"1"}
		}
		Check(table.Rows, func(*Row) Subject { return Subject{} })
		// What is written is read again with the same figures.
		written := table.WriteCSV([]string{"model_ttft_ms"}, values)
		again, _, err := ParseCSV(written)
		if err != nil && len(written) <= MaxBytes {
			t.Fatalf("written table: %v\n%q", err, written)
		}
		if err == nil && len(again.Rows) != len(table.Rows) {
			t.Fatalf("%d rows written, %d read", len(table.Rows), len(again.Rows))
		}
	})
}
