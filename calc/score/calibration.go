package score

import (
	"fmt"
	"slices"
	"strings"

	"fleetsize/calc/units"
	"fleetsize/catalog"
	"fleetsize/catalog/jsonio"
)

// Calibration is what a fit found, as it travels between a fit and the answers
// that use it: for each engine a profile, the settings of builds, and the
// share of memory, with where they come from.
type Calibration struct {
	Engines    []EngineFit
	Provenance Provenance
}

// EngineFit is what was fitted of one engine.
type EngineFit struct {
	Engine         string          // id in the catalog
	Profile        catalog.Profile // comes before the engine's own
	MemoryFraction float64         // of the memory rule; 0 = the engine's
	Builds         []catalog.Build // come before the engine's own
}

// Provenance says what a calibration was fitted on.
type Provenance struct {
	Data    string // name of the table
	Rows    int
	Groups  []string
	Catalog string // date of the facts it was fitted with
}

// calibrationVersion is that of the file format. Older ones stay readable.
const calibrationVersion = 1

// CalibrationError is a fit file that cannot be used, and why.
type CalibrationError struct{ Text string }

func (e *CalibrationError) Error() string { return e.Text }

func calibrationError(format string, args ...any) error {
	return &CalibrationError{fmt.Sprintf(format, args...)}
}

// calibrationFile is the layout of a fit file.
type calibrationFile struct {
	Version    int            `json:"fleetsize_fit"`
	Engines    []engineFile   `json:"engines"`
	Provenance provenanceFile `json:"provenance"`
}

type engineFile struct {
	Engine         string      `json:"engine"`
	Profile        profileFile `json:"profile"`
	MemoryFraction float64     `json:"memory_fraction,omitempty"`
	Builds         []buildFile `json:"builds,omitempty"`
}

type profileFile struct {
	ID            string             `json:"id"`
	Label         string             `json:"label"`
	Source        string             `json:"source"`
	Architectures []string           `json:"architectures,omitempty"`
	Vendors       []string           `json:"vendors,omitempty"`
	Versions      []string           `json:"versions,omitempty"`
	Rows          int                `json:"rows"`
	TTFTError     float64            `json:"ttft_error,omitempty"` // held-out mean error, share
	ITLError      float64            `json:"itl_error,omitempty"`
	Bands         *bandsFile         `json:"bands,omitempty"`
	Seen          *seenFile          `json:"seen,omitempty"`
	Unidentified  []string           `json:"unidentified,omitempty"`  // symbols of parameters the rows do not tell
	DirectReduce  bool               `json:"direct_reduce,omitempty"` // one- and two-shot all-reduces
	Parameters    map[string]float64 `json:"parameters"`
}

// bandsFile holds half-widths of 10–90 % ranges, as ln of a factor.
type bandsFile struct {
	TTFT          float64 `json:"ttft"`
	TTFTSaturated float64 `json:"ttft_saturated"`
	ITL           float64 `json:"itl"`
	Rate          float64 `json:"rate"`
}

// seenFile is what the rows behind a profile covered.
type seenFile struct {
	Input   [2]int `json:"in"`
	Total   [2]int `json:"in_and_out"`
	TP      int    `json:"tp"`
	MoE     bool   `json:"moe,omitempty"`
	FourBit bool   `json:"four_bit,omitempty"`
	Unusual bool   `json:"unusual_attention,omitempty"`
}

type buildFile struct {
	Version        string  `json:"version"`
	Model          string  `json:"model,omitempty"`
	TP             int     `json:"tp,omitempty"`
	TokenBudget    int     `json:"token_budget,omitempty"`
	MaxSequences   int     `json:"max_sequences,omitempty"`
	AdmitShare     float64 `json:"admit_share,omitempty"`
	StreamInterval int     `json:"stream_interval,omitempty"`
	Source         string  `json:"source,omitempty"`
}

type provenanceFile struct {
	Data    string   `json:"data"`
	Rows    int      `json:"rows"`
	Groups  []string `json:"groups"`
	Catalog string   `json:"catalog"`
}

