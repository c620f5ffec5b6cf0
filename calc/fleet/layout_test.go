package fleet

import (
	"fmt"
	"testing"

	"fleetsize/catalog"
)

func TestLayouts(t *testing.T) {
	model := &catalog.Model{Heads: 32, Layers: 32}
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
			"[{1 1} {2 1} {4 1} {8 1} {8 2} {8 4} {8 8} {8 16}]"},
		{"no link: pipelines inside the node too", Requirement{Model: model}, pcie, 0,
			"[{1 1} {2 1} {4 1} {1 2} {1 4} {2 2} {4 2} {4 4} {4 8} {4 16}]"},
		{"rack-scale link: wider than a node", Requirement{Model: model}, rack, 0,
			"[{1 1} {2 1} {4 1} {8 1} {16 1} {16 2} {16 4} {16 8} {16 16}]"},
		{"heads must divide", Requirement{Model: &catalog.Model{Heads: 12, Layers: 2}}, nvswitch, 0,
			"[{1 1} {2 1} {4 1} {4 2}]"},
		{"both fixed", Requirement{Model: model, PP: 2}, nvswitch, 4, "[{4 2}]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(layouts(&tt.req, tt.gpu, tt.tp)); got != tt.want {
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
		{4, Layout{1, 1}, h100, 1},
		{9, Layout{1, 1}, h100, 2},
		{3, Layout{4, 1}, h100, 2},  // two groups of four to a node
		{3, Layout{8, 1}, h100, 3},  //
		{2, Layout{8, 2}, h100, 4},  // two nodes a replica
		{3, Layout{8, 1}, rack, 6},  // a group spans two trays of the rack
		{1, Layout{16, 1}, rack, 4}, //
		{5, Layout{2, 3}, h100, 5},  // six GPUs never share a node with another six
	}
	for _, tt := range tests {
		if got := nodes(tt.replicas, tt.l, tt.gpu); got != tt.want {
			t.Errorf("nodes(%d × %v on %d a node) = %d, want %d", tt.replicas, tt.l, tt.gpu.GPUsPerNode, got, tt.want)
		}
	}
}
