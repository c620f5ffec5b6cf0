package views

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// kept is an entry with a link and a time of its own.
func kept(n int64, link string) *past {
	return &past{ID: n, At: n, GPUs: 4, USD: 7300, GPU: "H100 SXM", Tier: "Calibrated", Model: "Llama 3.1 8B", Work: "10 req/s of RAG Q&A", Link: link}
}

func TestPastRoundTrip(t *testing.T) {
	a, b := kept(2, "v=1&rps=5"), kept(1, "v=1&n=Gr%C3%B6%C3%9Fe")
	a.Firm, a.Name, a.USD = true, "Größe <1>", 7300.55
	b.GPUs, b.GPU, b.Tier, b.USD = 0, "", "", 0
	for _, f := range []pastFile{{}, {Off: true}, {List: []*past{a, b}}, {Off: true, List: []*past{a, b}}} {
		if got := parsePast(f.String()); !reflect.DeepEqual(got, f) {
			t.Errorf("%s comes back as %s", f, got)
		}
	}
}

// What another program or version left is dropped, entry by entry where it is
// a list of some; what can be read stays.
func TestPastForeign(t *testing.T) {
	good := kept(7, "v=1&rps=7")
	for name, text := range map[string]string{
		"negative":        `{"id":-1,"at":7,"model":"M","link":"v=1"}`,
		"time too far":    `{"id":1,"at":9223372036854775807,"model":"M","link":"v=1"}`,
		"another object":  `{"a":[1,2,3]}`,
		"nothing":         `null`,
		"no model":        `{"id":1,"at":1,"model":" \u0001","link":"v=1"}`,
		"link with space": `{"id":1,"at":1,"model":"M","link":"v=1 x"}`,
		"link too long":   `{"id":1,"at":1,"model":"M","link":"v=1&n=` + strings.Repeat("x", 9000) + `"}`,
		"too many GPUs":   `{"id":1,"at":1,"model":"M","link":"v=1","gpus":2000000000}`,
		"same link":       `{"id":8,"at":6,"model":"M","link":"v=1&rps=7"}`,
		"same moment":     `{"id":7,"at":6,"model":"M","link":"v=1&rps=8"}`,
	} {
		file := strings.Replace(pastFile{List: []*past{good}}.String(), "]}", ","+text+"]}", 1)
		if got := parsePast(file).List; !reflect.DeepEqual(got, []*past{good}) {
			t.Errorf("%s: %d entries of %s", name, len(got), file)
		}
	}
	for _, text := range []string{"", "off", "null", "[]", "7", "{", `{"list":7}`, `{"list":[[]]}`, `{"list":[{"usd":1e400}]}`, strings.Repeat("[", 1<<20), strings.Repeat(" ", 8*maxPastBytes) + `{"off":true}`} {
		if got := parsePast(text); got.Off || len(got.List) > 0 {
			t.Errorf("%.40q reads as %s", text, got)
		}
	}
	if got := parsePast(`{"list":[{"id":1,"at":1,"model":"M","link":"v=1","usd":-5}]}`); len(got.List) != 1 || got.List[0].USD != 0 {
		t.Errorf("a negative price: %s", got)
	}
}

// Editing further replaces what was not shared or named; the same link is there
// once; other sizings stay.
func TestPutPast(t *testing.T) {
	links := func(list []*past) (out string) {
		for _, e := range list {
			out = join(" ", out, e.Link)
		}
		return out
	}
	list := putPast(nil, kept(1, "a"), 0)
	list = putPast(list, kept(2, "b"), 1)
	if links(list) != "b" {
		t.Errorf("an edit leaves %q", links(list))
	}
	firm := kept(3, "b")
	firm.Firm = true
	list = putPast(list, firm, 2)
	list = putPast(list, kept(4, "c"), 2)
	if links(list) != "c b" || list[1].ID != 2 || !list[1].Firm {
		t.Errorf("an edit of what was shared leaves %q: %+v", links(list), list)
	}
	list = putPast(list, kept(5, "b"), 4)
	if links(list) != "b" || !list[0].Firm || list[0].At != 5 || list[0].ID != 2 {
		t.Errorf("going back leaves %q: %+v", links(list), list)
	}
	before := links(list)
	other := kept(2, "d") // another tab, the same moment
	if list = putPast(list, other, 0); links(list) != before+" d" || list[0].ID == list[1].ID {
		t.Errorf("two entries of one moment: %+v", list)
	}
}

func TestBoundPast(t *testing.T) {
	var list []*past
	for i := range int64(130) {
		e := kept(i+1, fmt.Sprint("v=1&rps=", i+1))
		e.Firm = i == 3
		if i == 5 {
			e.Name = "Pilot"
		}
		list = putPast(list, e, 0)
	}
	if len(list) != maxPast || list[0].ID != 130 || list[98].ID != 6 || list[99].ID != 4 {
		t.Errorf("%d entries, the last ones %d and %d", len(list), list[98].ID, list[99].ID)
	}
	for i := range int64(60) {
		e := kept(1000+i, "v=1&n="+strings.Repeat("x", 8000)+fmt.Sprint(i))
		e.Firm = true
		list = putPast(list, e, 0)
	}
	if n := len(pastFile{List: list}.String()); n > 2*maxPastBytes || n < maxPastBytes/2 || list[0].ID != 1059 {
		t.Errorf("%d bytes, first %d", n, list[0].ID)
	}
}

