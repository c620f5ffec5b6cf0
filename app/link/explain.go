package link

import (
	"strings"

	"fleetsize/calc/explain"
	"fleetsize/catalog"
)

// Context is what the link says about where inputs come from: which were
// stated, which the customer confirmed, and what the presets are called.
func (s State) Context(cat *catalog.Catalog) explain.Context {
	c := explain.Context{Stated: map[string]bool{}, Confirmed: map[string]bool{}, Preset: s.Workload, Posture: "Standard"}
	for _, pair := range strings.Split(s.String(), "&") {
		key, _, _ := strings.Cut(pair, "=")
		c.Stated[key] = true
	}
	c.API, _ = s.API()
	for _, key := range s.Confirmed {
		c.Confirmed[key] = true
	}
	if p, ok := cat.Preset(s.Workload); ok {
		c.Preset = p.Name
	}
	switch s.Posture {
	case "lean":
		c.Posture = "Lean"
	case "cautious":
		c.Posture = "Cautious"
	}
	return c
}
