package fleet

import (
	"fmt"
	"strconv"

	"fleetsize/catalog"
)

// Layout is how one replica is spread over GPUs. The zero value of everything
// but TP and PP is a plain replica; layouts are comparable.
type Layout struct {
	TP, PP int // GPUs of a tensor-parallel group; pipeline stages
	// EP is over how many ranks of the group whole experts are spread, DP the
	// number of attention replicas in it; 0 = none. Both divide TP.
	EP, DP int
	// A disaggregated replica has Prefill instances of PrefillTP × PP GPUs that
	// compute prompts and Decode instances of TP × PP GPUs that decode; 0 = both
	// in one.
	Prefill, Decode, PrefillTP int
}

// Split reports whether prompts and decoding have GPUs of their own.
func (l Layout) Split() bool { return l.Prefill > 0 }

// GPUs is the number of GPUs of one replica.
func (l Layout) GPUs() int {
	if l.Split() {
		return (l.Prefill*l.PrefillTP + l.Decode*l.TP) * l.PP
	}
	return l.TP * l.PP
}

// instance is the layout of one decode instance, or of the whole replica.
func (l Layout) instance() Layout { return Layout{TP: l.TP, PP: l.PP, EP: l.EP, DP: l.DP} }

// prefill is the layout of one prefill instance.
func (l Layout) prefill() Layout {
	p := l.instance()
	p.TP = l.PrefillTP
	return p
}

// String names the layout: "TP2", "TP8 PP2", "TP8 EP8 DP8", "P2×TP4 + D3×TP8".
func (l Layout) String() string {
	if l.Split() {
		return "P" + strconv.Itoa(l.Prefill) + "×" + l.prefill().String() + " + D" + strconv.Itoa(l.Decode) + "×" + l.instance().String()
	}
	s := "TP" + strconv.Itoa(l.TP)
	for _, part := range []struct {
		name string
		n    int
	}{{" PP", l.PP}, {" EP", l.EP}, {" DP", l.DP}} {
		if part.n > 1 {
			s += part.name + strconv.Itoa(part.n)
		}
	}
	return s
}

// maxTP bounds the tensor-parallel search: beyond it all-reduce latency
// outweighs what more GPUs bring, and no engine documents larger groups.
const maxTP = 16

// maxPP bounds the pipeline search.
const maxPP = 16

// layouts lists the ways one replica can be spread over GPUs of type g,
// smallest first.
//
// Tensor parallel: powers of two that divide the attention heads, up to one
// node, or beyond it where the link domain is larger than the node (rack-scale
// systems). Pipeline parallel: on accelerators without a link up to one node,
// where a stage hop is cheaper than all-reduces over PCIe; on all others only
// as deep as needed, with whole nodes as stages (the caller stops at the first
// depth that fits).
//
// Expert and attention data parallelism, where asked for, apply to every layout
// whose group they divide; the others are left out. They let the group be as
// large as the smallest that they divide.
func layouts(r *Requirement, g *catalog.GPU, tp int) []Layout {
	ep, dp := r.EP, r.DP
	if r.Model.MoE == nil {
		ep = 0
	}
	var out []Layout
	for _, l := range plainLayouts(r, g, tp, max(ep, dp, 1), max(dp, 1)) {
		if l.TP%max(ep, 1) != 0 || l.TP%max(dp, 1) != 0 {
			continue
		}
		if ep > 1 {
			l.EP = ep
		}
		if dp > 1 {
			l.DP = dp
		}
		out = append(out, l)
	}
	return out
}

// noLayout says why there is no layout with the parallelism asked for; tp is
// the fixed group, 0 = searched.
func (r *Requirement) noLayout(g *catalog.GPU, tp int) string {
	for _, x := range [...]struct {
		key string
		n   int
	}{{"ep", r.EP}, {"dp", r.DP}} {
		switch {
		case x.n < 2:
		case tp == 0:
			return fmt.Sprintf("%s=%d divides no group of 1, 2, 4, … GPUs: use a power of two, or state tp", x.key, x.n)
		case tp%x.n != 0:
			return fmt.Sprintf("%s=%d does not divide tp=%d: use a divisor of it", x.key, x.n, tp)
		}
	}
	return "The fixed layout is not possible on " + g.Short
}

// plainLayouts are the layouts by TP and PP; groups may grow to atLeast GPUs,
// and attention heads are split over a share of 1/dp of a group.
func plainLayouts(r *Requirement, g *catalog.GPU, tp, atLeast, dp int) []Layout {
	if tp > 0 && r.PP > 0 {
		return []Layout{{TP: tp, PP: r.PP}}
	}
	widest := g.GPUsPerNode
	if g.LinkDomain > widest {
		widest = g.LinkDomain
	}
	widest = max(1, min(widest, maxTP), atLeast)
	var tps []int
	if tp > 0 {
		tps = []int{tp}
	} else {
		for n := 1; n <= widest; n *= 2 {
			if r.Model.Heads%max(1, n/dp) == 0 {
				tps = append(tps, n)
			}
		}
	}
	if r.PP > 0 {
		var out []Layout
		for _, n := range tps {
			out = append(out, Layout{TP: n, PP: r.PP})
		}
		return out
	}
	var out []Layout
	for _, n := range tps {
		out = append(out, Layout{TP: n, PP: 1})
	}
	linkless := g.LinkDomain <= 1 && g.GPUsPerNode > 1
	for _, n := range tps {
		for pp := 2; pp <= maxPP; pp *= 2 {
			if pp > r.Model.Layers {
				break
			}
			inNode := n*pp <= g.GPUsPerNode
			if linkless && inNode || n == tps[len(tps)-1] {
				out = append(out, Layout{TP: n, PP: pp})
			}
		}
	}
	return out
}

// lastResort reports whether l is only worth trying when nothing smaller fits:
// a pipeline over several nodes.
func lastResort(l Layout, g *catalog.GPU) bool {
	return l.PP > 1 && l.GPUs() > max(1, g.GPUsPerNode)
}

// nodes is how many servers replicas of layout l take. A replica is never
// spread over nodes unless it is larger than one, or its link domain is.
func nodes(replicas int, l Layout, g *catalog.GPU) int {
	per := max(1, g.GPUsPerNode)
	if l.Split() {
		return splitNodes(replicas, l, g)
	}
	if l.TP > per { // the link domain spans nodes
		return ceilDiv(replicas*l.GPUs(), per)
	}
	if n := l.GPUs(); n <= per {
		return ceilDiv(replicas, per/n)
	}
	stages := per / l.TP
	return replicas * ceilDiv(l.PP, stages)
}

// splitNodes is nodes for disaggregated replicas: instances, not whole
// replicas, stay inside a node. Instances whose sizes divide the node fill it
// completely, largest first; others get nodes by kind.
func splitNodes(replicas int, l Layout, g *catalog.GPU) int {
	per := max(1, g.GPUsPerNode)
	p, d := l.prefill().GPUs(), l.instance().GPUs()
	if per%p == 0 && per%d == 0 && (p%d == 0 || d%p == 0) {
		return ceilDiv(replicas*l.GPUs(), per)
	}
	return nodes(replicas*l.Prefill, l.prefill(), g) + nodes(replicas*l.Decode, l.instance(), g)
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
