package views

import (
	"strings"

	"fleetsize/calc/bench/answers"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askFile takes the file of a question set or of a recording, chosen or
// dropped; field is where it goes.
func (v *Page) askFile(field string, files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	name := file.Get("name").String()
	refuse := func(text string) { v.askTurn(func() { v.replies.refuse(field, name+text) }) }
	const most = 64 << 20
	if file.Get("size").Float() > most {
		refuse(" is larger than 67 MB. Use fleetsize bench in a terminal.")
		return
	}
	settle(file.Call("arrayBuffer"), func(buffer app.Value) {
		array := app.Window().Get("Uint8Array").New(buffer)
		data := make([]byte, array.Length())
		app.CopyBytesToGo(data, array)
		v.askTurn(func() { v.askOpen(field, name, data) })
	}, func(app.Value) { refuse(" could not be read.") })
}

// askOpen takes what was read. A question set that is none leaves the one
// before in use.
func (v *Page) askOpen(field, name string, data []byte) {
	s := &v.replies
	v.study.rev++
	s.refuse(field, "")
	if field == "ask-audio" {
		s.audio, s.name = data, name
		return
	}
	list, err := answers.Parse(data)
	if err != nil {
		s.refuse(field, err.Error()+".")
		return
	}
	s.questions, s.set, s.paste = list, name, false
}

// askDrop is a place for a file: now says what is there.
func (v *Page) askDrop(field, now, choose string, hint string, more ...app.UI) app.UI {
	pick := node("label", "btn", txt(choose), app.Input().ID(field).Class("sr").Type("file").Aria("describedby", field+"-msg").
		OnChange(func(ctx app.Context, e app.Event) { v.askFile(field, ctx.JSSrc().Get("files")) }, app.EventScope(field)))
	return node("div", "stackf",
		el("div", "drop", node("p", "sm", leaf("b", "", now), txt(". Drop a file here, or")), node("div", "row", append([]app.UI{pick}, more...)...)).ID(field+"-drop").
			On("dragover", func(ctx app.Context, e app.Event) { e.PreventDefault(); ctx.PreventUpdate() }).
			On("drop", func(ctx app.Context, e app.Event) {
				e.PreventDefault()
				v.askFile(field, e.Get("dataTransfer").Get("files"))
			}, app.EventScope(field)),
		v.askFault(field), leaf("p", "hint mut xs", hint))
}

// askFault is what is wrong with a field.
func (v *Page) askFault(field string) app.UI {
	text := v.replies.form.faults[field]
	return el("p", "msg", txt(text)).ID(field+"-msg").Role("alert").Attr("hidden", flag(text == ""))
}

// askArea is a field of several lines.
func (v *Page) askArea(field, label, class string) app.UI {
	s := &v.replies
	return node("div", "stackf", el("label", "sm", txt(label)).Attr("for", field),
		app.Textarea().ID(field).Class(class).Rows(4).Attr("spellcheck", "false").Text(s.form.text[field]).Aria("describedby", field+"-msg").
			OnChange(func(ctx app.Context, e app.Event) {
				s.form.set(field, ctx.JSSrc().Get("value").String())
				v.study.rev++
			}, app.EventScope(field)))
}

// askPaste opens and reads the field for pasting questions.
func (v *Page) askPaste(ctx app.Context) {
	s := &v.replies
	v.study.rev++
	if text := strings.TrimSpace(valueOf("ask-set")); s.paste && text != "" {
		v.askOpen("ask-questions", "the pasted text", []byte(text))
		return
	}
	if s.paste = !s.paste; s.paste {
		ctx.Defer(func(app.Context) { focus("ask-set") })
	}
}
