package fit

import "math"

// The residual of a figure is ln(predicted/measured). Up to the knee, which
// is about the spread that model and measurement have together, it counts
// squared; beyond it only in proportion, so that a stray row cannot bend the
// fit.
const (
	ttftKnee  = 0.15
	itlKnee   = 0.08
	itlWeight = 1.5 * itlKnee / ttftKnee // against TTFT, at the knee
	// missed is the residual of a row that the setting cannot run at all.
	missed = 2
)

// target is one figure of one observation.
type target struct {
	obs      int
	itl      bool
	measured float64
}

// objective is the loss of a setting over observations, as a function of the
// transformed parameters.
type objective struct {
	obs     []Observation
	targets []target
	params  []Parameter
	start   Setting
	center  []float64 // transformed start values: the prior
	spread  []float64 // of the transformed values
	tied    bool      // prefill attention runs at the efficiency of GEMM
	pred    predictor
	work    Setting

	evaluations int
	// pause is called after every evaluation; false ends the fit.
	pause   func(loss float64) bool
	stopped bool
}

func newObjective(obs []Observation, start Setting, params []Parameter, tied bool) *objective {
	o := &objective{obs: obs, params: params, start: start.clone(), tied: tied}
	o.work = start.clone()
	for i := range obs {
		if v := obs[i].TTFT; v > 0 {
			o.targets = append(o.targets, target{i, false, v})
		}
		if v := obs[i].ITL; v > 0 {
			o.targets = append(o.targets, target{i, true, v})
		}
	}
	for i := range params {
		p := &params[i]
		v := p.Value(&start)
		o.center = append(o.center, p.transform(v))
		o.spread = append(o.spread, p.Spread*p.slope(v))
	}
	return o
}

// setting is the setting that x stands for. It is overwritten by the next call.
func (o *objective) setting(x []float64) *Setting {
	for i := range o.params {
		p := &o.params[i]
		p.set(&o.work, p.value(x[i]))
	}
	if o.tied {
		o.work.Profile.AttentionEff = o.work.Profile.ComputeEff
	}
	return &o.work
}

// residuals fills r with the residual of each target and returns the loss.
func (o *objective) residuals(x, r []float64) float64 {
	o.evaluations++
	o.pred.use(o.setting(x))
	last, ok := -1, false
	var p Prediction
	for k := range o.targets {
		t := &o.targets[k]
		if t.obs != last {
			p, ok = o.pred.predict(&o.obs[t.obs])
			last = t.obs
		}
		r[k] = missed
		if ok {
			v := p.TTFT
			if t.itl {
				v = p.ITL
			}
			if e := math.Log(v / t.measured); !math.IsNaN(e) {
				r[k] = min(max(e, -missed), missed)
			}
		}
	}
	loss := o.loss(x, r)
	if o.pause != nil && !o.stopped {
		o.stopped = !o.pause(loss)
	}
	return loss
}

// loss is Σ weight·huber(residual/knee) + ½ Σ ((x − center)/spread)².
func (o *objective) loss(x, r []float64) float64 {
	sum := 0.0
	for k := range r {
		knee, weight := o.targets[k].scale()
		sum += weight * huber(r[k]/knee)
	}
	for i := range x {
		z := (x[i] - o.center[i]) / o.spread[i]
		sum += z * z / 2
	}
	return sum
}

// scale is the knee of the target's residual and its weight.
func (t *target) scale() (knee, weight float64) {
	if t.itl {
		return itlKnee, itlWeight
	}
	return ttftKnee, 1
}

// huber is z²/2 up to 1 and |z| − ½ beyond.
func huber(z float64) float64 {
	if z = math.Abs(z); z > 1 {
		return z - 0.5
	}
	return z * z / 2
}
