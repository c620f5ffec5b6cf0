package measured

import (
	"math"
	"strconv"
	"strings"

	"fleetsize/catalog"
)

// parser reads the rows of one file.
type parser struct {
	problems
	headings     []string
	at           [colCount]int // position + 1 of each column; 0 = not there
	scale        [colCount]float64
	decimalComma bool
	nim          bool // columns of NVIDIA's NIM tables

	cells []string
	line  int
}

// columns finds ours among the headings.
func (p *parser) columns(heading []string) error {
	var unknown []string
	for i, h := range heading {
		h = strings.TrimSpace(h)
		p.headings = append(p.headings, h)
		c, scale, stated := findColumn(h)
		switch {
		case c == colNone:
			if h != "" {
				unknown = append(unknown, clip(h))
			}
			continue
		case p.at[c] > 0:
			p.add(1, CodeColumn, "%q is a second column of %s and is not used.", clip(h), spellings[c][0])
			continue
		case !stated:
			p.add(1, CodeColumn, "%q states no unit: read as milliseconds.", clip(h))
		}
		p.at[c], p.scale[c] = i+1, scale
	}
	if len(unknown) > 0 {
		more := ""
		if n := len(unknown) - 6; n > 0 {
			unknown, more = unknown[:6], " and "+strconv.Itoa(n)+" more"
		}
		p.add(1, CodeColumn, "Columns that are not used: %s%s.", strings.Join(unknown, ", "), more)
	}
	p.nim = p.at[colDataType] > 0 && p.at[colEngine] == 0
	for _, need := range []struct {
		any  []column
		text string
	}{
		{[]column{colInput}, "input tokens (isl)"},
		{[]column{colOutput}, "output tokens (osl)"},
		{[]column{colConcurrency, colRate}, "the load (concurrency or request_rate)"},
		{[]column{colTTFT, colITL, colTokens, colTTFTP95, colITLP95}, "a measurement (ttft_ms, itl_ms or output_tok_s)"},
	} {
		found := false
		for _, c := range need.any {
			found = found || p.at[c] > 0
		}
		if !found {
			return formatError("no column with %s; the first line must name the columns", need.text)
		}
	}
	return nil
}

// text is a cell without outer space; "" where nothing is stated.
func (p *parser) text(c column) string {
	if p.at[c] == 0 {
		return ""
	}
	s := strings.TrimSpace(p.cells[p.at[c]-1])
	if blank(s) {
		return ""
	}
	return s
}

// number is a cell within (0, most], or [0, most] with zero.
func (p *parser) number(c column, most float64, zero bool) Opt {
	s := p.text(c)
	if s == "" {
		return Opt{}
	}
	v, ok := parseNumber(s, p.decimalComma)
	if latencyColumn(c) {
		v *= p.scale[c]
	}
	if !ok || v < 0 || v == 0 && !zero || v > most {
		p.add(p.line, CodeNumber, "%s is %q, which is no number in range: read as not stated.", spellings[c][0], clip(s))
		return Opt{}
	}
	return Some(v)
}

// count is a whole number from 1 to most; 0 where it is not stated.
func (p *parser) count(c column, most int) int {
	v := p.number(c, float64(most), false)
	if !v.OK {
		return 0
	}
	n := math.Round(v.Value)
	if math.Abs(n-v.Value) > 1e-6*n || n < 1 {
		p.add(p.line, CodeNumber, "%s is %q, which is no whole number: read as not stated.", spellings[c][0], clip(p.text(c)))
		return 0
	}
	return int(n)
}

func (p *parser) precision(c column) catalog.Precision {
	s := p.text(c)
	q, err := catalog.ParsePrecision(s)
	if err != nil {
		p.add(p.line, CodePrecision, "%s: %v; read as not stated.", spellings[c][0], err)
		return ""
	}
	return q
}

