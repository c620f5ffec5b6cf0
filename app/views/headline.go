package views

import (
	"strings"

	"fleetsize/app/export"
	"fleetsize/calc/fleet"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// part is a piece of the headline; strong ones carry the finding.
type part struct {
	text   string
	strong bool
	ref    string // entry that explains its number; "" = none
}

// headline is the answer as one sentence.
func headline(s *Sizing) []part {
	o := s.Best()
	if o == nil {
		return noAnswer(s)
	}
	about := ""
	if !s.Final {
		about = "≈ "
	}
	say := []part{{about + units.Count(float64(o.GPUs)) + " × " + gpuName(o.GPU), true, "gpus"}}
	serve := " serve "
	if o.GPUs == 1 {
		serve = " serves "
	}
	say = append(say, part{serve + demandClause(s) + export.TargetClause(s.Req.Targets), false, ""})
	if o.Priced {
		say = append(say, part{", for about ", false, ""}, part{units.USD(o.USDPerMonth) + " a\u00a0month", true, "usd-month"})
	} else {
		say = append(say, part{", price unknown", false, ""})
	}
	return append(say, part{export.SpareClause(o) + ".", false, ""})
}

// demandClause is "10 req/s of RAG Q&A", "2,500 people using edited Chat".
func demandClause(s *Sizing) string {
	workload := presetName(s)
	if edited(s) {
		workload = "edited " + workload
	}
	if s.Req.Demand.Kind == fleet.People {
		return nobreak(demandText(s)) + " using " + workload
	}
	return nobreak(demandText(s)) + " of " + workload
}

// noAnswer says why there is none, with the nearest miss.
func noAnswer(s *Sizing) []part {
	if s.Now().Problem != nil {
		return []part{{s.Now().Problem.Text, true, ""}}
	}
	if len(s.Now().Excluded) == 0 {
		return []part{{"Computing the answer…", false, ""}}
	}
	say := []part{{"No accelerator", true, ""}, {" serves " + demandClause(s) + export.TargetClause(s.Req.Targets) + ".", false, ""}}
	if x := nearestMiss(s); x != nil {
		say = append(say, part{" Closest: " + gpuName(x.GPU) + ", with " + x.Nearest.Text + ".", false, ""})
	}
	return say
}

// nearestMiss is the exclusion to offer when nothing is viable: a missed
// target comes before memory, and any with a remedy before none.
func nearestMiss(s *Sizing) *fleet.Exclusion {
	var best *fleet.Exclusion
	score := func(x *fleet.Exclusion) int {
		switch x.Reason {
		case fleet.ReasonTTFT, fleet.ReasonITL, fleet.ReasonE2E:
			return 3
		case fleet.ReasonImpractical:
			return 2
		case fleet.ReasonMemory, fleet.ReasonPrecision, fleet.ReasonContext:
			return 1
		}
		return 0
	}
	for i := range s.Now().Excluded {
		x := &s.Now().Excluded[i]
		if x.Nearest != nil && score(x) > 0 && (best == nil || score(x) > score(best) || score(x) == score(best) && servable(x) > servable(best)) {
			best = x
		}
	}
	return best
}

// servable is the load in req/s that an excluded accelerator would serve, 0
// where its nearest change is another.
func servable(x *fleet.Exclusion) float64 {
	if rate, ok := strings.CutPrefix(x.Nearest.Pairs, "rps="); ok {
		return parseFloat(rate)
	}
	return 0
}

// sentence is the headline as plain text.
func sentence(s *Sizing) string {
	text := ""
	for _, p := range headline(s) {
		text += p.text
	}
	return text
}

// spoken is the short form for the live region.
func spoken(s *Sizing) string {
	o := s.Best()
	if o == nil {
		return sentence(s)
	}
	text := units.Count(float64(o.GPUs)) + " " + gpuName(o.GPU) + " GPUs"
	if o.GPUs == 1 {
		text = "1 " + gpuName(o.GPU) + " GPU"
	}
	if o.Priced {
		return text + ", " + units.Sig(o.USDPerMonth, 3) + " dollars a month"
	}
	return text + ", no price"
}

// headlineUI renders the sentence.
func headlineUI(s *Sizing) app.UI {
	var body []app.UI
	parts := headline(s)
	for i, p := range parts {
		if p.ref != "" && i+1 < len(parts) {
			var ui app.UI
			ui, parts[i+1].text = followed(node("b", "", num(p.ref, p.text)), true, parts[i+1].text)
			body = append(body, ui)
		} else if p.strong {
			body = append(body, leaf("b", "", p.text))
		} else {
			body = append(body, txt(p.text))
		}
	}
	return el("h1", "say", body...).DataSet("headline", "yes")
}
