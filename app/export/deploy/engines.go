package deploy

import (
	"strconv"
	"strings"

	"fleetsize/catalog"
)

// hip reports whether the accelerator is AMD's, whose images differ.
func (p Plan) hip() bool { return strings.EqualFold(p.GPU.Vendor, "AMD") }

// vllmFlags are the arguments after "vllm serve".
func (p Plan) vllmFlags() [][]string {
	s := p.scheduler()
	var kv, q, cache, ep, spec []string
	if p.KV.Bytes() == 1 {
		kv = []string{"--kv-cache-dtype", "fp8"}
	}
	if p.online() {
		q = []string{"--quantization", "fp8"}
	}
	if !p.Cached { // on by default; the estimate counts on no reuse
		cache = []string{"--no-enable-prefix-caching"}
	}
	if p.EP > 1 {
		ep = []string{"--enable-expert-parallel"}
	}
	if p.Drafted > 0 {
		spec = []string{"--speculative-config", `{"method": "eagle3", "model": "DRAFT-MODEL", "num_speculative_tokens": ` + strconv.Itoa(p.Drafted) + `}`}
	}
	return [][]string{
		option("--tensor-parallel-size", p.TP/max(1, p.DP), 1), // vLLM's data parallelism multiplies, ours divides
		option("--pipeline-parallel-size", p.PP, 1),
		option("--data-parallel-size", p.DP, 1),
		ep, q, kv,
		option("--max-model-len", p.window(), 0),
		option("--max-num-batched-tokens", s.TokenBudget, 0),
		option("--max-num-seqs", s.MaxSequences, 0),
		{"--gpu-memory-utilization", share(p.Engine.Memory.Fraction)},
		cache, spec,
	}
}

