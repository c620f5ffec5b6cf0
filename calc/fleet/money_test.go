package fleet

import (
	"math"
	"testing"

	"fleetsize/calc/money"
	"fleetsize/calc/rag"
)

// The price basis decides the ranking: an own price that makes the second
// accelerator cheaper puts it first.
func TestOwnPricesRank(t *testing.T) {
	r := only(t, worked(t), "h100-sxm", "a100-sxm", "l40s")
	var e Estimator
	a := e.Preview(r)
	if len(a.Options) != 3 {
		t.Fatalf("%d options", len(a.Options))
	}
	last := a.Options[2]
	for i := range a.Options {
		o := &a.Options[i]
		if want := o.GPU.Rent.USD * 730 * float64(o.GPUs); math.Abs(o.USDPerMonth-want) > 1e-6 {
			t.Errorf("%s: %v a month, want %v", o.GPU.ID, o.USDPerMonth, want)
		}
	}
	r.Money.Prices = []money.Price{{GPU: last.GPU.ID, USD: 0.01}}
	if b := e.Preview(r); b.Options[0].GPU.ID != last.GPU.ID || !b.Options[0].Bill.Quote.Own {
		t.Errorf("with %s at 0.01 an hour %s is first", last.GPU.ID, b.Options[0].GPU.ID)
	}
	r.Money = money.Terms{Discount: 0.25}
	for i, o := range e.Preview(r).Options {
		if math.Abs(o.USDPerMonth/a.Options[i].USDPerMonth-0.75) > 1e-9 {
			t.Errorf("%s: %v with 25 %% off %v", o.GPU.ID, o.USDPerMonth, a.Options[i].USDPerMonth)
		}
	}
}

// Owned fleets rank by what they cost a month, and an accelerator without a
// purchase price ranks behind those with one.
func TestOwnedRank(t *testing.T) {
	r := only(t, worked(t), "h100-sxm", "h100-nvl-94gb", "l40s")
	r.Money = money.Default(money.Own)
	var e Estimator
	a := e.Preview(r)
	if len(a.Options) != 3 || a.Options[2].GPU.ID != "h100-nvl-94gb" || a.Options[2].Priced {
		t.Fatalf("options %v", a.Options)
	}
	o := a.Options[0]
	if b := o.Bill; o.USDPerMonth != b.Purchase+b.Hosting+b.Energy+b.License || b.Hosting <= 0 || b.Energy <= 0 {
		t.Errorf("bill %+v", b)
	}
}

// A pipeline takes its time off the first-token target and its GPUs join the bill.
func TestPipelineBeforeTheModel(t *testing.T) {
	r := only(t, worked(t), "h100-sxm")
	var e Estimator
	plain := e.Preview(r).Options[0]
	emb, _ := r.Catalog.Model("bge-large-en-v1-5")
	rer, _ := r.Catalog.Model("bge-reranker-v2-m3")
	r.Pipeline = &rag.Pipeline{Retrieval: 0.1, Embedder: emb, Query: 100, Reranker: rer, Candidates: 50, Pair: 600}
	a := e.Preview(r)
	if len(a.Options) != 1 {
		t.Fatalf("excluded: %+v", a.Excluded)
	}
	o := a.Options[0]
	if o.Pipeline.GPUs < 4 || o.Bill.GPUs != o.GPUs+o.Pipeline.GPUs { // two stages with a spare each
		t.Errorf("%d GPUs before the model, %d in the bill of %d", o.Pipeline.GPUs, o.Bill.GPUs, o.GPUs)
	}
	if o.RateSLO > 1.005*plain.RateSLO || o.RateSLO <= 0 {
		t.Errorf("rate inside the targets %v, without a pipeline %v", o.RateSLO, plain.RateSLO)
	}
	if left := r.targetsOn(o.GPU).TTFT; math.Abs(left+o.Pipeline.Ahead-3) > 1e-9 {
		t.Errorf("%v s left of 3 s after %v s", left, o.Pipeline.Ahead)
	}
	r.Targets.TTFT = 0.15 // retrieval and reranking take more
	if x := e.Preview(r).Excluded; len(x) == 0 || reasonOf(x, "h100-sxm-80gb") != ReasonTTFT {
		t.Errorf("0.15 s is met although the stages before the model take longer")
	}
}

