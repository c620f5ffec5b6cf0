//go:build !js

package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"sync"

	"fleetsize/calc/fit"
	"fleetsize/calc/score"
	"fleetsize/catalog"
)

// worked is what a recipe comes to.
type worked struct {
	profiles []catalog.Profile
	result   *fit.Result
	accuracy catalog.AccuracySet
}

// work fits a recipe and leaves out data by each of its tests.
func (r *recipe) work(rows []observed, lender *catalog.Profile) (*worked, error) {
	var mine []observed
	for i := range rows {
		if r.keep(&rows[i]) {
			mine = append(mine, rows[i])
		}
	}
	if len(mine) == 0 {
		return nil, errors.New("no rows")
	}
	w := &worked{accuracy: catalog.AccuracySet{Profile: r.id, Title: r.title, Rows: len(mine)}}
	res, err := fit.Run(r.problem(mine))
	if err != nil {
		return nil, err
	}
	w.result = res
	inSample := tally(mine, &res.Setting)
	w.accuracy.Tests = append(w.accuracy.Tests, accuracyTest("in-sample", 1, inSample.total))
	for k, g := range inSample.groups {
		w.accuracy.Groups = append(w.accuracy.Groups, catalog.AccuracyGroup{Group: k, InSample: figures(g.Score())})
	}
	sort.Slice(w.accuracy.Groups, func(i, j int) bool { return w.accuracy.Groups[i].Group < w.accuracy.Groups[j].Group })
	bands := map[string]ranges{}
	scores := map[string]fit.Score{}
	for i, t := range r.tests {
		held, fits, err := r.leaveOut(mine, t)
		if err != nil {
			return nil, err
		}
		w.accuracy.Tests = append(w.accuracy.Tests, held.tests(t, len(fits))...)
		if t.own {
			w.accuracy.Tests = append(w.accuracy.Tests, r.withOwnRows(mine, t, fits))
		}
		bands[t.name], scores[t.name] = ranges(held.residuals.Bands()), held.total.Score()
		if i == 0 {
			for k := range w.accuracy.Groups {
				g := &w.accuracy.Groups[k]
				if h := held.groups[g.Group]; h != nil {
					f := figures(h.Score())
					g.HeldOut = &f
				}
			}
		}
	}
	p := res.Setting.Profile
	if r.borrow {
		lend(&p, lender)
	}
	p.ID, p.Rows = r.id, len(mine)
	p.Seen = catalog.Seen{}
	for i := range mine {
		o := &mine[i]
		p.Seen.Add(o.Case.Row.Input, o.Case.Row.Output, o.Replica.TP, o.Replica.Model, o.Replica.Weights)
	}
	if r.current != nil {
		r.current(&p)
	}
	first := r.tests[0].name
	p.TTFTError, p.ITLError = scores[first].TTFT.MAPE, scores[first].ITL.MAPE
	p.Bands = catalog.Bands(widest(bands[first], bands[byModel.name]).scaled(1, calibratedMost))
	w.profiles = append(w.profiles, p)
	for _, d := range r.derive {
		q := p
		q.ID, q.Rows = d.id, 0
		q.TTFTError, q.ITLError = scores[d.test].TTFT.MAPE, scores[d.test].ITL.MAPE
		q.Bands = catalog.Bands(widest(bands[d.test], bands[byModel.name]).scaled(d.wider, estimatedMost))
		d.change(&q)
		w.profiles = append(w.profiles, q)
	}
	return w, nil
}

// lend copies the multipliers that rows of dense models in 8 and 16 bit on
// chips before Blackwell say nothing about.
func lend(p, from *catalog.Profile) {
	p.MoEComputeEff, p.MoEBandwidthEff, p.MoELatency, p.MoECoverageExp = from.MoEComputeEff, from.MoEBandwidthEff, from.MoELatency, from.MoECoverageExp
	p.FourBitComputeEff, p.FourBitBandwidthEff = from.FourBitComputeEff, from.FourBitBandwidthEff
	p.BlackwellComputeEff, p.BlackwellBandwidthEff, p.BlackwellLatency = from.BlackwellComputeEff, from.BlackwellBandwidthEff, from.BlackwellLatency
}

// problem is the fit of rows.
func (r *recipe) problem(rows []observed) fit.Problem {
	params := fit.Named(r.params...)
	for i := range params {
		p := &params[i]
		p.Spread *= r.spread
		if s, ok := r.narrow[p.Name]; ok {
			p.Spread = s
		}
		if most, ok := r.most[p.Name]; ok {
			p.High = most
		}
	}
	for _, run := range r.runs {
		params = append(params, fit.Rounds(run))
	}
	p := fit.Problem{Start: r.start, Parameters: params, TieAttention: r.tied, Evaluations: 9 * (len(params) + 2)}
	if r.frontEnd {
		p.Starts = fit.FrontEndStarts(r.start)
		p.Evaluations = 25 * len(params)
	}
	for i := range rows {
		if r.train == nil || r.train(&rows[i]) {
			p.Observations = append(p.Observations, rows[i].Observation)
		}
	}
	return p
}

