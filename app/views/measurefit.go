package views

import (
	"strings"

	"fleetsize/app/wire"
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/score"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// fitInUse is the fit that the sizing computes with.
type fitInUse struct {
	file    string // "" = none
	engines []string
	names   []string // of the engines
	rows    int
	data    string // table it was made on
}

// startFit fits the model to the table.
func (v *Page) startFit() {
	v.dropFit()
	v.startStudy("fit", worker.StudyRequest{Make: true})
}

// dropFit forgets the fit at hand and its predictions.
func (v *Page) dropFit() {
	st := &v.study
	v.endStudy()
	st.fit, st.fitFile, st.fitFrom, st.fitFault, st.kept = nil, "", "", "", ""
	st.after, st.stage, st.heldOut = nil, "", false
	st.rev++
}

// openFit takes a fit file and predicts the rows with it.
func (v *Page) openFit(name, text string) {
	st := &v.study
	if _, err := worker.WithFit(v.s.shipped, text); err != nil {
		st.fitFault = upperFirst(name + ": " + err.Error())
		st.rev++
		return
	}
	v.dropFit()
	st.fitFile, st.fitFrom, st.stage = text, name, "after"
	v.scoreFit()
}

// describeFit reads what a fit file is about.
func (v *Page) describeFit(file string) (f fitInUse, ok bool) {
	c, err := score.DecodeCalibration([]byte(file))
	if err != nil {
		return f, false
	}
	f = fitInUse{file: file, rows: c.Provenance.Rows, data: c.Provenance.Data}
	for _, e := range c.Engines {
		f.engines = append(f.engines, e.Engine)
		name := e.Engine
		if known, ok := v.s.shipped.Engine(e.Engine); ok {
			name = known.Name
		}
		f.names = append(f.names, name)
	}
	return f, true
}

// useFit computes the sizing with a fit, or with what ships where file is empty.
func (v *Page) useFit(ctx app.Context, file string) {
	f, ok := v.describeFit(file)
	if file != "" && !ok {
		return
	}
	if err := v.s.UseFit(file); err != nil {
		v.study.fitFault = upperFirst(err.Error())
		v.study.rev++
		return
	}
	v.fitted = f
	v.study.rev++
	v.preview()
	v.ask(ctx, 0)
	if file == "" {
		v.say("The sizing computes with what ships again")
		return
	}
	v.say("The sizing computes with your fit, for this visit")
}

// text names the fit: "NIM, fitted to 40 rows of …".
func (f fitInUse) text() string {
	text := strings.Join(f.names, ", ") + ", fitted to " + plural(f.rows, "row")
	if f.data != "" {
		text += " of " + f.data
	}
	return text
}

// concerns reports whether the sizing's engine is among those fitted.
func (f fitInUse) concerns(s *Sizing) bool {
	for _, id := range f.engines {
		if s.Req.Engine != nil && s.Req.Engine.ID == id {
			return true
		}
	}
	return false
}

// fitBanner says in the Size view that a fit is in use.
func (v *Page) fitBanner() app.UI {
	f := v.fitted
	if f.file == "" {
		return nil
	}
	text := " " + f.text() + "."
	if !f.concerns(v.s) {
		text += " The engine chosen here is another one, so it changes nothing."
	}
	return el("div", "ban", iconInfo(), node("p", "", leaf("b", "", "Your fit is in use."), txt(text)),
		button("btn", txt("Use what ships")).ID("fit-stop").OnClick(func(ctx app.Context, e app.Event) { v.useFit(ctx, "") })).DataSet("banner", "info")
}

// fitPanel is the fit: the way to make one, or what it found.
func (v *Page) fitPanel() app.UI {
	st := &v.study
	body := []app.UI{}
	switch {
	case st.fitFile == "":
		body = append(body,
			heading("Fit the model to these rows"),
			leaf("p", "mut sm", "Efficiencies and overheads are adjusted to the rows, starting from what ships, which also counts as prior knowledge. First token and time per token are judged apart."),
			node("div", "row",
				button("btn go", txt("Fit to these rows")).ID("fit").Attr("disabled", flag(st.job.what != "" || !st.fits())).
					OnClick(func(ctx app.Context, e app.Event) { v.startFit() }),
				v.fitOpener(),
			))
	case st.fit == nil:
		f, _ := v.describeFit(st.fitFile)
		body = append(body, heading("Fit opened from "+st.fitFrom), leaf("p", "mut sm", upperFirst(f.text())+"."), v.openedErrors(), v.fitActions(f))
	default:
		f, _ := v.describeFit(st.fitFile)
		body = append(body, heading(fitFinding(st.fit)), v.fitErrors(), v.fitWarning(), v.fitActions(f), v.fitParameters())
	}
	body = append(body, el("p", "msg", txt(st.fitFault)).ID("fit-msg").Role("alert").Attr("hidden", flag(st.fitFault == "")))
	return el("section", "fig", body...).ID("fit-panel")
}

// fitOpener takes a fit file from disk.
func (v *Page) fitOpener() app.UI {
	return node("label", "btn", txt("Open fit.json"),
		app.Input().ID("fit-file").Class("sr").Type("file").Attr("accept", ".json,application/json").
			OnChange(func(ctx app.Context, e app.Event) {
				files := ctx.JSSrc().Get("files")
				if !files.Truthy() || files.Length() == 0 {
					return
				}
				file := files.Index(0)
				name := file.Get("name").String()
				if file.Get("size").Float() > maxConfig {
					v.study.fitFault = name + " is larger than 1 MB: no fit file is."
					v.study.rev++
					return
				}
				settle(file.Call("text"), func(text app.Value) {
					content := text.String()
					v.root.Dispatch(func(app.Context) { v.openFit(name, content) })
				}, func(app.Value) {
					v.root.Dispatch(func(app.Context) { v.study.fitFault = name + " could not be read."; v.study.rev++ })
				})
			}))
}

// change compares two mean errors in per cent: −1 better, 1 worse, 0 about the same.
func change(before, after wire.Errors) int {
	switch {
	case before.MAPE == nil || after.MAPE == nil:
		return 0
	case *after.MAPE > *before.MAPE*1.02:
		return 1
	case *after.MAPE < *before.MAPE*0.98:
		return -1
	}
	return 0
}

// fitFinding says what the fit did to each figure.
func fitFinding(d *wire.FitDoc) string {
	word := map[int]string{-1: "falls", 0: "stays", 1: "rises"}
	text := ""
	for _, l := range []struct {
		name          string
		before, after wire.Errors
	}{{"time per token", d.Before.ITL, d.After.ITL}, {"first token", d.Before.TTFT, d.After.TTFT}} {
		if l.before.MAPE == nil || l.after.MAPE == nil {
			continue
		}
		c := change(l.before, l.after)
		part := "the error of the " + l.name + " " + word[c]
		if c != 0 {
			part += " to " + share1(l.after.MAPE)
		}
		text = join(", ", text, part)
	}
	if text == "" {
		return "Fit"
	}
	return "Fit: " + text
}

// share1 is a number in per cent, or a dash.
func share1(x *float64) string {
	if x == nil {
		return "–"
	}
	return units.Fixed(*x, 1) + " %"
}

// fitErrors compares the errors before and after, each figure apart.
func (v *Page) fitErrors() app.UI {
	d := v.study.fit
	cell := func(e wire.Errors) string {
		if e.MAPE == nil {
			return "–"
		}
		return share1(e.MAPE) + " (" + share1(e.MedianAPE) + ")"
	}
	verdict := map[int]string{-1: "Better", 0: "About the same", 1: "Worse"}
	heads := []string{"Mean error (median)", "Before", "After", "Unseen shapes", "Unseen groups", "Verdict"}
	var rows []app.UI
	for _, l := range []struct {
		name string
		of   func(wire.FitErrors) wire.Errors
	}{
		{"First token (TTFT)", func(e wire.FitErrors) wire.Errors { return e.TTFT }},
		{"Time per token (ITL)", func(e wire.FitErrors) wire.Errors { return e.ITL }},
		{"Output tokens/s", func(e wire.FitErrors) wire.Errors { return e.OutputTokS }},
	} {
		before, after := l.of(d.Before), l.of(d.After)
		if before.MAPE == nil {
			continue
		}
		byShape := wire.Errors{}
		if d.By != nil && *d.By == "shape" {
			byShape = l.of(d.CrossValidated)
		}
		rows = append(rows, cells(heads, l.name, cell(before), cell(after), cell(byShape), cell(l.of(d.ByGroup)), verdict[change(before, after)]))
	}
	text := countText(d.RowsUsed) + " of " + plural(d.RowsRead, "row") + " fitted, with the run lengths that the fit found. "
	switch {
	case d.Stopped:
		text += "Stopped early: the best found until then."
	case v.study.job.what == "fit":
		text += "Held-out errors follow: each takes a fit of its own."
	case !v.study.heldOut:
		text += "Canceled before rows were held out."
	case d.By == nil:
		text += "One shape and one group: nothing can be held out."
	default:
		text += "Held-out errors are of rows that the fit had not seen."
	}
	for _, k := range d.Dropped {
		text += " " + plural(k.N, "row") + " left out: " + k.Reason + "."
	}
	return node("div", "blk-h",
		stacked("Errors before and after the fit", head(heads...), rows...),
		node("div", "row sm mut", leaf("span", "", text), sparkline(d.Loss)),
	)
}

// openedErrors compares the predictions with what ships and with an opened fit.
func (v *Page) openedErrors() app.UI {
	st := &v.study
	if !filledAny(st.after) {
		return nil
	}
	before, after := score.Summarize(filled(st.before)), score.Summarize(filled(st.after))
	heads := []string{"Mean error", "What ships", "The fit"}
	var rows []app.UI
	for _, l := range []struct {
		name string
		a, b score.Errors
	}{{"First token (TTFT)", before.TTFT, after.TTFT}, {"Time per token (ITL)", before.ITL, after.ITL}, {"Output tokens/s", before.OutputTokPerS, after.OutputTokPerS}} {
		if l.b.N > 0 {
			rows = append(rows, cells(heads, l.name, mape(l.a), mape(l.b)))
		}
	}
	return stacked("Errors with what ships and with the fit", head(heads...), rows...)
}

// fitWarning says plainly that a figure got worse, and leaves the choice.
func (v *Page) fitWarning() app.UI {
	st := &v.study
	d := st.fit
	var worse []string
	for _, l := range []struct {
		name          string
		before, after wire.Errors
	}{{"first token", d.Before.TTFT, d.After.TTFT}, {"time per token", d.Before.ITL, d.After.ITL}, {"throughput", d.Before.OutputTokS, d.After.OutputTokS}} {
		if change(l.before, l.after) > 0 {
			worse = append(worse, l.name+" from "+share1(l.before.MAPE)+" to "+share1(l.after.MAPE))
		}
	}
	if len(worse) == 0 || st.kept == "keep" {
		return nil
	}
	return el("div", "ban chg", iconWarn(), node("p", "", leaf("b", "", "The fit makes one figure worse."), txt(" "+upperFirst(strings.Join(worse, ", "))+" (mean error).")),
		node("div", "row",
			button("btn", txt("Keep it")).ID("fit-keep").OnClick(func(ctx app.Context, e app.Event) { v.study.kept = "keep"; v.study.rev++ }),
			button("btn", txt("Discard it")).ID("fit-discard").OnClick(func(ctx app.Context, e app.Event) { v.dropFit() }),
		)).DataSet("banner", "chg")
}

// fitActions is what can be done with a fit.
func (v *Page) fitActions(f fitInUse) app.UI {
	st := &v.study
	inUse := v.fitted.file != "" && v.fitted.file == st.fitFile
	use := button("btn go", txt("Use this fit")).ID("fit-use").OnClick(func(ctx app.Context, e app.Event) { v.useFit(ctx, v.study.fitFile) }, app.EventScope("use"))
	if inUse {
		use = button("btn", txt("Stop using it")).ID("fit-use").OnClick(func(ctx app.Context, e app.Event) { v.useFit(ctx, "") }, app.EventScope("stop"))
	}
	row := el("div", "row", use,
		button("btn", iconSave(), txt("fit.json")).ID("fit-save").Aria("label", "Save fit.json").OnClick(func(ctx app.Context, e app.Event) {
			saveFile("fit.json", "application/json", v.study.fitFile)
			v.say("Saved as fit.json; fleetsize size -fit fit.json takes it, too")
		}),
		button("btn ghost", txt("Discard")).ID("fit-drop").OnClick(func(ctx app.Context, e app.Event) { v.dropFit() }),
	)
	text := "For this visit: the sizing then computes with it wherever it is about the engine and the accelerator."
	if inUse {
		text = "In use: " + f.text() + "."
	}
	line := []app.UI{leaf("span", "sm mut", text)}
	if !f.concerns(v.s) && len(f.engines) > 0 && v.s.Req.Engine != nil {
		id, name := f.engines[0], f.names[0]
		line = []app.UI{leaf("span", "sm mut", text+" The sizing's engine is "+v.s.Req.Engine.Name+"."),
			button("btn ghost sm", txt("Size with "+name)).ID("fit-engine").OnClick(func(ctx app.Context, e app.Event) { v.apply(ctx, "eng="+id, name); v.study.rev++ }, app.EventScope("engine", id))}
	}
	return node("div", "blk-h", row, node("div", "row", line...))
}

// seenParameter is what a fit found of one number.
func (st *study) seenParameter(i int) (s explain.Shown, ok bool) {
	if st.fit == nil || i < 0 || i >= len(st.fit.Parameters) {
		return s, false
	}
	q := st.fit.Parameters[i]
	of := q.Text
	if q.Unit != "" {
		of += ", in " + q.Unit
	}
	s = explain.Shown{About: q.Name, Sure: "Fitted to " + plural(st.fit.RowsUsed, "row"), Figures: map[string]float64{}, Sources: map[string]string{}}
	if !q.Identified {
		s.Sure = "Not identified by these rows"
	}
	for _, f := range []struct {
		id   string
		x    *float64
		from string
	}{{"seen_start", q.Start, "where the fit starts: what ships"}, {"seen_fitted", q.Value, "value of the least loss"}, {"seen_stderr", q.StdErr, "curvature of the loss there"}} {
		if f.x != nil {
			s.Figures[f.id], s.Sources[f.id] = *f.x, of+"; "+f.from
		}
	}
	return s, true
}

// fitParameters lists what the rows told about each number.
func (v *Page) fitParameters() app.UI {
	d := v.study.fit
	value := func(x *float64, unit string) string {
		if x == nil {
			return "–"
		}
		return join(" ", units.Sig(*x, 3), unit)
	}
	engines := map[string]bool{}
	for _, q := range d.Parameters {
		engines[q.Engine] = true
	}
	heads := []string{"Number", "Start", "Fitted", "Change", "Standard error", "Identified"}
	var rows []app.UI
	open := 0
	for i, q := range d.Parameters {
		about := "f" + countPlain(i)
		moved := "–"
		if q.Start != nil && q.Value != nil && *q.Start != 0 {
			moved = saw("moved", about, signed1(*q.Value / *q.Start - 1))
		}
		note := ""
		if !q.Identified {
			note = "Not identified by these rows"
			open++
		}
		name := q.Name
		if len(engines) > 1 {
			name = q.Engine + ": " + name
		}
		rows = append(rows, node("tr", "",
			el("th", "", txt(name), leaf("span", "rangeof", q.Text)).Attr("scope", "row"),
			labeled(heads[1], saw("start", about, value(q.Start, q.Unit))), labeled(heads[2], saw("fitted", about, value(q.Value, q.Unit))), labeled(heads[3], moved),
			labeled(heads[4], saw("stderr", about, value(q.StdErr, q.Unit))), td("", note)))
	}
	summary := plural(len(d.Parameters), "number") + " fitted"
	if open > 0 {
		summary += ", " + countText(open) + " not identified by these rows"
	}
	return fold("fit-numbers", summary,
		stacked("Fitted numbers", head(heads...), rows...)).Attr("open", "true")
}

// fits reports whether there is a row that the model can be fitted to.
func (st *study) fits() bool {
	return len(st.before) == 0 || score.Summarize(filled(st.before)).Scored > 0
}
