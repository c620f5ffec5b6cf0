package views

import (
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// banner is a message above the charts: blk blocks, chg changes the answer,
// "" is worth knowing.
type banner struct {
	_ [0]func() // nothing compares it: no code for that in the program

	kind, lead, text string
	fix, pairs       string // a button that applies link pairs
	key              string // closing it keeps it closed
}

// listBanners collects what the reader should know, worst first.
func listBanners(s *Sizing) []banner {
	var list []banner
	if pr := s.Now().Problem; pr != nil {
		b := banner{kind: "blk", lead: "Blocks every accelerator.", text: "Change the request or the model."}
		if pr.Remedy != nil {
			b.text = "It works with " + pr.Remedy.Text + "."
			b.fix, b.pairs = "Use it", pr.Remedy.Pairs
		}
		list = append(list, b)
	} else if len(s.Now().Options) == 0 {
		if x := nearestMiss(s); x != nil {
			list = append(list, banner{kind: "blk", lead: "Nothing meets the requirement.",
				text: "Closest: " + gpuName(x.GPU) + ". " + x.Text, fix: upperFirst(x.Nearest.Text), pairs: x.Nearest.Pairs})
		} else if b, ok := wayOut(s); ok {
			list = append(list, b)
		}
	}
	if s.Trouble != "" {
		list = append(list, banner{kind: "chg", lead: "The exact answer is missing.", text: s.Trouble + " Numbers marked ≈ are the quick estimate."})
	}
	if s.State.Talk().Reused > 0.5 {
		list = append(list, banner{kind: "chg", lead: "Changes the answer.",
			text: units.Percent(s.State.Talk().Reused) + " of the prompt is assumed to be in the prefix cache.", fix: "Assume none", pairs: "hit=0", key: "hit"})
	}
	for _, n := range s.Notes {
		list = append(list, banner{lead: noteLead(n), text: n.Text, key: n.Code + n.Key + n.Value})
	}
	return list
}

// wayOut is the offer where no single change is known to help: to lift the
// limit that stops most accelerators.
func wayOut(s *Sizing) (b banner, ok bool) {
	offers := []struct {
		reason     fleet.Reason
		fix, pairs string
	}{
		{fleet.ReasonTTFT, "Drop the first-token target", "ttft=off"},
		{fleet.ReasonITL, "Drop the per-token target", "itl=off"},
		{fleet.ReasonE2E, "Drop the end-to-end target", "e2e=off"},
		{fleet.ReasonMemory, "Use INT4 weights", "q=int4"},
		{fleet.ReasonPrecision, "Use the published precision", "q=auto&kv=auto"},
		{fleet.ReasonImpractical, "Size for 1 req/s", "rps=1"},
	}
	most := 0
	for _, o := range offers {
		n, text := 0, ""
		for _, x := range s.Now().Excluded {
			if x.Reason == o.reason {
				if n == 0 {
					text = gpuName(x.GPU) + ": " + x.Text
				}
				n++
			}
		}
		if n > most {
			most = n
			b = banner{kind: "blk", lead: "Nothing meets the requirement.", text: text, fix: o.fix, pairs: o.pairs}
		}
	}
	return b, most > 0
}

func noteLead(n link.Note) string {
	if n.Key != "" {
		return "This link:"
	}
	return "Worth knowing."
}

func (v *Page) banners() app.UI {
	var body []app.UI
	for i, b := range listBanners(v.s) {
		if b.key != "" && v.gone[b.key] {
			continue
		}
		body = append(body, v.bannerUI(i, b))
	}
	if b, ok := v.pastBanner(); ok && !v.gone[b.key] {
		body = append(body, v.bannerUI(-1, b))
	}
	if b := v.fitBanner(); b != nil {
		body = append(body, b)
	}
	if v.update && !v.endpoint.busy() { // never in the middle of a measurement
		body = append(body, el("div", "ban", iconInfo(), node("p", "", leaf("b", "", "New version."), txt(" Reload when convenient; the sizing is kept.")),
			button("btn", txt("Reload")).ID("reload").OnClick(func(ctx app.Context, e app.Event) { reloadPage() })).DataSet("banner", "info"))
	}
	return el("div", "bans", body...).Attr("hidden", flag(len(body) == 0))
}

func (v *Page) bannerUI(i int, b banner) app.UI {
	image, kind := iconInfo(), "info"
	switch b.kind {
	case "blk":
		image, kind = iconBlock(), "blk"
	case "chg":
		image, kind = iconWarn(), "chg"
	}
	var action app.UI
	switch {
	case b.pairs != "":
		action = button("btn", txt(b.fix)).DataSet("fix", b.pairs).
			OnClick(func(ctx app.Context, e app.Event) { v.apply(ctx, b.pairs, b.fix) }, app.EventScope("fix", i, b.pairs))
	case b.key != "":
		action = button("btn ghost", txt("Close")).
			OnClick(func(ctx app.Context, e app.Event) { v.gone[b.key] = true }, app.EventScope("close", i, b.key))
	}
	return el("div", "ban "+b.kind, image, node("p", "", leaf("b", "", b.lead), txt(" "+b.text)), action).DataSet("banner", kind)
}
