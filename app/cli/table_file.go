//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"fleetsize/calc/importer"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// tableInput is what validate and fit work on.
type tableInput struct {
	json     bool
	name     string // of the file, "-" for standard input
	format   importer.Format
	cat      *catalog.Catalog
	table    measured.Table
	resolver *score.Resolver
	problems []measured.Problem // found while reading
	findings []measured.Problem // rows that contradict physics or themselves
	fitted   bool               // computed with a fit file instead of what ships
}

// readTable parses the flags and reads the table and the fit file they name.
// done is set when the verb is finished, with its exit code.
func readTable(verb, usage string, flags *flag.FlagSet, args []string, s streams) (in tableInput, code int, done bool) {
	flags.BoolVar(&in.json, "json", false, "")
	var given about
	given.flags(flags)
	fitFile := flags.String("fit", "", "")
	flags.SetOutput(io.Discard)
	fail := func(err error) (tableInput, int, bool) {
		fmt.Fprintf(s.err, "fleetsize %s: %v\n", verb, err)
		return in, exitUsage, true
	}
	name, err := oneFile(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, usage)
		return in, exitDone, true
	}
	if err != nil {
		return fail(fmt.Errorf("%v\nfleetsize help %s explains the command.", err, verb))
	}
	in.name = name
	if in.cat, err = catalog.Load(); err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: the catalog cannot be read: %v\n", verb, err)
		return in, exitFailed, true
	}
	in.fitted = *fitFile != ""
	if in.cat, err = withFit(in.cat, *fitFile); err != nil {
		return fail(err)
	}
	data, err := tableData(name, s.in)
	if err != nil {
		return fail(err)
	}
	file, err := importer.Read(data)
	if err != nil {
		return fail(fmt.Errorf("%s: %w", name, err))
	}
	in.format, in.table, in.problems = file.Format, file.Table, file.Problems
	if err := in.complete(given); err != nil {
		return fail(err)
	}
	if in.resolver, err = score.NewResolver(in.cat); err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: %v\n", verb, err)
		return in, exitFailed, true
	}
	in.findings = in.resolver.Check(in.table.Rows)
	return in, exitDone, false
}

// tableData is the file of that name, standard input for "-", or a table that
// ships.
func tableData(name string, stdin io.Reader) ([]byte, error) {
	data, err := readFile(name, measured.MaxBytes, stdin)
	if !errors.Is(err, os.ErrNotExist) {
		return data, err
	}
	var ids []string
	for _, e := range measured.Examples() {
		if e.ID == name {
			return e.CSV(), nil
		}
		ids = append(ids, e.ID)
	}
	return nil, fmt.Errorf("%w (tables that ship: %s)", err, strings.Join(ids, ", "))
}

// oneFile parses flags that stand before or after the one FILE.
func oneFile(flags *flag.FlagSet, args []string) (string, error) {
	found, err := operands(flags, args)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", errors.New("no FILE; give one table, for example measurements.csv, or - for standard input")
	case len(found) == 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d files given; one at a time: %s", len(found), strings.Join(found, ", "))
}

// readFile reads a file of at most limit bytes; "-" is standard input.
func readFile(name string, limit int64, stdin io.Reader) ([]byte, error) {
	from := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is larger than %d MB", name, limit>>20)
	}
	return data, nil
}

// maxFitBytes bounds a fit file.
const maxFitBytes = 1 << 20

// withFit is the catalog with a fit file in it; without a name, the catalog.
func withFit(cat *catalog.Catalog, name string) (*catalog.Catalog, error) {
	if name == "" {
		return cat, nil
	}
	data, err := readFile(name, maxFitBytes, strings.NewReader(""))
	if err != nil {
		return nil, fmt.Errorf("-fit: %w", err)
	}
	c, err := score.DecodeCalibration(data)
	if err == nil {
		cat, err = c.Apply(cat)
	}
	if err != nil {
		return nil, fmt.Errorf("-fit: %s: %w", name, err)
	}
	return cat, nil
}
