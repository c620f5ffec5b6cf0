package views

import (
	"strings"
	"testing"

	"fleetsize/calc/fleet"
)

// pages are the states whose markup is checked.
func pages(t *testing.T) map[string]*Page {
	cat := testCatalog(t)
	made := func(text string) *Page {
		s := NewSizing(cat, text)
		return showing(s, handmade(t, s))
	}
	preview := made("")
	for i := range preview.s.Answer.Options {
		preview.s.Answer.Options[i].Preview = true
	}
	preview.s.Final, preview.s.Filled = false, false
	none := made("rps=30&ttft=0.1s")
	none.s.Answer.Options = nil
	problem := made("in=200k")
	problem.s.Answer = fleet.Answer{Problem: &fleet.Problem{Code: "context", Text: "200,500 tokens do not fit.", Remedy: &fleet.Nearest{Pairs: "in=130k", Text: "a prompt of 130,000 tokens"}}}
	odd := made("ttft=nonsense&zzz=1&n=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%20onx%3D%22")
	odd.s.Drafts["in"] = Draft{`"><img src=x>`, `"\"><img src=x>" is not a number`}
	open := made("users=2500&w=chat&g=h100-sxm,l40s")
	open.sheet, open.menu, open.toast = "work", true, "Link copied"
	open.boxOpen()
	open.hardwareOpen = true
	open.openSet, open.open, open.asTable, open.loadTable = true, "h200-sxm-141gb", true, true
	return map[string]*Page{
		"worked example": example(t), "handmade": made(""), "preview": preview, "nothing viable": none, "problem": problem,
		"odd link": odd, "everything open": open, "in flight": made("flight=100"), "per day": made("day=1.5m"), "all targets off": made("w=batch"),
	}
}

func TestEveryStateRendersSoundMarkup(t *testing.T) {
	for name, v := range pages(t) {
		soundMarkup(t, name, render(v))
	}
}

// soundMarkup checks what holds for every state: no broken number, no text
// that became markup, ids once, names for every control.
func soundMarkup(t *testing.T, name, html string) {
	t.Helper()
	for _, bad := range []string{"NaN", "+Inf", "-Inf", "%!", "<nil>", ` style=`, "undefined"} {
		if strings.Contains(html, bad) {
			t.Errorf("%s: markup contains %q near %q", name, bad, around(html, bad))
		}
	}
	for _, e := range elements(html) {
		if e.name == "script" || e.name == "img" || e.attr("onx") != "" {
			t.Errorf("%s: text became markup: <%s%s>", name, e.name, e.attrs)
		}
	}
	ids := map[string]bool{}
	labels := map[string]bool{}
	list := elements(html)
	for _, e := range list {
		if e.name == "label" {
			labels[e.attr("for")] = true
		}
		if id := e.attr("id"); id != "" {
			if ids[id] {
				t.Errorf("%s: id %q is there twice", name, id)
			}
			ids[id] = true
		}
	}
	for _, e := range list {
		switch e.name {
		case "button":
			if e.attr("aria-label") == "" && text(body(html, e)) == "" {
				t.Errorf("%s: a button has no name: <button%s>", name, e.attrs)
			}
			if e.attr("type") != "button" {
				t.Errorf("%s: a button has no type: <button%s>", name, e.attrs)
			}
		case "input", "select", "textarea":
			inLabel := e.attr("type") == "checkbox" || e.attr("type") == "file" // wrapped by its label
			if e.attr("aria-label") == "" && !labels[e.attr("id")] && !inLabel {
				t.Errorf("%s: a field has no name: <%s%s>", name, e.name, e.attrs)
			}
		}
		for _, ref := range []string{"aria-controls", "aria-describedby", "for"} {
			if id := e.attr(ref); id != "" && !ids[id] {
				t.Errorf("%s: %s names %q, which is not there", name, ref, id)
			}
		}
	}
}

func around(s, part string) string {
	i := strings.Index(s, part)
	return s[max(0, i-80):min(len(s), i+80)]
}

func TestFiguresHaveSixParts(t *testing.T) {
	for name, v := range pages(t) {
		html := render(v)
		figures := 0
		list := elements(html)
		for i, e := range list {
			if e.name != "section" || e.attr("class") != "kpi" {
				continue
			}
			figures++
			children := 0
			for _, c := range list[i+1:] {
				if c.depth <= e.depth {
					break
				}
				if c.depth == e.depth+1 {
					children++
				}
			}
			if children != 6 {
				t.Errorf("%s: figure %q has %d parts, want 6", name, e.attr("data-kpi"), children)
			}
		}
		want := 4
		if v.s.Best() == nil {
			want = 0
		}
		if figures != want {
			t.Errorf("%s: %d figures, want %d", name, figures, want)
		}
	}
}

func TestEveryAcceleratorIsListed(t *testing.T) {
	v := *example(t)
	v.showAll = true
	html := render(&v)
	for _, g := range v.s.Catalog().GPUs {
		ranked := strings.Contains(html, `data-gpu="`+g.ID+`"`)
		excluded := strings.Contains(html, `data-excluded="`+g.ID+`"`)
		if ranked == excluded {
			t.Errorf("%s: ranked %v, excluded %v; want exactly one", g.ID, ranked, excluded)
		}
	}
}

