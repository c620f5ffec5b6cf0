//go:build !js

package main

import (
	"math/rand/v2"
	"sort"

	"fleetsize/calc/fit"
	"fleetsize/catalog"
)

// ownRows is how many rows of a user's own are tried, and how often.
const (
	ownRows  = 4
	ownDraws = 208
)

// own are the parameters a handful of rows is allowed to move.
var own = []string{"ec", "ed", "t0", "tL", "tk", "cs", "tr", "d_req", "cf", "α", "f"}

// withOwnRows tries what a user does: for each group, the profile fitted
// without it is the prior, a few rows of the group drawn at random are fitted,
// and the others predicted. Draws are spread evenly over the groups and
// depend on the seed alone.
func (r *recipe) withOwnRows(rows []observed, t test, priors map[string]fit.Setting) catalog.AccuracyTest {
	byGroup := map[string][]observed{}
	for i := range rows {
		byGroup[rows[i].Group] = append(byGroup[rows[i].Group], rows[i])
	}
	var groups []string
	for g, list := range byGroup {
		if len(list) >= 2*ownRows {
			groups = append(groups, g)
		}
	}
	sort.Strings(groups)
	var total fit.Tally
	for draw := range ownDraws {
		list := byGroup[groups[draw%len(groups)]]
		rng := rand.New(rand.NewPCG(uint64(draw), 4))
		var mine, others []fit.Observation
		for k, i := range rng.Perm(len(list)) {
			if k < ownRows {
				mine = append(mine, list[i].Observation)
			} else {
				others = append(others, list[i].Observation)
			}
		}
		res, err := fit.Run(ownProblem(mine, priors[t.key(&list[0])], r.tied))
		if err != nil {
			continue
		}
		fit.Predict(others, &res.Setting, total.Add)
	}
	return accuracyTest("four own rows against the profile fitted without them", ownDraws, total)
}

// ownProblem is the fit of a few rows against a prior. Parameters that the
// prior has at zero do not exist in the engine and stay there.
func ownProblem(rows []fit.Observation, prior fit.Setting, tied bool) fit.Problem {
	var params []fit.Parameter
	for _, p := range fit.Named(own...) {
		if p.Value(&prior) > 0 {
			params = append(params, p)
		}
	}
	return fit.Problem{Observations: rows, Start: prior, Parameters: params, TieAttention: tied, Evaluations: 1}
}
