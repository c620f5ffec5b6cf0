package link

import (
	"strings"

	"fleetsize/catalog"
)

// maxCustom is the most custom entries of one kind a link carries.
const maxCustom = 4

// custom reads xg and xm first, because m and g may name what they define, and
// puts the entries of the state into the reader's catalog.
func (r *reader) custom(known map[string]raw) {
	if p, ok := known["xg"]; ok {
		r.state.CustomGPUs = r.customItems("xg", p, func(item string) error {
			_, err := catalog.ParseCustomGPU(item)
			return err
		})
	}
	if p, ok := known["xm"]; ok {
		r.state.CustomModels = r.customItems("xm", p, func(item string) error {
			_, err := catalog.ParseCustomModel(item)
			return err
		})
	}
	r.cat = r.state.extend(r.cat)
}

// customItems keeps the items that parse and names the others.
func (r *reader) customItems(name string, p raw, parse func(string) error) []string {
	var items []string
	for _, item := range strings.Split(strings.ToLower(p.decode()), ",") {
		item = strings.TrimSpace(item)
		if item == "" || item == standardWord {
			continue
		}
		var problem string
		switch err := error(nil); {
		case len(items) == maxCustom:
			problem = "more than 4 custom entries: send them as a file"
		case !isItem(item) || len(item) > 200:
			problem = quote(item) + " is not a custom entry: write " + lookup(name).example
		default:
			if err = parse(item); err != nil {
				problem = err.Error()
			}
		}
		if problem != "" {
			problem = name + ": " + problem
			r.note(Note{Code: CodeValue, Key: name, Value: item, Text: problem + ". It is left out.", problem: problem})
			continue
		}
		items = append(items, item)
	}
	return items
}

// extend returns the catalog with the custom entries of the state in it.
func (s State) extend(cat *catalog.Catalog) *catalog.Catalog {
	if len(s.CustomGPUs) == 0 && len(s.CustomModels) == 0 {
		return cat
	}
	var models []*catalog.Model
	var gpus []*catalog.GPU
	for _, item := range s.CustomGPUs {
		if g, err := catalog.ParseCustomGPU(item); err == nil {
			gpus = append(gpus, g)
		}
	}
	for _, item := range s.CustomModels {
		if m, err := catalog.ParseCustomModel(item); err == nil {
			models = append(models, m)
		}
	}
	return cat.With(models, gpus)
}
