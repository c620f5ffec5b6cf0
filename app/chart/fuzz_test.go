package chart_test

import (
	"encoding/binary"
	"math"
	"testing"

	"fleetsize/app/chart"
)

// FuzzDrawings draws whatever numbers and names it is given with all three
// charts: nothing may panic, leave the drawing, overlap or break the XML.
func FuzzDrawings(f *testing.F) {
	seed := func(values ...float64) []byte {
		var b []byte
		for _, v := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	f.Add(seed(.5, 5, 1, 4, 3, 4, 5, 4), "H100 SXM", uint16(980), uint8(0))
	f.Add(seed(1, math.NaN(), 2, math.Inf(1), 3, 0, -1, -1), "", uint16(320), uint8(1))
	f.Add(seed(1e-15, 1e15, 1e15, 1e-15, 3, 3), "a <b> & \"c\"", uint16(358), uint8(2))
	f.Add(seed(1, 1, 1, 1, 1, 1), "ＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷＷ", uint16(120), uint8(5))
	f.Add(seed(2026, 10, 2027, 30, 2028, 90), "growth", uint16(640), uint8(4))
	f.Fuzz(func(t *testing.T, data []byte, name string, width uint16, mode uint8) {
		var values []float64
		for len(data) >= 8 && len(values) < 64 {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(data)))
			data = data[8:]
		}
		if len([]rune(name)) > 60 {
			name = string([]rune(name)[:60])
		}
		kind := chart.ScaleKind(mode % 2)
		var points []chart.Point
		var parts []chart.Part
		for i := 0; i+1 < len(values); i += 2 {
			points = append(points, chart.Point{X: values[i], Y: values[i+1], Measured: i%4 == 0, Lo: values[i], Hi: values[i+1]})
			parts = append(parts, chart.Part{Name: name, Short: "x", Value: values[i], Note: name})
		}
		at := 3.0
		if len(values) > 0 {
			at = values[0]
		}
		series := []chart.Series{{Name: name, Hero: true, Points: points, Shape: chart.CurveKind(mode % 3)},
			{Name: "B", Ghost: mode%5 == 0, Points: points[:len(points)/2], Mark: chart.Mark{Hue: "c3", Tier: 2}}}
		x, y := chart.Axis{Name: name, Unit: "s", Kind: kind}, chart.Axis{Name: "GPUs", Kind: kind, Whole: mode%7 == 0}
		w := float64(width % 2000)
		check(t, "lines", chart.Lines(chart.LineSpec{Head: chart.Head{Title: name}, X: x, Y: y, Series: series, First: true,
			Target: &chart.Target{At: at, Note: name}, Zones: []chart.Zone{{X0: at, Label: name}}, YRules: []chart.Rule{{At: at}}}, w), 1)
		check(t, "panels", chart.Panels(chart.PanelSpec{Head: chart.Head{Title: name}, X: x, At: at, Rows: mode%2 == 1,
			Zones:  []chart.Zone{{X1: at, Kind: chart.Phase, Label: name}},
			Panels: []chart.Panel{{Name: name, Y: y, Series: series, Rules: []chart.Rule{{At: at}}}, {Name: "B", Y: y, Series: series[:1]}}}, w), 1)
		check(t, "stack", chart.Stack(chart.StackSpec{Rows: []chart.Bar{{Title: name, Unit: "s", Parts: parts}, {Unit: "GB", Parts: parts, Total: at}}}, w), 1)
	})
}