// held is predictions added up in total and by group.
type held struct {
	total     fit.Tally
	groups    map[string]*fit.Tally
	models    map[string]*fit.Tally
	residuals fit.Residuals
}

// tests are the figures of a test: one line, or one a model.
func (h *held) tests(t test, folds int) []catalog.AccuracyTest {
	name := "leave out " + t.name
	if !t.apart {
		return []catalog.AccuracyTest{accuracyTest(name, folds, h.total)}
	}
	var out []catalog.AccuracyTest
	for _, m := range slices.Sorted(maps.Keys(h.models)) {
		out = append(out, accuracyTest(name+", "+m, folds, *h.models[m]))
	}
	return out
}

func newHeld() *held {
	return &held{groups: map[string]*fit.Tally{}, models: map[string]*fit.Tally{}}
}

func tally(rows []observed, s *fit.Setting) *held {
	h := newHeld()
	h.add(rows, s)
	return h
}

func (h *held) add(rows []observed, s *fit.Setting) {
	obs := make([]fit.Observation, len(rows))
	for i := range rows {
		obs[i] = rows[i].Observation
	}
	fit.Predict(obs, s, func(o *fit.Observation, p fit.Prediction) {
		h.total.Add(o, p)
		addTo(h.groups, o.Group, o, p)
		addTo(h.models, o.Replica.Model.ID, o, p)
		h.residuals.Add(o, p)
	})
}

func addTo(tallies map[string]*fit.Tally, key string, o *fit.Observation, p fit.Prediction) {
	if tallies[key] == nil {
		tallies[key] = &fit.Tally{}
	}
	tallies[key].Add(o, p)
}

// leaveOut predicts the rows of each key by a fit to the others. Two fits run
// at a time; the order in which they end changes nothing.
func (r *recipe) leaveOut(rows []observed, t test) (*held, map[string]fit.Setting, error) {
	byKey := map[string][]observed{}
	for i := range rows {
		k := t.key(&rows[i])
		byKey[k] = append(byKey[k], rows[i])
	}
	delete(byKey, "")
	keys := slices.Sorted(maps.Keys(byKey))
	settings, errs := make([]fit.Setting, len(keys)), make([]error, len(keys))
	var wg sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i, k := range keys {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			var rest []observed
			for j := range rows {
				if t.key(&rows[j]) != k {
					rest = append(rest, rows[j])
				}
			}
			p := r.problem(rest)
			if t.budgets {
				p.Builds, p.Thorough = buildsOf(rest), true
				p.Known = score.KnownBudgets(rest[0].Replica.Engine, p.Builds)
			}
			res, err := fit.Run(p)
			if err != nil {
				errs[i] = err
				return
			}
			settings[i] = res.Setting
		}()
	}
	wg.Wait()
	h, fits := newHeld(), map[string]fit.Setting{}
	for i, k := range keys {
		if errs[i] != nil {
			return nil, nil, errs[i]
		}
		h.add(byKey[k], &settings[i])
		fits[k] = settings[i]
	}
	return h, fits, nil
}

// buildsOf are the builds of rows.
func buildsOf(rows []observed) []string {
	var out []string
	for i := range rows {
		if b := rows[i].Build; b != "" && !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	slices.Sort(out)
	return out
}

// print writes the recipe's figures for a reader.
func (w *worked) print(out io.Writer) {
	a := &w.accuracy
	fmt.Fprintf(out, "%s  %s, %d rows\n", a.Profile, a.Title, a.Rows)
	for _, t := range a.Tests {
		fmt.Fprintf(out, "  %-28s TTFT %5.1f / %4.1f   ITL %5.1f / %4.1f   tok/s %5.1f / %4.1f   (mean / median error, %%)\n", t.Test,
			t.TTFT.MAPE, t.TTFT.Median, t.ITL.MAPE, t.ITL.Median, t.Rate.MAPE, t.Rate.Median)
	}
	if w.result == nil {
		return
	}
	for _, e := range w.result.Estimates {
		note := ""
		if !e.Identified {
			note = "  not identified by these rows"
		}
		fmt.Fprintf(out, "    %-14s %9.4g → %9.4g ± %.2g %s%s\n", e.Name, e.Start*e.Scale, e.Value*e.Scale, e.StdErr*e.Scale, e.Unit, note)
	}
}
