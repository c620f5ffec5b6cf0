package views

import (
	"strings"

	"fleetsize/app/live"
	"fleetsize/app/wire"
	"fleetsize/calc/bench"
	"fleetsize/calc/bench/answers"
	"fleetsize/calc/bench/items"
	"fleetsize/calc/bench/speech"
	"fleetsize/calc/explain"
	"fleetsize/calc/units"
	"fleetsize/catalog/jsonio"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askMain is the content of the Measure view while answers are checked.
func (v *Page) askMain() app.UI {
	s, r := &v.replies, v.replies.run
	stage, sentence, status, fault := "empty", "Check what an endpoint answers, not how fast.", "", s.fault
	var body []app.UI
	switch {
	case s.busy():
		stage, sentence = "run", "Asking…"
	case r == nil:
		var kinds []app.UI
		for _, k := range askKinds {
			kinds = append(kinds, node("li", "", leaf("b", "", k.label), txt(". "+k.line)))
		}
		body = append(body, node("ul", "dots", kinds...))
	case r != nil:
		stage = "done"
		if fault == "" {
			fault = r.Fault
		}
		sentence, body = v.askReport(r)
		status = "The check is finished. " + sentence
		if r.doc == nil {
			stage, sentence, status = "refused", "The endpoint cannot be checked from this page yet.", ""
			if fault == "" {
				sentence = "Stopped before anything was asked."
			}
			body = append(body, v.askObstacle(r))
		}
	}
	head := el("section", "answer",
		node("h1", "say", rich(sentence)...),
		p("mut", "Questions, texts or recordings go from this browser to the endpoint that you enter, and every reply is judged here. Where an answer is a share, its interval says how much the set leaves open.").Attr("hidden", flag(stage != "empty")),
		v.askProgress(),
		el("p", "sr", txt(join(" ", bare(status), v.askSaid()))).Role("status").Aria("live", "polite"),
		el("p", "msg", txt(fault)).ID("ask-msg").Role("alert").Attr("hidden", flag(fault == "")),
	).ID("ask").Aria("label", "Check of the answers").DataSet("ask-state", stage).DataSet("ask-run", units.Plain(float64(s.seq)))
	return node("div", "leafless", append([]app.UI{head}, body...)...)
}

// askProgress is the bar of the check under way with its Stop button.
func (v *Page) askProgress() app.UI {
	s := &v.replies
	if !s.busy() {
		return nil
	}
	words, share := "Checking the endpoint", 0.0
	if r := s.run; r != nil && r.Total > 0 {
		words, share = units.Count(float64(r.Done))+" of "+plural(r.Total, "request")+" answered", 100*float64(r.Done)/float64(r.Total)
	}
	return node("div", "blk-h", node("div", "row", button("btn stop", txt("Stop")).ID("ask-stop").OnClick(func(ctx app.Context, e app.Event) { v.askStop() }), leaf("span", "", words)),
		app.Progress().Attr("max", "100").Attr("value", units.Plain(units.Round(share, 3))).Aria("label", "Progress of the check").Body(txt(words)))
}

// askSaid is the progress for those who hear the page: every quarter.
func (v *Page) askSaid() string {
	r := v.replies.run
	if !v.replies.busy() || r == nil || r.Total == 0 {
		return ""
	}
	return units.Percent(float64(4*r.Done/r.Total)/4) + " answered"
}

// askObstacle is what to do where the endpoint cannot be reached.
func (v *Page) askObstacle(r *askRun) app.UI {
	for _, c := range r.Checks {
		for _, g := range c.Rungs {
			if g.Outcome == live.Failed {
				var body []app.UI
				if g.Command != "" {
					body = append(body, v.toCopy(g.Command))
				}
				for i, m := range g.More {
					body = append(body, fold("ask-fix-"+units.Plain(float64(i)), m.Name, v.toCopy(m.Text)))
				}
				return el("section", "blk-h", body...).ID("ask-fix")
			}
		}
	}
	return nil
}

// askReport is the finding in a sentence and the tables behind it.
func (v *Page) askReport(r *askRun) (sentence string, body []app.UI) {
	if r.doc == nil {
		return "", nil
	}
	file, err := wire.Encode(r.doc)
	v.replies.seen = nil
	doc := tableDoc{seen: &v.replies.seen}
	if err == nil {
		err = jsonio.Unmarshal(file, &doc.all)
	}
	if err != nil {
		return "The report cannot be written: " + err.Error(), nil
	}
	name := "fleetsize-" + string(r.kind) + ".json"
	switch d := r.doc.(type) {
	case answers.Document:
		name = "fleetsize-answers.json"
		sentence = doc.exam(r.kind, &d)
	case items.Document:
		sentence = doc.batches(&d)
	case speech.Document:
		sentence = doc.speech(&d)
	}
	if r.Cut() {
		sentence += " The check was cut short: this is what was finished."
	}
	if len(doc.told) > 0 {
		var list []app.UI
		for _, w := range doc.told {
			list = append(list, node("li", "", iconWarn(), leaf("span", "", w)))
		}
		doc.section("ask-warnings", "To know about these numbers", node("ul", "warns sm", list...))
	}
	row := []app.UI{button("btn", iconSave(), txt("Save the report")).ID("ask-save").OnClick(func(ctx app.Context, e app.Event) {
		saveFile(name, "application/json", string(file))
		v.say("Saved as " + name)
	}, app.EventScope(v.replies.seq))}
	if r.kind == askSpeak && len(r.said.Spoken()) > 0 {
		audio := r.said.Spoken()
		const name = "fleetsize-speech.wav"
		row = append(row,
			button("btn", iconSave(), txt("Save the recording")).ID("ask-wav").OnClick(func(ctx app.Context, e app.Event) { saveBytes(name, "audio/wav", audio) }, app.EventScope(v.replies.seq)),
			button("btn go", txt("Transcribe it")).ID("ask-hear").OnClick(func(ctx app.Context, e app.Event) {
				v.replies.kind = askTranscribe
				v.askOpen("ask-audio", name, audio)
			}, app.EventScope(v.replies.seq)))
	}
	doc.section("ask-next", "Use it", p("mut sm", "The same JSON that fleetsize bench prints in a terminal, with the definition of every number."), node("div", "row", row...))
	return sentence, doc.body
}

// tableDoc draws the tables of a report from its JSON: every column is a key,
// whose definition stands below the table.
type tableDoc struct {
	all  map[string]any
	seen *[]explain.Shown
	told []string // to know about the numbers
	body []app.UI
}

func (d *tableDoc) section(id, title string, body ...app.UI) {
	d.body = append(d.body, el("section", "blk blk-h", append([]app.UI{leaf("h2", "", title)}, body...)...).ID(id))
}

// table adds a table. columns are "key=Head" separated by semicolons, the first
// one without a key heads the rows' names.
func (d *tableDoc) table(id, title, columns string, names []string, rows []any) {
	var heads, meaning, body []app.UI
	specs := strings.Split(columns, ";")
	for i, c := range specs {
		key, label, _ := strings.Cut(c, "=")
		heads = append(heads, colHead(either(i == 0, "", "num"), label))
		if def := d.defined(key); def.ID != "" {
			meaning = append(meaning, node("li", "", leaf("b", "", label), txt(": "+def.Text+" "), leaf("code", "mut xs", def.ID)))
		}
	}
	for i, r := range rows {
		fields, _ := r.(map[string]any)
		cells := []app.UI{rowHead(names[i])}
		for _, c := range specs[1:] {
			key, label, _ := strings.Cut(c, "=")
			cells = append(cells, labeled(label, d.figure(key, label, names[i], fields[key])))
		}
		body = append(body, node("tr", "", cells...))
	}
	d.section(id, title, stacked(title, node("thead", "", node("tr", "", heads...)), body...), fold(id+"-how", "How each number is measured", node("ul", "plain sm", meaning...)))
}

// defined is what a member of the report is.
func (d *tableDoc) defined(key string) (def bench.Definition) {
	all, _ := d.all["definitions"].(map[string]any)
	of, _ := all[key].(map[string]any)
	def.ID, _ = of["id"].(string)
	def.Text, _ = of["text"].(string)
	def.Unit, _ = of["unit"].(string)
	return def
}

// figure is a member of the report that explains itself, about what is named.
func (d *tableDoc) figure(key, label, about string, value any) string {
	def := d.defined(key)
	text := nobreak(reportCell(value, def.Unit))
	x, ok := value.(float64)
	if ends, both := value.([]any); both && len(ends) > 0 {
		x, ok = ends[0].(float64)
	}
	if !ok || def.ID == "" {
		return text
	}
	*d.seen = append(*d.seen, explain.Shown{About: strings.TrimPrefix(about, "· "), Sure: "Measured", Title: label, What: def.Text, Text: text,
		Figures: map[string]float64{"seen_reply": x}, Sources: map[string]string{"seen_reply": "the replies; defined as " + def.ID}})
	return saw("reply", "a"+countPlain(len(*d.seen)-1), text)
}

// figured is a number of a sentence, "–" where it is not known.
func (d *tableDoc) figured(key, label, about string, x *float64) string {
	if x == nil {
		return "–"
	}
	return d.figure(key, label, about, *x)
}

// reportCell is a member of a report as it is read; unit is its definition's.
func reportCell(value any, unit string) string {
	switch x := value.(type) {
	case string:
		return x
	case []any: // both ends of an interval, or things to count
		if len(x) == 2 && unit == "%" {
			return strings.TrimSuffix(reportCell(x[0], unit), " %") + "–" + reportCell(x[1], unit)
		}
		return countText(len(x))
	case float64:
		switch unit {
		case "%":
			return units.Fixed(x, 1) + " %"
		case "ms":
			return units.Duration(x/1e3, 3)
		case "s":
			return units.Duration(x, 3)
		case "Hz":
			return units.Count(x) + " Hz"
		case "", "texts/s", "tok/s":
			return units.Sig(x, 3)
		}
		if x != float64(int(x)) {
			return units.Fixed(x, 1)
		}
		return units.Count(x)
	}
	return "–"
}

// list is a list of the document, of which every member can be a row.
func (d *tableDoc) list(key string) []any {
	l, _ := d.all[key].([]any)
	return l
}

// exam shows accuracy, a comparison and the parity of tokens.
func (d *tableDoc) exam(kind askKind, doc *answers.Document) (sentence string) {
	var rows []any
	var names []string
	for i, e := range d.list("endpoints") {
		end := &doc.Endpoints[i]
		who := orWord(end.Model, end.URL)
		scores, _ := e.(map[string]any)["scores"].([]any)
		for k := range scores {
			name := "· " + end.Scores[k].Category
			if k == 0 {
				name = who + ", all"
			}
			names = append(names, name)
		}
		rows = append(rows, scores...)
		d.told = append(d.told, end.Failures...)
		if len(end.Misses) > 0 {
			d.told = append(d.told, "Not right, "+who+": "+strings.Join(end.Misses, ", ")+".")
		}
	}
	if len(rows) > 0 {
		all := &doc.Endpoints[0].Scores[0]
		sentence = "No question was answered."
		if all.Accuracy != nil {
			first, _ := rows[0].(map[string]any)
			sentence = d.figure("accuracy_pct", "Right", names[0], first["accuracy_pct"]) + " of the replies are right, on questions like these " + d.figure("interval_95_pct", "95 %", names[0], first["interval_95_pct"]) + " (95 %)."
		}
		if doc.Verdict != "" && doc.Floor != nil {
			floor := reportCell(*doc.Floor, "")
			sentence += map[bench.Verdict]string{bench.Pass: " Pass: surely at least " + floor + " %.", bench.Fail: " Fail: surely below " + floor + " %.",
				bench.Inconclusive: " Whether it holds " + floor + " % is open: ask more questions."}[doc.Verdict]
		}
		if all.Unparsed > 0 {
			d.told = append(d.told, "No answer was found in "+countText(all.Unparsed)+" of "+countText(all.Replies)+" replies: raise the limit on their length before you call them wrong.")
		}
		d.table("ask-scores", "Accuracy", "=Of;questions=Questions;accuracy_pct=Right;interval_95_pct=95 %;width_pct=Width;wrong=Wrong;unparsed=Unparsed;failed=Failed;repeats_for_1_pct=Repeats for ±1 %;questions_for_1_pct=Questions for ±1 %", names, rows)
	}
	if c := doc.Comparison; c != nil && c.Difference != nil {
		title := "No difference beyond chance, question by question"
		if c.Differs {
			title = "The second differs, question by question"
		}
		d.table("ask-pairs", title, "=On;difference_pct=Second − first;interval_95_pct=95 %;p=p;test=Test;effect=Effect;effect_size=Its size;only_first_right=Only first right;only_second_right=Only second right",
			[]string{plural(c.Questions, "question")}, []any{d.all["comparison"]})
	}
	if x := doc.Parity; x != nil {
		title := map[string]string{"same": "The endpoints give the same tokens", "close": "The endpoints are close, not the same", "suspicious": "The endpoints differ: something is wrong", "unknown": "Token probabilities are not known"}[x.Verdict]
		if kind == askParity {
			sentence = title + ". " + x.Text
			of, all := plural(x.Prompts, "prompt"), float64(x.Positions)
			sentence = strings.Replace(sentence, countPlain(x.Positions)+" positions", d.figured("positions", "Tokens compared", of, &all)+" positions", 1)
			if x.Top1 != nil {
				sentence = strings.Replace(sentence, units.Fixed(*x.Top1, 1)+" %", d.figured("top1_match_pct", "Same likeliest", of, x.Top1), 1)
			}
			if x.Overlap != nil {
				sentence = strings.Replace(sentence, units.Fixed(*x.Overlap, 1)+" of", d.figured("top10_overlap", "Common of ten", of, x.Overlap)+" of", 1)
			}
		} else {
			d.told = append(d.told, title+". "+x.Text)
		}
		d.table("ask-parity", "Tokens at temperature 0", "=On;positions=Tokens compared;top1_match_pct=Same likeliest;top10_overlap=Common of ten;logprob_diff_max=Largest difference;logprob_diff_mean=Mean difference;diverged=Answers that differ",
			[]string{plural(x.Prompts, "prompt")}, []any{d.all["parity"]})
	}
	return sentence
}

// batches shows a measurement of embeddings or reranking.
func (d *tableDoc) batches(doc *items.Document) (sentence string) {
	var names []string
	sentence = "No batch was answered."
	best := 0.0
	for i := range doc.Batches {
		b := &doc.Batches[i]
		name := plural(b.Batch, "text")
		names = append(names, name)
		if b.ItemsPerS != nil && *b.ItemsPerS > best {
			best = *b.ItemsPerS
			sentence = "Up to " + d.figured("items_s", "Texts/s", name, b.ItemsPerS) + "\u00a0texts/s, in batches of " + countText(b.Batch) + " that take " + d.figured("latency_p50_ms", "Latency p50", name, b.P50) + "."
		}
		if b.Message != nil {
			d.told = append(d.told, name+" a request: "+*b.Message)
		}
	}
	d.table("ask-batches", "By batch, each text of "+plural(doc.Tokens, "token"), "=Batch;requests=Requests;failed=Failed;latency_p50_ms=Latency p50;latency_p95_ms=Latency p95;items_s=Texts/s;input_tok_s=tok/s;dimensions=Dimensions", names, d.list("batches"))
	return sentence
}

// speech shows transcripts, or what was spoken.
func (d *tableDoc) speech(doc *speech.Document) (sentence string) {
	var names []string
	heard := ""
	for i := range doc.Runs {
		r := &doc.Runs[i]
		names = append(names, countText(i+1))
		for _, w := range r.Problems {
			d.told = append(d.told, countText(i+1)+": "+w)
		}
		if r.Text != nil && heard == "" {
			heard = *r.Text
		}
	}
	switch {
	case len(doc.Runs) == 0:
		sentence = "Nothing came back."
	case len(d.told) > 0:
		sentence = "Something is wrong: " + strings.TrimPrefix(d.told[0], "1: ") + "."
	default:
		r := &doc.Runs[0]
		sentence = "Every request was answered as it should be."
		if r.Factor != nil {
			sentence = "Real-time factor " + d.figured("real_time_factor", "Real-time factor", "request 1", r.Factor) + ": " + d.figured("audio_s", "Audio", "request 1", r.AudioS) + " of sound in " + d.figured("took_ms", "Took", "request 1", r.TookMS) + "."
		}
		if r.WordErrors != nil {
			sentence += " Of the words, " + d.figured("word_error_rate_pct", "Word errors", "request 1", r.WordErrors) + " are wrong."
		}
	}
	d.table("ask-requests-of", "Requests", "=Request;took_ms=Took;audio_s=Audio;real_time_factor=Real-time factor;word_error_rate_pct=Word errors;sample_rate_hz=Sample rate;rms=RMS;problems=Problems", names, d.list("runs"))
	if heard != "" {
		d.section("ask-heard", "What was heard first", leaf("p", "", heard))
	}
	return sentence
}
