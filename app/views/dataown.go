package views

import (
	"errors"
	"strings"

	"fleetsize/app/link"
	"fleetsize/calc/explain"
	"fleetsize/calc/units"
	"fleetsize/catalog"
	"fleetsize/catalog/jsonio"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// ownFile is a file of own entries and prices. Entries are in the compact form
// of links, which is what anything else reads, too.
type ownFile struct {
	Fleetsize string         `json:"fleetsize"` // "own entries"
	GPUs      []string       `json:"gpus,omitempty"`
	Models    []string       `json:"models,omitempty"`
	Buy       string         `json:"buy,omitempty"` // basis of the prices
	Prices    []ownFilePrice `json:"prices,omitempty"`
}

type ownFilePrice struct {
	GPU string  `json:"gpu"`
	USD float64 `json:"usd"`
}

const ownFileKind = "own entries"

// ownEntries writes the own entries of a state as a file.
func ownEntries(st *link.State) string {
	f := ownFile{Fleetsize: ownFileKind, GPUs: st.CustomGPUs, Models: st.CustomModels}
	for _, p := range st.Prices {
		f.Prices = append(f.Prices, ownFilePrice{p.GPU, p.USD})
	}
	if len(f.Prices) > 0 {
		f.Buy = st.Buy
	}
	data, err := jsonio.Marshal(f)
	if err != nil {
		return ""
	}
	return string(data)
}

// readOwn reads a file of own entries, as JSON or as CSV with the columns
// gpu and usd, into a state; errors name what is wrong.
func readOwn(cat *catalog.Catalog, text string, st *link.State) error {
	f, err := parseOwn(text)
	if err != nil {
		return err
	}
	next := *st
	for _, item := range f.GPUs {
		g, err := catalog.ParseCustomGPU(item)
		if err != nil {
			return err
		}
		next.CustomGPUs = withItem(next.CustomGPUs, item)
		cat = cat.With(nil, []*catalog.GPU{g})
	}
	for _, item := range f.Models {
		if _, err := catalog.ParseCustomModel(item); err != nil {
			return err
		}
		next.CustomModels = withItem(next.CustomModels, item)
	}
	if f.Buy != "" && f.Buy != "cloud" && f.Buy != "own" {
		return errors.New(`buy is "` + f.Buy + `": write cloud or own`)
	}
	if len(f.Prices) > 0 && f.Buy != "" && f.Buy != next.Buy {
		next.Buy, next.Prices = f.Buy, nil
	}
	for _, p := range f.Prices {
		g, ok := cat.GPU(p.GPU)
		if !ok {
			return errors.New(`"` + p.GPU + `" is not in the accelerator catalog`)
		}
		if !(p.USD > 0 && p.USD < 1e9) {
			return errors.New("the price of " + gpuName(g) + " is " + units.Sig(p.USD, 4) + ": write a number of USD above 0")
		}
		next.Prices = withPrice(next.Prices, g.ID, p.USD)
	}
	*st = next
	return nil
}

// parseOwn tells JSON from CSV.
func parseOwn(text string) (ownFile, error) {
	var f ownFile
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if strings.HasPrefix(text, "{") {
		if err := jsonio.Unmarshal([]byte(text), &f); err != nil {
			return f, errors.New("the file is not valid JSON")
		}
		if f.Fleetsize != ownFileKind {
			return f, errors.New("the file holds no own entries: it lacks \"fleetsize\": \"" + ownFileKind + "\"")
		}
		return f, nil
	}
	lines := strings.Split(text, "\n")
	head := lower(lines[0])
	if !strings.HasPrefix(head, "gpu,usd") {
		return f, errors.New("a price list is CSV that begins with gpu,usd; own entries are JSON as this page exports them")
	}
	for i, line := range lines[1:] {
		cells := strings.Split(strings.TrimSpace(line), ",")
		if len(cells) < 2 || cells[0] == "" {
			if strings.TrimSpace(line) == "" {
				continue
			}
			return f, errors.New("line " + countText(i+2) + " has no price")
		}
		x, err := units.ParseNumber(strings.Trim(cells[1], `" $`))
		if err != nil {
			return f, errors.New("line " + countText(i+2) + ": " + err.Error())
		}
		f.Prices = append(f.Prices, ownFilePrice{strings.Trim(cells[0], `" `), x})
	}
	if len(f.Prices) == 0 {
		return f, errors.New("the price list is empty")
	}
	return f, nil
}

// withPrice sets the price of one accelerator; 0 takes it away.
func withPrice(list []link.PriceItem, gpu string, usd float64) []link.PriceItem {
	var out []link.PriceItem
	for _, p := range list {
		if p.GPU != gpu {
			out = append(out, p)
		}
	}
	if usd > 0 {
		out = append(out, link.PriceItem{GPU: gpu, USD: usd})
	}
	return out
}

// dataOwn lists the user's own accelerators and models.
func (v *Page) dataOwn() app.UI {
	d := &v.data
	s := v.s
	var rows []app.UI
	remove := func(kind, item, name string, drop func(st *link.State)) app.UI {
		return button("lnk sm end", txt("Remove")).Aria("label", "Remove "+name).DataSet("remove-"+kind, name).OnClick(func(ctx app.Context, e app.Event) {
			v.edit(ctx, edit{big: true, change: drop})
			d.rev++
		}, app.EventScope("remove", kind, item))
	}
	unit, size := v.memoryUnit()
	for _, item := range s.State.CustomGPUs {
		g, err := catalog.ParseCustomGPU(item)
		if err != nil {
			continue
		}
		item := item
		rows = append(rows, node("li", "row", leaf("b", "", g.Name), node("span", "mut sm", rich(ownFact("memory", g.ID, units.Sig(g.MemoryBytes/size, 4))+" "+unit+", "+ownFact("bandwidth", g.ID, units.Sig(g.BandwidthBytesPerS/1e12, 3))+" TB/s, "+ownFact("half", g.ID, tera(g.HalfFLOPS()))+" TFLOPS BF16")...),
			remove("gpu", item, g.Name, func(st *link.State) {
				st.CustomGPUs = without(st.CustomGPUs, item)
				st.Prices = withPrice(st.Prices, g.ID, 0)
				var keep []link.GPUChoice
				for _, c := range st.GPUs {
					if c.ID != g.ID {
						keep = append(keep, c)
					}
				}
				st.GPUs = keep
			})))
	}
	for _, item := range s.State.CustomModels {
		m, err := catalog.ParseCustomModel(item)
		if err != nil {
			continue
		}
		item := item
		rows = append(rows, node("li", "row", leaf("b", "", m.Name), node("span", "mut sm", rich(ownFact("params", m.ID, units.Sig(m.Work().TotalParams/1e9, 3))+" B parameters, "+weightsName(m.Native))...),
			remove("model", item, m.Name, func(st *link.State) {
				st.CustomModels = without(st.CustomModels, item)
				if st.Model == m.ID {
					st.Model = defaults.Model
				}
			})))
	}
	for _, o := range s.own {
		rows = append(rows, node("li", "row", leaf("b", "", o.Name), leaf("span", "mut sm", "for this visit: a link can not carry its layers")))
	}
	if len(rows) == 0 {
		rows = append(rows, leaf("li", "mut", "None yet. Own entries travel in the link; nothing is uploaded."))
	}
	return el("section", "fig",
		leaf("h2", "", "Your accelerators and models"),
		node("ul", "plain own-list", rows...),
		node("div", "row",
			button("btn sm", iconPlus(), txt("Add a GPU")).ID("own-add-gpu").OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "gpu-dialog") }),
			button("btn sm", iconPlus(), txt("Add a model")).ID("own-add-model").OnClick(func(ctx app.Context, e app.Event) { v.openDialog(ctx, "model-dialog") }),
			button("btn ghost sm", iconSave(), txt("Export")).ID("own-export").Aria("label", "Export own entries and prices as JSON").OnClick(func(ctx app.Context, e app.Event) {
				saveFile("fleetsize-own.json", "application/json", ownEntries(&s.State))
				v.say("Saved as fleetsize-own.json")
			}),
			node("label", "btn ghost sm", txt("Import"),
				app.Input().ID("own-import").Class("sr").Type("file").Attr("accept", ".json,.csv,application/json,text/csv").
					OnChange(func(ctx app.Context, e app.Event) { v.importOwn(ctx, ctx.JSSrc().Get("files")) })),
		),
		el("p", "msg", txt(d.fault)).ID("own-import-fault").Role("alert").Attr("hidden", flag(d.fault == "")),
	).ID("data-own")
}

