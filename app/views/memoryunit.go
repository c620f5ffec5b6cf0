package views

import (
	"strings"

	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Memory is shown in GB (10⁹ bytes), or all of it in GiB (2³⁰ bytes) as
// nvidia-smi and engines' logs have it. Nothing else changes: rates stay decimal.

// memoryUnit is what memory is shown in, and its bytes.
func (v *Page) memoryUnit() (name string, bytes float64) {
	if v.gib {
		return "GiB", 1 << 30
	}
	return "GB", 1e9
}

// gb is an amount of memory in the unit it is shown in: "16.1 GB".
func (v *Page) gb(bytes float64) string {
	n, unit := units.GB(bytes, v.gib)
	return n + " " + unit
}

// inUnit is a text whose amounts of GB are in the unit memory is shown in.
func (v *Page) inUnit(text string) string {
	if !v.gib {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, " GB")
		if i < 0 {
			return b.String() + text
		}
		from := i
		for from > 0 && strings.IndexByte("0123456789.,", text[from-1]) >= 0 {
			from--
		}
		x, err := units.ParseNumber(text[from:i])
		rest := text[i+len(" GB"):]
		if err != nil || strings.HasPrefix(rest, "/") {
			b.WriteString(text[:i] + " GB")
		} else {
			b.WriteString(text[:from] + v.gb(x*1e9))
		}
		text = rest
	}
}

// gibButton switches memory between GB and GiB.
func (v *Page) gibButton(id string) app.UI {
	to := "In GiB, as nvidia-smi"
	if v.gib {
		to = "In GB"
	}
	return button("lnk xs", txt(to)).ID(id).OnClick(func(ctx app.Context, e app.Event) {
		v.gib = !v.gib
		v.data.sort = ""
		v.fleetRev++
	})
}
