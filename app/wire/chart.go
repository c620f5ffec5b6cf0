package wire

import "fleetsize/calc/sizingchart"

// ChartDoc is a known sizing chart against the engine.
type ChartDoc struct {
	Source string     `json:"source"`
	Demand float64    `json:"demand_req_s"`
	Rows   []ChartRow `json:"rows"`
	Data   string     `json:"data"`
}

// ChartRow is a row of the chart with the engine's answer and what explains
// the difference.
type ChartRow struct {
	Model    string    `json:"model"`
	GPU      string    `json:"gpu"`
	Input    int       `json:"in"`
	Output   int       `json:"out"`
	TTFT     *float64  `json:"ttft_budget_ms"`
	Chart    ChartSide `json:"chart"`
	Ours     ChartSide `json:"ours"`
	TP       *float64  `json:"tp"`
	Weights  string    `json:"q"`
	Tier     *string   `json:"tier"`
	Whole    *float64  `json:"gpus_whole_replicas"`
	Reason   *string   `json:"reason"` // why there is no figure of ours
	Ratio    *float64  `json:"ours_over_chart"`
	Findings []Warning `json:"findings"`
	Link     string    `json:"link"`
}

// ChartSide are the two figures of one side.
type ChartSide struct {
	ReqSPerGPU *float64 `json:"req_s_per_gpu"`
	GPUs       *float64 `json:"gpus"` // for the demand, not rounded
}

// Chart builds the document of a comparison.
func Chart(rows []sizingchart.Compared, data string) ChartDoc {
	d := ChartDoc{Source: sizingchart.Source, Demand: sizingchart.Demand, Rows: []ChartRow{}, Data: data}
	for i := range rows {
		c := &rows[i]
		o := &c.Ours
		r := ChartRow{
			Model: c.ModelID, GPU: c.GPUID, Input: c.Input, Output: c.Output, TTFT: number(c.TTFT * 1e3),
			Chart: ChartSide{known(c.Rate.Value, c.Rate.OK), known(c.GPUs.Value, c.GPUs.OK)},
			Ours:  ChartSide{known(o.Rate, o.OK), known(o.GPUs, o.OK)},
			TP:    known(float64(o.TP), o.OK), Weights: string(o.Weights), Tier: text(string(o.Tier)), Whole: known(float64(o.Fleet), o.OK),
			Reason: text(o.Reason), Ratio: known(c.Ratio, c.Ratio > 0), Findings: []Warning{}, Link: c.Link,
		}
		for _, f := range c.Findings {
			r.Findings = append(r.Findings, Warning(f))
		}
		d.Rows = append(d.Rows, r)
	}
	return d
}
