package rag_test

import (
	"fmt"

	"fleetsize/calc/rag"
)

func ExamplePrompt() {
	p := rag.Prompt{System: 600, History: 300, Question: 100, Chunks: 8, ChunkSize: 500}
	fmt.Printf("%d tokens, %d of them passages, %.0f %% can be reused\n", p.Tokens(), p.Passages(), 100*p.ReusedShare())
	// Output:
	// 5000 tokens, 4000 of them passages, 12 % can be reused
}
