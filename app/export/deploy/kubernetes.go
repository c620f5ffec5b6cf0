package deploy

import (
	"strconv"
	"strings"
)

// container is how the engine runs as an image.
type container struct {
	image   string
	command []string // nil = the image's own
	args    []string
	port    int
	health  string
	secret  [2]string // variable and the secret that holds it
}

func flat(words [][]string) []string {
	var out []string
	for _, w := range words {
		out = append(out, w...)
	}
	return out
}

// container is the estimate's engine as an image; engines that are configured
// through files are run as vLLM's image is.
func (p Plan) container() container {
	hf := [2]string{"HF_TOKEN", "hf-token"}
	s := p.scheduler()
	switch p.Engine.ID {
	case "sglang":
		text := strings.Fields(strings.ReplaceAll(sglang(p).Text, "\\\n", " "))
		if p.Drafted == 0 { // no word needs quotes
			return container{"lmsysorg/sglang:latest", text[:3], text[3:], 30000, "/health", hf}
		}
	case "nim":
		args := []string{"--max-num-batched-tokens", strconv.Itoa(s.TokenBudget), "--max-num-seqs", strconv.Itoa(s.MaxSequences),
			"--tensor-parallel-size", strconv.Itoa(p.TP), "--pipeline-parallel-size", strconv.Itoa(p.PP), "--max-model-len", strconv.Itoa(p.window())}
		if p.KV.Bytes() == 1 {
			args = append(args, "--kv-cache-dtype", "fp8")
		}
		return container{p.nimImage() + ":latest", nil, args, 8000, "/v1/health/ready", [2]string{"NGC_API_KEY", "ngc-api-key"}}
	case "tgi":
		q := tgi(p)
		_, args, _ := strings.Cut(strings.ReplaceAll(q.Text, "\\\n", " "), "text-generation-inference:latest")
		args = strings.TrimPrefix(args, "-rocm")
		image := "ghcr.io/huggingface/text-generation-inference:latest"
		if p.hip() {
			image += "-rocm"
		}
		return container{image, nil, strings.Fields(args), 80, "/health", hf}
	case "trtllm":
		args := flat([][]string{{p.repo()}, option("--tp_size", p.TP, 1), option("--pp_size", p.PP, 1), option("--ep_size", p.EP, 1),
			option("--max_batch_size", s.MaxSequences, 0), option("--max_num_tokens", s.TokenBudget, 0), option("--max_seq_len", p.window(), 0),
			{"--kv_cache_free_gpu_memory_fraction", share(p.trtFraction()), "--enable_chunked_prefill", "--host", "0.0.0.0", "--port", "8000"}})
		return container{"nvcr.io/nvidia/tensorrt-llm/release:1.2.0", []string{"trtllm-serve"}, args, 8000, "/health", hf}
	}
	image := "vllm/vllm-openai:latest"
	if p.hip() {
		image = "vllm/vllm-openai-rocm:latest"
	}
	args := append([]string{p.repo()}, flat(p.vllmFlags())...)
	return container{image, []string{"vllm", "serve"}, args, 8000, "/health", hf}
}

// resource is the accelerator as Kubernetes counts it.
func (p Plan) resource() string {
	switch strings.ToLower(p.GPU.Vendor) {
	case "amd":
		return "amd.com/gpu"
	case "intel":
		return "habana.ai/gaudi"
	case "google":
		return "google.com/tpu"
	case "amazon", "aws":
		return "aws.amazon.com/neuron"
	}
	return "nvidia.com/gpu"
}

// kubernetes is a Deployment and its Service.
func (p Plan) kubernetes() Start {
	c := p.container()
	app := name(p.Model.ID + "-" + p.GPU.ID)
	gpus := strconv.Itoa(p.TP * p.PP)
	port := strconv.Itoa(c.port)
	var b strings.Builder
	w := func(lines ...string) {
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
	}
	list := func(key string, words []string) {
		if len(words) == 0 {
			return
		}
		w("          " + key + ":")
		for _, x := range words {
			w("            - " + yaml(x))
		}
	}
	probe := func(kind string, extra ...string) {
		w("          "+kind+":", "            httpGet:", "              path: "+c.health, "              port: http")
		for _, l := range extra {
			w("            " + l)
		}
	}
	w("apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: "+app, "  labels:", "    app.kubernetes.io/name: "+app, "spec:",
		"  replicas: "+strconv.Itoa(p.Replicas)+" # spares included", "  selector:", "    matchLabels:", "      app.kubernetes.io/name: "+app,
		"  template:", "    metadata:", "      labels:", "        app.kubernetes.io/name: "+app, "    spec:", "      containers:",
		"        - name: server", "          image: "+yaml(c.image))
	list("command", c.command)
	list("args", c.args)
	w("          env:", "            - name: "+c.secret[0], "              valueFrom:", "                secretKeyRef:", "                  name: "+c.secret[1], "                  key: token",
		"          ports:", "            - name: http", "              containerPort: "+port,
		"          resources:", "            limits:", "              "+p.resource()+": "+yaml(gpus), "            requests:", "              "+p.resource()+": "+yaml(gpus))
	probe("startupProbe", "periodSeconds: 10", "failureThreshold: 180 # weights may take half an hour to load")
	probe("readinessProbe", "periodSeconds: 5")
	probe("livenessProbe", "periodSeconds: 20", "failureThreshold: 3")
	w("          volumeMounts:", "            - name: shm", "              mountPath: /dev/shm",
		"      volumes:", "        - name: shm", "          emptyDir:", "            medium: Memory", "            sizeLimit: 16Gi",
		"---", "apiVersion: v1", "kind: Service", "metadata:", "  name: "+app, "spec:", "  selector:", "    app.kubernetes.io/name: "+app,
		"  ports:", "    - name: http", "      port: "+port, "      targetPort: http")
	notes := []string{"Create the secret first: kubectl create secret generic " + c.secret[1] + " --from-literal=token=…", "Pin image tags to the release you have tested."}
	if n := p.nodes(); n > 1 {
		notes = append(notes, "One replica spans "+strconv.Itoa(n)+" servers, which a Deployment cannot do: use LeaderWorkerSet with the engine's multi-node launcher.")
	}
	return Start{ID: "kubernetes", Name: "Kubernetes, " + p.Engine.Name, Text: b.String(), Ends: "yaml", Notes: append(notes, p.checkpoint()...)}
}

// yaml writes a scalar that reads back as the same string.
func yaml(s string) string {
	plain := s != ""
	for i, r := range s {
		ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("/_", r) || i > 0 && (r >= '0' && r <= '9' || strings.ContainsRune("-.", r)) ||
			r == ':' && i > 0 && i+1 < len(s) && s[i+1] != ' '
		if !ok && !(r == '-' && i == 0 && strings.HasPrefix(s, "--")) {
			plain = false
			break
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		plain = false
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20 || r == 0x7f:
			const hex = "0123456789abcdef"
			b.WriteString(`\x` + string(hex[r>>4&15]) + string(hex[r&15]))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
