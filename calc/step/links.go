package step

import "fleetsize/catalog"

// defaultPCIe is assumed where the PCIe rate of an accelerator is not known:
// 16 lanes of generation 4, bytes/s per direction.
const defaultPCIe = 31.5e9

// setLinks chooses what a tensor-parallel group and a pipeline talk over. A
// group inside the link domain uses the link; a larger one, or one without a
// link, uses PCIe for everything. Stages use the link when the whole replica
// is inside the domain, else PCIe (network cards between nodes hang on PCIe
// and are usually of the same rate).
func (e *efficiencies) setLinks(r *Replica) {
	g, p := r.GPU, r.Profile
	pcie := g.PCIeBytesPerS
	if !(pcie > 0) {
		pcie = defaultPCIe
	}
	pcieEff := p.PCIeLinkEff
	if pcieEff <= 0 {
		pcieEff = or1(p.LinkEff)
	}
	overPCIe := pcie * pcieEff
	pcieDelay := p.AllReduceDelay * or1(p.PCIeDelayFactor)

	e.link, e.delay = overPCIe, pcieDelay
	if OverLink(g.LinkBytesPerS, g.LinkDomain, r.TP) {
		rate := g.LinkBytesPerS
		if g.LinkPeerBytesPerS > 0 && r.TP > 1 {
			rate = min(rate, g.LinkPeerBytesPerS*float64(r.TP-1))
		}
		e.link, e.delay = rate*or1(p.LinkEff), p.AllReduceDelay
		e.direct = p.DirectReduce && g.DirectLink()
	}
	e.hop, e.hopDelay = overPCIe, pcieDelay
	if OverLink(g.LinkBytesPerS, g.LinkDomain, r.TP*r.PP) {
		e.hop, e.hopDelay = g.LinkBytesPerS*or1(p.LinkEff), p.AllReduceDelay
	}
}

// OverLink reports whether n GPUs can all talk over a link of the given rate
// (bytes/s per direction, 0 = none) that reaches domain GPUs.
func OverLink(rate float64, domain, n int) bool { return rate > 0 && n <= domain }

// Link is the rate in bytes/s and the delay in seconds at which one GPU sends
// to one of another replica under profile p: over the link where both are near
// (in one link domain), else over PCIe, which the network card hangs on.
func Link(g *catalog.GPU, p *catalog.Profile, near bool) (bytesPerS, delay float64) {
	e := efficiencies{}
	n := 1 + g.LinkDomain // too many for the link
	if near {
		n = 1
	}
	e.setLinks(&Replica{GPU: g, Profile: p, TP: 1, PP: n})
	return e.hop, e.hopDelay
}
