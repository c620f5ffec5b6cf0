//go:build !js

package site

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Exit codes, those of every verb.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

const siteUsage = `Usage: fleetsize site -o DIR [-wasm FILE]

Writes the browser edition to DIR: static files that run from any path on any host.

`

// Run is the verb "site". It writes the site and returns the exit code.
func Run(args []string, stdout, stderr io.Writer) int {
	flags := newFlags("site", siteUsage, "fleetsize site -o dist", stdout)
	out := flags.String("o", "", "folder to write to; created if it is missing")
	wasm := flags.String("wasm", "", "`FILE` with the program; without it the program is built from the source folder")
	if code, stop := parse(flags, args, stderr); stop {
		return code
	}
	if *out == "" {
		fmt.Fprintln(stderr, "fleetsize site: no folder to write to; give one with -o, for example -o dist")
		return exitUsage
	}
	in, err := load(*wasm)
	if err == nil {
		var s *Site
		if s, err = New(in); err == nil {
			if err = s.Write(*out); err == nil {
				fmt.Fprintf(stdout, "%s: version %s, %d files, program %s MB gzip (%s MB unpacked)\n",
					*out, s.Version, len(s.files), megabytes(s.Program.Gzip), megabytes(s.Program.Raw))
				return exitDone
			}
		}
	}
	fmt.Fprintln(stderr, "fleetsize site:", err)
	return exitFailed
}

// newFlags returns a flag set that prints its help to out and its errors nowhere: parse reports them.
func newFlags(verb, usage, example string, out io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(verb, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {
		fmt.Fprint(out, usage)
		flags.SetOutput(out)
		flags.PrintDefaults()
		flags.SetOutput(io.Discard)
		fmt.Fprintf(out, "\nExample: %s\n", example)
	}
	return flags
}

// parse reads the arguments. It reports whether the verb is finished, with its exit code: help was asked
// for, or the arguments are wrong.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) (code int, stop bool) {
	usage := flags.Usage
	flags.Usage = func() {} // the flag package would print it for errors, too
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage()
		return exitDone, true
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "fleetsize %s: %v; see: fleetsize %s -h\n", flags.Name(), err, flags.Name())
		return exitUsage, true
	}
	return exitDone, false
}

// Write stores the site's files in the folder, which is created if it is missing. Other files in it stay.
func (s *Site) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range s.Names() {
		if err := os.WriteFile(filepath.Join(dir, name), s.files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}
