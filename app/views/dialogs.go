package views

import (
	"strings"

	"fleetsize/calc/units"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dialogState is what the two entry dialogs say.
type dialogState struct {
	configError string
	gpuErrors   map[string]string
}

func (v *Page) openDialog(ctx app.Context, id string) {
	v.dialog = dialogState{}
	ctx.Defer(func(app.Context) {
		if d := app.Window().GetElementByID(id); d.Truthy() && !d.Get("open").Truthy() {
			d.Call("showModal")
		}
	})
}

func closeDialog(id string) {
	if d := app.Window().GetElementByID(id); d.Truthy() {
		d.Call("close")
	}
}

func valueOf(id string) string {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		return e.Get("value").String()
	}
	return ""
}

// lengthOf is how long the text in a field is, without reading it.
func lengthOf(id string) int {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		return e.Get("textLength").Int()
	}
	return 0
}

// modelDialog takes a model's config.json, pasted, chosen or dropped.
func (v *Page) modelDialog() app.UI {
	fault := v.dialog.configError
	return el("dialog", "",
		node("div", "blk-h",
			leaf("h2", "", "Add a model from its config.json"),
			leaf("p", "mut sm", "Paste the file from the model's repository, choose it, or drop it here. It stays in this browser; its dimensions become part of the link."),
			el("label", "", txt("Name")).Attr("for", "config-name"),
			app.Input().ID("config-name").Class("inp").Type("text").Attr("placeholder", "my-model").Attr("maxlength", "60"),
			el("label", "", txt("config.json")).Attr("for", "config-json"),
			app.Textarea().ID("config-json").Class("inp mono").Rows(10).Attr("spellcheck", "false").Aria("describedby", "config-msg").
				On("dragover", func(ctx app.Context, e app.Event) { e.PreventDefault(); ctx.PreventUpdate() }).
				On("drop", func(ctx app.Context, e app.Event) {
					e.PreventDefault()
					v.readConfig(ctx, e.Get("dataTransfer").Get("files"))
				}),
			node("label", "btn", txt("Choose a file"),
				app.Input().ID("config-file").Class("sr").Type("file").Attr("accept", ".json,application/json").
					OnChange(func(ctx app.Context, e app.Event) { v.readConfig(ctx, ctx.JSSrc().Get("files")) })),
			el("p", "msg", txt(fault)).ID("config-msg").Role("alert").Attr("hidden", flag(fault == "")),
			node("div", "row",
				button("btn go", txt("Add the model")).ID("config-add").OnClick(func(ctx app.Context, e app.Event) { v.addModel(ctx) }),
				button("btn", txt("Cancel")).ID("config-cancel").OnClick(func(ctx app.Context, e app.Event) { closeDialog("model-dialog") }),
			),
		),
	).ID("model-dialog").Aria("label", "Add a model")
}

// maxConfig is the largest config.json read, in bytes; real ones are a few kB.
const maxConfig = 1 << 20

const configTooLong = "The file is larger than 1 MB; a config.json is a few kB. Choose config.json, not the weights."

// readConfig puts a chosen or dropped file into the text field.
func (v *Page) readConfig(ctx app.Context, files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	if file.Get("size").Float() > maxConfig {
		v.dialog.configError = configTooLong
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		if area := app.Window().GetElementByID("config-json"); area.Truthy() {
			area.Set("value", text.String())
		}
	}, func(app.Value) {
		v.root.Dispatch(func(app.Context) { v.dialog.configError = "The file could not be read. Paste its text instead." })
	})
}

func (v *Page) addModel(ctx app.Context) {
	if lengthOf("config-json") > maxConfig {
		v.dialog.configError = configTooLong
		return
	}
	added, err := v.s.readModel(valueOf("config-name"), valueOf("config-json"))
	if err != nil {
		v.dialog.configError = upperFirst(strings.TrimPrefix(err.Error(), "config.json: ")) + "."
		return
	}
	v.dialog.configError = ""
	closeDialog("model-dialog")
	v.edit(ctx, edit{big: true, change: added.into})
	v.setModelText(ctx)
	if added.item == "" {
		v.say("Added " + added.model.Name + " for this visit. A link can not carry its layers; send its config.json along.")
		return
	}
	v.say("Added " + added.model.Name)
}

// gpuNumber is one input of the custom accelerator.
type gpuNumber struct {
	id, label, unit, hint string
	optional              bool
	lo, hi                float64
	at                    func(*catalog.GPUSpec) *float64
}

