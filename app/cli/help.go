//go:build !js

package cli

import (
	"fmt"
	"strings"
)

const sizeUsage = `Usage: fleetsize size [-json] [-csv] [-o FILE] [-site ADDRESS] [-timeout DURATION] [-fit FIT.json]
                      [-measured FILE] LINK

Ranks every accelerator by what it takes to serve the demand inside the
targets: GPUs, nodes, monthly rent, power. Accelerators that do not serve are
listed with the reason and the nearest change that would help.

LINK is a share link: a full address, "#…", "?…" or the bare pairs. "-" reads
it from standard input. What it leaves out is the worked example: Llama 3.1 8B,
RAG 5,000 in and 500 out, 10 req/s, TTFT p95 within 3 s. Put it in quotes.

` + outputUsage + `.xlsx (live formulas), .csv, .json,
    	.md, .html (the report) or .svg (price of latency); may be repeated
` + siteUsage + `  -timeout DURATION
    	stop after this time, e.g. 500ms; rows not finished by then are
    	estimates marked ≈, and the exit code is 3
  -fit FIT.json
    	use the parameters that fleetsize fit wrote for their engines
` + measuredUsage + `
Example: fleetsize size 'w=rag&m=llama-3.3-70b&q=fp8&users=2500&ttft=2s'
`

const estimateUsage = `Usage: fleetsize estimate [-json] [-csv] [-o FILE] [-site ADDRESS] [-fit FIT.json] [-measured FILE] LINK

Simulates one replica of one model on one accelerator: TTFT, time per token,
throughput, memory and what limits it. The link names the accelerator (g) and
the load: flight=N keeps N requests in flight (closed loop; rounds=R makes it a
finite run that starts all at once), rps=X lets them arrive at random (open
loop). tp and pp fix the layout; without them the smallest that fits is used.

` + outputUsage + `.json, .csv, .md, .xlsx,
    	.html (the report, with load curves) or .svg (load curves); may be
    	repeated
` + siteUsage + `  -fit FIT.json
    	use the parameters that fleetsize fit wrote for their engines
` + measuredUsage + `
Example: fleetsize estimate 'm=llama-3.1-8b&q=fp8&eng=nim&g=h100-sxm&in=1000&out=1000&flight=50'
`

// overview is the text of help without a verb.
func overview() string {
	var b strings.Builder
	b.WriteString(`Fleetsize tells how many accelerators an LLM workload needs, what they cost and why.

Usage: fleetsize COMMAND [flags] [LINK]

`)
	for _, v := range verbs() {
		fmt.Fprintf(&b, "  %-9s %s\n", v.name, v.line)
	}
	b.WriteString(`  help      explain a command: fleetsize help size

Example: fleetsize size 'w=rag&m=llama-3.1-8b&rps=10&ttft=3s'

Exit codes: 0 answered (also when nothing is viable), 1 failed, 2 bad input,
3 cut short with what was finished written.
`)
	return b.String()
}

// help prints the overview, or the help of one verb.
func help(args []string, s streams) int {
	if len(args) == 0 {
		fmt.Fprint(s.out, overview())
		return exitDone
	}
	v := find(args[0])
	switch {
	case args[0] == "help":
		fmt.Fprint(s.out, "Usage: fleetsize help [COMMAND]\n\nExample: fleetsize help size\n")
		return exitDone
	case v == nil:
		fmt.Fprintf(s.err, "fleetsize help: unknown command %q; the commands are %s\n", args[0], names())
		return exitUsage
	case v.usage == "":
		return v.run([]string{"-h"}, s)
	}
	fmt.Fprint(s.out, v.usage)
	return exitDone
}
