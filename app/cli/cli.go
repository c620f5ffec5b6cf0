//go:build !js

package cli

import (
	"fmt"
	"io"
	"strings"

	"fleetsize/app/site"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitCut    = 3
)

// streams are where a verb reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// verb is one command.
type verb struct {
	name, line string // name and what it does, for the list
	usage      string // help text; empty = the verb prints its own on -h
	run        func(args []string, s streams) int
}

// verbs are the commands in the order in which they are listed.
func verbs() []verb {
	return []verb{
		{"size", "rank every accelerator for a link", sizeUsage, size},
		{"estimate", "latency and throughput of one model on one accelerator", estimateUsage, estimate},
		{"explain", "say where a number of the answer comes from", explainUsage, explainNumber},
		{"sweep", "a matrix of models, accelerators and workloads in one call", sweepUsage, sweep},
		{"reverse", "what GPUs at hand, a budget or a mix of workloads make possible", reverseUsage, reverse},
		{"data", "list accelerators, models, workloads and engines, or recommend accelerators", dataUsage, data},
		{"validate", "compare the model with a table of measurements", validateUsage, validate},
		{"fit", "fit the model to a table of measurements", fitUsage, fitTable},
		{"site", "write the browser edition as static files", "", func(args []string, s streams) int {
			return site.Run(args, s.out, s.err)
		}},
		{"serve", "serve the browser edition from this computer", "", func(args []string, s streams) int {
			return site.Serve(args, s.out, s.err)
		}},
		{"mock", "serve the OpenAI interface with known latencies, to check clients", mockUsage, mockServer},
		{"bench", "measure an OpenAI-compatible endpoint", benchUsage, measure},
	}
}

// Run executes the command line after the program's name and returns the exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := streams{stdin, stdout, stderr}
	if len(args) == 0 {
		fmt.Fprint(stderr, overview())
		return exitUsage
	}
	name, args := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return help(args, s)
	}
	v := find(name)
	if v == nil {
		fmt.Fprintf(stderr, "fleetsize: unknown command %q%s; the commands are %s\n", name, likely(name), names())
		return exitUsage
	}
	return v.run(args, s)
}

func find(name string) *verb {
	for _, v := range verbs() {
		if v.name == name {
			return &v
		}
	}
	return nil
}

// likely names the command that an unknown one begins like, or a link without a
// command.
func likely(name string) string {
	if strings.ContainsAny(name, "=#") {
		return fmt.Sprintf(": a LINK follows a command, for example fleetsize size '%s'", name)
	}
	for _, v := range verbs() {
		if len(name) > 2 && (strings.HasPrefix(v.name, name) || strings.HasPrefix(name, v.name)) {
			return ", did you mean " + v.name + "?"
		}
	}
	return ""
}

func names() string {
	var list []string
	for _, v := range verbs() {
		list = append(list, v.name)
	}
	return strings.Join(append(list, "help"), ", ")
}
