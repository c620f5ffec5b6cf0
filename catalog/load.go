package catalog

import (
	_ "embed" // for the files of data/
	"fmt"

	"fleetsize/catalog/jsonio"
)

// The files of data/, one per kind of entry.
var (
	//go:embed data/models.json
	modelsFile []byte
	//go:embed data/gpus.json
	gpusFile []byte
	//go:embed data/engines.json
	enginesFile []byte
	//go:embed data/presets.json
	presetsFile []byte
	//go:embed data/tiers.json
	tiersFile []byte
)

// table is the layout of the files with many rows: sources are listed once
// and rows name them by position.
type table[Row any] struct {
	Date    string   `json:"date"` // of the newest fact, YYYY-MM-DD
	Sources []string `json:"sources"`
	Rows    []Row    `json:"rows"`
}

// Load decodes the embedded files into a fresh catalog. It fails only when the
// files are broken, which the tests rule out. It takes about 2.5 ms natively
// and a tenth of a second the first time under WebAssembly, so load once.
func Load() (*Catalog, error) {
	return files{modelsFile, gpusFile, enginesFile, presetsFile, tiersFile}.load()
}

// files are what a catalog is decoded from, in the form of data/README.md.
type files struct {
	models, gpus, engines, presets, tiers []byte
}

func (f files) load() (*Catalog, error) {
	c := &Catalog{}
	if err := loadTable(c, "models", f.models, c.addModel); err != nil {
		return nil, err
	}
	if err := loadTable(c, "gpus", f.gpus, c.addGPU); err != nil {
		return nil, err
	}
	if err := loadTable(c, "engines", f.engines, c.addEngine); err != nil {
		return nil, err
	}
	if err := loadTable(c, "presets", f.presets, c.addPreset); err != nil {
		return nil, err
	}
	if err := loadTable(c, "tiers", f.tiers, c.addTier); err != nil {
		return nil, err
	}
	c.index = c.buildIndex()
	return c, nil
}

// loadTable reads one file and hands each row to add.
func loadTable[Row any](c *Catalog, name string, data []byte, add func(*Row, *refs) error) error {
	var t table[Row]
	if err := jsonio.Unmarshal(data, &t); err != nil {
		return fmt.Errorf("catalog: %s: %w", name, err)
	}
	c.Date = max(c.Date, t.Date)
	r := &refs{list: t.Sources}
	for i := range t.Rows {
		if err := add(&t.Rows[i], r); err != nil {
			return fmt.Errorf("catalog: %s: row %d: %w", name, i+1, err)
		}
		if r.bad {
			return fmt.Errorf("catalog: %s: row %d: unknown source", name, i+1)
		}
	}
	return nil
}

// refs resolves source numbers.
type refs struct {
	list []string
	bad  bool // a number was out of range
}

func (r *refs) one(i int) string {
	if i < 0 || i >= len(r.list) {
		r.bad = true
		return ""
	}
	return r.list[i]
}

func (r *refs) all(is []int) []string {
	out := make([]string, len(is))
	for k, i := range is {
		out[k] = r.one(i)
	}
	return out
}

// WithEngines is a copy of c with the engines of another engines.json.
func (c *Catalog) WithEngines(data []byte) (*Catalog, error) {
	d := *c
	d.Engines = nil
	if err := loadTable(&d, "engines", data, d.addEngine); err != nil {
		return nil, err
	}
	d.index = d.buildIndex()
	return &d, nil
}
