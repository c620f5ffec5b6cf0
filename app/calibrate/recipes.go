//go:build !js

package main

import (
	"slices"
	"strings"

	"fleetsize/calc/fit"
	"fleetsize/catalog"
)

// recipe says how one profile is fitted: to which rows, which parameters, from
// which start. The starts are the same neutral values for every recipe of a
// kind, so that a held-out fit cannot remember what it should not know.
type recipe struct {
	id       string // of the profile
	title    string
	engine   string
	keep     func(*observed) bool
	train    func(*observed) bool // rows that are fitted; nil = all
	start    fit.Setting
	params   []string
	spread   float64            // times the prior's spread: little is assumed
	narrow   map[string]float64 // spreads kept narrow, where documentation says more than the rows
	most     map[string]float64 // upper bounds, where physics says so
	runs     []string           // run lengths to be fitted
	frontEnd bool               // several starts of the front end
	tied     bool
	tests    []test
	// current turns what was fitted into what ships, where they differ.
	current func(*catalog.Profile)
	// borrow takes the multipliers of mixtures of experts, 4-bit weights and
	// Blackwell, which the rows do not have, from the current TensorRT-LLM.
	borrow bool
	// derive are profiles for what nobody measured, with the test whose errors
	// are theirs.
	derive []derived
}

// test leaves out rows by a key; those of key "" are in every fit and never
// predicted.
type test struct {
	name string
	key  func(*observed) string
	own  bool // also fit a few rows of what is left out, see withOwnRows
	// budgets are chosen on the rows of each fit and by the builds of other
	// tables; otherwise they are the catalog's, which all rows told.
	budgets bool
	apart   bool // the errors of each model by themselves
}

// derived is a profile for hardware the rows of a recipe do not have: the
// fitted one, changed, with the errors of a test that left such rows out.
type derived struct {
	id, test string
	wider    float64 // times the bands of the tests that leave out GPUs and models
	change   func(*catalog.Profile)
}

// carried keeps everything as fitted.
func carried(*catalog.Profile) {}

// foreign is for chips of vendors nobody measured with the engine. Published
// matrix multiplications reach about two thirds of what they reach on Hopper,
// as a share of the peak (MI300X: 620 of 1,307 TFLOP/s in BF16 and 990 of
// 2,615 in FP8, against 720 of 989 and 1,280 of 1,979 on H100; SemiAnalysis,
// December 2024). Multipliers of precision that belong to NVIDIA's kernels are
// left out.
func foreign(p *catalog.Profile) {
	p.ComputeEff *= 0.65
	p.AttentionEff *= 0.65
	p.BandwidthEff *= 0.95
	p.FourBitComputeEff, p.FourBitBandwidthEff = min(p.FourBitComputeEff, 1), min(p.FourBitBandwidthEff, 1)
	p.MoEBandwidthEff = min(p.MoEBandwidthEff, 1)
}

// neutral is where fits start: the middle of published engines.
func neutral() fit.Setting {
	return fit.StartFrom(&catalog.Profile{
		ComputeEff: 0.65, AttentionEff: 0.65, BandwidthEff: 0.8, KVReadEff: 1, KVRead8Bit: 1,
		StepOverhead: 2e-3, SequenceCost: 1e-6, TokenLayerCost: 50e-9, AllReduceDelay: 10e-6, LinkEff: 0.7,
		PCIeDelayFactor: 1.36, PCIeLinkEff: 0.45,
		RequestCost: 1e-3, TokenCost: 20e-6, FirstTokenDelay: 3e-3,
		MoEComputeEff: 0.5, MoEBandwidthEff: 1, MoELatency: 1.2, MoECoverageExp: 0.9,
		FourBitComputeEff: 0.8, FourBitBandwidthEff: 0.9,
		BlackwellComputeEff: 0.8, BlackwellBandwidthEff: 0.95, BlackwellLatency: 0.8,
	})
}

