// Package views is the page and its views: Size answers how many accelerators
// a workload needs; Compare sets options side by side and asks the other way
// round; Explain shows where a number comes from; Measure measures endpoints and
// compares the model with measurements; Report is what is handed over; Data
// shows the catalog and takes own entries; How says how it computes and how
// accurate it is.
//
// Sizing holds what is shown and changes by edits (Edit); it knows no browser,
// so that the tests drive it. Page renders it with go-app, keeps it in step with
// the address bar and has it computed: in a Web Worker, or in slices between
// frames. Each view is a component of its own that is rendered again only when
// its revision has changed. Rendering needs no browser either, so the same code
// writes the answer into the HTML before the program runs (PreRender).
//
// Files are named after what they show; tabs.go lists the views, fieldlist.go
// the inputs of the rail, keys.go the keyboard.
package views

import (
	"runtime/debug"
	"time"

	"fleetsize/app/chart"
	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// state is what the link says.
type state = link.State

// defaults is the worked example.
var defaults = link.Default()

// Page is the root component. Its fields are unexported so that go-app's
// navigation, which makes a new root, does not reset them.
type Page struct {
	app.Compo

	s       *Sizing
	failure error // the catalog could not be read

	box          box
	gpuQuery     string
	hardwareOpen bool
	moneyOpen    bool // groups whose body is drawn only while open
	ragOpen      bool
	talkOpen     bool
	layoutOpen   bool
	profiles     []profile // price profiles of this browser
	profilesRead bool
	profilesKept bool   // storage can be read and written
	sheet        string // open group of inputs on narrow screens
	theme        string // "", light, dark
	projector    bool   // larger type and harder contrast
	gib          bool   // bars of memory in GiB
	menu         bool   // the share menu is open
	toast        string
	toastSeq     int
	live         string // what the live region says
	liveSeq      int
	gone         map[string]bool // notes the user closed
	offline      bool
	update       bool
	hand         handState
	dialog       dialogState

	open      string // accelerator whose row is open
	openSet   bool   // the user chose it; otherwise the best row is open
	showAll   bool   // every row of the table, not only the first
	asTable   bool   // price of latency as a table
	loadTable bool
	reading   int // point the arrow keys are on, 1-based

	price     worker.Price // curves of the answer shown
	loadGPU   string       // accelerator of the load curves, "" = the best
	curve     worker.Load
	chartSeq  int // request the curves belong to
	widths    map[string]float64
	zoom      float64 // size of text, 1 = 16 px; set with widths
	fleetRev  int     // counts changes of the table
	chartRev  int     // counts changes of the charts
	dragging  bool
	dragWidth float64

	moreViews  bool // the bottom bar's More is open
	going      bool // g was pressed: the next letter names a view
	goingSince time.Time
	lettersOff bool    // single-letter keys do nothing
	compare    compare // Compare view
	data       dataState
	negotiate  negotiation // studies behind Explain, Compare and Data

	study    study           // Measure view
	endpoint liveState       // its live endpoint
	replies  askState        // and checks of an endpoint's answers
	fitted   fitInUse        // fit that the sizing uses
	beside   *worker.OwnRows // measurements shown beside the answer, nil = those that ship
	how      howState        // How view
	drawer   drawer          // open explanation
	deep     deepState       // Explain view

	past pastState // sizings looked at before

	carried []string // replies that a pre-rendered page holds
	early   bool     // what is out of sight is not drawn yet, so that the page is live sooner
	flow    flow
	address address
	root    app.Context
}

// edit is one change of the state.
type edit struct {
	field    string // field the change belongs to; consecutive ones are one undo step
	big      bool   // preset or model: a history entry of its own
	quiet    bool   // does not change the answer
	dragging bool   // the exact answer waits for the end of the drag
	change   func(*state)
}

// OnInit starts from the link in the address bar; natively from the worked example.
func (v *Page) OnInit() {
	if v.s != nil {
		return
	}
	v.gone = map[string]bool{}
	v.widths = map[string]float64{}
	cat, err := catalog.Load()
	if err != nil {
		v.failure = err
		return
	}
	v.flow.seq = 1 // 0 is no request
	v.s = NewSizing(cat, startLink())
	text := carriedText()
	if !v.takeCarried(text) {
		v.preview()
	}
	if text != "" {
		v.early = true
		v.theme, v.projector, v.lettersOff = storedTheme(), storedProjector(), storedLettersOff()
		v.measure() // of the pre-rendered page, which is laid out alike
	}
}

// OnMount takes over the page in the browser.
func (v *Page) OnMount(ctx app.Context) {
	v.root = ctx
	if v.s == nil {
		return
	}
	drawn := v.chartRev
	v.listen(ctx)
	v.measure()
	v.rewriteAddress()
	if v.s.Filled && !v.stale() { // the pre-rendered answer is the exact one
		nameTab(v.s)
		if v.chartRev == drawn && v.early {
			ctx.PreventUpdate()
		}
	} else {
		v.ask(ctx, 0)
	}
	ctx.Defer(func(app.Context) { markReady() })
	v.later(func(app.Context) {
		v.early = false
		debug.SetGCPercent(usualGC)
		v.startWorker()
		v.pursue()
		v.warm()
	})
}

// OnResize redraws the charts at the new width.
func (v *Page) OnResize(ctx app.Context) { v.measure() }

// edit applies a change, shows the preview and has the exact answer computed.
func (v *Page) edit(ctx app.Context, e edit) {
	markEdit()
	field := e.field
	if !v.s.Edit(field, e.change) {
		if v.dragging && !e.dragging {
			v.dragEnd(ctx)
		}
		return
	}
	v.changed(ctx, e)
}

// changed follows a change of the state.
func (v *Page) changed(ctx app.Context, e edit) {
	v.writeAddress(e.big)
	if e.quiet {
		v.stayed()
		return
	}
	v.dragging = e.dragging
	v.preview()
	if !e.dragging {
		wait := typingPause
		if e.field == "" {
			wait = 0
		}
		v.ask(ctx, wait)
	}
	v.root.Defer(func(app.Context) { measureEdit() })
}

// dragEnd asks for the exact answer once a slider is let go.
func (v *Page) dragEnd(ctx app.Context) {
	if !v.dragging {
		return
	}
	v.dragging = false
	v.s.lastField = ""
	v.ask(ctx, 0)
}

// Render draws the page.
func (v *Page) Render() app.UI {
	if v.s == nil {
		return v.failed()
	}
	return app.Div().ID("page").Class("page").Body(
		chart.Hatch(),
		button("skip", txt("Skip to the answer")).OnClick(func(ctx app.Context, e app.Event) { focus("main") }),
		v.topBar(),
		v.shell(),
		v.footer(),
		v.dock(),
		v.drawerUI(),
		el("p", "sr", txt(v.live)).Role("status").Aria("live", "polite").DataSet("live", "yes"),
		v.toastUI(),
		v.closed("model", v.dialog.configError, v.modelDialog),
		v.closed("gpu", v.dialog.gpuErrors, v.gpuDialog),
		v.closed("keys", v.lettersOff, v.keysDialog),
		v.unlessEarly(v.handDialog),
		v.carriedUI(),
	)
}

// closed is a dialog that shows nothing that changes but about.
func (v *Page) closed(name string, about any, draw func() app.UI) app.UI {
	return v.unlessEarly(func() app.UI { return still(name, about, func(any) app.UI { return draw() }) })
}

// unlessEarly draws what is closed at first a moment after the page is live.
func (v *Page) unlessEarly(draw func() app.UI) app.UI {
	if v.early {
		return nil
	}
	return draw()
}

// shell is the view that is looked at, with its left column. The elements stay
// the same between views, so that their width goes on being observed.
func (v *Page) shell() app.UI {
	main := app.Main().ID("main").TabIndex(-1)
	switch v.view() {
	case viewCompare:
		return node("div", "shell wide", app.Elem("aside").Attr("hidden", "true"), main.Class("main compare").Body(&compareView{Rev: v.compare.rev + v.fleetRev + v.chartRev, P: v}))
	case viewData:
		return node("div", "shell wide", app.Elem("aside").Attr("hidden", "true"), main.Class("main data").Body(&dataView{Rev: v.data.rev + v.fleetRev + v.chartRev, P: v}))
	case viewExplain:
		return node("div", "shell", v.railUI(), main.Class("main explain").Body(&deepView{Rev: v.chartRev + v.fleetRev + v.deep.rev + v.negotiate.rev, P: v}))
	case viewMeasure:
		return node("div", "shell", v.measureRail(), main.Class("main measure").Body(&measureView{Rev: v.study.rev, P: v}))
	case viewReport:
		return node("div", "shell wide", app.Elem("aside").Attr("hidden", "true"), main.Class("main report").Body(&reportView{Rev: v.chartRev + v.fleetRev + v.negotiate.rev, P: v}))
	case viewHow:
		return node("div", "shell wide", app.Elem("aside").Attr("hidden", "true"), main.Class("main how").Body(&howView{Rev: v.study.rev + v.how.rev, Part: v.howPage(), P: v}))
	}
	return node("div", "shell", v.railUI(), main.Class("main size").Body(
		v.answerUI(),
		v.banners(),
		v.summary(),
		&priceView{Rev: v.chartRev, P: v},
		el("div", "leafless"+either(v.s.Quick != nil, " stale", ""), &fleetView{Rev: v.fleetRev, P: v}).DataSet("table-state", either(v.s.Filled, "final", "filling")),
		&loadView{Rev: v.chartRev, P: v},
		&moneyView{Rev: v.fleetRev, P: v},
	))
}

// failed is the page without a catalog, which only a broken build shows.
func (v *Page) failed() app.UI {
	text := "The catalog is missing."
	if v.failure != nil {
		text = v.failure.Error()
	}
	return app.Div().ID("page").Class("page").Body(
		app.Main().Class("main").Body(leaf("h1", "say", "Fleetsize could not start"), leaf("p", "", text)))
}

// answerUI is the sentence and the four figures.
func (v *Page) answerUI() app.UI {
	stage := "preview"
	if v.s.Final {
		stage = "final"
	}
	return el("section", "answer", headlineUI(v.s), figuresUI(v.s, v.pickPer)).
		ID("answer").Aria("label", "Answer").DataSet("answer", "yes").DataSet("state", stage)
}
