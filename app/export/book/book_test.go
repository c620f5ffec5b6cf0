package book

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
)

// cells returns a part of the workbook as text.
func part(t *testing.T, content []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// find is the cell with a text in a column of a sheet, and its row.
func find(s *xlsx.Sheet, text string) (row, col int) {
	for i, r := range s.Rows {
		for j, c := range r {
			if c != nil && c.Kind == xlsx.Text && c.Text == text {
				return i + 1, j
			}
		}
	}
	return 0, 0
}

func TestSheets(t *testing.T) {
	b := Workbook(proposal(t, "rps=10", false))
	want := []string{"Summary", "Inputs", "Fleet", "Options", "GPU table", "Assumptions", "BOM", "Sources"}
	for i, s := range b.Sheets {
		if s.Name != want[i] {
			t.Errorf("sheet %d is %q, want %q", i+1, s.Name, want[i])
		}
	}
	names := map[string]bool{}
	for _, n := range b.Names {
		if names[n.Text] {
			t.Errorf("two cells have the name %s", n.Text)
		}
		names[n.Text] = true
	}
	for _, n := range []string{"stated_demand", "demand", "sized_demand", "peak_load", "spare_replicas", "growth", "years", "option", "usd_per_gpu_hour_h100_sxm_80gb", "rate_per_replica_h100_sxm_80gb"} {
		if !names[n] {
			t.Errorf("no cell has the name %s", n)
		}
	}
}

// Every formula column of Fleet holds what the engine counted.
func TestFleetHoldsTheEnginesFigures(t *testing.T) {
	for _, text := range []string{"rps=10", "users=2500&rph=12&pos=cautious", "flight=200&g=h100-sxm,l40s", "m=llama-3.1-405b&rps=3", "nodespare=1&m=llama-3.3-70b", "buy=own&off=20&term=4", "m=deepseek-v3&tp=8&ep=8&dp=8&g=h200-sxm&rps=4", "pd=auto&g=h100-sxm&rps=20", "chunks=8&emb=bge-large-en-v1-5&rer=bge-reranker-v2-m3&g=h100-sxm,l40s", "users=900&peak=p95"} {
		p := proposal(t, text, false)
		b := Workbook(p)
		fleet := b.Sheets[2]
		head, _ := find(fleet, "entry")
		if head == 0 {
			t.Fatalf("%s: no Fleet table", text)
		}
		at := map[string]int{}
		for j, c := range fleet.Rows[head-1] {
			if c == nil {
				continue
			}
			at[c.Text] = j
		}
		for i := range p.Answer.Options {
			o := &p.Answer.Options[i]
			row := fleet.Rows[head+i]
			for id, want := range map[string]float64{"gpus": float64(o.GPUs), "nodes": float64(o.Nodes), "replicas": float64(o.Replicas)} {
				if got := row[at[id]]; got.Kind != xlsx.Formula || got.Number != want {
					t.Errorf("%s: %s: %s is %v, the engine says %v", text, o.GPU.ID, id, got.Number, want)
				}
			}
			if got := row[at["usd_month"]]; o.Priced && !near(got.Number, o.USDPerMonth) || !o.Priced && got.Value != "No price" {
				t.Errorf("%s: %s: cost %v %q, the engine says %v", text, o.GPU.ID, got.Number, got.Value, o.USDPerMonth)
			}
			if got := row[at["kw"]]; o.Powered && !near(got.Number, o.KW) {
				t.Errorf("%s: %s: %v kW, the engine says %v", text, o.GPU.ID, got.Number, o.KW)
			}
		}
	}
}

func near(a, b float64) bool { return a-b < 1e-9*b && b-a < 1e-9*b }

// No text becomes a formula, whatever a user called things.
func TestNoFormulaFromNames(t *testing.T) {
	p := proposal(t, "rps=10&g=h100-sxm", false)
	evil := `=HYPERLINK("http://evil.example","x")`
	p.State.Title = evil
	p.Answer.Options[0].GPU = clone(p.Answer.Options[0].GPU)
	p.Answer.Options[0].GPU.Short, p.Answer.Options[0].GPU.Name = "@SUM(1)", "+1|cmd"
	p.Req.Model = cloneModel(p.Req.Model)
	p.Req.Model.Name = "-2+3"
	b := Workbook(p)
	for _, s := range b.Sheets {
		for i, r := range s.Rows {
			for j, c := range r {
				for _, bad := range []string{"HYPERLINK", "SUM(1)", "cmd", "-2+3"} {
					if c != nil && c.Kind == xlsx.Formula && strings.Contains(c.Text, bad) {
						t.Errorf("%s!%s: formula %q", s.Name, xlsx.Address(j, i+1), c.Text)
					}
				}
			}
		}
	}
	summary := part(t, b.Bytes(), "xl/worksheets/sheet1.xml")
	if !strings.Contains(summary, `t="inlineStr"><is><t xml:space="preserve">=HYPERLINK(&quot;`) {
		t.Error("the title is not a text cell")
	}
	if !strings.Contains(part(t, b.Bytes(), "xl/styles.xml"), `quotePrefix="1"`) {
		t.Error("text that looks like a formula carries no quote prefix")
	}
}

// Equal answers give equal bytes.
func TestDeterministic(t *testing.T) {
	p := proposal(t, "rps=10&g=h100-sxm,l40s", false)
	if !bytes.Equal(Workbook(p).Bytes(), Workbook(p).Bytes()) {
		t.Error("two exports differ")
	}
}

func TestNothingViable(t *testing.T) {
	p := proposal(t, "ttft=1ms", false)
	if len(p.Answer.Options) != 0 {
		t.Fatal("something serves within a millisecond")
	}
	b := Workbook(p)
	if row, _ := find(b.Sheets[1], "No accelerator meets the targets, so there is nothing to compute."); row == 0 {
		t.Error("Inputs does not say that nothing is viable")
	}
	if row, _ := find(b.Sheets[4], "Not viable"); row == 0 {
		t.Error("the GPU table does not list what is not viable")
	}
	_ = export.Register(p)
	b.Bytes()
}
