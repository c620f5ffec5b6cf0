package fleet

import (
	"strings"
	"testing"

	"fleetsize/catalog"
)

func TestLayouts(t *testing.T) {
	model := &catalog.Model{Heads: 32, Layers: 32}
	moe := &catalog.Model{Heads: 32, Layers: 32, MoE: &catalog.MoE{Experts: 64, TopK: 8}}
	nvswitch := &catalog.GPU{GPUsPerNode: 8, LinkDomain: 8}
	pcie := &catalog.GPU{GPUsPerNode: 4, LinkDomain: 1}
	rack := &catalog.GPU{GPUsPerNode: 4, LinkDomain: 72}
	tests := []struct {
		name string
		req  Requirement
		gpu  *catalog.GPU
		tp   int
		want string
	}{
		{"link domain of 8, pipelines of whole nodes last", Requirement{Model: model}, nvswitch, 0,
			"[TP1, TP2, TP4, TP8, TP8 PP2, TP8 PP4, TP8 PP8, TP8 PP16]"},
		{"no link: pipelines inside the node too", Requirement{Model: model}, pcie, 0,
			"[TP1, TP2, TP4, TP1 PP2, TP1 PP4, TP2 PP2, TP4 PP2, TP4 PP4, TP4 PP8, TP4 PP16]"},
		{"rack-scale link: wider than a node", Requirement{Model: model}, rack, 0,
			"[TP1, TP2, TP4, TP8, TP16, TP16 PP2, TP16 PP4, TP16 PP8, TP16 PP16]"},
		{"heads must divide", Requirement{Model: &catalog.Model{Heads: 12, Layers: 2}}, nvswitch, 0,
			"[TP1, TP2, TP4, TP4 PP2]"},
		{"both fixed", Requirement{Model: model, PP: 2}, nvswitch, 4, "[TP4 PP2]"},
		{"whole experts in groups of four", Requirement{Model: moe, EP: 4, PP: 1}, nvswitch, 0, "[TP4 EP4, TP8 EP4]"},
		{"no experts, no expert parallelism", Requirement{Model: model, EP: 4, PP: 1}, nvswitch, 2, "[TP2]"},
		{"attention replicas", Requirement{Model: moe, EP: 8, DP: 8, PP: 1}, nvswitch, 0, "[TP8 EP8 DP8]"},
		{"wider than a node where asked for", Requirement{Model: moe, EP: 32, DP: 32, PP: 1}, nvswitch, 0, "[TP32 EP32 DP32]"},
		{"a group of four has no eight ranks", Requirement{Model: moe, EP: 8, PP: 1}, nvswitch, 4, "[]"},
	}
	for _, tt := range tests {
		var names []string
		for _, l := range layouts(&tt.req, tt.gpu, tt.tp) {
			names = append(names, l.String())
		}
		if got := "[" + strings.Join(names, ", ") + "]"; got != tt.want {
			t.Errorf("%s: layouts = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestNodes(t *testing.T) {
	h100 := &catalog.GPU{GPUsPerNode: 8, LinkDomain: 8}
	rack := &catalog.GPU{GPUsPerNode: 4, LinkDomain: 72}
	tests := []struct {
		replicas int
		l        Layout
		gpu      *catalog.GPU
		want     int
	}{
		{4, Layout{TP: 1, PP: 1}, h100, 1},
		{9, Layout{TP: 1, PP: 1}, h100, 2},
		{3, Layout{TP: 4, PP: 1}, h100, 2},                                      // two groups of four to a node
		{3, Layout{TP: 8, PP: 1}, h100, 3},                                      //
		{2, Layout{TP: 8, PP: 2}, h100, 4},                                      // two nodes a replica
		{3, Layout{TP: 8, PP: 1}, rack, 6},                                      // a group spans two trays of the rack
		{1, Layout{TP: 16, PP: 1}, rack, 4},                                     //
		{1, Layout{TP: 8, PP: 1, PrefillTP: 4, Prefill: 2, Decode: 3}, h100, 4}, // 8 + 24 GPUs
		{3, Layout{TP: 2, PP: 1, PrefillTP: 1, Prefill: 1, Decode: 2}, h100, 2}, // 15 GPUs, no instance across nodes
		{2, Layout{TP: 3, PP: 1, PrefillTP: 2, Prefill: 1, Decode: 3}, h100, 4}, // 2·3 instances of three: two to a node
		{5, Layout{TP: 2, PP: 3}, h100, 5},                                      // six GPUs never share a node with another six
	}
	for _, tt := range tests {
		if got := nodes(tt.replicas, tt.l, tt.gpu); got != tt.want {
			t.Errorf("nodes(%d × %v on %d a node) = %d, want %d", tt.replicas, tt.l, tt.gpu.GPUsPerNode, got, tt.want)
		}
	}
}

func TestLayoutNamesAndSizes(t *testing.T) {
	for _, tt := range []struct {
		l    Layout
		name string
		gpus int
	}{
		{Layout{TP: 1, PP: 1}, "TP1", 1},
		{Layout{TP: 8, PP: 2}, "TP8 PP2", 16},
		{Layout{TP: 8, PP: 1, EP: 8, DP: 8}, "TP8 EP8 DP8", 8},
		{Layout{TP: 8, PP: 1, PrefillTP: 4, Prefill: 2, Decode: 3}, "P2×TP4 + D3×TP8", 32},
		{Layout{TP: 8, PP: 1, EP: 4, PrefillTP: 4, Prefill: 1, Decode: 1}, "P1×TP4 EP4 + D1×TP8 EP4", 12},
	} {
		if tt.l.String() != tt.name || tt.l.GPUs() != tt.gpus {
			t.Errorf("%+v: %s with %d GPUs, want %s with %d", tt.l, tt.l, tt.l.GPUs(), tt.name, tt.gpus)
		}
	}
}
