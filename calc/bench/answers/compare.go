package answers

import "math"

// Comparison is model B against model A on the questions both answered. It is
// paired: question by question, never the two averages.
type Comparison struct {
	Questions  int
	A, B       float64  // accuracy on these
	Difference float64  // B − A
	Interval   Interval // 95 %, of the difference: paired bootstrap over questions
	P          float64  // two-sided: exact McNemar for one reply per question, else a paired t-test
	Test       string   // "mcnemar" or "paired-t"
	OnlyA      int      // questions that only A got right (more often)
	OnlyB      int
	// Effect is the mean difference ÷ its standard deviation over questions
	// (Cohen's d for pairs); 0 where no question differs.
	Effect float64
	Size   string // "none", "negligible", "small", "medium", "large"
}

// Significant reports whether the difference is unlikely to be chance (5 %).
func (c *Comparison) Significant() bool { return c.Questions > 0 && c.P < 0.05 }

// resamples of the bootstrap.
const resamples = 2000

// Compare pairs two models by the ids of their questions.
func Compare(a, b []Result) Comparison {
	other := map[string]*Result{}
	for i := range b {
		other[b[i].Question.ID] = &b[i]
	}
	var diff []float64
	c := Comparison{P: 1, Size: "none", Test: "mcnemar"}
	single := true
	for i := range a {
		r := other[a[i].Question.ID]
		if r == nil {
			continue
		}
		pa, ok1 := a[i].share()
		pb, ok2 := r.share()
		if !ok1 || !ok2 {
			continue
		}
		single = single && len(a[i].Outcomes) == 1 && len(r.Outcomes) == 1
		c.A += pa
		c.B += pb
		diff = append(diff, pb-pa)
		if pa > pb {
			c.OnlyA++
		} else if pb > pa {
			c.OnlyB++
		}
	}
	c.Questions = len(diff)
	if c.Questions == 0 {
		return c
	}
	n := float64(c.Questions)
	c.A, c.B = c.A/n, c.B/n
	m, std := mean(diff)
	c.Difference = m
	c.Interval = bootstrap(diff)
	if std > 0 {
		c.Effect = m / std
		switch d := math.Abs(c.Effect); {
		case d >= 0.8:
			c.Size = "large"
		case d >= 0.5:
			c.Size = "medium"
		case d >= 0.2:
			c.Size = "small"
		default:
			c.Size = "negligible"
		}
	} else if m != 0 {
		c.Effect, c.Size = math.Copysign(math.MaxFloat64, m), "large"
	}
	if single {
		k := c.OnlyA + c.OnlyB
		if k > 0 {
			c.P = math.Min(2*binomial(min(c.OnlyA, c.OnlyB), k, 0.5), 1)
		}
		return c
	}
	c.Test = "paired-t"
	if std > 0 {
		c.P = tTail(math.Abs(m)/(std/math.Sqrt(n)), c.Questions-1)
	} else if m != 0 {
		c.P = 0
	}
	return c
}

// tTail is P(|T| > t) of Student's t with df degrees of freedom: the
// regularized incomplete beta function by its continued fraction.
func tTail(t float64, df int) float64 {
	if df < 1 {
		return 1
	}
	v := float64(df)
	return incompleteBeta(v/2, 0.5, v/(v+t*t))
}

// incompleteBeta is I_x(a, b) (Press et al., Numerical Recipes, section 6.4:
// Lentz's method on the continued fraction; relative error below 1e-10).
func incompleteBeta(a, b, x float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 {
		return 1
	}
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(b, a, 1-x)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	c, d := 1.0, 1-(a+b)*x/(a+1)
	if math.Abs(d) < tiny {
		d = tiny
	}
	d = 1 / d
	f := d
	for m := 1.0; m < 500; m++ {
		for _, term := range [2]float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 + term*d
			if math.Abs(d) < tiny {
				d = tiny
			}
			c = 1 + term/c
			if math.Abs(c) < tiny {
				c = tiny
			}
			d = 1 / d
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-14 {
			break
		}
	}
	return front * f
}

// bootstrap is the 95 % percentile interval of the mean, resampling questions
// always the same way.
func bootstrap(x []float64) Interval {
	state := uint64(0x5eed)
	next := func() uint64 { // SplitMix64
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	means := make([]float64, resamples)
	for i := range means {
		sum := 0.0
		for range x {
			sum += x[next()%uint64(len(x))]
		}
		means[i] = sum / float64(len(x))
	}
	return Interval{quantile(means, 0.025), quantile(means, 0.975)}
}
