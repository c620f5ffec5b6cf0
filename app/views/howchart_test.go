package views

import (
	"encoding/csv"
	"strings"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/sizingchart"
)

// chartPageWith is the sizing chart page with its rows computed.
func chartPageWith(t testing.TB) *Page {
	t.Helper()
	v := &Page{s: NewSizing(testCatalog(t), "t=how&x=chart"), gone: map[string]bool{}}
	c, err := sizingchart.New(testCatalog(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sizingchart.Rows() {
		x, err := c.Compare(r, true)
		if err != nil {
			t.Fatal(err)
		}
		v.how.chart = append(v.how.chart, x)
	}
	return v
}

func TestSizingChartPage(t *testing.T) {
	waiting := &Page{s: NewSizing(testCatalog(t), "t=how&x=chart"), gone: map[string]bool{}}
	html := render(waiting)
	soundMarkup(t, "waiting", html)
	if !strings.Contains(html, `data-state="computing"`) || strings.Count(text(html), "…") < 16 {
		t.Error("rows that are not computed yet are not shown as such")
	}
	v := chartPageWith(t)
	html = render(v)
	soundMarkup(t, "chart", html)
	shown := text(html)
	for i := range v.how.chart {
		c := &v.how.chart[i]
		for _, f := range c.Findings {
			if !strings.Contains(shown, strings.ReplaceAll(f.Text, "'", "&#39;")) {
				t.Errorf("%s on %s: %q is not shown", c.Model, c.Row.GPU, f.Text)
			}
		}
		if c.Rate.OK && !strings.Contains(shown, c.Rate.Text) {
			t.Errorf("%s on %s: the chart's %s is not shown", c.Model, c.Row.GPU, c.Rate.Text)
		}
	}
	if !strings.Contains(shown, strings.ReplaceAll(sizingchart.Source, "'", "&#39;")) || !strings.Contains(shown, "one contradicts itself") {
		t.Error("the source or the finding is missing")
	}
	if strings.Contains(render(&Page{s: NewSizing(testCatalog(t), "t=how"), gone: map[string]bool{}}), `id="sizing-chart"`) {
		t.Error("the chart is shown where it was not asked for")
	}
	table, err := csv.NewReader(strings.NewReader(chartCSV(v.how.chart))).ReadAll()
	if err != nil || len(table) != 17 || len(table[8]) != len(sizingchart.Columns) {
		t.Fatalf("the CSV has %d lines: %v", len(table), err)
	}
}

// The link of a row opens the very question the row was computed with.
func TestSizingChartLinks(t *testing.T) {
	cat := testCatalog(t)
	v := chartPageWith(t)
	for i := range v.how.chart {
		c := &v.how.chart[i]
		st, notes := link.Parse(cat, c.Link)
		r, more := st.Requirement(cat)
		if len(notes)+len(more) > 0 {
			t.Errorf("%s: %v %v", c.Link, notes, more)
		}
		if i%5 != 0 {
			continue // a few are enough: each takes a search
		}
		var e fleet.Estimator
		o, _ := e.On(r, r.GPUs[0].GPU, true)
		if (o != nil) != c.Ours.OK {
			t.Fatalf("%s: option %v, the chart page says %v", c.Link, o != nil, c.Ours.OK)
		}
		if o == nil {
			continue
		}
		// The answer counts whole replicas, so its layout may be another one;
		// it never needs more GPUs than the chart page's best layout.
		if o.GPUs > c.Ours.Fleet {
			t.Errorf("%s: %d GPUs, the chart page says %d", c.Link, o.GPUs, c.Ours.Fleet)
		}
	}
}