// served is the neutral start for servers whose models differ in depth: the
// overhead is per layer, the front end hardly shows.
func served(memory float64) fit.Setting {
	s := neutral()
	p := &s.Profile
	p.ComputeEff, p.AttentionEff = 0.6, 0.6
	p.StepOverhead, p.LayerOverhead, p.SequenceCost = 0.1e-3, 50e-6, 10e-6
	p.AllReduceDelay, p.TokenLayerCost = 5e-6, 150e-9
	p.DirectReduce = true
	p.RequestCost, p.TokenCost, p.FirstTokenDelay = 0.5e-3, 0, 10e-3
	s.MemoryShare = memory
	return s
}

// nim is the neutral start for NIM, in which the front end does show.
func nim(rounds map[string]float64) fit.Setting {
	s := neutral()
	s.Profile.StepOverhead, s.Profile.LayerOverhead, s.Profile.AllReduceDelay = 0.1e-3, 50e-6, 5e-6
	s.MemoryShare = 0.8
	s.Rounds = rounds
	return s
}

// direct is s with all-reduces of one or two rounds, as TensorRT-LLM has them
// since November 2024. Rows of earlier releases are met better by log2 rounds.
func direct(s fit.Setting) fit.Setting {
	s.Profile.DirectReduce = true
	return s
}

// oldCache is s with the KV cache of releases of 2024, whose attention kernels
// unpack 8-bit values: half the bytes, but not half the time.
func oldCache(s fit.Setting) fit.Setting {
	s.Profile.KVRead8Bit = 0.5
	s.Profile.TokenLayerCost = 50e-9
	return s
}

// newCache is s with builds of 1.8.0 that read the cache as fast as weights.
func newCache(s fit.Setting) fit.Setting {
	s.KVRead = map[string]float64{"nim 1.8.0 llama-3-1-8b tp1": 1, "nim 1.8.0 llama-3-3-70b tp2": 1}
	return s
}

// static is the neutral start for batches without a server.
func static() fit.Setting {
	s := neutral()
	p := &s.Profile
	p.StepOverhead, p.LayerOverhead, p.SequenceCost = 1e-3, 20e-6, 10e-6
	p.RequestCost, p.TokenCost, p.FirstTokenDelay = 0, 0, 1e-3
	p.KVReadEff, p.TokenLayerCost = 0.8, 50e-9
	return s
}

func table(name string) func(*observed) bool {
	return func(o *observed) bool { return o.table == name }
}

func inferencex(engine string) func(*observed) bool {
	return func(o *observed) bool {
		return o.table == "inferencex" && o.Replica.Engine.ID == engine && o.Load.Concurrency <= 512
	}
}

// spanned keeps the ends and the middle of each curve, which tell a fit what
// the whole curve tells it in twice the time.
func spanned(o *observed) bool {
	c := o.Load.Concurrency
	return c == 4 || c == 16 || c >= 64 && c <= 256
}

var (
	byGroup = test{name: "group", key: func(o *observed) string { return o.Group }, own: true}
	// bySystem is byGroup without the trial of own rows, of which the other
	// recipe of the same engine has more.
	bySystem = test{name: "group", key: byGroup.key}
	byFold   = test{name: "fold of groups", key: func(o *observed) string { return o.fold }, own: true}
	byShape  = test{name: "shape", key: func(o *observed) string { return o.Shape }, budgets: true}
	byModel  = test{name: "model", key: func(o *observed) string { return o.Replica.Model.ID }}
	byGPU    = test{name: "GPU", key: func(o *observed) string { return o.Replica.GPU.ID }}
)

// shapes leaves out the named shapes together.
func shapes(list ...string) test {
	name := "shape "
	if len(list) > 1 {
		name = "shapes "
	}
	return test{
		name: name + strings.Join(list, " and "), budgets: true, apart: true,
		key: func(o *observed) string {
			if slices.Contains(list, o.Shape) {
				return "left out"
			}
			return ""
		},
	}
}

// mixed are the parameters of rows of several models, GPUs and precisions. The
// overhead per step is all but fixed: models of one depth cannot tell it from
// that per layer, and left free it predicts models of another depth one and a
// half times worse.
var mixed = []string{
	"ec", "ed", "tL", "tr", "f", "α", "4-bit ec", "4-bit ed", "MoE ec", "MoE ed", "γ", "MoE t", "cs", "tk",
	"Blackwell ec", "Blackwell ed", "Blackwell t",
}

