package sizingchart

import (
	"strconv"
	"strings"

	"fleetsize/calc/units"
)

// Columns are the headings of CSV.
var Columns = []string{
	"model", "gpu", "input_tokens", "output_tokens", "ttft_budget_s", "chart_req_per_s_per_gpu", "chart_gpus_for_10_req_s",
	"our_req_per_s_per_gpu", "our_gpus_for_10_req_s", "our_gpus_whole_replicas", "our_tp", "our_weights", "our_tier", "ours_over_chart", "findings", "explanation",
}

// CSV is the row as a line of a table; cells without a figure are empty.
func (c *Compared) CSV() string {
	number := func(x float64) string {
		if !(x > 0) {
			return ""
		}
		return strconv.FormatFloat(units.Round(x, 6), 'f', -1, 64)
	}
	var codes, texts []string
	for _, f := range c.Findings {
		codes, texts = append(codes, f.Code), append(texts, f.Text)
	}
	cells := []string{
		c.ModelID, c.GPUID, strconv.Itoa(c.Input), strconv.Itoa(c.Output), number(c.TTFT), c.Rate.Text, c.GPUs.Text,
		number(c.Ours.Rate), number(c.Ours.GPUs), number(float64(c.Ours.Fleet)), number(float64(c.Ours.TP)), string(c.Ours.Weights), string(c.Ours.Tier), number(c.Ratio),
		strings.Join(codes, " "), strings.Join(texts, " "),
	}
	for i, s := range cells {
		if strings.ContainsAny(s, ",\"\n") {
			cells[i] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
	}
	return strings.Join(cells, ",")
}
