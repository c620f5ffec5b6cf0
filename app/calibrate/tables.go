//go:build !js

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// tables are the files a recipe may draw on.
var tables = []string{"nim_1_8", "nim_dli", "inferencex", "static_batch"}

// observed is a row with where it comes from.
type observed struct {
	score.Observed
	table string
	fold  string
}

// readTables reads every table into rows a fit can use.
func readTables(cat *catalog.Catalog, dir string) ([]observed, error) {
	resolver, err := score.NewResolver(cat)
	if err != nil {
		return nil, err
	}
	var out []observed
	for _, name := range tables {
		text, err := os.ReadFile(filepath.Join(dir, name+".csv"))
		if err != nil {
			return nil, err
		}
		t, _, err := measured.ParseCSV(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fold := -1
		for i, c := range t.Columns {
			if c == "fold" {
				fold = i
			}
		}
		obs, _ := resolver.Observations(t.Rows, nil)
		byRow := map[*measured.Row]int{}
		for i := range t.Rows {
			byRow[&t.Rows[i]] = i
		}
		for _, o := range obs {
			r := observed{Observed: o, table: name}
			if i, ok := byRow[o.Case.Row]; ok && fold >= 0 {
				r.fold = t.Cells[i][fold]
			}
			r.Name = name + " " + o.Name
			out = append(out, r)
		}
	}
	return out, nil
}
