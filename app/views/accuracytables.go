package views

import (
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// within20 heads the shares of rows that are at most 20 % off; the sign stays with its number.
const within20 = "within 20\u00a0%"

// accuracySummary is one line a profile and way of testing.
func accuracySummary(a *catalog.Accuracy) app.UI {
	if a == nil || len(a.Sets) == 0 {
		return nil
	}
	var rows []app.UI
	for _, s := range a.Sets {
		for i, t := range s.Tests {
			var name app.UI
			if i == 0 {
				name = el("th", "wrap", txt(s.Title)).Attr("scope", "rowgroup").Attr("rowspan", countText(len(s.Tests)))
			}
			rows = append(rows, node("tr", either(i == 0, "first", ""),
				name,
				td("wrap", upperFirst(t.Test)),
				labeled("Rows", accuracyRows(t.AccuracyFigures)),
				labeled("TTFT", ownErrors(t.TTFT)), labeled(within20, within(t.TTFT)),
				labeled("Per token", ownErrors(t.ITL)), labeled(within20, within(t.ITL)),
				labeled("Tokens/s", ownErrors(t.Rate))))
		}
	}
	th := []app.UI{colHead("", "Profile"), colHead("", "Test")}
	for _, c := range []string{"Rows", "TTFT", within20, "Per token", within20, "Tokens/s"} {
		th = append(th, colHead("num", c))
	}
	return el("section", "fig",
		heading("Accuracy of the profiles that ship"),
		leaf("p", "mut sm", "Mean error, median in brackets. In-sample: rows that the profile was fitted to. Left out: rows of systems that the fit had not seen, which is what to expect on yours."),
		stacked("Accuracy by profile", node("thead", "", node("tr", "", th...)), rows...),
	).ID("accuracy")
}

func accuracyRows(f catalog.AccuracyFigures) string {
	return countText(max(f.TTFT.N, f.ITL.N, f.Rate.N))
}

func within(e catalog.AccuracyErrors) string {
	if e.N == 0 {
		return "–"
	}
	return pc(e.Within20)
}

// accuracyGroups lists every measured system of every profile.
func accuracyGroups(a *catalog.Accuracy) app.UI {
	if a == nil {
		return nil
	}
	var body []app.UI
	for _, s := range a.Sets {
		if len(s.Groups) == 0 {
			continue
		}
		var rows []app.UI
		for _, g := range s.Groups {
			out := catalog.AccuracyFigures{}
			if g.HeldOut != nil {
				out = *g.HeldOut
			}
			rows = append(rows, node("tr", "", rowHead(g.Group), labeled("Rows", accuracyRows(g.InSample)), labeled("TTFT", ownErrors(g.InSample.TTFT)), labeled("left out", ownErrors(out.TTFT)),
				labeled("Tokens/s", ownErrors(g.InSample.Rate)), labeled("Per token", ownErrors(g.InSample.ITL)), labeled("left out", ownErrors(out.ITL))))
		}
		body = append(body, fold("acc-"+s.Profile, s.Title+": "+plural(len(s.Groups), "system"),
			stacked(s.Title, head("System", "Rows", "TTFT", "left out", "Tokens/s", "Per token", "left out"), rows...)))
	}
	if len(body) == 0 {
		return nil
	}
	return el("section", "fig", append([]app.UI{heading("Every measured system")}, body...)...).ID("accuracy-groups")
}

// accuracyOthers is what other tools publish.
func accuracyOthers(a *catalog.Accuracy) app.UI {
	if a == nil || len(a.Others) == 0 {
		return nil
	}
	opt := func(x *float64) string {
		if x == nil {
			return "–"
		}
		return pc(*x)
	}
	var rows []app.UI
	for _, o := range a.Others {
		n := "–"
		if o.Rows > 0 {
			n = countText(o.Rows)
		}
		rows = append(rows, node("tr", "",
			el("th", "", txt(o.Tool), leaf("span", "rangeof", o.Source)).Attr("scope", "row"),
			td("wrap", o.On),
			labeled("Rows", n), labeled("TTFT", opt(o.TTFT)), labeled("Per token", opt(o.ITL)),
			td("wrap", join(". ", upperFirst(o.Figure), upperFirst(o.Caveat)))))
	}
	th := []app.UI{colHead("", "Tool"), colHead("", "Measured on")}
	for _, c := range []string{"Rows", "TTFT", "Per token"} {
		th = append(th, colHead("num", c))
	}
	th = append(th, colHead("", "Other figure, caveat"))
	return el("section", "fig",
		heading("Published figures of other tools"),
		leaf("p", "mut sm", "Mean errors where they are published, as their authors or third parties give them. Their rows are not ours: other models, accelerators and loads, so the figures do not compare one to one."),
		stacked("Published figures of other tools", node("thead", "", node("tr", "", th...)), rows...),
	).ID("accuracy-others")
}