// ownFact marks a figure of an own entry.
func ownFact(id, about, text string) string {
	return mark(explain.Ref("cat_"+id, "", about), text)
}

// without is a list less one item.
func without(list []string, item string) []string {
	var out []string
	for _, x := range list {
		if x != item {
			out = append(out, x)
		}
	}
	return out
}

// importOwn reads a chosen file of own entries or prices.
func (v *Page) importOwn(ctx app.Context, files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	if file.Get("size").Float() > maxConfig {
		v.data.fault = "The file is larger than 1 MB; own entries are a few kB."
		v.data.rev++
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		v.root.Dispatch(func(ctx app.Context) { v.takeOwn(ctx, text.String()) })
	}, func(app.Value) {
		v.root.Dispatch(func(app.Context) { v.data.fault = "The file could not be read."; v.data.rev++ })
	})
}

// takeOwn applies the text of a file.
func (v *Page) takeOwn(ctx app.Context, text string) {
	v.data.rev++
	next := clone(v.s.State)
	if err := readOwn(v.s.Catalog(), text, &next); err != nil {
		v.data.fault = upperFirst(err.Error()) + "."
		return
	}
	v.data.fault = ""
	v.edit(ctx, edit{big: true, change: func(st *link.State) { *st = next }})
	v.say("Imported. Undo takes it back.")
}