func share(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

func vllm(p Plan) Start {
	words := append([][]string{{"vllm", "serve", p.repo()}}, p.vllmFlags()...)
	return Start{Text: command(nil, words...), Notes: append(p.common(), p.checkpoint()...)}
}

// common are notes that hold for every engine.
func (p Plan) common() []string {
	var notes []string
	if p.Replicas > 1 {
		notes = append(notes, "One replica. Start "+strconv.Itoa(p.Replicas)+" of them behind a load balancer; spares are counted.")
	}
	if p.Prefill > 0 {
		notes = append(notes, "Prompts and decoding have GPUs of their own: each replica is "+strconv.Itoa(p.Prefill)+" prefill instances on "+strconv.Itoa(max(1, p.PrefillTP))+
			" GPUs and "+strconv.Itoa(p.Decode)+" decode instances on "+strconv.Itoa(p.TP)+". This is the command of one decode instance; connect both through the engine's disaggregated mode (Dynamo, llm-d or its own router).")
	}
	if n := p.nodes(); n > 1 {
		notes = append(notes, "One replica spans "+strconv.Itoa(n)+" servers: start it through the engine's multi-node launcher.")
	}
	if p.Drafted > 0 {
		notes = append(notes, "Speculative decoding needs a draft model trained for this model: put its name in place of DRAFT-MODEL.")
	}
	return notes
}

// trtllm starts TensorRT-LLM's server. The KV cache's precision is an option
// of its configuration file only.
func trtllm(p Plan) Start {
	s := p.scheduler()
	config := "enable_chunked_prefill: true\nkv_cache_config:\n"
	if p.KV.Bytes() == 1 {
		config += "  dtype: fp8\n"
	} else {
		config += "  dtype: auto\n"
	}
	config += "  enable_block_reuse: " + strconv.FormatBool(p.Cached) + "\n"
	config += "  free_gpu_memory_fraction: " + share(p.trtFraction()) + "\n"
	if s.Reserve == catalog.ReserveFull {
		config += "scheduler_config:\n  capacity_scheduler_policy: GUARANTEED_NO_EVICT\n"
	}
	if p.DP > 1 {
		config += "enable_attention_dp: true\n"
	}
	if s.StreamInterval > 1 {
		config += "stream_interval: " + strconv.Itoa(s.StreamInterval) + "\n"
	}
	text := "cat > trtllm.yaml <<'END'\n" + config + "END\n" + command(nil,
		[]string{"trtllm-serve", p.repo()},
		option("--tp_size", p.TP, 1), option("--pp_size", p.PP, 1), option("--ep_size", p.EP, 1),
		option("--max_batch_size", s.MaxSequences, 0), option("--max_num_tokens", s.TokenBudget, 0), option("--max_seq_len", p.window(), 0),
		[]string{"--host", "0.0.0.0", "--port", "8000"},
		[]string{"--config", "trtllm.yaml"})
	notes := p.common()
	if p.Weights != p.Model.Native {
		notes = append(notes, "Weights are counted in "+p.Weights.Main().Label()+": take a checkpoint quantized with NVIDIA Model Optimizer in place of "+p.repo()+".")
	}
	if p.Drafted > 0 {
		notes = append(notes, "Add speculative_config to trtllm.yaml.")
	}
	return Start{Text: text, Notes: notes}
}

// trtFraction is the setting behind the fitted share: the engine's default,
// part of which goes to activations.
func (p Plan) trtFraction() float64 { return max(p.Engine.Memory.Fraction, 0.9) }

func sglang(p Plan) Start {
	s := p.scheduler()
	var kv, q, cache, spec []string
	if p.KV.Bytes() == 1 {
		kv = []string{"--kv-cache-dtype", "fp8_e4m3"}
	}
	if p.online() {
		q = []string{"--quantization", "fp8"}
	}
	if !p.Cached {
		cache = []string{"--disable-radix-cache"}
	}
	if p.Drafted > 0 {
		spec = []string{"--speculative-algorithm", "EAGLE3", "--speculative-draft-model-path", "DRAFT-MODEL", "--speculative-num-steps", strconv.Itoa(p.Drafted),
			"--speculative-eagle-topk", "1", "--speculative-num-draft-tokens", strconv.Itoa(p.Drafted + 1)}
	}
	var dp []string
	if p.DP > 1 {
		dp = []string{"--dp-size", strconv.Itoa(p.DP), "--enable-dp-attention"}
	}
	words := [][]string{
		{"python", "-m", "sglang.launch_server", "--model-path", p.repo()},
		option("--tp-size", p.TP, 1), option("--pp-size", p.PP, 1), dp, option("--ep-size", p.EP, 1), q, kv,
		option("--context-length", p.window(), 0),
		option("--chunked-prefill-size", s.TokenBudget, 0),
		option("--max-running-requests", s.MaxSequences, 0),
		{"--mem-fraction-static", share(p.Engine.Memory.Fraction)},
		cache, spec,
		{"--host", "0.0.0.0", "--port", "30000"},
	}
	return Start{Text: command(nil, words...), Notes: append(p.common(), p.checkpoint()...)}
}

// nimImage guesses the image's name after the model's: publisher and name in
// lower case.
func (p Plan) nimImage() string {
	publisher, model, ok := strings.Cut(p.repo(), "/")
	if !ok {
		return "nvcr.io/nim/PUBLISHER/" + name(p.Model.ID)
	}
	publisher = strings.ToLower(publisher)
	switch publisher {
	case "meta-llama":
		publisher = "meta"
	case "deepseek-ai", "mistralai", "nvidia", "openai", "qwen", "google", "microsoft":
	}
	return "nvcr.io/nim/" + publisher + "/" + strings.ToLower(model)
}

// nim starts NVIDIA's container. Release 2 serves with vLLM and passes its
// arguments on.
func nim(p Plan) Start {
	s := p.scheduler()
	pass := []string{"--max-num-batched-tokens " + strconv.Itoa(s.TokenBudget), "--max-num-seqs " + strconv.Itoa(s.MaxSequences)}
	if p.KV.Bytes() == 1 {
		pass = append(pass, "--kv-cache-dtype fp8")
	}
	if p.online() {
		pass = append(pass, "--quantization fp8")
	}
	words := [][]string{
		{"docker", "run", "--rm", "--gpus", "all", "--shm-size=16GB", "-p", "8000:8000"},
		{"-e", "NGC_API_KEY"},
		{"-e", "NIM_TENSOR_PARALLEL_SIZE=" + strconv.Itoa(p.TP)},
		nil,
		{"-e", "NIM_MAX_MODEL_LEN=" + strconv.Itoa(p.window())},
		{"-e", "NIM_PASSTHROUGH_ARGS=" + strings.Join(pass, " ")},
	}
	if p.PP > 1 {
		words[3] = []string{"-e", "NIM_PIPELINE_PARALLEL_SIZE=" + strconv.Itoa(p.PP)}
	}
	text := command([]string{"export NGC_API_KEY=YOUR-KEY", `LOCAL_NIM_CACHE="$HOME/.cache/nim"`, `mkdir -p "$LOCAL_NIM_CACHE"`}, words...)
	text = strings.TrimSuffix(text, "\n") + " \\\n  -v \"$LOCAL_NIM_CACHE:/opt/nim/.cache\" \\\n  " + quote(p.nimImage()+":latest") + "\n"
	return Start{Text: text, Notes: append(p.common(),
		"Check the image's name and tag in the NGC catalog.",
		"The figures were fitted to NIM 1.8 on TensorRT-LLM; NIM 2 serves with vLLM. To pick a TensorRT-LLM profile of a 1.x image, list them with list-model-profiles and set NIM_MODEL_PROFILE.")}
}

func tgi(p Plan) Start {
	s := p.scheduler()
	var q, kv []string
	if p.online() {
		q = []string{"--quantize", "fp8"}
	}
	if p.KV.Bytes() == 1 {
		kv = []string{"--kv-cache-dtype", "fp8_e4m3fn"}
	}
	image := "ghcr.io/huggingface/text-generation-inference:latest"
	gpus := []string{"docker", "run", "--rm", "--gpus", "all", "--shm-size", "1g", "-p", "8080:80", "-e", "HF_TOKEN"}
	if p.hip() {
		image = "ghcr.io/huggingface/text-generation-inference:latest-rocm"
		gpus = []string{"docker", "run", "--rm", "--device=/dev/kfd", "--device=/dev/dri", "--group-add", "video", "--ipc=host", "-p", "8080:80", "-e", "HF_TOKEN"}
	}
	window := p.window()
	words := [][]string{
		append(gpus, image),
		{"--model-id", p.repo()}, {"--num-shard", strconv.Itoa(p.TP)}, q, kv,
		{"--max-input-tokens", strconv.Itoa(window - 1 - (window-p.Tokens)/2)}, {"--max-total-tokens", strconv.Itoa(window)},
		option("--max-batch-prefill-tokens", max(s.TokenBudget, window), 0),
		option("--max-concurrent-requests", s.MaxSequences, 0),
	}
	notes := append(p.common(), p.checkpoint()...)
	if p.PP > 1 {
		notes = append(notes, "TGI has no pipeline parallelism: choose a layout with one stage.")
	}
	if p.Drafted > 0 {
		notes = append(notes, "TGI speculates with Medusa or n-grams only: --speculate "+strconv.Itoa(p.Drafted)+".")
	}
	return Start{Text: command(nil, words...), Notes: notes}
}
