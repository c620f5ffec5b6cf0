package link

import (
	"strconv"
	"strings"

	"fleetsize/catalog"
)

// Bounds of lists.
const (
	maxGPUs      = 72
	maxConfirmed = 40
	maxTP        = 1024
	maxTitle     = 80 // characters
)

func readVersion(r *reader, v string) string {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return quote(v) + " is not a version: write v=" + strconv.Itoa(Newest) + " or leave it out"
	}
	if n > Newest {
		r.note(Note{Code: CodeVersion, Key: "v", Value: v,
			Text: "This link is of version " + v + ", this app reads up to version " + strconv.Itoa(Newest) +
				": some settings may mean something else. Reload the page for the newest app."})
	}
	r.state.V = Newest
	return ""
}

func readDate(r *reader, v string) string {
	ok := len(v) == 10 && v[4] == '-' && v[7] == '-'
	for i := 0; ok && i < len(v); i++ {
		ok = i == 4 || i == 7 || v[i] >= '0' && v[i] <= '9'
	}
	if !ok {
		return quote(v) + " is not a date: write it like 2026-11-20"
	}
	r.state.Data = v
	return ""
}

// readCurrency accepts the only currency there is: prices of the catalog are in
// US dollars, and no rate of exchange is known.
func readCurrency(_ *reader, v string) string {
	if strings.EqualFold(v, "usd") {
		return ""
	}
	return quote(v) + " is not known: prices are in US dollars, cur=usd"
}

func readWorkload(r *reader, v string) string {
	id := strings.ToLower(v)
	if p, ok := r.cat.Preset(id); ok {
		id = p.ID
	}
	if _, ok := v1Presets[id]; !ok {
		return quote(v) + " is no workload: write " + or(presetIDs())
	}
	r.state.Workload = id
	return ""
}

// presetIDs lists the presets of version 1 in the order of the page.
func presetIDs() []string { return v1PresetOrder }

func readModel(r *reader, v string) string {
	m, ok := r.cat.Model(v)
	if !ok {
		ids := make([]string, 0, len(r.cat.Models))
		for _, m := range r.cat.Models {
			ids = append(ids, m.ID)
		}
		return quote(v) + " is not in the model catalog: " + suggest(v, ids)
	}
	r.state.Model = m.ID
	return ""
}

// precision is a number format; "auto" is the default, "any" a search.
func precision(name, example string, search bool, field func(*State) *string) key {
	words := "auto, bf16, fp16, fp8, fp8-block, int8, int4, mxfp4 or nvfp4"
	if search {
		words = "auto, any, bf16, fp16, fp8, fp8-block, int8, int4, mxfp4 or nvfp4"
	}
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			switch l := strings.ToLower(v); {
			case l == "auto":
				*field(&r.state) = ""
				return ""
			case l == "any" && search:
				*field(&r.state) = "any"
				return ""
			}
			p, err := catalog.ParsePrecision(v)
			if err != nil {
				return quote(v) + " is not a precision: write " + words
			}
			*field(&r.state) = string(p)
			return ""
		},
		reset: func(s *State) { *field(s) = "" },
		write: func(s *State) string { return *field(s) },
	}
}

// readEngine reads an engine with an optional version. An engine that is not
// known runs with the default profile, as measured tables name many.
func readEngine(r *reader, v string) string {
	name, version, _ := strings.Cut(strings.ToLower(v), ":")
	e, ok := r.cat.Engine(name)
	if !ok {
		ids := make([]string, 0, len(r.cat.Engines))
		for _, e := range r.cat.Engines {
			ids = append(ids, e.ID)
		}
		r.note(Note{Code: CodeEngine, Key: "eng", Value: v,
			Text: "Engine " + quote(name) + " is not known: the default profile (" + v1Engine + ") is used. Known engines: " + or(ids) + "."})
		r.state.Engine, r.state.EngineVer = v1Engine, ""
		return ""
	}
	r.state.Engine, r.state.EngineVer = e.ID, ""
	if version == "" {
		return ""
	}
	if !isWord(version) || len(version) > 24 {
		r.note(badValue("eng", v, quote(version)+" is not a version: write it like eng="+e.ID+":0.9.1"))
		return ""
	}
	r.state.EngineVer = version
	return ""
}