var gpuNumbers = []gpuNumber{
	{"gpu-mem", "Memory", "GB", "As sold, decimal", false, 1, 1e5, func(s *catalog.GPUSpec) *float64 { return &s.MemoryGB }},
	{"gpu-bw", "Memory bandwidth", "GB/s", "3.35 TB/s is 3350", false, 1, 1e6, func(s *catalog.GPUSpec) *float64 { return &s.BandwidthGBs }},
	{"gpu-flops", "BF16 compute", "TFLOPS", "Dense: half of a rate printed with sparsity", false, 0.1, 1e6, func(s *catalog.GPUSpec) *float64 { return &s.TFLOPS16 }},
	{"gpu-fp8", "FP8 compute", "TFLOPS", "Dense; empty = not supported", true, 0.1, 1e6, func(s *catalog.GPUSpec) *float64 { return &s.TFLOPS8 }},
	{"gpu-link", "Link to other GPUs", "GB/s", "One direction; empty = PCIe only", true, 1, 1e5, func(s *catalog.GPUSpec) *float64 { return &s.LinkGBs }},
	{"gpu-watts", "Power", "W", "Empty = unknown", true, 1, 1e5, func(s *catalog.GPUSpec) *float64 { return &s.Watts }},
	{"gpu-price", "Rent", "USD/h", "Empty = no price", true, 0.001, 1e5, func(s *catalog.GPUSpec) *float64 { return &s.USDPerHour }},
}

// read parses what was typed; fault says what is wrong with it.
func (n *gpuNumber) read(text string) (x float64, fault string) {
	if lower(text) == "" {
		if n.optional {
			return 0, ""
		}
		return 0, "Needed: a number in " + n.unit + "."
	}
	x, err := units.ParseNumber(text)
	if err == nil {
		x, err = units.Within(text, x, n.lo, n.hi, n.unit)
	}
	if err != nil {
		return 0, err.Error()
	}
	return x, ""
}

// gpuDialog takes an accelerator's numbers.
func (v *Page) gpuDialog() app.UI {
	body := []app.UI{
		leaf("h2", "", "Add a GPU from numbers"),
		leaf("p", "mut sm", "Answers for it are marked Specs only: nothing was measured on it."),
		el("label", "", txt("Name")).Attr("for", "gpu-name"),
		app.Input().ID("gpu-name").Class("inp").Type("text").Attr("placeholder", "my-gpu").Attr("maxlength", "40"),
	}
	body = append(body, fault("gpu-name", v.dialog.gpuErrors["gpu-name"]))
	for _, n := range gpuNumbers {
		message := v.dialog.gpuErrors[n.id]
		class := "nf"
		input := app.Input().ID(n.id).Type("text").Attr("inputmode", "decimal").Attr("autocomplete", "off").Aria("describedby", n.id+"-msg")
		if message != "" {
			class += " err"
			input = input.Aria("invalid", "true")
		}
		body = append(body, node("div", "f",
			el("label", "", txt(n.label)).Attr("for", n.id),
			node("span", class, input, leaf("span", "", n.unit)),
			el("p", "hint", txt(n.hint)).Attr("hidden", flag(n.hint == "")),
			fault(n.id, message),
		))
	}
	body = append(body, node("div", "row",
		button("btn go", txt("Add the GPU")).ID("gpu-add").OnClick(func(ctx app.Context, e app.Event) { v.addGPU(ctx) }),
		button("btn", txt("Cancel")).ID("gpu-cancel").OnClick(func(ctx app.Context, e app.Event) { closeDialog("gpu-dialog") }),
	))
	return el("dialog", "", node("div", "blk-h", body...)).ID("gpu-dialog").Aria("label", "Add a GPU")
}

func fault(id, message string) app.UI {
	return el("p", "msg", txt(message)).ID(id+"-msg").Role("alert").Attr("hidden", flag(message == ""))
}

func (v *Page) addGPU(ctx app.Context) {
	typed := map[string]string{"gpu-name": valueOf("gpu-name")}
	for _, n := range gpuNumbers {
		typed[n.id] = valueOf(n.id)
	}
	item, name, faults := gpuItem(typed)
	v.dialog.gpuErrors = faults
	if len(faults) > 0 {
		return
	}
	closeDialog("gpu-dialog")
	v.edit(ctx, edit{big: true, change: func(st *state) { addCustomGPU(st, item) }})
	v.say("Added " + name + ". It is considered in the table.")
}
