//go:build !js

// Command calibrate fits the shipped engine profiles to a folder of measured
// tables and writes what ships of it: the profiles in catalog/data/engines.json
// and their errors in catalog/data/accuracy.json.
//
//	go run ./app/calibrate -data DIR            refit, cross-validate, write both files
//	go run ./app/calibrate -data DIR -keep      the same, but leave engines.json as it is
//	go run ./app/calibrate -data DIR -only ID   one recipe
//
// The result depends on the tables and the catalog alone: no clock, no random
// numbers. The recipes (what is fitted to which rows, from which start) are in
// recipes.go.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"fleetsize/catalog"
)

func main() {
	data := flag.String("data", "", "folder of the measured tables (CSV)")
	out := flag.String("catalog", "catalog/data", "folder of engines.json and accuracy.json")
	only := flag.String("only", "", "recipes to run, comma-separated ids, or \"unfitted\"; others keep their figures")
	keep := flag.Bool("keep", false, "write the errors, but not the profiles")
	dry := flag.Bool("dry", false, "print, but write nothing")
	flag.Parse()
	if *data == "" {
		fmt.Fprintln(os.Stderr, "calibrate: -data DIR is missing: the folder that holds nim_1_8.csv, inferencex.csv, …")
		os.Exit(2)
	}
	if err := run(*data, *out, *only, *keep, *dry); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

func run(data, out, only string, keep, dry bool) error {
	cat, err := catalog.Load()
	if err != nil {
		return err
	}
	rows, err := readTables(cat, data)
	if err != nil {
		return err
	}
	engines, err := openEngines(out + "/engines.json")
	if err != nil {
		return err
	}
	report, err := openAccuracy(out + "/accuracy.json")
	if err != nil {
		return err
	}
	lenders, ok := cat.Engine("trtllm")
	if !ok {
		return fmt.Errorf("the catalog has no engine trtllm")
	}
	lender, ok := lenders.ProfileByID("trtllm-inferencex")
	if !ok {
		return fmt.Errorf("the catalog has no profile trtllm-inferencex")
	}
	wanted := func(id string) bool { return only == "" || strings.Contains(","+only+",", ","+id+",") }
	for i := range recipes {
		r := &recipes[i]
		if !wanted(r.id) {
			continue
		}
		set, err := r.work(rows, lender)
		if err != nil {
			return fmt.Errorf("%s: %w", r.id, err)
		}
		report.put(set.accuracy)
		set.print(os.Stdout)
		if r.id == lender.ID {
			lender = &set.profiles[0]
		}
		for _, p := range set.profiles {
			if err := engines.put(&p); err != nil {
				return err
			}
		}
		if err := save(out, engines, report, keep, dry); err != nil {
			return err
		}
	}
	if wanted("unfitted") {
		if err := neverFitted(cat, engines, data, report); err != nil {
			return err
		}
	}
	return save(out, engines, report, keep, dry)
}

// save writes what has been found so far.
func save(out string, engines *enginesFile, report *accuracyReport, keep, dry bool) error {
	if dry {
		return nil
	}
	if err := report.save(out + "/accuracy.json"); err != nil {
		return err
	}
	if keep {
		return nil
	}
	return engines.save(out + "/engines.json")
}
