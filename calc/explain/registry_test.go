package explain

import (
	"regexp"
	"strings"
	"testing"
)

// shown are the entries that a view, an export or a script asks for by
// themselves. Every other entry has to be part of one of them.
var shown = []string{
	"gpus", "replicas", "replicas_needed", "needed_gpus", "spare_gpus", "nodes", "load", "in_flight", "per_replica_in_flight",
	"gpus_low", "gpus_high", "rate_spread", "ttft_spread", "itl_spread", "rate_per_gpu", "rate_per_replica",
	"ttft", "ttft_margin", "ttft_share", "itl", "itl_margin", "itl_share", "e2e", "e2e_margin", "e2e_share", "speed", "running",
	"memory_capacity", "memory_weights", "memory_kv_used", "memory_kv_free", "memory_activations", "memory_runtime", "memory_unusable", "room",
	"kw", "kwh_per_thousand", "racks", "rack_share", "kwh_month", "kg_co2", "tok_s_per_w", "tok_per_joule",
	"usd_month", "usd_year", "usd_term", "usd_per_thousand", "usd_per_million_input", "usd_per_million_output", "usd_per_million_total", "saving",
	"other_gpus", "other_usd_month", "other_ttft", "other_itl", "ttft_low", "ttft_high", "itl_low", "itl_high", "curve_ttft", "curve_itl", "curve_rate", "rate_planned", "demand", "ttft_whole_share", "e2e_whole_share", "decode_write_bytes", "decode_activation_bytes", "machine_balance", "decode_intensity", "prefill_intensity",
	"memory_share", "output_at_peak", "step_at", "larger_at", "intensity_at", "requests_at", "next_replica_at", "usd_month_low", "kw_low", "growth_nodes", "growth_buy", "growth_total", "growth_all_usd", "price_gpus",
	"usd_busy_output", "usd_busy_total", "list_output", "list_blended", "tok_s_per_mw",
	"usd_rent_term", "usd_purchase_term", "usd_hosting_term", "usd_energy_term", "usd_license_term", "kwh_term", "kg_co2_term",
	"payback_months", "payback_saving", "bought_spent", "rented_spent", "api_month", "api_spent", "api_even_tokens", "api_even_share",
	"fig_flop", "fig_memory", "fig_used", "fig_headroom", "fig_least", "fig_thousand", "fig_gpu", "fig_fleet", "fig_mfu", "fig_mbu", "fig_wait", "fig_gpu_bytes", "fig_sent", "fig_links", "fig_efficiency",
	"less_usd", "sooner", "over_more", "over_speed", "front_lead", "side_lead", "output_per_gpu", "move_gpus", "move_usd", "move_exact", "move_cliff", "cliff", "front_output", "front_speed",
	"hold_people", "hold_day", "hold_active", "hold_over", "hold_more", "hold_left", "hold_usd", "hold_nodes", "mix_share",
	"mix_shared", "mix_apart", "mix_part", "mix_usd", "mix_kw", "mix_ttft", "mix_itl", "mix_times",
	"side_per_rated", "side_per_wall", "side_per_usd", "side_speed", "side_speed_slow", "side_ttft", "side_ttft_slow", "fit_rate", "fit_in_flight",
	"shape_usd", "shape_ttft", "shape_speed", "shape_output", "shape_alone_ttft", "shape_alone_speed", "shape_best_usd",
	"seen_good", "seen_moved", "seen_error", "seen_gain", "seen_off", "seen_over", "seen_model_ttft", "seen_model_speed", "seen_per_kw", "seen_per_usd", "seen_per_drawn", "seen_joule", "seen_usd_mtok",
	"cat_params", "cat_flop", "cat_weights", "cat_kv", "cat_held_usable", "cat_held_free",
}

// facts are the inputs that a view shows by themselves.
var facts = []string{"move_input", "cat_memory", "cat_bandwidth", "cat_half", "cat_fp8", "cat_link", "cat_watts", "cat_rent", "cat_list_rent", "cat_list_price", "cat_year", "cat_context",
	"seen_errors", "seen_rate", "seen_ttft", "seen_ttft_slow", "seen_tpot", "seen_speed_slow", "seen_tool_ttft", "seen_tool_speed", "seen_drawn", "seen_reply", "seen_knee", "seen_pass", "seen_fail",
	"seen_rows", "seen_mean", "seen_median", "seen_rms", "seen_rms_rate", "seen_bias", "seen_near", "seen_inside", "seen_measured", "seen_measured_rate", "seen_modeled", "seen_modeled_rate",
	"seen_held", "seen_cache", "seen_sent", "seen_first", "seen_end", "seen_answer", "seen_stderr"}

