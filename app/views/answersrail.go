package views

import (
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/calc/units"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askRail is the left column while answers are checked: where the endpoint is
// and what to ask of it.
func (v *Page) askRail() app.UI {
	s := &v.replies
	k := &askKinds[s.now()]
	var numbers []app.UI
	var list []option
	for i := range askKinds {
		x := &askKinds[i]
		list = append(list, option{id: string(x.id), label: x.label, on: x == k})
	}
	body := []app.UI{heading("Check the answers"),
		v.choose("ask-kind", "What", list, func(ctx app.Context, id string) {
			if !s.busy() {
				s.kind = askKind(id)
			}
			v.study.rev++
		}),
		leaf("p", "hint mut xs", k.line),
	}
	for _, part := range strings.Fields(k.parts) {
		if strings.HasPrefix(part, "ask-") {
			numbers = append(numbers, v.numberIn(&s.form, part))
			continue
		}
		if numbers != nil {
			body, numbers = append(body, node("div", "two", numbers...)), nil
		}
		body = append(body, v.askPart(part))
	}
	body = append(body, node("div", "two", numbers...), button("btn go", txt("Start the check")).ID("ask-start").Attr("disabled", flag(s.busy() || v.endpoint.busy() || v.endpoint.url == "")).
		OnClick(func(ctx app.Context, e app.Event) { v.askStart() }))
	return app.Elem("aside").ID("rail").Class("rail keep first").Aria("label", "Source").DataSet("group", "").Body(
		v.liveSource(),
		v.liveEndpoint(),
		node("section", "grp", body...),
		node("section", "grp", heading("In a terminal"),
			leaf("p", "sm mut", "The same check, without a browser's limits; its report is the file that is saved here."),
			v.toCopy(s.command(v.endpoint.base(), v.endpoint.key != ""))),
	)
}

// askPart is one part of the form.
func (v *Page) askPart(part string) app.UI {
	s := &v.replies
	word := func(id, label, kind string) app.UI {
		return v.liveText("ask-"+id, label, kind, s.word(id), s.form.faults["ask-"+id], func(text string) { s.form.set("ask-"+id, text) })
	}
	switch part {
	case "sizes":
		return word(part, "Texts per request", "text")
	case "voice":
		return word(part, "Voice", "text")
	case "say":
		label := "What to say"
		if askKinds[s.now()].id == askTranscribe {
			label = "What is said in it (empty: not known)"
		}
		return node("div", "stackf", v.askArea("ask-say", label, "inp"), v.askFault("ask-say"))
	case "audio":
		now := "No recording yet"
		if len(s.audio) > 0 {
			now = s.name + ", " + units.Sig(float64(len(s.audio))/1e6, 2) + " MB"
		}
		return v.askDrop("ask-audio", now, "Choose a recording", "The real-time factor needs its length, which is read from WAV files. The recording goes to the endpoint above only.")
	case "set":
		now, area := "40 simple questions that ship", app.UI(nil)
		if s.questions != nil {
			now = plural(len(s.questions), "question") + " of " + s.set
		}
		label := "Paste"
		if s.paste {
			label, area = "Read it", v.askArea("ask-set", "One question a line, as JSON", "inp mono")
		}
		return node("div", "stackf", v.askDrop("ask-questions", now, "Choose a file", `A line: {"question":"What is 2 + 2?","answer":"4"}, with "category", "choices" and "kind" (number, choice, text) where wanted.`,
			button("btn ghost", txt(label)).ID("ask-paste").Aria("expanded", boolean(s.paste)).OnClick(func(ctx app.Context, e app.Event) { v.askPaste(ctx) })), area)
	case "repeats":
		return leaf("p", "hint mut xs", "At temperature 0 repeats mostly bring the same reply; ask with the temperature that will be served.")
	case "fold":
		return v.more("ask-second", "Compare with a second one", s.two(), v.askPart("second"))
	case "second":
		return node("div", "stackf", word("url2", "Second address (empty: the same)", "url"), word("model2", "Its model (empty: the server's first)", "text"),
			v.liveText("ask-key2", "Its key, kept in the memory of this tab only", "password", s.key2, "", func(text string) { s.key2 = text }),
			leaf("p", "hint mut xs", "Key and headers above are not sent to another address."))
	}
	var apis []option // "api"
	for _, a := range []bench.API{bench.Chat, bench.Completions} {
		apis = append(apis, option{id: string(a), label: upperFirst(string(a)), on: s.word("api") == string(a)})
	}
	return v.choose("ask-api", "Interface", apis, func(ctx app.Context, id string) { s.form.set("ask-api", id); v.study.rev++ })
}

// askFlags are the terminal's flags for parts of the form.
const askFlags = " ask-floor=min ask-min=min ask-parallel=concurrency ask-load=concurrency ask-out=out ask-repeats=repeats ask-temp=temperature" +
	" ask-in=in ask-requests=requests ask-runs=requests ask-rate=sample-rate sizes=batch voice=voice "

// command is the same check in a terminal. Keys are named, not shown.
func (s *askState) command(url string, key bool) string {
	k := &askKinds[s.now()]
	verb := string(k.id)
	if k.id == askKnown || k.id == askAccuracy || k.id == askParity {
		verb = "answers"
	}
	text := "fleetsize bench " + verb + " -url " + url
	for _, part := range strings.Fields(k.parts) {
		value := s.word(part)
		switch part {
		case "say":
			text += " -text 'WHAT IS SAID'"
		case "audio":
			text += " -audio FILE.wav"
		case "set":
			if s.questions != nil {
				text += " -questions FILE.jsonl"
			}
		case "second", "fold":
			if part == "fold" && !s.two() {
				continue
			}
			text += " -against " + bench.Shell(orWord(s.word("url2"), url))
			if m := s.word("model2"); m != "" {
				text += " -against-model " + bench.Shell(m)
			}
		case "api":
			if value != string(bench.Chat) {
				text += " -api " + value
			}
		default:
			if strings.HasPrefix(part, "ask-") {
				value = units.Plain(s.form.number(part))
			}
			if _, f, ok := strings.Cut(askFlags, " "+part+"="); ok {
				f, _, _ = strings.Cut(f, " ")
				text += " -" + f + " " + bench.Shell(value)
			}
		}
	}
	if key {
		text += " -key-env API_KEY"
	}
	return text + " -json"
}
