package measured

import (
	"embed"
	"fmt"
)

//go:embed data/nim-1.8.0-*.csv
var exampleFiles embed.FS

// Example is a table that ships.
type Example struct {
	ID     string // for links, never changes
	Name   string
	Source string
	Read   string // day the source was read
	file   string
}

// Examples are the tables that ship: NVIDIA's published results of NIM 1.8.0,
// five shapes at one to 250 requests in flight each.
func Examples() []Example {
	const source = "NVIDIA NIM for LLMs 1.8.0 benchmarking guide, performance tables (docs.nvidia.com/nim/benchmarking/llm)"
	const read = "2026-11-21"
	return []Example{
		{"nim-8b", "Llama 3.1 8B FP8 on one H100, NIM 1.8.0", source, read, "data/nim-1.8.0-llama-3-1-8b-h100.csv"},
		{"nim-70b", "Llama 3.3 70B FP8 on two H100, NIM 1.8.0", source, read, "data/nim-1.8.0-llama-3-3-70b-2xh100.csv"},
	}
}

// CSV is the table as a file.
func (e Example) CSV() []byte {
	data, err := exampleFiles.ReadFile(e.file)
	if err != nil {
		panic("measured: example " + e.ID + " is not embedded")
	}
	return data
}

// Table is the table, read. It fails only when the file is broken, which the
// tests rule out.
func (e Example) Table() (Table, error) {
	t, problems, err := ParseCSV(e.CSV())
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("measured: example %s: %s", e.ID, problems[0])
	}
	return t, err
}
