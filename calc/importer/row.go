package importer

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// row is one measured load as a client states it; zero fields are not stated.
type row struct {
	model, gpu, engine, version, weights, kv string
	gpus, tp, pp, dp, ep                     int

	in, out float64 // tokens, nominal or mean
	ratio   float64 // lengths are uniform on [ratio, 1] × nominal
	flight  float64 // requests in flight
	rate    float64 // req/s
	rounds  float64 // requests per slot

	ttft, ttft95, itl, itl95, e2e float64 // seconds
	tokPerS                       float64
	statistic                     string

	definitions []string
	source, use string
	said        []string // what was assumed about the row
}

func (r *row) say(format string, args ...any) { r.said = append(r.said, fmt.Sprintf(format, args...)) }

func (r *row) defined(ids ...string) { r.definitions = append(r.definitions, ids...) }

// closed sets a closed loop: requests in flight and, where the number sent is
// known, how many rounds of them make the run.
func (r *row) closed(flight, requests float64) {
	flight = math.Round(flight)
	if flight < 1 {
		return
	}
	r.flight = flight
	if requests >= flight {
		r.rounds = requests / flight
	}
}

// closedBy finds the requests in flight by Little's law where nothing states
// the load: requests/s × seconds each.
func (r *row) closedBy(requestsPerS, latency float64) {
	if n := math.Round(requestsPerS * latency); n >= 1 {
		r.flight = n
		r.say("The file states no load: by Little's law, %s requests/s of %s s each keep %s in flight.", short(requestsPerS), short(latency), short(n))
	}
}

// derive works the time per token out of means.
func (r *row) derive() bool {
	if r.e2e > r.ttft && r.ttft > 0 && r.out > 1 {
		r.itl, r.itl95 = (r.e2e-r.ttft)/(r.out-1), 0
		return true
	}
	r.itl, r.itl95 = 0, 0
	return false
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }

// tokens sets input and output from means.
func (r *row) tokens(in, out float64) { r.in, r.out = math.Round(in), math.Round(out) }

// columns of the table that rows are turned into; those that no row states
// are left out.
var columns = []struct {
	name string
	of   func(*row) string
}{
	{"model", func(r *row) string { return r.model }},
	{"gpu", func(r *row) string { return r.gpu }},
	{"gpus", func(r *row) string { return whole(r.gpus) }},
	{"tp", func(r *row) string { return whole(r.tp) }},
	{"pp", func(r *row) string { return whole(r.pp) }},
	{"dp", func(r *row) string { return whole(r.dp) }},
	{"ep", func(r *row) string { return whole(r.ep) }},
	{"engine", func(r *row) string { return r.engine }},
	{"engine_version", func(r *row) string { return r.version }},
	{"weights", func(r *row) string { return r.weights }},
	{"kv", func(r *row) string { return r.kv }},
	{"isl", func(r *row) string { return number(r.in) }},
	{"osl", func(r *row) string { return number(r.out) }},
	{"length_ratio", func(r *row) string { return number(r.ratio) }},
	{"concurrency", func(r *row) string { return number(r.flight) }},
	{"request_rate", func(r *row) string { return number(r.rate) }},
	{"rounds", func(r *row) string { return number(r.rounds) }},
	{"ttft_ms", func(r *row) string { return number(r.ttft * 1e3) }},
	{"ttft_p95_ms", func(r *row) string { return number(r.ttft95 * 1e3) }},
	{"itl_ms", func(r *row) string { return number(r.itl * 1e3) }},
	{"itl_p95_ms", func(r *row) string { return number(r.itl95 * 1e3) }},
	{"e2e_ms", func(r *row) string { return number(r.e2e * 1e3) }},
	{"output_tok_s", func(r *row) string { return number(r.tokPerS) }},
	{"statistic", func(r *row) string { return r.statistic }},
	{"definitions", func(r *row) string { return strings.Join(r.definitions, " ") }},
	{"use", func(r *row) string { return r.use }},
	{"source", func(r *row) string { return r.source }},
}

// always are columns that every table of measurements must have.
const always = "isl osl concurrency ttft_ms itl_ms output_tok_s"

func whole(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// number prints at most eight significant digits; what is not a positive
// number is not stated.
func number(x float64) string {
	if !(x > 0) || math.IsInf(x, 0) {
		return ""
	}
	v, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 8, 64), 64)
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// table writes rows in our columns.
func table(rows []row) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	cells := make([][]string, len(rows)+1)
	for _, c := range columns {
		used := strings.Contains(" "+always+" ", " "+c.name+" ")
		values := make([]string, len(rows))
		for i := range rows {
			values[i] = clean(c.of(&rows[i]))
			used = used || values[i] != ""
		}
		if !used {
			continue
		}
		cells[0] = append(cells[0], c.name)
		for i, v := range values {
			cells[i+1] = append(cells[i+1], v)
		}
	}
	for _, line := range cells {
		_ = w.Write(line) // a bytes.Buffer takes everything
	}
	w.Flush()
	return b.Bytes()
}

// clean bounds a text from a file and keeps it on one line.
func clean(s string) string {
	const most = 200
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