func TestSameCountEverywhere(t *testing.T) {
	v := example(t)
	html := render(v)
	count := text(bodyOf(t, html, "data-kpi", "gpus"))
	o := v.s.Best()
	want := "GPUs Why? " + gpuCountText(o) + " " + gpuName(o.GPU)
	if !strings.HasPrefix(count, want) {
		t.Errorf("figure reads %q, want it to start with %q", count, want)
	}
	if row := text(bodyOf(t, html, "data-gpu", o.GPU.ID)); !strings.Contains(row, " "+gpuCountText(o)+" ") {
		t.Errorf("row reads %q, without the count %s", row, gpuCountText(o))
	}
	if s := sentence(v.s); !strings.HasPrefix(s, gpuCountText(o)+" × ") {
		t.Errorf("sentence %q does not start with %s", s, gpuCountText(o))
	}
}

func gpuCountText(o *fleet.Option) string { return about(o, itoa(o.GPUs)) }

func bodyOf(t *testing.T, html, attr, value string) string {
	t.Helper()
	for _, e := range elements(html) {
		if e.attr(attr) == value {
			return body(html, e)
		}
	}
	t.Fatalf("no element with %s=%q", attr, value)
	return ""
}

func TestPreviewIsMarked(t *testing.T) {
	p := pages(t)
	if got := sentence(p["preview"].s); !strings.HasPrefix(got, "≈ 4 × H100 SXM serve") {
		t.Errorf("preview reads %q, want it marked ≈", got)
	}
	html := render(p["preview"])
	if !strings.Contains(html, `data-state="preview"`) || !strings.Contains(html, `data-table-state="filling"`) {
		t.Error("a preview is not marked in the markup")
	}
	if html := render(p["handmade"]); strings.Contains(html, "≈ 4 ×") || !strings.Contains(html, `data-state="final"`) {
		t.Error("an exact answer is marked as a preview")
	}
}

func TestSentences(t *testing.T) {
	cat := testCatalog(t)
	for _, c := range []struct{ link, want string }{
		{"", "4 × H100 SXM serve 10 req/s of RAG Q&A with first token under 3 s (p95), for about $7,300 a month, with one GPU spare."},
		{"ttft=1s", "4 × H100 SXM serve 10 req/s of edited RAG Q&A with first token under 1 s (p95), for about $7,300 a month, with one GPU spare."},
		{"users=2500&pct=99", "4 × H100 SXM serve 2,500 people using RAG Q&A with first token under 3 s (p99), for about $7,300 a month, with one GPU spare."},
		{"w=batch", "4 × H100 SXM serve 10 req/s of Batch with no latency target, for about $7,300 a month, with one GPU spare."},
	} {
		s := NewSizing(cat, c.link)
		v := showing(s, handmade(t, s))
		if got := strings.ReplaceAll(sentence(v.s), "\u00a0", " "); got != c.want {
			t.Errorf("sentence(%q) =\n%q, want\n%q", c.link, got, c.want)
		}
	}
	s := NewSizing(cat, "")
	v := showing(s, handmade(t, s))
	v.s.Answer.Options = v.s.Answer.Options[1:]
	if got := sentence(v.s); !strings.Contains(got, "price unknown") || strings.Contains(got, "$0") {
		t.Errorf("unpriced: %q", got)
	}
	v.s.Answer.Options = nil
	if got := sentence(v.s); !strings.Contains(got, "No accelerator") || !strings.Contains(got, "INT4 weights") {
		t.Errorf("nothing viable: %q, want the nearest miss", got)
	}
}

func TestBannersWorstFirst(t *testing.T) {
	p := pages(t)
	if got := listBanners(p["problem"].s); len(got) == 0 || got[0].kind != "blk" || got[0].pairs != "in=130k" {
		t.Errorf("problem: %+v", got)
	}
	if got := listBanners(p["nothing viable"].s); len(got) == 0 || got[0].kind != "blk" || got[0].pairs != "q=int4" {
		t.Errorf("nothing viable: %+v", got)
	}
	named := false
	for _, b := range listBanners(p["odd link"].s) {
		named = named || strings.Contains(b.text, "nonsense") && strings.Contains(b.text, "ttft")
	}
	if !named {
		t.Errorf("a bad value of a link is not named: %+v", listBanners(p["odd link"].s))
	}
}

// Nothing viable and no single change known: there is still a way on.
func TestNoDeadEnd(t *testing.T) {
	for _, reason := range []fleet.Reason{fleet.ReasonTTFT, fleet.ReasonITL, fleet.ReasonE2E, fleet.ReasonMemory, fleet.ReasonPrecision, fleet.ReasonImpractical} {
		s := NewSizing(testCatalog(t), "e2e=9s&q=fp8&kv=fp8")
		a := handmade(t, s)
		a.Options = nil
		for i := range a.Excluded {
			a.Excluded[i].Nearest = nil
		}
		a.Excluded[0].Reason = reason
		v := showing(s, a)
		list := listBanners(v.s)
		if len(list) == 0 || list[0].kind != "blk" || list[0].pairs == "" {
			t.Errorf("%s: no way on: %+v", reason, list)
			continue
		}
		next, notes := v.s.State.With(v.s.base, list[0].pairs)
		if next.String() == v.s.State.String() || len(notes) > 0 {
			t.Errorf("%s: %q does nothing: %v", reason, list[0].pairs, notes)
		}
	}
}

// A banner's button must do what it says: the pairs change the state.
func TestRemediesChangeTheState(t *testing.T) {
	s := NewSizing(testCatalog(t), "")
	for _, x := range handmade(t, s).Excluded {
		if x.Nearest == nil {
			continue
		}
		next, notes := s.State.With(s.base, x.Nearest.Pairs)
		if next.String() == s.State.String() || len(notes) > 0 {
			t.Errorf("%q changes nothing or is not understood: %v", x.Nearest.Pairs, notes)
		}
	}
}
