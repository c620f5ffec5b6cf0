package bench

import (
	"fmt"
	"strings"
)

// kubernetesJob is a ConfigMap and a Job that run inference-perf inside the
// cluster, next to the service. One job has one prompt shape, so a plan with
// several becomes several jobs. The reports end in the job's log, which outlives
// its container (docs/config.md, docs/loadgen.md, docs/cli_flags.md and
// deploy/manifests.yaml of kubernetes-sigs/inference-perf, November 2026).
func kubernetesJob(p *Plan, phases []Phase, t Target) string {
	var b strings.Builder
	b.WriteString("# kubectl apply -f this-file.yaml; kubectl logs -f job/inference-perf-1 ends with the reports as JSON\n" + adaptive(p, "#") + t.explained())
	groups := shapes(phases)
	key, secrets := "", t.hidden()
	if t.KeyIn != "" {
		key = ` --server.api_key "$` + t.KeyIn + `"`
	}
	if len(secrets) > 0 { // the file below is no secret
		key += " --api.headers " + shellWith(t.headersJSON())
	}
	for i, g := range groups {
		name := fmt.Sprintf("inference-perf-%d", i+1)
		if i > 0 {
			b.WriteString("---\n")
		}
		fmt.Fprintf(&b, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\ndata:\n  config.yaml: |\n", name)
		for line := range strings.Lines(inferencePerfConfig(p, g, t)) {
			b.WriteString("    " + line)
		}
		fmt.Fprintf(&b, `---
apiVersion: batch/v1
kind: Job
metadata:
  name: %[1]s
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: inference-perf
          image: quay.io/inference-perf/inference-perf:latest # pin a version
          command: [sh, -c]
          args:
            - |
              inference-perf --config_file /config/config.yaml%[2]s; code=$?
              for f in /reports/*.json; do echo "== $f"; cat "$f"; done
              exit $code
          env:
            - name: HF_TOKEN # for tokenizers that need one
              valueFrom: {secretKeyRef: {name: hf-token, key: token, optional: true}}
`, name, key)
		if t.KeyIn != "" {
			fmt.Fprintf(&b, "            - name: %s\n              valueFrom: {secretKeyRef: {name: inference-perf, key: api-key}}\n", t.KeyIn)
		}
		for _, name := range secrets {
			fmt.Fprintf(&b, "            - name: %s\n              valueFrom: {secretKeyRef: {name: inference-perf, key: %s}}\n", name, strings.ToLower(strings.ReplaceAll(name, "_", "-")))
		}
		fmt.Fprintf(&b, `          resources:
            requests: {cpu: "8", memory: 16Gi} # give it whole cores: a busy client looks like a slow server
          volumeMounts:
            - {name: config, mountPath: /config}
            - {name: reports, mountPath: /reports}
      volumes:
        - {name: config, configMap: {name: %s}}
        - {name: reports, emptyDir: {}}
`, name)
	}
	return b.String()
}

// shapes groups neighboring phases with the same prompt and the same kind of
// load.
func shapes(phases []Phase) [][]Phase {
	var out [][]Phase
	for _, p := range phases {
		if n := len(out); n > 0 && out[n-1][0].same(&p) && out[n-1][0].Poisson == p.Poisson {
			out[n-1] = append(out[n-1], p)
			continue
		}
		out = append(out, []Phase{p})
	}
	return out
}

func inferencePerfConfig(p *Plan, phases []Phase, t Target) string {
	var b strings.Builder
	first := &phases[0]
	kind := "concurrent"
	switch {
	case first.Poisson:
		kind = "poisson"
	case !first.Closed():
		kind = "constant"
	}
	fmt.Fprintf(&b, "load:\n  type: %s\n  stages:\n", kind)
	for i := range phases {
		f := &phases[i]
		if f.Closed() {
			fmt.Fprintf(&b, "    - {num_requests: %d, concurrency_level: %d} # %s\n", f.count(), f.Concurrency, f.Label)
		} else {
			fmt.Fprintf(&b, "    - {rate: %g, duration: %d}\n", f.Rate, int(max(f.Seconds, 1)+0.5))
		}
	}
	fmt.Fprintf(&b, "  base_seed: %d\n", p.Seed)
	// The generators of random prompts speak to /v1/completions only.
	b.WriteString("api:\n  type: completion\n  streaming: true\n")
	for i, h := range t.Headers {
		if len(t.hidden()) > 0 {
			break // with the variables, on the command line
		}
		if i == 0 {
			b.WriteString("  headers:\n")
		}
		fmt.Fprintf(&b, "    %s: %s\n", yaml(h[0]), yaml(h[1]))
	}
	fmt.Fprintf(&b, "server:\n  type: vllm\n  model_name: %s\n  base_url: %s\n  ignore_eos: true\n", yaml(t.Model), yaml(t.base()))
	fmt.Fprintf(&b, "tokenizer:\n  pretrained_model_name_or_path: %s # the model's name on the Hugging Face hub\n", yaml(t.Model))
	n := 0
	for i := range phases {
		n += phases[i].count()
	}
	if p.Shared > 0 {
		fmt.Fprintf(&b, "data:\n  type: shared_prefix\n  shared_prefix:\n    num_groups: 1\n    num_prompts_per_group: %d\n    system_prompt_len: %d\n    question_len: %d\n    output_len: %d\n", n, p.Shared, p.fresh(first), first.Output)
	} else {
		b.WriteString("data:\n  type: random\n")
		if p.API == Chat {
			b.WriteString("  use_chat_template: true # prompts go to /v1/completions, in the shape of a chat\n")
		}
		for _, l := range []struct {
			name string
			n    int
		}{{"input", first.Input}, {"output", first.Output}} {
			fmt.Fprintf(&b, "  %s_distribution: {type: fixed, min: %d, max: %d, mean: %d, total_count: %d}\n", l.name, l.n, l.n, l.n, n)
		}
	}
	b.WriteString("report:\n  request_lifecycle: {summary: true, per_stage: true, per_request: false}\nstorage:\n  local_storage: {path: /reports}\n")
	return b.String()
}