// dataPrices is the user's own price list.
func (v *Page) dataPrices() app.UI {
	s := v.s
	unit := "USD per GPU-hour"
	if s.Req.Money.Owned() {
		unit = "USD per GPU, server included"
	}
	var rows []app.UI
	for _, p := range s.State.Prices {
		id := p.GPU
		list := units.NoPrice
		if g, ok := s.Catalog().GPU(id); ok {
			price, fact := g.Rent, "list_rent"
			if s.Req.Money.Owned() {
				price, fact = g.Purchase, "list_price"
			}
			if price != nil {
				list = ownFact(fact, id, units.Sig(price.USD, 4)) + ", " + day(price.AsOf)
			}
		}
		rows = append(rows, node("tr", "",
			rowHead(gpuLabel(s, id)),
			node("td", "num", v.priceInput("price-"+id, gpuLabel(s, id), p.USD, id)),
			node("td", "num mut", rich(list)...),
			node("td", "num", button("lnk sm", txt("Remove")).Aria("label", "Remove the price of "+gpuLabel(s, id)).DataSet("remove-price", id).
				OnClick(func(ctx app.Context, e app.Event) { v.setPrice(ctx, id, 0) }, app.EventScope("remove-price", id))),
		))
	}
	return el("section", "fig",
		node("div", "row", leaf("h2", "", "Your prices, "+unit), node("div", "end row", v.sheetOf("prices-csv", "fleetsize-prices.csv", func() string { return pricesCSV(s) }))),
		leaf("p", "mut sm", "They take the place of the catalog's and are part of the link. A CSV with gpu,usd can be imported above."),
		el("div", "tb", node("table", "tbl", leaf("caption", "sr", "Your prices"),
			node("thead", "", node("tr", "", colHead("", "GPU"), colHead("num", "Yours"), colHead("num", "Catalog"), node("td", ""))),
			node("tbody", "", rows...))).Attr("hidden", flag(len(rows) == 0)),
		node("div", "row", v.gpuSelect("price-new", "Add a price for", "", func(ctx app.Context, id string) {
			g, ok := s.Catalog().GPU(id)
			if !ok {
				return
			}
			usd := 1.0
			if q, priced := s.Req.Money.Quote(g); priced {
				usd = units.Round(q.List, 4)
			}
			v.setPrice(ctx, id, usd)
			ctx.Defer(func(app.Context) { focus("price-" + id) })
		}), leaf("span", "mut sm", "choose an accelerator to enter its price")),
	).ID("data-prices")
}

func (v *Page) priceInput(id, name string, now float64, gpu string) app.UI {
	return app.Input().ID(id).Class("inp short").Type("text").Attr("inputmode", "decimal").Attr("value", units.Sig(now, 5)).Aria("label", "Your price of "+name).
		OnChange(func(ctx app.Context, e app.Event) {
			text := ctx.JSSrc().Get("value").String()
			x, err := units.ParseNumber(strings.TrimPrefix(strings.TrimSpace(text), "$"))
			if err == nil {
				x, err = units.Within(text, x, 1e-4, 1e8, "USD")
			}
			if err != nil {
				v.data.fault = upperFirst(err.Error()) + "."
				v.data.rev++
				return
			}
			v.data.fault = ""
			v.setPrice(ctx, gpu, x)
		}, app.EventScope(id))
}

func (v *Page) setPrice(ctx app.Context, gpu string, usd float64) {
	v.edit(ctx, edit{big: true, change: func(st *link.State) { st.Prices = withPrice(st.Prices, gpu, usd) }})
	v.data.rev++
}

func pricesCSV(s *Sizing) string {
	var b strings.Builder
	b.WriteString("gpu,usd\r\n")
	for _, p := range s.State.Prices {
		b.WriteString(csvLine(p.GPU, units.Plain(p.USD)))
	}
	return b.String()
}
