//go:build !js

package cli

import (
	"fmt"

	"fleetsize/calc/evidence"
	"fleetsize/calc/fleet"
)

// measuredText is the measured row behind an answer in one line.
func measuredText(m *evidence.Match) string {
	text := fmt.Sprintf("%s (%s; %s)", m.Figures(), m.Load(), m.From())
	if run := m.Run.Words(); run != "" {
		text += "; the engine says of that run: " + run
	}
	if m.Marked {
		text += ", by another definition"
	}
	return text
}

// measuredRows lists the measured rows that stand beside options.
func measuredRows(a fleet.Answer) string {
	t := table{}
	for i := range a.Options {
		if o := &a.Options[i]; o.Measured != nil {
			t.add("  "+o.GPU.Short, measuredText(o.Measured))
		}
	}
	if len(t.rows) == 0 {
		return ""
	}
	return "\nMeasured nearby, benchmark runs of one replica:\n" + t.String()
}
