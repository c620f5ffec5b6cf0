package score

import (
	"slices"
	"strings"

	"fleetsize/calc/fit"
	"fleetsize/catalog"
)

// inProcessDelay is where the delay of the first token starts for runs without
// a server. Source: fit to 1,628 static batches of TensorRT-LLM 0.9.
const inProcessDelay = 0.5e-3

// problem is what can be fitted to rows of one engine.
func problem(rows []Observed) fit.Problem {
	first := &rows[0].Case
	start := fit.StartFrom(first.profile())
	p := fit.Problem{TieAttention: tied(&start.Profile)}
	saw := survey(rows)
	if saw.queue {
		start.MemoryShare = first.Replica.Engine.Memory.Fraction
	} else if len(start.Profile.Match.Versions) == 0 {
		// The shipped delay is that of a server.
		start.Profile.FirstTokenDelay = min(start.Profile.FirstTokenDelay, inProcessDelay)
	}
	seen := map[string]bool{}
	for i := range rows {
		o := &rows[i]
		p.Observations = append(p.Observations, o.Observation)
		if b := o.Build; b != "" && !seen[b] {
			seen[b] = true
			start.Budget[b] = float64(o.Replica.Scheduler.TokenBudget)
			if !o.described() {
				p.Builds = append(p.Builds, b)
			}
		}
		if o.Run != "" {
			if _, ok := start.Rounds[o.Run]; !ok {
				start.Rounds[o.Run] = o.Load.Rounds
			}
		}
	}
	slices.Sort(p.Builds)
	p.Known = KnownBudgets(first.Replica.Engine, p.Builds)
	p.Parameters = parameters(&start.Profile, saw)
	runs := make([]string, 0, len(start.Rounds))
	for run := range start.Rounds {
		runs = append(runs, run)
	}
	slices.Sort(runs)
	for _, run := range runs {
		p.Parameters = append(p.Parameters, fit.Rounds(run))
	}
	p.Start = start
	return p
}

// tied reports whether prefill attention has the efficiency of GEMM.
func tied(p *catalog.Profile) bool { return p.AttentionEff <= 0 || p.AttentionEff == p.ComputeEff }

// variety is what rows of one engine differ in.
type variety struct {
	queue                bool // some rows have a queue and a front end
	group                bool // tensor parallel
	dense, experts       bool
	fourBit, wide        bool
	blackwell, otherGPUs bool
}

func survey(rows []Observed) (v variety) {
	for i := range rows {
		r := &rows[i].Replica
		v.queue = v.queue || !rows[i].Static
		v.group = v.group || r.TP > 1
		if r.Model.MoE != nil {
			v.experts = true
		} else {
			v.dense = true
		}
		if r.Weights.Main().Bits() == 4 {
			v.fourBit = true
		} else {
			v.wide = true
		}
		if r.GPU.Blackwell() {
			v.blackwell = true
		} else {
			v.otherGPUs = true
		}
	}
	return v
}

// parameters are those of the profile that the rows exercise. A multiplier can
// be told from what it multiplies only where both are among the rows.
func parameters(p *catalog.Profile, v variety) []fit.Parameter {
	names := []string{"ec", "ed"}
	add := func(when bool, list ...string) {
		if when {
			names = append(names, list...)
		}
	}
	add(!tied(p), "ea")
	add(p.StepOverhead > 0, "t0")
	add(p.LayerOverhead > 0, "tL")
	add(p.SequenceCost > 2e-6, "cs")
	add(v.group && p.AllReduceDelay > 0, "α")
	add(v.queue && p.RequestCost > 0, "d_req")
	add(v.queue && p.TokenCost > 0, "cf")
	add(p.FirstTokenDelay > 0, "tr")
	add(v.queue, "f")
	add(v.experts && v.dense, "MoE ec", "MoE ed", "MoE t")
	add(v.experts, "γ")
	add(v.fourBit && v.wide, "4-bit ec", "4-bit ed")
	add(v.blackwell && v.otherGPUs, "Blackwell ec", "Blackwell ed", "Blackwell t")
	return fit.Named(names...)
}

// fitPrefix begins the ids of profiles that a user's measurements made.
const fitPrefix = "fit-"

// fitted is the profile of a fit.
func fitted(rows []Observed, res *fit.Result) catalog.Profile {
	p := res.Setting.Profile
	e := rows[0].Replica.Engine
	p.ID = fitPrefix + e.ID
	p.Label = e.Name + ", fitted to your measurements"
	p.Source = "your measurements"
	p.Rows = len(rows)
	// Errors and bands stay those of the profile it started from, which may be
	// unknown, until rows that the fit has not seen say more.
	p.Match = catalog.Match{}
	p.Unidentified = unidentified(res)
	for i := range rows {
		r := &rows[i]
		p.Seen.Add(r.Case.Row.Input, r.Case.Row.Output, r.Replica.TP, r.Replica.Model, r.Replica.Weights)
		if a := rows[i].Replica.GPU.Architecture; a != "" && !slices.Contains(p.Match.Architectures, a) {
			p.Match.Architectures = append(p.Match.Architectures, a)
		}
		// Runs without a server stand for their own releases only.
		if v := rows[i].Case.Version; rows[i].Static && v != "" && !slices.Contains(p.Match.Versions, v) {
			p.Match.Versions = append(p.Match.Versions, v)
		}
	}
	if slices.ContainsFunc(rows, func(o Observed) bool { return !o.Static }) {
		p.Match.Versions = nil
	}
	slices.Sort(p.Match.Architectures)
	return p
}

// unidentified are the parameters of the profile that the rows do not tell.
func unidentified(res *fit.Result) []string {
	var out []string
	for _, e := range res.Estimates {
		if !e.Identified && !strings.Contains(e.Name, "[") {
			out = append(out, e.Name)
		}
	}
	return out
}

// builds are the settings that were chosen for builds nobody described.
func builds(rows []Observed, names []string, res *fit.Result) []catalog.Build {
	var out []catalog.Build
	for _, name := range names {
		at := slices.IndexFunc(rows, func(o Observed) bool { return o.Build == name })
		r := &rows[at].Replica
		out = append(out, catalog.Build{
			Version: rows[at].Case.Version, Model: r.Model.ID, TP: r.TP,
			TokenBudget: int(res.Setting.Budget[name] + 0.5), Source: "fitted to your measurements",
		})
	}
	return out
}

func groupsOf(obs []Observed) []string {
	var out []string
	for i := range obs {
		if g := obs[i].Group; !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}
