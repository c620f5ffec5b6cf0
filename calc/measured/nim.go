package measured

import (
	"strconv"
	"strings"

	"fleetsize/catalog"
)

// nimSource is where tables with these columns are published.
const nimSource = "NVIDIA NIM for LLMs benchmarking guide, performance tables (docs.nvidia.com/nim/benchmarking/llm)"

// nimRow reads what NVIDIA's NIM tables put differently: the engine is NIM
// and data_type holds precision and layout, "fp8 TP1". The model is in the
// name of the table, see Table.SetModel.
func (p *parser) nimRow(r *Row) {
	r.Engine = "nim"
	if r.Source == "" {
		r.Source = nimSource
	}
	for _, word := range strings.Fields(strings.ToLower(p.text(colDataType))) {
		if digits, ok := strings.CutPrefix(word, "tp"); ok {
			if n, err := strconv.Atoi(digits); err == nil && n > 0 && n <= maxGPUs {
				r.TP = n
				continue
			}
		}
		q, err := catalog.ParsePrecision(word)
		if err != nil {
			p.add(p.line, CodePrecision, "data_type: %v; read as not stated.", err)
			continue
		}
		r.Weights = q
	}
	// NIM's FP8 engines keep an FP8 cache, the others a 16-bit one.
	if r.KV == "" && r.Weights != "" {
		r.KV = catalog.FP8
		if r.Weights.Bits() == 16 {
			r.KV = r.Weights
		}
	}
}
