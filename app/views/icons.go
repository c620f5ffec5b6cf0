package views

import (
	"fleetsize/calc/fleet"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// icon wraps path data drawn on a 16 × 16 grid. Icons are decoration: the
// control that holds one carries the name.
func icon(paths string) app.UI {
	return app.Raw(`<svg class="ic" viewBox="0 0 16 16" aria-hidden="true">` + paths + `</svg>`)
}

func iconChevron() app.UI {
	return app.Raw(`<svg class="ic chev" viewBox="0 0 16 16" aria-hidden="true"><path d="m6 3.5 4.5 4.5L6 12.5"/></svg>`)
}
func iconSearch() app.UI {
	return icon(`<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3 3"/>`)
}
func iconUndo() app.UI {
	return icon(`<path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5l3-3M3 6.5l3 3"/>`)
}
func iconShare() app.UI {
	return icon(`<path d="M8 10V2.5M5 5.5l3-3 3 3M3 9v3.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V9"/>`)
}
func iconTable() app.UI {
	return icon(`<rect x="2.5" y="3" width="11" height="10" rx="1.5"/><path d="M2.5 6.5h11M6.5 6.5V13"/>`)
}
func iconChart() app.UI { return icon(`<path d="M2.5 2.5v11h11M5 10l3-3.5 2.5 2L14 4.5"/>`) }
func iconSave() app.UI {
	return icon(`<path d="M8 2.5V10M5 7l3 3 3-3M3 13.5h10"/>`)
}
func iconCopy() app.UI {
	return icon(`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>`)
}
func iconInfo() app.UI {
	return icon(`<circle cx="8" cy="8" r="5.5"/><path d="M8 7.5v3.2M8 5.2v.1"/>`)
}
func iconWarn() app.UI  { return icon(`<path d="M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1"/>`) }
func iconBlock() app.UI { return icon(`<circle cx="8" cy="8" r="5.5"/><path d="m4.2 4.2 7.6 7.6"/>`) }
func iconPlus() app.UI  { return icon(`<path d="M8 3v10M3 8h10"/>`) }

// iconTheme shows the theme in use: half for the system's, sun, moon.
func iconTheme(theme string) app.UI {
	switch theme {
	case "light":
		return icon(`<circle cx="8" cy="8" r="3"/><path d="M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"/>`)
	case "dark":
		return icon(`<path d="M13 9.6A5.5 5.5 0 1 1 6.4 3 4.4 4.4 0 0 0 13 9.6z"/>`)
	}
	return icon(`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>`)
}

// iconProjector is a screen on its stand.
func iconProjector() app.UI {
	return icon(`<path d="M1.5 3h13M2.5 3v7.5h11V3M8 10.5V12M5 14l3-2 3 2"/>`)
}

// logo is the mark beside the name.
func logo() app.UI {
	return app.Raw(`<svg viewBox="0 0 20 20" aria-hidden="true"><rect x="2" y="11" width="4" height="7" rx="1"/><rect x="8" y="6.5" width="4" height="11.5" rx="1"/><rect x="14" y="2" width="4" height="16" rx="1"/></svg>`)
}

// glyph is a provenance or status shape: k1 disc, k2 half disc, k3 ring, k4 triangle.
func glyph(kind, class string) app.UI {
	shape := map[string]string{
		"k1": `<circle class="on" cx="6" cy="6" r="5.2"/>`,
		"k2": `<circle cx="6" cy="6" r="4.6"/><path class="on" d="M6 1.4a4.6 4.6 0 0 1 0 9.2z"/>`,
		"k3": `<circle cx="6" cy="6" r="4.6"/>`,
		"k4": `<path d="M6 1.6 11 10.4H1z" stroke-linejoin="round"/>`,
	}[kind]
	return app.Raw(`<svg class="g` + class + `" viewBox="0 0 12 12" aria-hidden="true">` + shape + `</svg>`)
}

// badge is a tier's shape with words, which may hold marked numbers.
func badge(kind, words string) app.HTMLElem { return badgeIn(kind, words, true) }

// badgeIn is badge whose numbers the Tab key only reaches where tab is set.
func badgeIn(kind, words string, tab bool) app.HTMLElem {
	text := richIn(words, tab)
	if len(text) > 1 {
		text = []app.UI{node("span", "", text...)}
	}
	return el("span", "tier "+kind, append([]app.UI{glyph(kind, "")}, text...)...)
}

// tierKind is the shape class and the word of a confidence.
func tierKind(c fleet.Confidence) (kind, word string) {
	switch c {
	case fleet.Measured:
		return "k1", "Measured"
	case fleet.Calibrated:
		return "k2", "Calibrated"
	case fleet.Estimated:
		return "k3", "Estimated"
	}
	return "k4", "Specs only"
}
