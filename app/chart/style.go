package chart

import "strings"

// lightStyle returns the style sheet of an exported file: the page's chart
// rules with the light theme's colors written out. scale is the text factor.
func lightStyle(scale float64) string {
	return strings.NewReplacer("%12", px(12*scale)+"px", "%11", px(11*scale)+"px").Replace(lightSheet)
}

// lightSheet mirrors the chart rules and light colors of the page's sheet.
const lightSheet = `
.ch{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Inter,"Noto Sans","Helvetica Neue",Arial,system-ui,sans-serif;font-variant-numeric:tabular-nums}
.ground{fill:#fff}
.ch text{font-size:%12;fill:#5f6873}.ch .s{font-size:%11}.ch .e{text-anchor:end}.ch .m{text-anchor:middle}
.ch .an{fill:#414953}.ch .lb,.ch .v{font-weight:600;fill:#12161c}
.ch .v,.ch .halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.c1{color:#4179f0}.c2{color:#e0682c}.c3{color:#007654}.c4{color:#8345c4}.c5{color:#c02f5c}.c6{color:#0581a3}.c7{color:#7f6600}.c8{color:#808a96}
.c1 .d{fill:#3157ad}.c2 .d{fill:#9a4a26}.c3 .d{fill:#065740}.c4 .d{fill:#5e348b}.c5 .d{fill:#872846}.c6 .d{fill:#0a5c74}.c7 .d{fill:#5a4b0c}.c8 .d{fill:#5a626c}
.ax{stroke:#868e99}.gr{stroke:#e3e6ea}
.ln{fill:none;stroke:currentColor;stroke-width:2px;stroke-linejoin:round;stroke-linecap:round}.ln.hero{stroke-width:3px}
.t2{stroke-dasharray:7 4}.t3{stroke-dasharray:2 4}.est{stroke-dasharray:1 4.5}.pred{opacity:.75;stroke-dasharray:4 4;stroke-width:1.5px}
.dt{fill:currentColor;stroke:#fff;stroke-width:2}.dt.o{fill:#fff;stroke:currentColor}
.rule{stroke:#12161c;stroke-width:1.25}.rule.dash,.lead{stroke-dasharray:4 3}.lead{stroke:#868e99;fill:none}
.grip{fill:#12161c}.ch .on-grip{fill:#fff;font-weight:600}.hit{fill:none}
.zone{fill:url(#hatch)}.hat{stroke:#c8cdd4}.band{fill:currentColor;opacity:.13}.slo{fill:#0b7350;opacity:.07}
.m1{fill:#12161c}.m2{fill:#4179f0}.m3{fill:#bfd2fb}.m4{fill:#868e99}.m5{fill:#c8cdd4}.m6{fill:#eff1f4}.stepbg{fill:#eff1f4}
.ring{fill:none;stroke:#2450c8;stroke-width:2}
`

// hatchDefs returns the pattern behind the class "zone".
func hatchDefs() *node {
	return el("defs").add(
		el("pattern", "id", "hatch", "width", "6", "height", "6",
			"patternUnits", "userSpaceOnUse", "patternTransform", "rotate(45)").add(
			el("line", "class", "hat", "x1", "0", "y1", "0", "x2", "0", "y2", "6")))
}