// Encode is the calibration as a fit file: JSON with a final newline, numbers
// at six significant digits.
func (c *Calibration) Encode() ([]byte, error) {
	f := calibrationFile{Version: calibrationVersion, Provenance: provenanceFile(c.Provenance)}
	for i := range c.Engines {
		e := &c.Engines[i]
		p := &e.Profile
		out := engineFile{Engine: e.Engine, MemoryFraction: units.Round(e.MemoryFraction, 6)}
		out.Profile = profileFile{
			ID: p.ID, Label: p.Label, Source: p.Source, Architectures: p.Match.Architectures, Vendors: p.Match.Vendors, Versions: p.Match.Versions,
			Rows: p.Rows, TTFTError: units.Round(p.TTFTError, 6), ITLError: units.Round(p.ITLError, 6),
			Parameters: map[string]float64{},
		}
		out.Profile.DirectReduce = p.DirectReduce
		if b := p.Bands; b.Known() {
			out.Profile.Bands = &bandsFile{units.Round(b.TTFT, 4), units.Round(b.TTFTSaturated, 4), units.Round(b.ITL, 4), units.Round(b.Rate, 4)}
		}
		out.Profile.Unidentified = p.Unidentified
		if s := p.Seen; s.Known() {
			out.Profile.Seen = &seenFile{[2]int{s.InputMin, s.InputMax}, [2]int{s.TotalMin, s.TotalMax}, s.TP, s.MoE, s.FourBit, s.Unusual}
		}
		for _, q := range Params {
			if v := *q.At(p); v != 0 {
				out.Profile.Parameters[q.Key] = units.Round(v*q.Scale, 6)
			}
		}
		for _, b := range e.Builds {
			out.Builds = append(out.Builds, buildFile(b))
		}
		f.Engines = append(f.Engines, out)
	}
	data, err := jsonio.MarshalIndent(&f, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}

// DecodeCalibration reads a fit file. Whatever is wrong with it is a
// *CalibrationError that names the value.
func DecodeCalibration(data []byte) (*Calibration, error) {
	var f calibrationFile
	if err := jsonio.Unmarshal(data, &f); err != nil {
		return nil, calibrationError("the fit file is no JSON document of this program: %v", err)
	}
	switch {
	case f.Version == 0:
		return nil, calibrationError("the file has no \"fleetsize_fit\": write one with fleetsize fit -o fit.json TABLE.csv")
	case f.Version != calibrationVersion:
		return nil, calibrationError("the fit file has format %d, this program reads format %d", f.Version, calibrationVersion)
	case len(f.Engines) == 0:
		return nil, calibrationError("the fit file has no engine")
	}
	c := &Calibration{Provenance: Provenance(f.Provenance)}
	for i := range f.Engines {
		e, err := f.Engines[i].decode()
		if err != nil {
			return nil, err
		}
		c.Engines = append(c.Engines, e)
	}
	return c, nil
}

func (f *engineFile) decode() (EngineFit, error) {
	e := EngineFit{Engine: f.Engine, MemoryFraction: f.MemoryFraction}
	in := &f.Profile
	e.Profile = catalog.Profile{
		ID: in.ID, Label: in.Label, Source: in.Source, Rows: in.Rows, TTFTError: in.TTFTError, ITLError: in.ITLError,
		Match: catalog.Match{Architectures: in.Architectures, Vendors: in.Vendors, Versions: in.Versions},
	}
	bad := func(format string, args ...any) (EngineFit, error) {
		return EngineFit{}, calibrationError("engine %q of the fit file: %s", f.Engine, fmt.Sprintf(format, args...))
	}
	if e.Profile.ID == "" {
		return bad("the profile has no id")
	}
	if !(f.MemoryFraction >= 0 && f.MemoryFraction <= 1) {
		return bad("memory_fraction %g is not between 0 and 1", f.MemoryFraction)
	}
	if in.Rows < 0 || !(in.TTFTError >= 0 && in.TTFTError <= 10) || !(in.ITLError >= 0 && in.ITLError <= 10) {
		return bad("rows %d and errors %g, %g must not be negative, errors not above 10", in.Rows, in.TTFTError, in.ITLError)
	}
	if b := in.Bands; b != nil {
		for _, half := range []float64{b.TTFT, b.TTFTSaturated, b.ITL, b.Rate} {
			if !(half >= 0 && half <= 3) {
				return bad("the half-width %g of a band is not between 0 and 3", half)
			}
		}
		e.Profile.Bands = catalog.Bands(*b)
	}
	if s := in.Seen; s != nil {
		if s.Input[0] < 1 || s.Input[1] < s.Input[0] || s.Total[0] < s.Input[0] || s.Total[1] < s.Total[0] || s.Total[1] > 1<<31 || s.TP < 1 {
			return bad("seen covers prompts of %v and requests of %v tokens on groups of %d: not a range", s.Input, s.Total, s.TP)
		}
		e.Profile.Seen = catalog.Seen{InputMin: s.Input[0], InputMax: s.Input[1], TotalMin: s.Total[0], TotalMax: s.Total[1], TP: s.TP, MoE: s.MoE, FourBit: s.FourBit, Unusual: s.Unusual}
	}
	e.Profile.Unidentified, e.Profile.DirectReduce = in.Unidentified, in.DirectReduce
	for key, v := range in.Parameters {
		q, ok := param(key)
		if !ok {
			return bad("unknown parameter %q; known are %s", key, keys())
		}
		if !q.valid(v / q.Scale) {
			return bad("parameter %s = %g is not between 0 and %g", key, v, q.Most*q.Scale)
		}
		*q.At(&e.Profile) = v / q.Scale
	}
	if !required(&e.Profile) {
		return bad("parameters ec and ed must be given and above 0.001")
	}
	for _, b := range f.Builds {
		if b.TP < 0 || b.TokenBudget < 0 || b.MaxSequences < 0 || b.StreamInterval < 0 || !(b.AdmitShare >= 0 && b.AdmitShare <= 1) {
			return bad("the build %q of %q has a setting out of range", b.Version, b.Model)
		}
		e.Builds = append(e.Builds, catalog.Build(b))
	}
	return e, nil
}

func keys() string {
	var list []string
	for _, q := range Params {
		list = append(list, q.Key)
	}
	return strings.Join(list, ", ")
}

// Apply is the catalog with the calibration in it: its profiles and builds
// come before those of its engines. It fails with a *CalibrationError where
// the catalog has no such engine.
func (c *Calibration) Apply(cat *catalog.Catalog) (*catalog.Catalog, error) {
	out := *cat
	out.Engines = slices.Clone(cat.Engines)
	for i := range c.Engines {
		f := &c.Engines[i]
		old, ok := out.With(nil, nil).Engine(f.Engine)
		if !ok {
			return nil, calibrationError("the fit file is about engine %q, which is not in the catalog", f.Engine)
		}
		e := *old
		e.Profiles = append([]catalog.Profile{f.Profile}, old.Profiles...)
		e.Builds = append(slices.Clone(f.Builds), old.Builds...)
		if f.MemoryFraction > 0 {
			e.Memory.Fraction = f.MemoryFraction
		}
		out.Engines[slices.Index(out.Engines, old)] = &e
	}
	return out.With(nil, nil), nil
}
