//go:build !js

package cli

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// output is how a verb is asked to write its answer.
type output struct {
	json, csv bool
	files     []string
	site      string // address in front of links, "" = the one that LINK has
}

// outputUsage is the help text of the flags.
const outputUsage = `  -json
    	write one JSON document to standard output
  -csv
    	write comma-separated values to standard output
  -o FILE
    	write FILE as well, by its ending: `

// siteUsage is the help text of -site.
const siteUsage = `  -site ADDRESS
    	where the calculator is hosted, e.g. https://host/path/: links in what is
    	written become full addresses, and reports carry them as a QR code; a
    	LINK that is a full address needs no -site
`

// flags registers -csv, -o and -site; -json is registered with what reads the link.
func (o *output) flags(f *flag.FlagSet) {
	o.listFlags(f)
	f.Func("site", "", func(text string) error {
		site, err := siteOf(text)
		o.site = site
		return err
	})
}

// listFlags registers -csv and -o alone, for answers without links.
func (o *output) listFlags(f *flag.FlagSet) {
	f.BoolVar(&o.csv, "csv", false, "")
	f.Func("o", "", func(name string) error {
		o.files = append(o.files, name)
		return nil
	})
}

// siteOf checks the address of a site and ends it so that a fragment can
// follow.
func siteOf(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("-site %q is no address: write for example -site https://host/path/", text)
	}
	if u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, "?#") {
		return "", fmt.Errorf("-site %q holds more than an address: leave out what follows ? or #", text)
	}
	if last := u.Path[strings.LastIndexByte(u.Path, '/')+1:]; u.Path == "" || last != "" && !strings.Contains(last, ".") {
		u.Path += "/"
	}
	return u.String(), nil
}

// base is the address in front of links for a LINK.
func (o *output) base(text string) string {
	if o.site != "" {
		return o.site
	}
	return baseOf(text)
}

// form is one form of an answer: its ending and how it is made.
type form struct {
	ending string
	make   func() ([]byte, error)
}

// text makes a form of a function that cannot fail.
func text(ending string, f func() string) form {
	return form{ending, func() ([]byte, error) { return []byte(f()), nil }}
}

// endings lists the forms' endings: ".xlsx, .csv or .json".
func endings(forms []form) string {
	var list []string
	for _, f := range forms {
		list = append(list, f.ending)
	}
	n := len(list) - 1
	return strings.Join(list[:n], ", ") + " or " + list[n]
}

// check refuses files that no form writes, before anything is computed.
func (o *output) check(forms []form) error {
	if o.json && o.csv {
		return fmt.Errorf("-json and -csv both write to standard output: keep one, and write the other with -o FILE")
	}
	for _, name := range o.files {
		if _, err := pickForm(name, forms); err != nil {
			return err
		}
		if err := folderOf("o", name); err != nil {
			return err
		}
	}
	return nil
}

// folderOf refuses a file in a folder that is not there, before anything is
// computed.
func folderOf(flag, name string) error {
	dir := filepath.Dir(name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("-%s %s: there is no folder %s", flag, name, dir)
	}
	return nil
}

func pickForm(name string, forms []form) (form, error) {
	for _, f := range forms {
		if strings.EqualFold(filepath.Ext(name), f.ending) {
			return f, nil
		}
	}
	return form{}, fmt.Errorf("-o %s: the ending says what to write; it can be %s", name, endings(forms))
}

// write puts the answer on stdout, as people read it or as asked for, and into
// the files.
func (o *output) write(verb string, people func() string, forms []form, s streams) int {
	fail := func(err error) int {
		fmt.Fprintf(s.err, "fleetsize %s: %v\n", verb, err)
		return exitFailed
	}
	out := text("", people)
	for _, f := range forms {
		if o.json && f.ending == ".json" || o.csv && f.ending == ".csv" {
			out = f
		}
	}
	data, err := out.make()
	if err != nil {
		return fail(err)
	}
	if code := write(verb, data, s); code != exitDone {
		return code
	}
	for _, name := range o.files {
		f, err := pickForm(name, forms)
		if err == nil {
			data, err = f.make()
		}
		if err == nil {
			err = os.WriteFile(name, data, 0o644)
		}
		if err != nil {
			return fail(err)
		}
		fmt.Fprintf(s.err, "Wrote %s\n", name)
	}
	return exitDone
}

// today is the date that documents carry.
func today() string { return time.Now().UTC().Format("2006-01-02") }

// version is the program's: the module's, or the revision it was built from;
// "" where neither is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return ""
}