// Two tabs that each put and remove see in the end what both did.
func TestPastOfTwoTabsMerges(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text, want := "", map[string]bool{}
	for i := range int64(400) {
		list := parsePast(text).List // what either tab reads before it writes
		link := fmt.Sprint("v=1&rps=", random.IntN(60))
		if random.IntN(4) == 0 {
			var keep []*past
			for _, e := range list {
				if e.Link != link {
					keep = append(keep, e)
				}
			}
			list, want[link] = keep, false
		} else {
			list, want[link] = putPast(list, kept(i+1, link), 0), true
		}
		text = pastFile{List: list}.String()
	}
	for _, e := range parsePast(text).List {
		if !want[e.Link] {
			t.Errorf("%s is back", e.Link)
		}
		delete(want, e.Link)
	}
	for link, there := range want {
		if there {
			t.Errorf("%s is gone", link)
		}
	}
}

// FuzzPast checks that what was read is kept as it was read, within the bounds.
func FuzzPast(f *testing.F) {
	for _, s := range []string{"", `{"off":true}`, `{"list":[null,{"id":1,"at":2,"firm":true,"gpus":3,"usd":1e3,"gpu":"g\u0000","tier":" t","model":"m\ud800","work":"w<>&","name":"n","link":"v=1"}]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		read := parsePast(in)
		text := read.String()
		if again := parsePast(text); !reflect.DeepEqual(again, read) {
			t.Fatalf("%q reads as %s, then %s", in, read, again)
		}
		if len(read.List) > maxPast || len(text) > 8*maxPastBytes {
			t.Fatalf("%d entries, %d bytes", len(read.List), len(text))
		}
	})
}

// A sizing is kept with its answer; editing it on replaces the entry, sharing
// and naming do not let go of it, and another model is another sizing.
func TestKeepPast(t *testing.T) {
	v := Static(testCatalog(t), few+"&rps=3")
	answered := func(change func(*state)) {
		t.Helper()
		v.s.Edit("", change)
		if change != nil {
			w := Static(testCatalog(t), v.s.Link())
			v.s.Answer, v.s.Quick, v.s.Final, v.s.Filled = w.s.Answer, nil, true, true
		}
	}
	work := func() (out []string) {
		for _, e := range v.past.list {
			out = append(out, strings.Fields(e.Work)[0])
		}
		return out
	}
	see := func(what string, want ...string) {
		t.Helper()
		if got := work(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	v.keepPast(false)
	see("stayed with", "3")
	e, o := v.past.list[0], v.s.Best()
	if e.GPUs != o.GPUs || e.GPU != gpuName(o.GPU) || e.USD < 0.999*o.USDPerMonth || e.USD > 1.001*o.USDPerMonth || e.Model != "Llama 3.1 8B Instruct" || !strings.Contains(e.Work, "5,000/500 tokens") || strings.Contains(e.Link, "t=") {
		t.Errorf("kept as %+v", e)
	}
	answered(func(st *state) { st.Demand.ReqPerS = 4 })
	v.keepPast(false)
	see("edited further", "4")
	v.keepPast(true)
	answered(func(st *state) { st.Demand.ReqPerS = 5 })
	v.past.list[0].At-- // the clock may stand still between two entries
	v.keepPast(false)
	see("edited after it was shared", "5", "4")
	answered(func(st *state) { st.Title, st.Demand.ReqPerS = "Pilot", 6 })
	v.keepPast(false)
	see("named", "6", "4")
	answered(func(st *state) { st.Demand.ReqPerS = 7 })
	for i := range v.past.list {
		v.past.list[i].At--
	}
	v.keepPast(false)
	see("edited after it was named", "7", "6", "4")
	answered(func(st *state) { st.Demand.ReqPerS = 8 })
	v.keepPast(false)
	see("and once more", "8", "6", "4")
	answered(func(st *state) { st.Model = "llama-3-3-70b" })
	for i := range v.past.list {
		v.past.list[i].At--
	}
	v.keepPast(false)
	see("another model", "8", "8", "6", "4")
	v.s.Filled = false
	v.keepPast(true)
	see("not answered yet", "8", "8", "6", "4")
	if v.past.owed != v.flow.seq {
		t.Error("what was shared before it was answered is forgotten")
	}
	v.s.Filled, v.past.off = true, true
	answered(func(st *state) { st.Demand.ReqPerS = 9 })
	v.keepPast(true)
	see("switched off", "8", "8", "6", "4")
}

// What no link reproduces is not kept, nor the example that nobody touched, nor
// pairs of a link that could be anything.
func TestPastKeepsLittle(t *testing.T) {
	v := Static(testCatalog(t), few+"&rps=3&key=sk-secret&t=data&x=gpus")
	v.keepPast(false)
	if len(v.past.list) != 1 || strings.Contains(pastFile{List: v.past.list}.String(), "secret") || strings.Contains(v.past.list[0].Link, "x=") {
		t.Errorf("kept %+v", v.past.list)
	}
	v = showing(NewSizing(testCatalog(t), ""), example(t).s.Answer)
	v.keepPast(false)
	if len(v.past.list) != 0 {
		t.Error("the untouched example is kept")
	}
	v.keepPast(true)
	if len(v.past.list) != 1 {
		t.Error("the example was shared and is not kept")
	}
	v = Static(testCatalog(t), few+"&rps=4")
	v.s.fit = "{}"
	v.keepPast(true)
	if len(v.past.list) != 0 {
		t.Error("an answer by a fit that no link carries is kept")
	}
}

// pastListed is the Data view with a list of past sizings.
func pastListed(t *testing.T, list ...*past) *Page {
	v := studied(t, few+"&t=data")
	v.data.part = pastPart
	v.past = pastState{read: true, visit: true, list: boundPast(append([]*past{}, list...))}
	return v
}

func somePast() []*past {
	a, b, c := kept(1_790_000_000_000, few+"&rps=5"), kept(1_790_100_000_000, few+"&rps=5&q=fp8"), kept(1_790_200_000_000, few+"&m=llama-3.3-70b&rps=9")
	a.Name, b.GPUs, b.USD, b.GPU = `<img src=x> pilot`, 2, 0, "L40S"
	c.Model, c.GPUs, c.Work = "Llama 3.3 70B", 16, "9 req/s of Chat"
	return []*past{a, b, c}
}

// Every figure of the list and of its charts is the one that was kept, in a row
// with the day of it.
func TestPastFiguresAreQuoted(t *testing.T) {
	v := pastListed(t, somePast()...)
	row := regexp.MustCompile(`(?s)<tr[^>]*>(.*?)</tr>`)
	figure := regexp.MustCompile(`(none|[0-9,]+ × [A-Z0-9]+( SXM)?)|\$[0-9,.]+|No price`)
	for _, tables := range []bool{false, true} {
		v.negotiate.tables = map[string]bool{"past-gpus": tables, "past-cost": tables}
		markup := render(v)
		soundMarkup(t, "past", markup)
		_, section, _ := strings.Cut(markup, `id="data-past"`)
		found := 0
		for _, m := range row.FindAllStringSubmatch(section, -1) {
			words := text(m[1])
			for _, e := range v.past.list {
				if !strings.Contains(words, strings.TrimPrefix(e.title(), "<img src=x> ")) || !strings.Contains(words, e.day()) {
					continue
				}
				for _, f := range figure.FindAllString(words, -1) {
					found++
					if f != e.option() && f != "No price" && !strings.Contains(e.answer(), f) || f == "No price" && e.USD > 0 {
						t.Errorf("%q shows %q, kept was %s", words, f, e.answer())
					}
				}
			}
		}
		if want := map[bool]int{false: 6, true: 11}[tables]; found < want {
			t.Errorf("%d figures with their day, want %d", found, want)
		}
	}
}

func TestPastSearchAndFilter(t *testing.T) {
	v := pastListed(t, somePast()...)
	shown := func() (ids []string) {
		for _, e := range elements(render(v)) {
			if id := e.attr("data-past"); id != "" {
				ids = append(ids, id[4:5])
			}
		}
		return ids
	}
	for _, c := range []struct{ query, model, sort, want string }{
		{"", "", "", "2 1 0"}, {"pilot", "", "", "0"}, {"l40s", "", "", "1"}, {"CHAT", "", "", "2"}, {"", "Llama 3.1 8B", "", "1 0"},
		{"", "", "GPUs", "1 0 2"}, {"", "", "Cost a month", "2 0 1"}, {"nothing like it", "", "", ""},
	} {
		v.past.query, v.past.model, v.data.sort = c.query, c.model, c.sort
		if got := strings.Join(shown(), " "); got != c.want {
			t.Errorf("%+v shows %q", c, got)
		}
	}
}

// A sizing that is answered otherwise than it was says so, until it is edited.
func TestPastAnsweredOtherwise(t *testing.T) {
	v := Static(testCatalog(t), few+"&rps=3")
	e, ok := v.pastSizing(true)
	if !ok {
		t.Fatal("nothing to keep")
	}
	v.past.opened = e
	if _, ok := v.pastBanner(); ok {
		t.Error("the same answer is said to differ")
	}
	was := *e
	was.GPUs, was.At = e.GPUs+1, 1_790_000_000_000
	v.past.opened = &was
	markup := text(render(v))
	want := fmt.Sprintf("Then %s; now %s.", was.answer(), e.answer())
	if !strings.Contains(markup, want) || !strings.Contains(markup, "since "+was.day()) {
		t.Errorf("the page does not say %q", want)
	}
	v.s.Edit("", func(st *state) { st.Demand.ReqPerS = 4 })
	if _, ok := v.pastBanner(); ok {
		t.Error("another sizing is compared with what was kept")
	}
}
