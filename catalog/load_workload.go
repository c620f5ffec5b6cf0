package catalog

import (
	"errors"
	"strings"
)

// presetRow is one line of data/presets.json; times in seconds, 0 = off.
// Targets are 95th percentiles.
type presetRow struct {
	_ [0]func() // nothing compares it: no code for that in the program

	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Alias  string  `json:"alias"` // other spellings of the id, separated by spaces
	Input  int     `json:"in"`
	Output int     `json:"out"`
	Hit    float64 `json:"hit"`
	Calls  int     `json:"calls"`
	TTFT   float64 `json:"ttft"`
	ITL    float64 `json:"itl"`
	E2E    float64 `json:"e2e"`
	Source int     `json:"src"`
	Note   string  `json:"note"`
}

func (c *Catalog) addPreset(r *presetRow, src *refs) error {
	if r.ID == "" || r.Input <= 0 || r.Output <= 0 {
		return errors.New("id or lengths are missing")
	}
	c.Presets = append(c.Presets, &Preset{
		ID: r.ID, Name: r.Name, Aliases: strings.Fields(r.Alias), Input: r.Input, Output: r.Output, HitPercent: r.Hit,
		Targets: Targets{TTFT: r.TTFT, ITL: r.ITL, E2E: r.E2E, Percentile: "95"},
		Calls:   max(r.Calls, 1), Source: src.one(r.Source), Note: r.Note,
	})
	return nil
}

// tierRow is one line of data/tiers.json.
type tierRow struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Speed  float64 `json:"speed"`
	TTFT   float64 `json:"ttft"`
	Source int     `json:"src"`
	Note   string  `json:"note"`
}

func (c *Catalog) addTier(r *tierRow, src *refs) error {
	if r.ID == "" || r.Speed <= 0 || r.TTFT <= 0 {
		return errors.New("id or a limit is missing")
	}
	c.Tiers = append(c.Tiers, &Tier{
		ID: r.ID, Name: r.Name, P25Speed: r.Speed, P95TTFT: r.TTFT, Source: src.one(r.Source), Note: r.Note,
	})
	return nil
}