func reasonOf(list []Exclusion, id string) Reason {
	for _, x := range list {
		if x.GPU.ID == id {
			return x.Reason
		}
	}
	return ""
}

// Growth by hand: 10 req/s growing 50 % a year; needed replicas follow the
// demand at the end of each year and nothing is sold.
func TestGrowth(t *testing.T) {
	r := only(t, worked(t), "h100-sxm")
	r.Posture.Growth, r.Posture.Years = 0.5, 1
	var e Estimator
	o := e.Preview(r).Options[0]
	g := o.Growth(&r, 4)
	have := 0
	for i, y := range g.Years {
		peak := 10 * math.Pow(1.5, float64(i+1))
		want := (int(math.Ceil(peak/(0.7*o.ReplicaRate)-1e-9)) + 1) * o.Layout.GPUs()
		if math.Abs(y.Peak-peak) > 1e-9 || y.GPUs != want || y.Buy != want-have {
			t.Errorf("year %d: %+v, want %d GPUs for %v req/s", y.Year, y, want, peak)
		}
		if math.Abs(y.USD-12*730*o.GPU.Rent.USD*float64(want)) > 1e-6 {
			t.Errorf("year %d costs %v", y.Year, y.USD)
		}
		have = want
	}
	if g.Years[0].GPUs != o.GPUs {
		t.Errorf("the first year has %d GPUs, the option sized for one year %d", g.Years[0].GPUs, o.GPUs)
	}
	if !(g.Total < g.AllTotal) || !g.Priced {
		t.Errorf("buying as needed costs %v, all at once %v", g.Total, g.AllTotal)
	}
	// Owned: purchases sum to the last fleet.
	r.Money = money.Default(money.Own)
	o = e.Preview(r).Options[0]
	g = o.Growth(&r, 3)
	bought := 0
	for _, y := range g.Years {
		bought += y.Buy
	}
	if bought != g.Years[2].GPUs || g.Total >= g.AllTotal {
		t.Errorf("bought %d of %d; %v against %v", bought, g.Years[2].GPUs, g.Total, g.AllTotal)
	}
}

// A list price older than a quarter of a year says so; an own one and a fresh one do not.
func TestOldPricesSaySo(t *testing.T) {
	for _, c := range []struct {
		from, to string
		days     int
	}{
		{"2026-04-03", "2026-11-21", 232}, {"2026-11-21", "2026-11-21", 0}, {"2026-04", "2026-04-20", 5},
		{"", "2026-11-21", 0}, {"soon", "2026-11-21", 0}, {"2026-02-30", "2026-11-21", 0},
	} {
		if got := daysBetween(c.from, c.to); got != c.days {
			t.Errorf("daysBetween(%q, %q) = %d, want %d", c.from, c.to, got, c.days)
		}
	}
	var e Estimator
	says := func(r Requirement) bool {
		a := e.Preview(only(t, r, "h100-sxm-80gb"))
		for _, w := range a.Options[0].Warnings {
			if w.Code == "stale_price" {
				return true
			}
		}
		return false
	}
	r := worked(t)
	cat := *r.Catalog
	r.Catalog = &cat
	gpu, _ := cat.GPU("h100-sxm-80gb")
	asOf := gpu.Rent.AsOf
	cat.Date = asOf
	if says(r) {
		t.Errorf("a price of %s is old on that day", asOf)
	}
	cat.Date = "2030-01-01"
	if !says(r) {
		t.Errorf("a price of %s is fresh on %s", asOf, cat.Date)
	}
	r.Money.Prices = []money.Price{{GPU: gpu.ID, USD: 2}}
	if says(r) {
		t.Error("an own price is old")
	}
}
