package book

import "fleetsize/catalog"

func clone(g *catalog.GPU) *catalog.GPU          { c := *g; return &c }
func cloneModel(m *catalog.Model) *catalog.Model { c := *m; return &c }
