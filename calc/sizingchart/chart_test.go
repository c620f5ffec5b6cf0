package sizingchart

import (
	"math"
	"strings"
	"sync"
	"testing"

	"fleetsize/catalog"
)

var compared = sync.OnceValues(func() (list []Compared, err error) {
	cat, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	c, err := New(cat)
	if err != nil {
		return nil, err
	}
	for _, r := range Rows() {
		x, err := c.Compare(r, true)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
})

func all(t *testing.T) []Compared {
	t.Helper()
	list, err := compared()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (c *Compared) finding(code string) (string, bool) {
	for _, f := range c.Findings {
		if f.Code == code {
			return f.Text, true
		}
	}
	return "", false
}

func TestRows(t *testing.T) {
	rows := Rows()
	if len(rows) != 16 {
		t.Fatalf("%d rows, want 16: two models, four accelerators, two budgets", len(rows))
	}
	stated := 0
	for _, r := range rows {
		if r.Rate.OK != r.GPUs.OK || r.Input != 5000 || r.Output != 500 {
			t.Errorf("%+v", r)
		}
		if r.Rate.OK {
			stated++
		}
	}
	if stated != 11 {
		t.Errorf("%d rows have figures, want 11", stated)
	}
}

func TestPrinted(t *testing.T) {
	for text, want := range map[string]Printed{
		"0.33":   {0.33, 0.005, true, "0.33"},
		"15":     {15, 0.5, true, "15"},
		"0.0057": {0.0057, 0.00005, true, "0.0057"},
		"":       {},
	} {
		got, err := printed(text)
		if err != nil || got.OK != want.OK || got.Text != want.Text || math.Abs(got.Value-want.Value) > 1e-12 || math.Abs(got.Half-want.Half) > 1e-12 {
			t.Errorf("printed(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, bad := range []string{"x", "-1", "0"} {
		if _, err := printed(bad); err == nil {
			t.Errorf("printed(%q) is accepted", bad)
		}
	}
}

// The rule finds the one row that contradicts itself, and no longer finds it
// once the likely slip of the pen is put right.
func TestContradiction(t *testing.T) {
	var odd []Row
	for _, r := range Rows() {
		if !r.Consistent() {
			odd = append(odd, r)
		}
	}
	if len(odd) != 1 || odd[0].Model != "Llama-3.1-8B" || odd[0].GPU != "A10G" || odd[0].TTFT != 3 {
		t.Fatalf("contradicting rows: %+v; want that of 8B on A10G within 3 s alone", odd)
	}
	if slips := odd[0].Slips(); len(slips) != 1 || slips[0] != "30.45" {
		t.Errorf("Slips() = %v, want [30.45]", slips)
	}
	fixed := odd[0]
	fixed.GPUs, _ = printed("30.45")
	if !fixed.Consistent() {
		t.Error("30.45 GPUs still contradict 0.33 req/s")
	}
	// Rounding alone is no contradiction: 0.11 hides 0.105 to 0.115.
	rounded := Row{}
	rounded.Rate, _ = printed("0.11")
	for gpus, want := range map[string]bool{"88.4": true, "95.2": true, "87.0": true, "95.4": false, "86.8": false} {
		if rounded.GPUs, _ = printed(gpus); rounded.Consistent() != want {
			t.Errorf("0.11 req/s and %s GPUs: consistent %v, want %v", gpus, !want, want)
		}
	}
	for _, c := range all(t) {
		_, said := c.finding(Contradicts)
		if said == c.Consistent() {
			t.Errorf("%s on %s within %g s: contradiction said %v", c.Model, c.GPU, c.TTFT, said)
		}
	}
}

// The rows that are the rate of one request: recomputed here from the engine's
// request on its own, not looked up.
func TestOneStream(t *testing.T) {
	found := map[string]int{}
	for _, c := range all(t) {
		text, said := c.finding(OneStream)
		if !said {
			continue
		}
		for tp := 1; tp <= 8; tp *= 2 {
			if strings.Contains(text, " on "+string(rune('0'+tp))+" GPU") {
				found[c.Model+" "+c.GPU] = tp
			}
		}
		if c.Ours.OK && c.Ours.Rate < 1/c.Seconds()/streamShare {
			t.Errorf("%s on %s: a single stream is named though the engine has only %g req/s", c.Model, c.GPU, c.Ours.Rate)
		}
	}
	for name, want := range map[string]int{"Llama-3.1-70B L40S": 8, "Llama-3.1-8B L40S": 1} {
		if found[name] != want {
			t.Errorf("%s: one stream on %d GPUs, want %d (all: %v)", name, found[name], want, found)
		}
	}
	if _, ok := found["Llama-3.1-8B A100 SXM"]; !ok {
		t.Errorf("8B on A100 within 0.5 s is not told as one stream: %v", found)
	}
	if _, ok := found["Llama-3.1-8B H100 SXM"]; ok {
		t.Error("8B on H100 is told as one stream")
	}
	// The rule itself: 2 s alone on 4 GPUs are 8 GPU-seconds.
	streams := []stream{{tp: 1, points: []point{{flight: 1, e2e: 5}}}, {tp: 4, points: []point{{flight: 1, e2e: 2}}}}
	for _, q := range []struct {
		seconds float64
		tp      int
	}{{5, 1}, {8, 4}, {8 * 1.24, 4}, {8 * 1.26, 0}, {0, 0}} {
		if p, tp := oneStream(q.seconds, streams); tp != q.tp || (p == nil) != (q.tp == 0) {
			t.Errorf("oneStream(%g) = TP%d, want TP%d", q.seconds, tp, q.tp)
		}
	}
}

// Every row says something, a difference is never left unexplained, and the
// figures belong together.
func TestEveryRowIsExplained(t *testing.T) {
	agree := 0
	for _, c := range all(t) {
		name := c.Model + " on " + c.GPU
		if len(c.Findings) == 0 {
			t.Errorf("%s within %g s: nothing is said", name, c.TTFT)
		}
		_, same := c.finding(Agrees)
		_, low := c.finding(LowLoad)
		_, stream := c.finding(OneStream)
		_, early := c.finding(Earlier)
		_, high := c.finding(Higher)
		if c.Ratio > 0 {
			if same != near(c.Ratio, agreeRatio) || !same && !low && !stream && !early && !high {
				t.Errorf("%s within %g s: ours is %.2f of the chart, said %v", name, c.TTFT, c.Ratio, c.Findings)
			}
			if math.Abs(c.Ratio*c.Rate.Value/c.Ours.Rate-1) > 1e-9 || math.Abs(c.Ours.GPUs*c.Ours.Rate/Demand-1) > 1e-9 {
				t.Errorf("%s: ratio %g, rate %g and GPUs %g do not belong together", name, c.Ratio, c.Ours.Rate, c.Ours.GPUs)
			}
			if same {
				agree++
			}
		}
		if c.Ours.OK && (c.Ours.Fleet%c.Ours.TP != 0 || float64(c.Ours.Fleet) < c.Ours.GPUs-1e-9) {
			t.Errorf("%s: %d GPUs in whole replicas of %d for %g", name, c.Ours.Fleet, c.Ours.TP, c.Ours.GPUs)
		}
		if !c.Rate.OK && c.Ratio != 0 {
			t.Errorf("%s: a ratio without a figure", name)
		}
	}
	if agree < 3 {
		t.Errorf("the engine agrees with %d of the chart's rows; three at least are no single streams", agree)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{"h\na,b,c\n", "h\nm,g,x,500,3,1,1\n", "h\nm,g,5000,500,3,-1,1\n"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("parse(%q) is accepted", bad)
		}
	}
}