func TestRegistry(t *testing.T) {
	r := read()
	cell := regexp.MustCompile(`^([a-z]{1,3}[0-9]+|[rc])$`) // would be a cell's address in a spreadsheet
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	used, seen := map[string]bool{}, map[string]bool{}
	for _, f := range r.list {
		key := f.ID + "@" + f.Case
		if seen[key] {
			t.Errorf("%s stands twice", key)
		}
		seen[key] = true
		if !name.MatchString(f.ID) || cell.MatchString(f.ID) {
			t.Errorf("%s is no name for a cell", f.ID)
		}
		if f.Title == "" || !strings.HasSuffix(f.What, ".") || f.unit.name == "" || f.sure == "" {
			t.Errorf("%s: title %q, what %q, unit %q, sure %q", key, f.Title, f.What, f.unit.name, f.sure)
		}
		for _, s := range f.Inputs() {
			used[s] = true
			if _, input := r.inputs[s]; r.byID[s] == nil && !input {
				t.Errorf("%s uses %s, which is neither an entry nor an input", key, s)
			}
		}
		if simulated := f.Simulated(); simulated != (f.Excel() == "") && !f.body.calls("poisson95") {
			t.Errorf("%s: simulated %v, spreadsheet form %q", key, simulated, f.Excel())
		}
	}
	for _, s := range facts {
		used[s] = true
		if _, ok := r.inputs[s]; !ok {
			t.Errorf("%s is shown and is no input", s)
		}
	}
	for _, s := range r.order {
		if !used[s] {
			t.Errorf("input %s is not used", s)
		}
		if !name.MatchString(s) || cell.MatchString(s) {
			t.Errorf("%s is no name for a cell", s)
		}
		if f := r.inputs[s]; f.meaning == "" || f.unit.name == "" {
			t.Errorf("input %s: meaning %q, unit %q", s, f.meaning, f.unit.name)
		}
	}
	for _, id := range shown {
		used[id] = true
		if r.byID[id] == nil {
			t.Errorf("%s is shown and has no entry", id)
		}
	}
	for id := range r.byID {
		if !used[id] {
			t.Errorf("entry %s is part of nothing that is shown", id)
		}
	}
}

// Entries must not need themselves.
func TestNoCycles(t *testing.T) {
	r := read()
	state := map[string]int{}
	var visit func(id string, path string)
	visit = func(id, path string) {
		switch state[id] {
		case 1:
			t.Errorf("cycle: %s > %s", path, id)
			return
		case 2:
			return
		}
		state[id] = 1
		for _, f := range r.byID[id] {
			for _, s := range f.Inputs() {
				// The memory rule's parts need each other in one direction a case.
				if f.Case != "free" && s != id {
					visit(s, path+" > "+id)
				}
			}
		}
		state[id] = 2
	}
	for id := range r.byID {
		visit(id, "")
	}
}

func TestExpressions(t *testing.T) {
	in := func(name string) float64 {
		return map[string]float64{"a": 2, "b": 3, "c": 4, simulate: 42}[name]
	}
	for _, tc := range []struct {
		text  string
		want  float64
		words string
		excel string
	}{
		{"a + b * c", 14, "a + b × c", "=a+b*c"},
		{"(a + b) * c", 20, "(a + b) × c", "=(a+b)*c"},
		{"a - (b - c)", 3, "a − (b − c)", "=a-(b-c)"},
		{"a / (b * c)", 2.0 / 12, "a ÷ (b × c)", "=a/(b*c)"},
		{"a / b / c", 2.0 / 12, "a ÷ b ÷ c", "=a/b/c"},
		{"a ^ b ^ 2", 512, "a^b^2", "=a^(b^2)"},
		{"(a ^ b) ^ 2", 64, "(a^b)^2", "=(a^b)^2"},
		{"up(a / b) + 1.5e-1", 1.15, "ceil(a ÷ b) + 0.15", "=MAX(1,ROUNDUP(a/b-1E-9,0))+0.15"},
		{"ceil(c / a)", 2, "ceil(c ÷ a)", "=ROUNDUP(c/a-1E-9,0)"},
		{"floor(b / a)", 1, "floor(b ÷ a)", "=ROUNDDOWN(b/a+1E-9,0)"},
		{"min(a, b, c)", 2, "min(a, b, c)", "=MIN(a,b,c)"},
		{"max(a, min(b, c))", 3, "max(a, min(b, c))", "=MAX(a,MIN(b,c))"},
		{"sqrt(c) + exp(0) + ln(1) + log2(c)", 5, "sqrt(c) + exp(0) + ln(1) + log2(c)", "=SQRT(c)+EXP(0)+LN(1)+LOG(c,2)"},
		{"simulate(a, b)", 42, "simulate(a, b)", ""},
		{"poisson95(200 + 0 * a)", 224, "poisson95(200 + 0 × a)", ""},
	} {
		body, err := parseExpr(tc.text)
		if err != nil {
			t.Errorf("%s: %v", tc.text, err)
			continue
		}
		f := &Formula{body: body}
		if got := f.Eval(in); got != tc.want {
			t.Errorf("%s = %g, want %g", tc.text, got, tc.want)
		}
		if got := f.Symbols(); got != tc.words {
			t.Errorf("%s in words %q, want %q", tc.text, got, tc.words)
		}
		if got := f.Excel(); got != tc.excel {
			t.Errorf("%s in a spreadsheet %q, want %q", tc.text, got, tc.excel)
		}
	}
	for _, bad := range []string{"", "a +", "(a", "f(a)", "min(", "sqrt(a, b)", "a b", "1..2", "a $ b", "min(a", "2e"} {
		if _, err := parseExpr(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzParseExpr(f *testing.F) {
	for _, s := range []string{"a + b", "up(a/(b*c)) ^ 2", "min(1, simulate(x))", "((", "1e-9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		body, err := parseExpr(s)
		if err != nil {
			return
		}
		once := (&Formula{body: body}).Symbols()
		if once == "" {
			t.Errorf("%q prints as nothing", s)
		}
	})
}

func TestRefs(t *testing.T) {
	for _, tc := range []struct{ id, gpu, arg, want string }{
		{"gpus", "", "", "gpus"},
		{"rate_per_gpu", "h100-sxm-80gb", "", "rate-per-gpu:h100-sxm-80gb"},
		{"curve_ttft", "l40s", "16", "curve-ttft:l40s:16"},
	} {
		ref := Ref(tc.id, tc.gpu, tc.arg)
		id, gpu, arg := Split(ref)
		if ref != tc.want || id != tc.id || gpu != tc.gpu || arg != tc.arg {
			t.Errorf("Ref(%q, %q, %q) = %q → %q %q %q", tc.id, tc.gpu, tc.arg, ref, id, gpu, arg)
		}
	}
}