// physical bounds what rows of few models leave open: no part of a step moves
// memory faster than the chip can, and a multiplier of bandwidth only repairs
// what expert coverage and packing get wrong. Tokens cannot spread over more
// experts than independent ones do (γ = 1).
var physical = map[string]float64{
	"ed": 0.92, "MoE ed": 1.1, "4-bit ed": 1.1, "4-bit ec": 1.1, "Blackwell ed": 1, "Blackwell ec": 1,
	"γ": 1, "α PCIe": 3,
}

// recipes are in an order in which what is borrowed is there.
var recipes = []recipe{
	{
		id: "trtllm-inferencex", title: "TensorRT-LLM in InferenceX: Llama 3.3 70B, gpt-oss-120b on H200, B200", engine: "trtllm",
		keep: inferencex("trtllm"), train: spanned, start: served(0.85),
		params: mixed, spread: 2.5, narrow: map[string]float64{"f": 0.02}, most: physical, tied: true,
		tests:  []test{byFold, byModel, byGPU},
		derive: []derived{{"trtllm-transferred", byGPU.name, 1.25, carried}},
	},
	{
		id: "nim-1.8.0", title: "NIM 1.8.0: Llama 3.1 8B FP8 on one H100, Llama 3.3 70B FP8 on two", engine: "nim",
		keep: table("nim_1_8"), start: direct(nim(map[string]float64{"nim 35": 25, "nim 4.2": 5})),
		params: []string{"ec", "ed", "tL", "tr", "d_req", "cf", "f", "α"}, runs: []string{"nim 35", "nim 4.2"},
		spread: 3, frontEnd: true, tied: true, borrow: true,
		tests:  []test{bySystem, byShape, shapes("5000/500", "20000/2000"), shapes("20000/2000")},
		derive: []derived{{"nim-transferred", bySystem.name, 1.25, carried}},
	},
	{
		id: "nim-2024", title: "NIM of 2024 (NVIDIA course): Llama 3 8B and 70B on A100 and H100", engine: "nim",
		keep: table("nim_dli"), start: oldCache(nim(map[string]float64{"nim-dli 4": 4})),
		params: []string{"ec", "ea", "ed", "ekv", "ekv 8-bit", "tL", "tk", "tr", "d_req", "cf", "f", "α"}, runs: []string{"nim-dli 4"},
		spread: 3, tests: []test{byGroup}, borrow: true,
	},
	{
		id: "nim-all", title: "NIM of 2024 and 1.8.0 together", engine: "nim",
		keep: func(o *observed) bool { return o.table == "nim_dli" || o.table == "nim_1_8" }, start: newCache(oldCache(nim(map[string]float64{"nim 35": 30, "nim 4.2": 4, "nim-dli 4": 4}))),
		params: []string{"ec", "ea", "ed", "ekv", "ekv 8-bit", "tL", "tk", "tr", "d_req", "cf", "f", "α"}, runs: []string{"nim 35", "nim 4.2", "nim-dli 4"},
		spread: 3, frontEnd: true, tests: []test{byGroup}, borrow: true,
		current: func(p *catalog.Profile) { p.KVReadEff, p.KVRead8Bit = 1, 1 },
	},
	{
		id: "vllm-inferencex", title: "vLLM in InferenceX: Llama 3.3 70B, gpt-oss-120b, MiniMax-M2.5 on H100, H200, B200", engine: "vllm",
		keep: inferencex("vllm"), train: spanned, start: served(0.90),
		params: mixed, spread: 2.5, narrow: map[string]float64{"f": 0.02}, most: physical, tied: true,
		tests:  []test{byFold, byModel, byGPU},
		derive: []derived{{"vllm-transferred", byGPU.name, 1.25, carried}, {"vllm-default", byGPU.name, 1.5, foreign}},
	},
	{
		id: "trtllm-0", title: "TensorRT-LLM 0.9, static batches: five models on A100, H100, H100 NVL, GH200, L40S", engine: "trtllm",
		keep: table("static_batch"), start: static(),
		params: []string{"ec", "ea", "ed", "ekv", "t0", "tL", "cs", "tk", "α", "eβ", "α PCIe", "eβ PCIe", "tr"},
		spread: 3, most: physical, tests: []test{byGPU, byModel}, borrow: true,
	},
}
