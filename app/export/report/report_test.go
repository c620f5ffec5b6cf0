package report

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"fleetsize/app/export"
	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"
)

// proposal is the previewed answer to a link with its price of latency.
func proposal(t testing.TB, text string) *export.Proposal {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := link.Parse(cat, text)
	r, _ := s.Requirement(cat)
	var e fleet.Estimator
	p := &export.Proposal{State: s, Req: r, Answer: e.Preview(r), Link: "https://fleetsize.example/#" + s.String(), Day: "2026-11-21", Version: "1.2"}
	for i := range p.Answer.Options {
		if i < 2 {
			p.Price = append(p.Price, e.PriceOfLatency(r, p.Answer.Options[i].GPU, false))
		}
	}
	return p
}

var links = []string{
	"rps=10&n=Acme%20%3Cscript%3Ealert(1)%3C%2Fscript%3E%20%22x%22",
	"users=2500&rph=12&peak=2.5&m=llama-3.3-70b&q=fp8&grow=30&yrs=3&buy=own&chunks=9&emb=bge-large-en-v1-5&ret=50ms&ok=users,in",
	"flight=300&g=h100-sxm,l40s",
	"ttft=1ms",
	"in=9m",
	"m=deepseek-v3&eng=sglang&tp=8&ep=8&dp=8&g=h200-sxm",
}

// wellFormed checks that every element is closed where it should be.
func wellFormed(markup string) error {
	d := xml.NewDecoder(strings.NewReader("<x>" + strings.ReplaceAll(markup, "<br>", "<br/>") + "</x>"))
	for {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// Every page has its footer, nothing in it runs, and names stay text.
func TestPages(t *testing.T) {
	for _, in := range links {
		p := proposal(t, in)
		markup := Pages(p)
		if err := wellFormed(markup); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		pages := strings.Count(markup, `<article class="leaf">`)
		if pages < 2 {
			t.Errorf("%s: %d pages", in, pages)
		}
		for what, n := range map[string]int{
			"</footer></article>": pages, escape(export.Disclaimer) + "</p></div>": pages, `aria-label="The link as a QR code"`: pages,
			"Data of " + p.Catalog().Date: pages, "engine 1.2": pages,
		} {
			if got := strings.Count(markup, what); got < n {
				t.Errorf("%s: %q stands on %d of %d pages", in, what, got, n)
			}
		}
		if found := regexp.MustCompile(`(?i:<script|\son\w+=|javascript:|\sstyle=)|\bNaN\b|\bInf\b|%!`).FindString(markup); found != "" {
			t.Errorf("%s: the report contains %q", in, found)
		}
	}
	if !strings.Contains(Pages(proposal(t, links[0])), "Acme &lt;script&gt;alert(1)&lt;/script&gt; &#34;x&#34;") {
		t.Error("the title is not escaped")
	}
}

// The numbers of the report are those of the answer.
func TestNumbers(t *testing.T) {
	p := proposal(t, "rps=10")
	markup := Pages(p)
	o := p.Best()
	for _, want := range []string{escape(export.Plain(export.Sentence(p)[:1])), export.GPUName(o.GPU), export.Money(o), escape(export.RFP(p))} {
		if !strings.Contains(markup, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for i := range p.Answer.Options {
		if name := "</svg>\n" + escape(export.GPUName(p.Answer.Options[i].GPU)) + "</span>"; !strings.Contains(markup, name) {
			t.Errorf("the table lacks %s", name)
		}
	}
	for _, x := range export.NotViable(&p.Answer) {
		if !strings.Contains(markup, escape(x.Text)) {
			t.Errorf("the report lacks why %s is not viable", x.GPU.ID)
		}
	}
	for _, a := range export.Register(p) {
		if !strings.Contains(markup, ">"+escape(a.Name)+"<") {
			t.Errorf("the register lacks %s", a.Name)
		}
	}
}

// Without an address to open there is no code to scan.
func TestNoAddressNoCode(t *testing.T) {
	p := proposal(t, "rps=10&g=h100-sxm")
	p.Link = "#" + p.State.String()
	if strings.Contains(Pages(p), "QR code") {
		t.Error("a QR code that leads nowhere")
	}
}

func TestStandalone(t *testing.T) {
	page := Standalone(proposal(t, "rps=10&g=h100-sxm"), ".leaf { color: red; }")
	for _, want := range []string{"<!doctype html>", "default-src 'none'; style-src 'unsafe-inline'", ".leaf { color: red; }", `<article class="leaf">`, `id="hatch"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the file lacks %s", want)
		}
	}
	for _, bad := range []string{"<script", "<link", " src=", "@import", "url(http"} {
		if strings.Contains(page, bad) {
			t.Errorf("the file loads or runs something: %s", bad)
		}
	}
}

// A long table goes over as many pages as it needs, and every row is there once.
func TestSplit(t *testing.T) {
	var rows [][]cell
	for range 100 {
		rows = append(rows, []cell{plain("name"), plain(strings.Repeat("long ", 20))})
	}
	n := 0
	for i, part := range split(rows, []int{20, 50}, 10, 30) {
		if most := map[bool]int{true: 5, false: 15}[i == 0]; len(part) > most {
			t.Errorf("page %d has %d rows of two lines", i+1, len(part))
		}
		n += len(part)
	}
	if n != 100 {
		t.Errorf("%d rows of 100", n)
	}
	if got := visible(`<b class="x">a&amp;b</b>`); got != 7 {
		t.Errorf("visible = %d", got) // an entity counts as it is written, which errs on the safe side
	}
}
