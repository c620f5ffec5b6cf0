//go:build !js

package link

import (
	"slices"
	"strings"
)

// words are what people write for keys of another name.
var words = map[string]string{
	"model": "m", "gpu": "g", "gpus": "g", "accelerator": "g", "hardware": "g", "engine": "eng", "quant": "q", "quantization": "q", "precision": "q",
	"dtype": "q", "weights": "q", "isl": "in", "input": "in", "prompt": "in", "osl": "out", "output": "out", "answer": "out", "workload": "w", "preset": "w",
	"concurrency": "flight", "inflight": "flight", "batch": "flight", "rate": "rps", "qps": "rps", "price": "px", "prices": "px", "cache": "hit",
	"prefix": "hit", "percentile": "pct", "posture": "pos", "tpot": "itl", "latency": "e2e", "growth": "grow", "years": "yrs", "spares": "spare",
	"people": "users", "title": "n", "name": "n", "view": "t",
}

// Meant is an example of the setting that an unknown key may stand for: a word
// for it, or a slip of the finger; "" where none is near.
func Meant(unknown string) string {
	typed := strings.ToLower(unknown)
	if k, ok := words[typed]; ok {
		typed = k
	}
	near := ""
	for i := range keys {
		k := &keys[i]
		if k.name == typed {
			return k.example
		}
		if near == "" && len(typed) > 2 && len(k.name) > 1 && (distance(typed, k.name) == 1 || sorted(typed) == sorted(k.name)) {
			near = k.example
		}
	}
	return near
}

func sorted(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}
