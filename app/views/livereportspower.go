package views

import (
	"strconv"
	"strings"

	"fleetsize/calc/gpulog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A log of nvidia-smi that is opened with the reports is laid over those of
// this program: what the accelerators drew while a load was measured takes the
// place of their rated power.

// powerLog is the log that was opened last.
type powerLog struct {
	name  string
	log   *gpulog.Log
	zone  string // of its clock, minutes ahead of UTC; "" = found
	fault string
	paste bool // the field for pasting is open
}

// takeReport takes the text of a report, or of a log for the reports.
func (v *Page) takeReport(name, text string) {
	l := &v.endpoint
	p := &l.power
	v.study.rev++
	if gpulog.Recognize([]byte(text)) {
		log, err := gpulog.Parse([]byte(text), "")
		if p.name, p.log = name, &log; err != nil {
			p.log, p.fault = nil, upperFirst(name+": "+err.Error())+"."
			return
		}
	} else if len(l.reports) < mostReports {
		l.reports = append(l.reports, readReport(name, text))
	}
	v.layLog()
}

// layLog lays the log over every report that it was written beside.
func (v *Page) layLog() {
	l := &v.endpoint
	p := &l.power
	p.fault = ""
	if p.log == nil {
		return
	}
	var zone *gpulog.Zone
	if n, err := strconv.Atoi(p.zone); err == nil {
		zone = (*gpulog.Zone)(&n)
	}
	fault, given := "open the report of the run that it was written beside", zone != nil
	for _, r := range l.reports {
		if r.doc == nil || given {
			continue
		}
		z, err := gpulog.ZoneOf(r.doc, *p.log)
		switch {
		case err != nil:
			fault = err.Error()
		case zone != nil && *z != *zone:
			p.fault = p.name + " fits the reports in different time zones. Choose that of its clock."
			return
		default:
			zone = z
		}
	}
	laid := 0
	for _, r := range l.reports {
		if r.doc == nil || zone == nil {
			continue
		}
		if err := gpulog.Join(r.doc, *p.log, gpulog.Options{Zone: zone}); err != nil {
			fault = err.Error()
			continue
		}
		laid++
		if !given {
			r.doc.PowerLog.ZoneFrom = "found"
		}
	}
	if laid == 0 {
		p.fault = upperFirst(p.name + ": " + fault + ".")
		return
	}
	v.say(p.name + " was laid over " + plural(laid, "report"))
}

// logForm is what is to be said about a log, and the field for pasting.
func (v *Page) logForm() app.UI {
	p := &v.endpoint.power
	var body []app.UI
	if p.log != nil {
		zones := []option{{label: "Found by itself", on: p.zone == ""}}
		for _, z := range gpulog.Zones() {
			id := strconv.Itoa(int(z))
			zones = append(zones, option{id: id, label: "UTC" + z.String(), on: p.zone == id})
		}
		body = append(body, v.choose("live-log-zone", "Clock of "+p.name, zones, func(ctx app.Context, id string) {
			p.zone = id
			v.layLog()
			v.study.rev++
		}))
	}
	if p.paste {
		body = append(body,
			el("label", "sm", txt("A report, or a log of nvidia-smi")).Attr("for", "live-reports-text"),
			app.Textarea().ID("live-reports-text").Class("inp mono").Rows(6).Attr("spellcheck", "false"),
			button("btn go", txt("Read it")).ID("live-reports-read").OnClick(func(ctx app.Context, e app.Event) {
				p.paste = false
				v.takeReport("What was pasted", valueOf("live-reports-text"))
			}))
	}
	return node("div", "blk-h", append(body, el("p", "msg", txt(p.fault)).ID("live-reports-msg").Role("alert").Attr("hidden", flag(p.fault == "")))...)
}

// powerNotes are what weakens the power figures of a report.
func powerNotes(r *openedReport) (items []app.UI) {
	if r.doc == nil || r.doc.PowerLog == nil {
		return nil
	}
	list := r.doc.Warnings
	if best := r.best(); best != nil {
		list = append(list[:len(list):len(list)], best.Warnings...)
	}
	for _, w := range list {
		if strings.HasPrefix(w.Code, gpulog.Prefix) {
			items = append(items, leaf("li", "", r.name+": "+w.Text))
		}
	}
	return items
}
