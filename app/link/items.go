package link

import (
	"strconv"
	"strings"

	"fleetsize/calc/units"
	"fleetsize/catalog"
)

// Bounds of the items of lists.
const (
	maxPrice = 1e7 // USD
	maxOwn   = 1e5 // accelerators
	maxMix   = 8   // workloads on one fleet
)

// items reads a list. A problem of one item is named, and the others count.
// item returns the canonical name of what the item is about.
func (r *reader) items(key, v string, most int, item func(item string) (name, problem string)) {
	seen := map[string]bool{}
	for _, text := range strings.Split(v, ",") {
		text = strings.ToLower(strings.TrimSpace(text))
		if text == "" {
			continue
		}
		if len(seen) == most {
			r.note(Note{Code: CodeLong, Key: key, Text: key + " has more than " + strconv.Itoa(most) + " items; the rest is left out."})
			return
		}
		name, problem := item(text)
		switch {
		case problem == "" && seen[name]:
			r.note(Note{Code: CodeDuplicate, Key: key, Value: text, Text: key + " names " + name + " twice; the last one counts."})
		case problem == "":
			seen[name] = true
		default:
			problem = key + ": " + problem
			r.note(Note{Code: CodeValue, Key: key, Value: text, Text: problem + ". It is left out.", problem: problem})
		}
	}
}

// accelerator looks up the accelerator of an item.
func (r *reader) accelerator(name string) (id, problem string) {
	c, problem := r.gpu(name)
	return c.ID, problem
}

func readPrices(r *reader, v string) string {
	var list []PriceItem
	r.items("px", v, maxGPUs, func(item string) (string, string) {
		name, amount, _ := strings.Cut(item, ":")
		id, problem := r.accelerator(name)
		if problem != "" {
			return "", problem
		}
		usd, problem := within(amount, 1e-4, maxPrice)
		if problem != "" {
			return "", problem + "; a price is written px=" + id + ":2.49, in USD"
		}
		list = put(list, PriceItem{id, usd}, func(p PriceItem) string { return p.GPU })
		return id, ""
	})
	r.state.Prices = list
	return ""
}

func writePrices(s *State) string {
	var items []string
	for _, p := range s.Prices {
		items = append(items, p.GPU+":"+units.Plain(p.USD))
	}
	return strings.Join(items, ",")
}

func readOwn(r *reader, v string) string {
	var list []GPUCount
	r.items("own", v, maxGPUs, func(item string) (string, string) {
		name, count, _ := strings.Cut(item, ":")
		id, problem := r.accelerator(name)
		if problem != "" {
			return "", problem
		}
		n, problem := wholeNumber(count, 1, maxOwn)
		if problem != "" {
			return "", problem + "; a count is written own=" + id + ":8"
		}
		list = put(list, GPUCount{id, int(n)}, func(c GPUCount) string { return c.GPU })
		return id, ""
	})
	r.state.Own = list
	return ""
}

func writeOwn(s *State) string {
	var items []string
	for _, c := range s.Own {
		items = append(items, c.GPU+":"+strconv.Itoa(c.N))
	}
	return strings.Join(items, ",")
}

// put replaces the item of the same name or appends it.
func put[T any](list []T, item T, name func(T) string) []T {
	for i := range list {
		if name(list[i]) == name(item) {
			list[i] = item
			return list
		}
	}
	return append(list, item)
}

// readAPI reads "3:15"; "3" states one price for input and output.
func readAPI(r *reader, v string) string {
	in, out, both := strings.Cut(v, ":")
	a, problem := within(in, 0, 1e5)
	b := a
	if problem == "" && both {
		b, problem = within(out, 0, 1e5)
	}
	if problem == "" && a+b == 0 {
		problem = quote(v) + " is free"
	}
	if problem != "" {
		return problem + "; write USD per million input and output tokens, api=3:15"
	}
	r.state.APIIn, r.state.APIOut = a, b
	return ""
}

func writeAPI(s *State) string {
	if s.APIIn == 0 && s.APIOut == 0 {
		return ""
	}
	return units.Plain(s.APIIn) + ":" + units.Plain(s.APIOut)
}

// readSpec reads "3:2.1": tokens drafted per step, and tokens a step yields on
// average, its own included.
func readSpec(r *reader, v string) string {
	drafted, yields, _ := strings.Cut(v, ":")
	n, problem := wholeNumber(drafted, 1, 64)
	var g float64
	if problem == "" {
		g, problem = within(yields, 1, n+1)
	}
	if problem != "" {
		return problem + "; write tokens drafted per step and tokens a step yields on average, spec=3:2.1"
	}
	r.state.SpecTokens, r.state.SpecAccepted = int(n), g
	return ""
}

func writeSpec(s *State) string {
	if s.SpecTokens == 0 {
		return ""
	}
	return strconv.Itoa(s.SpecTokens) + ":" + units.Plain(s.SpecAccepted)
}

// readSplit reads "auto" or "P:D", replicas for prefill and for decode; "off"
// is the default.
func readSplit(r *reader, v string) string {
	v = strings.ToLower(v)
	switch v {
	case "off":
		r.state.Split = ""
		return ""
	case "auto":
		r.state.Split = v
		return ""
	}
	p, d, _ := strings.Cut(v, ":")
	a, problem := wholeNumber(p, 1, 1000)
	var b float64
	if problem == "" {
		b, problem = wholeNumber(d, 1, 1000)
	}
	if problem != "" {
		return problem + "; write pd=auto, or replicas for prefill and for decode, pd=1:3"
	}
	r.state.Split = units.Plain(a) + ":" + units.Plain(b)
	return ""
}

// passageModel is the id of an embedding or reranking model; "off" is the default.
func passageModel(name, example string, class catalog.ModelClass, field func(*State) *string) key {
	return key{
		name: name, example: example,
		read: func(r *reader, v string) string {
			if strings.EqualFold(v, "off") {
				*field(&r.state) = ""
				return ""
			}
			m, ok := r.cat.Model(v)
			if ok && m.Class == class {
				*field(&r.state) = m.ID
				return ""
			}
			var ids []string
			for _, m := range r.cat.Models {
				if m.Class == class {
					ids = append(ids, m.ID)
				}
			}
			if ok {
				return m.Name + " is no " + string(class) + " model: write " + or(ids)
			}
			return quote(v) + " is not in the model catalog: write " + or(ids)
		},
		reset: func(s *State) { *field(s) = "" },
		write: func(s *State) string { return *field(s) },
	}
}
