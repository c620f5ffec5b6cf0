package catalog

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// derivedRow is what an independent derivation from the same dimensions gave
// (16-bit cache), and what to add before comparing with a published total.
type derivedRow struct {
	ID        string  `json:"id"`
	Total     float64 `json:"total"`
	Active    float64 `json:"active"`
	Embedding float64 `json:"embedding"`
	KV        float64 `json:"kv"`
	Window    float64 `json:"window"`
	Indexer   float64 `json:"indexer"`
	State     float64 `json:"state"`
	Add       float64 `json:"add"`
}

func derivedRows(t testing.TB) map[string]derivedRow {
	t.Helper()
	data, err := os.ReadFile("testdata/derived.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []derivedRow
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]derivedRow, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out
}

func load(t testing.TB) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWorkAgreesWithDerivation(t *testing.T) {
	c, want := load(t), derivedRows(t)
	if len(c.Models) != 140 || len(want) != 140 {
		t.Fatalf("%d models, %d derivations, want 140", len(c.Models), len(want))
	}
	for _, m := range c.Models {
		w, d := m.Work(), want[m.ID]
		var window float64
		for _, x := range w.Windows {
			window += x.Tokens * x.KVElems * 2
		}
		for _, q := range []struct {
			what      string
			got, want float64
		}{
			{"total parameters", w.TotalParams, d.Total},
			{"active parameters", w.ActiveParams(), d.Active},
			{"embedding parameters", float64(m.Vocab) * float64(m.Hidden), d.Embedding},
			{"KV bytes per token", math.Round(w.KVElems*2*100) / 100, d.KV},
			{"window bytes", window, d.Window},
			{"indexer bytes per token", math.Round(w.IndexerBytes*100) / 100, d.Indexer},
			{"state bytes", w.StateBytes, d.State},
		} {
			if q.got != q.want {
				t.Errorf("%s: %s = %.2f, want %.2f", m.ID, q.what, q.got, q.want)
			}
		}
		sum := w.EmbeddingParams + w.DenseParams + w.ExpertParams + w.OtherParams
		if sum != w.TotalParams {
			t.Errorf("%s: parts add up to %.0f of %.0f parameters", m.ID, sum, w.TotalParams)
		}
	}
}
