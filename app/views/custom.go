package views

import (
	"errors"
	"strings"

	"fleetsize/app/link"
	"fleetsize/app/worker"
	"fleetsize/catalog"
)

// ownModel is a model read from a config.json; item is what a link carries, ""
// where a link can not express it.
type ownModel struct {
	model *catalog.Model
	item  string
}

// readModel reads a config.json. A model that no link can carry is added to
// the catalog of this visit.
func (s *Sizing) readModel(name, config string) (ownModel, error) {
	if lower(config) == "" {
		return ownModel{}, errors.New("paste the text of config.json, or choose the file")
	}
	name = strings.TrimSpace(name)
	m, err := catalog.ModelFromConfig(name, []byte(config))
	if err != nil {
		return ownModel{}, err
	}
	if item, err := m.LinkItem(); err == nil {
		if back, err := catalog.ParseCustomModel(item); err == nil {
			return ownModel{back, item}, nil
		}
	}
	s.own = append(s.own, worker.OwnModel{Name: name, Config: config})
	s.base = worker.Extend(s.base, s.own[len(s.own)-1:])
	return ownModel{m, ""}, nil
}

// into puts the model into a state and chooses it.
func (o ownModel) into(st *state) {
	if o.item != "" {
		st.CustomModels = withItem(st.CustomModels, o.item)
	}
	st.Model = o.model.ID
}

// addCustomGPU puts an own accelerator into the state. Own ones are part of
// the default set; a list the user made gets it added.
func addCustomGPU(st *state, item string) {
	g, err := catalog.ParseCustomGPU(item)
	if err != nil {
		return
	}
	st.CustomGPUs = withItem(st.CustomGPUs, item)
	if st.GPUs != nil {
		st.GPUs = append(st.GPUs, link.GPUChoice{ID: g.ID})
	}
}

// maxItems is how many own entries of a kind a link carries.
const maxItems = 4

// withItem adds an entry; the oldest makes room.
func withItem(list []string, item string) []string {
	var out []string
	for _, x := range list {
		if x != item {
			out = append(out, x)
		}
	}
	out = append(out, item)
	if len(out) > maxItems {
		out = out[1:]
	}
	return out
}

// gpuItem checks the numbers of an own accelerator and returns its link item,
// or what is wrong, by field.
func gpuItem(typed map[string]string) (item, shown string, faults map[string]string) {
	faults = map[string]string{}
	spec := catalog.GPUSpec{Name: strings.TrimSpace(typed["gpu-name"])}
	for _, n := range gpuNumbers {
		x, fault := n.read(typed[n.id])
		if fault != "" {
			faults[n.id] = fault
		}
		*n.at(&spec) = x
	}
	if len(faults) > 0 {
		return "", "", faults
	}
	g, err := catalog.GPUFromNumbers(spec)
	if err != nil {
		faults["gpu-name"] = upperFirst(err.Error()) + "."
		return "", "", faults
	}
	return g.LinkItem(), g.Name, nil
}
