package fleet

import "fleetsize/catalog"

// maxTP bounds the tensor-parallel search: beyond it all-reduce latency
// outweighs what more GPUs bring, and no engine documents larger groups.
const maxTP = 16

// maxPP bounds the pipeline search.
const maxPP = 16

// Layouts lists the ways one replica can be spread over GPUs of type g under
// the requirement's own constraints, smallest first. tp fixes the
// tensor-parallel size; 0 searches.
func Layouts(r *Requirement, g *catalog.GPU, tp int) []Layout { return layouts(r, g, tp) }

// layouts lists the ways one replica can be spread over GPUs of type g,
// smallest first.
//
// Tensor parallel: powers of two that divide the attention heads, up to one
// node, or beyond it where the link domain is larger than the node (rack-scale
// systems). Pipeline parallel: on accelerators without a link up to one node,
// where a stage hop is cheaper than all-reduces over PCIe; on all others only
// as deep as needed, with whole nodes as stages (the caller stops at the first
// depth that fits).
func layouts(r *Requirement, g *catalog.GPU, tp int) []Layout {
	if tp > 0 && r.PP > 0 {
		return []Layout{{tp, r.PP}}
	}
	widest := g.GPUsPerNode
	if g.LinkDomain > widest {
		widest = g.LinkDomain
	}
	widest = max(1, min(widest, maxTP))
	var tps []int
	if tp > 0 {
		tps = []int{tp}
	} else {
		for n := 1; n <= widest; n *= 2 {
			if r.Model.Heads%n == 0 {
				tps = append(tps, n)
			}
		}
	}
	if r.PP > 0 {
		var out []Layout
		for _, n := range tps {
			out = append(out, Layout{n, r.PP})
		}
		return out
	}
	var out []Layout
	for _, n := range tps {
		out = append(out, Layout{n, 1})
	}
	linkless := g.LinkDomain <= 1 && g.GPUsPerNode > 1
	for _, n := range tps {
		for pp := 2; pp <= maxPP; pp *= 2 {
			if pp > r.Model.Layers {
				break
			}
			inNode := n*pp <= g.GPUsPerNode
			if linkless && inNode || n == tps[len(tps)-1] {
				out = append(out, Layout{n, pp})
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
	if l.TP > per { // the link domain spans nodes
		return ceilDiv(replicas*l.GPUs(), per)
	}
	if n := l.GPUs(); n <= per {
		return ceilDiv(replicas, per/n)
	}
	stages := per / l.TP
	return replicas * ceilDiv(l.PP, stages)
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
