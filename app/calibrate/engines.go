//go:build !js

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"fleetsize/catalog"
)

// enginesFile is catalog/data/engines.json as text: only the figures of the
// profiles are replaced, the rest stays as people wrote it.
type enginesFile struct{ text string }

func openEngines(file string) (*enginesFile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return &enginesFile{string(text)}, nil
}

func (f *enginesFile) save(file string) error { return os.WriteFile(file, []byte(f.text), 0o644) }

// put replaces the figures of one profile. Its id, label, match and source
// stay.
func (f *enginesFile) put(p *catalog.Profile) error {
	start := strings.Index(f.text, `{"id":`+strconv.Quote(p.ID))
	if start < 0 {
		return fmt.Errorf("engines.json has no profile %s: add it with its label, match and source", p.ID)
	}
	end := start
	for depth := 0; end < len(f.text); end++ {
		switch f.text[end] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	var kept struct {
		Label string          `json:"label"`
		Match json.RawMessage `json:"match"`
		Src   int             `json:"src"`
	}
	if err := json.Unmarshal([]byte(f.text[start:end+1]), &kept); err != nil {
		return fmt.Errorf("engines.json: profile %s: %w", p.ID, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":%s,"label":%s,`, strconv.Quote(p.ID), strconv.Quote(kept.Label))
	if len(kept.Match) > 0 {
		fmt.Fprintf(&b, `"match":%s,`, kept.Match)
	}
	fmt.Fprintf(&b, `"src":%d,"rows":%d`, kept.Src, p.Rows)
	if p.TTFTError > 0 || p.ITLError > 0 {
		fmt.Fprintf(&b, `,"err":[%s,%s]`, short(p.TTFTError, 3), short(p.ITLError, 3))
	}
	if p.Bands.Known() {
		fmt.Fprintf(&b, `,"band":[%s,%s,%s,%s]`, short(p.Bands.TTFT, 3), short(p.Bands.TTFTSaturated, 3), short(p.Bands.ITL, 3), short(p.Bands.Rate, 3))
	}
	if s := p.Seen; s.Known() {
		fmt.Fprintf(&b, `,"seen":{"in":[%d,%d],"sum":[%d,%d],"tp":%d`, s.InputMin, s.InputMax, s.TotalMin, s.TotalMax, s.TP)
		if s.MoE {
			b.WriteString(`,"moe":true`)
		}
		if s.FourBit {
			b.WriteString(`,"four":true`)
		}
		if s.Unusual {
			b.WriteString(`,"unusual":true`)
		}
		b.WriteString("}")
	}
	b.WriteString(",\n   ")
	n := &numbers{b: &b}
	n.add("ec", p.ComputeEff, 0)
	if p.AttentionEff != p.ComputeEff {
		n.add("ea", p.AttentionEff, 0)
	}
	n.add("ed", p.BandwidthEff, 0)
	n.add("ekv", p.KVReadEff, 1)
	n.add("kv8", p.KVRead8Bit, 1)
	n.add("t0ms", p.StepOverhead*1e3, 0)
	n.add("tLus", p.LayerOverhead*1e6, 0)
	n.add("csus", p.SequenceCost*1e6, 0)
	n.add("tkns", p.TokenLayerCost*1e9, 0)
	n.add("aus", p.AllReduceDelay*1e6, 0)
	n.add("link", p.LinkEff, 0.7)
	if p.DirectReduce {
		b.WriteString(`,"direct":true`)
	}
	n.add("pciedelay", p.PCIeDelayFactor, 1.36)
	n.add("pcielink", p.PCIeLinkEff, 0.45)
	n.add("dreqms", p.RequestCost*1e3, 0)
	n.add("cfus", p.TokenCost*1e6, 0)
	n.add("trms", p.FirstTokenDelay*1e3, 0)
	n.group("moe", []string{"ec", "ed", "lat", "cov"}, []float64{p.MoEComputeEff, p.MoEBandwidthEff, p.MoELatency, p.MoECoverageExp})
	n.group("four", []string{"ec", "ed"}, []float64{p.FourBitComputeEff, p.FourBitBandwidthEff})
	n.group("bw", []string{"ec", "ed", "lat"}, []float64{p.BlackwellComputeEff, p.BlackwellBandwidthEff, p.BlackwellLatency})
	b.WriteString("}")
	f.text = f.text[:start] + b.String() + f.text[end+1:]
	return nil
}

// numbers writes members of an object, leaving out defaults.
type numbers struct {
	b     *strings.Builder
	comma bool
}

func (n *numbers) add(key string, v, unset float64) {
	if v == 0 || v == unset {
		return
	}
	if n.comma {
		n.b.WriteByte(',')
	}
	n.comma = true
	fmt.Fprintf(n.b, "%q:%s", key, short(v, 4))
}

func (n *numbers) group(key string, keys []string, values []float64) {
	any := false
	for _, v := range values {
		any = any || v != 0 && v != 1
	}
	if !any {
		return
	}
	fmt.Fprintf(n.b, ",%q:{", key)
	inner := &numbers{b: n.b}
	for i, k := range keys {
		inner.add(k, values[i], 1)
	}
	n.b.WriteByte('}')
}

// short is v with so many significant digits and no exponent.
func short(v float64, digits int) string {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	return strconv.FormatFloat(r, 'f', -1, 64)
}
