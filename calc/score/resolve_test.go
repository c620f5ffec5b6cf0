package score

import (
	"strings"
	"testing"

	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

func resolver(t testing.TB) (*catalog.Catalog, *Resolver) {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewResolver(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, x
}

// rowOf reads one row under the given headings.
func rowOf(t testing.TB, heading, cells string) *measured.Row {
	t.Helper()
	table, _, err := measured.ParseCSV([]byte(heading + "\n" + cells + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return &table.Rows[0]
}

const heading = "model,gpu,gpus,tp,dp,engine,engine_version,weights,isl,osl,concurrency,request_rate,rounds,ttft_ms,itl_ms,output_tok_s,statistic,use,source"

func TestCase(t *testing.T) {
	_, x := resolver(t)
	for _, c := range []struct {
		name, cells string
		check       func(Case) bool
		note        string // code; "" = none
	}{
		{"closed loop, run length of the source", "llama-3-1-8b,H100_80G,1,1,1,nim-trtllm,1.8.0,fp8,5000,500,25,,,100,10,,,yes,docs.nvidia.com/nim",
			func(c Case) bool {
				return c.Kind == Closed && c.Load.Concurrency == 25 && c.Load.Rounds == 35 && c.FrontEnd &&
					c.Replica.GPU.ID == "h100-sxm-80gb" && c.Replica.Engine.ID == "nim" && c.Replica.Scheduler.TokenBudget == 32768
			}, ""},
		{"run length of the row", "llama-3-1-8b,h100-sxm,1,1,1,vllm,0.18,fp8,1000,100,8,,7,100,10,,,,InferenceX",
			func(c Case) bool { return c.Load.Rounds == 7 && c.Load.LengthRatio == 0.8 && c.Version == "inferencex" }, ""},
		{"open loop", "llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,100,,2.5,,100,10,,p95,,",
			func(c Case) bool { return c.Kind == Open && c.Load.Rate == 2.5 && c.Load.Concurrency == 0 }, ""},
		{"static batch", "llama-2-7b,a100-80-sxm,1,1,1,trtllm-static,0.9.0,fp16,128,128,64,,1,100,10,,static batch,,",
			func(c Case) bool { return c.Kind == Static && !c.FrontEnd && c.Replica.Engine.ID == "trtllm" }, ""},
		{"offline", "llama-2-7b,a100-80-sxm,1,1,1,trtllm-offline,0.12.0,fp16,2048,128,,inf,,,,1000,offline maximum,,TensorRT-LLM perf-overview v0.12.0",
			func(c Case) bool {
				return c.Kind == Offline && c.Load.Concurrency == 3000 && c.Load.Rounds == 1 && !c.FrontEnd
			}, ""},
		{"two replicas share the load", "llama-3-1-8b,h100-sxm,4,2,1,vllm,,fp8,1000,100,9,,,100,10,,,,",
			func(c Case) bool { return c.Copies == 2 && c.Load.Concurrency == 5 && c.Replica.TP == 2 }, ""},
		{"attention data parallel", "minimax-m2-5,b200,4,2,2,vllm,,fp8,1000,100,8,,,100,10,,,,",
			func(c Case) bool { return c.Copies == 2 && c.Load.Concurrency == 4 }, "attention_dp"},
		{"odd number of GPUs", "llama-3-1-8b,h100-sxm,5,2,1,vllm,,fp8,1000,100,8,,,100,10,,,,",
			func(c Case) bool { return c.Copies == 2 }, "gpus"},
		{"engine with a version in its name", "llama-3-1-8b,h100-sxm,1,1,1,vLLM 0.6.3,,fp8,1000,100,8,,,100,10,,,,",
			func(c Case) bool { return c.Replica.Engine.ID == "vllm" && len(c.Replica.Engine.Profiles) > 1 }, ""},
		{"unknown engine", "llama-3-1-8b,h100-sxm,1,1,1,lmdeploy,,fp8,1000,100,8,,,100,10,,,,",
			func(c Case) bool { return c.Replica.Engine.ID == "vllm" && c.profile().Rows == 0 }, "unknown_engine"},
		{"native precision where none is stated", "gpt-oss-120b,h100-sxm,1,1,1,vllm,,,1000,100,8,,,100,10,,,,",
			func(c Case) bool { return c.Replica.Weights.Experts == catalog.MXFP4 && c.Replica.KV == "" }, ""},
	} {
		got, why, detail := x.Case(rowOf(t, heading, c.cells))
		if why != "" || !c.check(got) {
			t.Errorf("%s: %+v %+v %s %s", c.name, got.Load, got.Replica, why, detail)
		}
		codes := []string{}
		for _, n := range got.Notes {
			codes = append(codes, n.Code)
			if !strings.HasSuffix(n.Text, ".") {
				t.Errorf("%s: note %q is no sentence", c.name, n.Text)
			}
		}
		if strings.Join(codes, ",") != c.note {
			t.Errorf("%s: notes %v, want %q", c.name, got.Notes, c.note)
		}
	}
}

func TestReasons(t *testing.T) {
	_, x := resolver(t)
	for _, c := range []struct {
		cells string
		want  Reason
	}{
		{"llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,,100,10,,,no: broken,", ReasonUse},
		{"llama-9,h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,,100,10,,,,", ReasonModel},
		{",h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,,100,10,,,,", ReasonModel},
		{"bge-m3,h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,,100,10,,,,", ReasonModel},
		{"llama-3-1-8b,h1000,1,1,1,vllm,,fp8,1000,100,8,,,100,10,,,,", ReasonGPU},
		{"llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,,,,,,,", ReasonMetric},
		{"llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,,8,,,100,10,,,,", ReasonMetric},
		{"llama-3-1-405b,h100-sxm,1,1,1,vllm,,bf16,1000,100,8,,,100,10,,,,", ReasonMemory},
		{"llama-3-1-8b,h100-sxm,1,1,1,vllm,,bf16,9000000,100,8,,,100,10,,,,", ReasonMemory},
		{"llama-3-1-8b,h100-sxm,1,1,1,vllm,,fp8,1000,100,8,,,100,10,,,,", ""},
	} {
		var r Runner
		s := r.Row(x, rowOf(t, heading, c.cells))
		if s.Reason != c.want || (s.Detail == "") != (c.want == "") {
			t.Errorf("%s: reason %q (%s), want %q", c.cells, s.Reason, s.Detail, c.want)
		}
		if s.Reason != "" && (s.TTFT.Model.OK || s.Prediction.Tier != "") {
			t.Errorf("%s: a prediction beside the reason", c.cells)
		}
	}
}

// An unknown engine is never called calibrated.
func TestUnknownEngineIsEstimated(t *testing.T) {
	_, x := resolver(t)
	var r Runner
	s := r.Row(x, rowOf(t, heading, "llama-3-1-8b,h100-sxm,1,1,1,lmdeploy,,fp8,1000,100,8,,,100,10,,,,"))
	if s.Prediction.Tier != fleet.Estimated {
		t.Errorf("tier = %q, want estimated", s.Prediction.Tier)
	}
}

func TestGuessModel(t *testing.T) {
	c, _ := resolver(t)
	for _, f := range []struct{ name, want string }{
		{"nim_llama3.1_8b_v1.8.0_1xH100_80GB.csv", "llama-3-1-8b"},
		{"nim_llama33_70b_v1.8.0_2xH100_fp8TP2.csv", "llama-3-3-70b"},
		{"measurements.csv", ""},
		{"", ""},
	} {
		m, ok := GuessModel(c, f.name)
		if ok != (f.want != "") || ok && m.ID != f.want {
			t.Errorf("GuessModel(%q) = %v, want %q", f.name, m, f.want)
		}
	}
}
