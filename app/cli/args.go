//go:build !js

package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/catalog"
)

// maxStdin is the most that is read of a link on standard input, in bytes.
const maxStdin = 1 << 16

// input is what size and estimate work on.
type input struct {
	json  bool
	out   output
	base  string // address in front of the link, "" = none
	cat   *catalog.Catalog
	state link.State
	notes []link.Note // warnings only: bad values end the run
	req   fleet.Requirement
	rows  []measured.Row // the user's measurements
}

// read parses flags and LINK, in any order, and resolves the link. done is set
// when the verb is finished, with its exit code.
func read(name, usage string, flags *flag.FlagSet, args []string, s streams) (in input, code int, done bool) {
	flags.BoolVar(&in.json, "json", false, "")
	in.out.flags(flags)
	fit := flags.String("fit", "", "")
	rows := flags.String("measured", "", "")
	flags.SetOutput(io.Discard)
	text, err := linkOf(flags, args, s)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(s.out, usage)
		return in, exitDone, true
	}
	if err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: %v\nfleetsize help %s explains the command.\n", name, err, name)
		return in, exitUsage, true
	}
	if in.cat, err = catalog.Load(); err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: the catalog cannot be read: %v\n", name, err)
		return in, exitFailed, true
	}
	if in.cat, err = withFit(in.cat, *fit); err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: %v\n", name, err)
		return in, exitUsage, true
	}
	in.base = in.out.base(text)
	state, notes := link.Parse(in.cat, text)
	req, more := state.Requirement(in.cat)
	in.state, in.req, in.notes = state, req, append(notes, more...)
	bad := false
	for _, n := range in.notes {
		if n.Code == link.CodeValue {
			fmt.Fprintf(s.err, "fleetsize %s: %s\n", name, problemOf(n))
			bad = true
		}
	}
	if bad {
		return in, exitUsage, true
	}
	if in.rows, err = in.ownRows(*rows, s.in); err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: %v\n", name, err)
		return in, exitUsage, true
	}
	for _, n := range in.notes {
		fmt.Fprintf(s.err, "Warning: %s\n", n.Text)
	}
	meant(state, s)
	return in, exitDone, false
}

// problemOf is what is wrong with a value, with the terminal's way to look ids up.
func problemOf(n link.Note) string {
	list := "fleetsize data"
	if n.Key == "m" {
		list = "fleetsize data models"
	}
	return strings.ReplaceAll(n.Problem(), "look up its id on the Data page", "look up its id with "+list)
}

// meant tells what settings that are not known may stand for: a link of a newer
// version is rarer in a terminal than a slip of the finger.
func meant(st link.State, s streams) {
	for _, p := range st.Unknown {
		if example := link.Meant(p.Key); example != "" {
			fmt.Fprintf(s.err, "Warning: %q changes nothing: did you mean %s?\n", p.Key, example)
		}
	}
}

// operands parses flags that stand before, between or after the operands and
// returns those.
func operands(flags *flag.FlagSet, args []string) (found []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		rest := flags.Args()
		if len(rest) == 0 {
			break
		}
		// After "--" everything is an operand.
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			return append(found, rest...), nil
		}
		found, args = append(found, rest[0]), rest[1:]
	}
	return found, nil
}

// positional parses flags that stand before or after the one LINK.
func positional(flags *flag.FlagSet, args []string) (text string, err error) {
	found, err := operands(flags, args)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", errors.New("no LINK; give one in quotes, for example 'w=rag&rps=10'")
	case len(found) == 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d links given; join the pairs with & in one quoted LINK: '%s'", len(found), strings.Join(found, "&"))
}

// linkOf parses flags that stand before or after the one LINK, and reads it
// from standard input where it is "-".
func linkOf(flags *flag.FlagSet, args []string, s streams) (text string, err error) {
	if text, err = positional(flags, args); err != nil {
		return "", err
	}
	if text == "-" {
		if text, err = fromStdin(s.in); err == nil && text == "" {
			err = errors.New("standard input is empty; give it a LINK, for example w=rag&rps=10")
		}
	}
	if err == nil && wordAlone(text) {
		err = fmt.Errorf("%q is no LINK: settings are written KEY=VALUE, for example 'w=rag&m=llama-3.1-8b'", text)
	}
	return text, err
}

// wordAlone reports whether text holds neither a pair nor an address: the name
// of a model, say, which would otherwise be answered as if nothing were asked.
func wordAlone(text string) bool {
	return text != "" && text != "end" && !strings.ContainsAny(text, "=#?%&") && !strings.Contains(text, "://")
}

func fromStdin(in io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(in, maxStdin))
	if err != nil {
		return "", fmt.Errorf("standard input: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// write puts a finished answer on stdout.
func write(name string, answer []byte, s streams) int {
	if _, err := s.out.Write(answer); err != nil {
		fmt.Fprintf(s.err, "fleetsize %s: %v\n", name, err)
		return exitFailed
	}
	return exitDone
}
