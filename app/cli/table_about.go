//go:build !js

package cli

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// aboutUsage explains the flags of about.
const aboutUsage = `  -model MODEL, -gpu GPU, -tp N, -eng ENGINE, -q PRECISION
    	what rows that do not say so are about
`

// about is what the command line says of rows that leave it out.
type about struct {
	model, gpu, engine, weights string
	tp                          int
}

func (a *about) flags(f *flag.FlagSet) {
	f.StringVar(&a.model, "model", "", "")
	f.StringVar(&a.gpu, "gpu", "", "")
	f.StringVar(&a.engine, "eng", "", "")
	f.StringVar(&a.weights, "q", "", "")
	f.IntVar(&a.tp, "tp", 0, "")
}

// fill checks what is given against the catalog.
func (a *about) fill(cat *catalog.Catalog) (f measured.Fill, err error) {
	if a.model != "" {
		m, ok := cat.Model(a.model)
		if !ok {
			return f, fmt.Errorf("-model: no model is called %q", a.model)
		}
		f.Model = m.ID
	}
	if a.gpu != "" {
		g, ok := cat.GPU(a.gpu)
		if !ok {
			return f, fmt.Errorf("-gpu: no accelerator is called %q", a.gpu)
		}
		f.GPU = g.ID
	}
	if a.engine != "" {
		e, ok := cat.Engine(a.engine)
		if !ok {
			return f, fmt.Errorf("-eng: no engine is called %q", a.engine)
		}
		f.Engine = e.ID
	}
	if f.Weights, err = catalog.ParsePrecision(a.weights); err != nil {
		return f, fmt.Errorf("-q: %w", err)
	}
	if a.tp < 0 || a.tp > 1024 {
		return f, fmt.Errorf("-tp: %d GPUs: use 1 to 1024", a.tp)
	}
	f.TP = a.tp
	return f, nil
}

// complete fills in what rows leave out: what the flags say, the model by the
// name of the file. What is then still open is said with the flag for it.
func (in *tableInput) complete(given about) error {
	fill, err := given.fill(in.cat)
	if err != nil {
		return err
	}
	in.table.Fill(fill)
	say := func(format string, args ...any) {
		in.problems = append(in.problems, measured.Problem{Code: measured.CodeInferred, Text: fmt.Sprintf(format, args...)})
	}
	missing := in.table.Missing()
	if missing.Model {
		if m, ok := score.GuessModel(in.cat, filepath.Base(in.name)); ok {
			in.table.SetModel(m.ID)
			say("Rows that name no model are read as %s, after the name of the file; -model says otherwise.", m.Name)
		} else {
			say("Some rows name no model: say which with -model, for example -model llama-3.1-8b.")
		}
	}
	var open []string
	if missing.GPU {
		open = append(open, "the accelerator (-gpu h100-sxm)")
	}
	if missing.Engine {
		open = append(open, "the engine (-eng vllm)")
	}
	if missing.Layout {
		open = append(open, "the GPUs of a replica (-tp 2; one is assumed)")
	}
	if len(open) > 0 && in.format.Foreign() {
		say("The %s file leaves open: %s.", in.format.Tool(), strings.Join(open, ", "))
	} else if missing.GPU {
		say("Some rows name no accelerator: say which with -gpu, for example -gpu h100-sxm.")
	}
	return nil
}
