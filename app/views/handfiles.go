package views

import (
	"fleetsize/app/link"
	"fleetsize/catalog/jsonio"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// saveBytes lets the user save content as a file.
func saveBytes(name, kind string, content []byte) {
	if app.IsServer {
		return
	}
	attempt(func() {
		array := app.Window().Get("Uint8Array").New(len(content))
		app.CopyBytesToJS(array, content)
		saveBlob(name, app.Window().Get("Blob").New([]any{array}, map[string]any{"type": kind}))
	})
}

// saveBlob hands a blob to the browser's downloads.
func saveBlob(name string, blob app.Value) {
	url := app.Window().Get("URL").Call("createObjectURL", blob)
	a := document().Call("createElement", "a")
	a.Set("href", url)
	a.Set("download", name)
	document().Get("body").Call("appendChild", a)
	a.Call("click")
	a.Call("remove")
	app.Window().Get("URL").Call("revokeObjectURL", url)
}

// drawPNG draws an SVG file on a canvas, scale times its size, and saves it.
func drawPNG(svg string, scale float64, done func(ok bool), name string) {
	if app.IsServer {
		return
	}
	ok := attempt(func() {
		image := app.Window().Get("Image").New()
		var loaded, failed app.Func
		release := func() { loaded.Release(); failed.Release() }
		loaded = app.FuncOf(func(app.Value, []app.Value) any {
			release()
			done(attempt(func() {
				canvas := document().Call("createElement", "canvas")
				canvas.Set("width", image.Get("width").Float()*scale)
				canvas.Set("height", image.Get("height").Float()*scale)
				pen := canvas.Call("getContext", "2d")
				pen.Call("scale", scale, scale)
				pen.Call("drawImage", image, 0, 0)
				var blob app.Func
				blob = app.FuncOf(func(_ app.Value, args []app.Value) any {
					blob.Release()
					if len(args) > 0 && args[0].Truthy() {
						saveBlob(name, args[0])
					}
					return nil
				})
				canvas.Call("toBlob", blob, "image/png")
			}))
			return nil
		})
		failed = app.FuncOf(func(app.Value, []app.Value) any { release(); done(false); return nil })
		image.Set("onload", loaded)
		image.Set("onerror", failed)
		image.Set("src", "data:image/svg+xml,"+app.Window().Call("encodeURIComponent", svg).String())
	})
	if !ok {
		done(false)
	}
}

// fetchTexts reads files of the site, one after another.
func fetchTexts(names []string, done func(texts []string, ok bool)) {
	if app.IsServer {
		return
	}
	var texts []string
	fail := func(app.Value) { done(nil, false) }
	var next func()
	next = func() {
		if len(texts) == len(names) {
			done(texts, true)
			return
		}
		settle(app.Window().Call("fetch", names[len(texts)]), func(response app.Value) {
			if !response.Get("ok").Truthy() {
				fail(response)
				return
			}
			settle(response.Call("text"), func(text app.Value) {
				texts = append(texts, text.String())
				next()
			}, fail)
		}, fail)
	}
	if !attempt(next) {
		done(nil, false)
	}
}

// maxSaved is the largest saved answer read, in bytes.
const maxSaved = 16 << 20

// openSaved opens the sizing of a file that was saved as JSON.
func (v *Page) openSaved(ctx app.Context, files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	if file.Get("size").Float() > maxSaved {
		v.say("That file is larger than 16 MB; a saved sizing is not.")
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		content := text.String()
		v.root.Dispatch(func(ctx app.Context) { v.openText(ctx, content) })
	}, func(app.Value) {
		v.root.Dispatch(func(app.Context) { v.say("The file could not be read.") })
	})
}

// openText opens a saved answer; undo leads back.
func (v *Page) openText(ctx app.Context, content string) {
	if !v.s.OpenSaved(content) {
		v.say("That is no sizing: choose a file saved as JSON here or by the command.")
		return
	}
	v.past.now = 0
	v.changed(ctx, edit{big: true})
	v.refreshFields(ctx)
	v.say("Opened. Undo brings back what was here before.")
}

// OpenSaved takes the state out of an answer that was saved as JSON, as one
// step of undo. It reports whether there was one.
func (s *Sizing) OpenSaved(content string) bool {
	saved := struct {
		Link string `json:"link"`
	}{}
	if err := jsonio.Unmarshal([]byte(content), &saved); err != nil || saved.Link == "" {
		return false
	}
	next, notes := link.Parse(s.base, "#"+saved.Link)
	next.View = s.State.View
	s.take(next, notes)
	return true
}

// take puts another state in the place of this one, as one step of undo.
func (s *Sizing) take(next link.State, notes []link.Note) {
	s.Drafts = map[string]Draft{}
	s.Edit("", func(st *state) { *st = next })
	s.resolve(notes)
}