// row reads one row.
func (p *parser) row(cells []string, line int) Row {
	p.cells, p.line = cells, line
	r := Row{
		Line: line, Group: p.text(colGroup), Model: p.text(colModel), GPU: p.text(colGPU),
		GPUs: p.count(colGPUs, maxGPUs), TP: p.count(colTP, maxGPUs), PP: max(1, p.count(colPP, maxGPUs)),
		DP: max(1, p.count(colDP, maxGPUs)), EP: max(1, p.count(colEP, maxGPUs)),
		Engine: p.text(colEngine), Version: p.text(colVersion),
		Weights: p.precision(colWeights), KV: p.precision(colKV),
		Input: p.count(colInput, MaxTokens), Output: p.count(colOutput, MaxTokens),
		LengthRatio: p.number(colRatio, 1, false),
		Concurrency: p.count(colConcurrency, MaxConcurrency),
		Rounds:      p.number(colRounds, maxRounds, false), WarmupRounds: p.number(colWarmup, maxRounds, true),
		TTFT: p.number(colTTFT, maxSeconds, false), TTFTP95: p.number(colTTFTP95, maxSeconds, false),
		ITL: p.number(colITL, maxSeconds, false), ITLP95: p.number(colITLP95, maxSeconds, false),
		E2E:           p.number(colE2E, maxSeconds, false),
		OutputTokPerS: p.number(colTokens, maxTokPerS, false),
		KVBasis:       p.text(colKVBasis), Use: p.text(colUse), Fold: p.number(colFold, 1000, true),
		Source: p.text(colSource), Notes: p.text(colNotes),
	}
	p.rate(&r)
	p.statistic(&r)
	if p.nim {
		p.nimRow(&r)
	}
	p.parallel(&r)
	p.define(&r)
	if !r.ITL.OK && r.E2E.OK && r.TTFT.OK && r.Output > 1 && r.E2E.Value > r.TTFT.Value {
		r.ITL = Some((r.E2E.Value - r.TTFT.Value) / float64(r.Output-1))
	}
	if r.Group == "" {
		r.Group, r.unnamed = r.groupName(), true
	}
	if !r.HasLoad() {
		p.add(line, CodeLoad, "Input and output tokens and a load are needed: the row cannot be used.")
	}
	return r
}

// rate reads the request rate; "inf" is an offline run.
func (p *parser) rate(r *Row) {
	if infinite(p.text(colRate)) {
		// Clients also call it infinite when only the concurrency limits them.
		r.Offline = r.Concurrency == 0
		return
	}
	r.Rate = p.number(colRate, maxRate, false).Or(0)
	if r.Rate > 0 && r.Concurrency > 0 {
		// vLLM's client limits both; with a limit in flight the loop is closed.
		p.add(p.line, CodeLoad, "Both %g requests/s and %d in flight are stated: read as %d in flight.", r.Rate, r.Concurrency, r.Concurrency)
		r.Rate = 0
	}
}

// statistic reads what the latencies are over requests.
func (p *parser) statistic(r *Row) {
	s := strings.ToLower(p.text(colStatistic))
	engine := strings.ToLower(r.Engine)
	r.Statistic = Mean
	r.Static = strings.HasSuffix(engine, "-static")
	switch s {
	case "", "mean", "avg", "average":
	case "p50", "median":
		r.Statistic = P50
	case "p90", "p95", "p99":
		r.Statistic = Statistic(s)
	default:
		switch {
		case strings.HasPrefix(s, "static"):
			r.Static = true
		case strings.HasPrefix(s, "offline"):
			r.Offline, r.Rate = r.Concurrency == 0, 0
		default:
			p.add(p.line, CodeStatistic, "Unknown statistic %q: read as the mean.", clip(s))
		}
	}
	if r.Static {
		r.Static = r.Concurrency > 0
	}
}

// parallel completes GPUs and TP from one another.
func (p *parser) parallel(r *Row) {
	r.LayoutStated = r.GPUs > 0 || r.TP > 0
	if r.GPUs == 0 {
		r.GPUs = max(1, r.TP) * r.PP
	}
	if r.TP == 0 {
		r.TP = max(1, r.GPUs/r.PP)
	}
	if r.GPUs < r.TP*r.PP {
		p.add(p.line, CodeNumber, "%d GPUs are fewer than tp × pp = %d: read as %d GPUs.", r.GPUs, r.TP*r.PP, r.TP*r.PP)
		r.GPUs = r.TP * r.PP
	}
}

// groupName is a name for rows of one system in tables that have none.
func (r *Row) groupName() string {
	parts := []string{r.Engine, r.Version, r.Model, r.GPU, "tp" + strconv.Itoa(r.TP), string(r.Weights)}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