func writeEngine(s *State) string {
	switch {
	case s.EngineVer != "":
		return s.Engine + ":" + s.EngineVer
	case s.Engine == v1Engine:
		return ""
	}
	return s.Engine
}

// readGPUs reads a list of accelerators, each with an optional ":tpN". What
// is not known is named and left out; the rest counts.
func readGPUs(r *reader, v string) string {
	r.state.GPUs = nil
	if strings.EqualFold(v, "all") {
		return ""
	}
	seen := map[string]bool{}
	for _, item := range strings.Split(v, ",") {
		item = strings.ToLower(strings.TrimSpace(item))
		if item == "" {
			continue
		}
		if len(r.state.GPUs) == maxGPUs {
			r.note(Note{Code: CodeLong, Key: "g", Text: "g names more accelerators than there are; the rest is left out."})
			break
		}
		c, problem := r.gpu(item)
		switch {
		case problem != "":
			r.note(Note{Code: CodeValue, Key: "g", Value: item, Text: "g: " + problem + ". It is left out.", problem: "g: " + problem})
		case seen[c.ID]:
			r.note(Note{Code: CodeDuplicate, Key: "g", Value: item, Text: "g names " + c.ID + " twice; the first one counts."})
		default:
			seen[c.ID] = true
			r.state.GPUs = append(r.state.GPUs, c)
		}
	}
	return ""
}

func (r *reader) gpu(item string) (c GPUChoice, problem string) {
	name, rest, _ := strings.Cut(item, ":")
	g, ok := r.cat.GPU(name)
	if !ok {
		ids := make([]string, 0, len(r.cat.GPUs))
		for _, g := range r.cat.GPUs {
			ids = append(ids, g.ID)
		}
		return c, quote(name) + " is not in the accelerator catalog: " + suggest(name, ids)
	}
	c.ID = g.ID
	if rest == "" {
		return c, ""
	}
	n, err := strconv.Atoi(strings.TrimPrefix(rest, "tp"))
	if err != nil || !strings.HasPrefix(rest, "tp") || n < 1 || n > maxTP {
		return c, quote(rest) + " is not a layout: write g=" + g.ID + ":tp2"
	}
	c.TP = n
	return c, ""
}

func writeGPUs(s *State) string {
	items := make([]string, 0, len(s.GPUs))
	for _, c := range s.GPUs {
		item := c.ID
		if c.TP > 0 {
			item += ":tp" + strconv.Itoa(c.TP)
		}
		items = append(items, item)
	}
	return strings.Join(items, ",")
}

// readConfirmed reads the names of the inputs that the customer confirmed.
func readConfirmed(r *reader, v string) string {
	r.state.Confirmed = nil
	seen := map[string]bool{}
	for _, w := range strings.Split(strings.ToLower(v), ",") {
		w = strings.TrimSpace(w)
		switch {
		case w == "" || seen[w]:
		case !isWord(w) || len(w) > 16:
			problem := "ok: " + quote(w) + " is not the name of an input: write ok=in,out"
			r.note(Note{Code: CodeValue, Key: "ok", Value: w, Text: problem + ". It is left out.", problem: problem})
		case len(r.state.Confirmed) < maxConfirmed:
			seen[w] = true
			r.state.Confirmed = append(r.state.Confirmed, w)
		}
	}
	return ""
}

func readTitle(r *reader, v string) string {
	r.state.Title = cleanTitle(v)
	return ""
}

// readNothing is for keys that are read before all others, see custom.go.
func readNothing(*reader, string) string { return "" }

// suggest is the remedy for an id that is not known.
func suggest(id string, ids []string) string {
	if near := nearest(id, ids); near != "" {
		return "did you mean " + near + "?"
	}
	return "look up its id on the Data page or leave the setting out"
}
