package gpulog

import "strings"

// dmonNames are the columns of nvidia-smi dmon under their names of
// --query-gpu. Units are the same; time of day is to the second.
var dmonNames = map[string]string{
	"gpu": "index", "pwr": "power.draw", "gtemp": "temperature.gpu", "mtemp": "temperature.memory", "sm": "utilization.gpu",
	"mem": "utilization.memory", "fb": "memory.used", "pclk": "clocks.sm",
}

// dmonHeading reads a heading of nvidia-smi dmon, "#Date Time gpu pwr …" with
// -o DT, spaced or as CSV; n is how many of its columns are known.
func dmonHeading(line string) (names []string, n int) {
	rest, ok := strings.CutPrefix(line, "#")
	if !ok {
		return nil, 0
	}
	for _, word := range dmonCells(strings.ToLower(rest)) {
		name, known := dmonNames[word]
		switch {
		case known:
			n++
		case word == "time" && len(names) == 1 && names[0] == "date":
			names[0] = "timestamp"
			continue
		default:
			name = word
		}
		names = append(names, name)
	}
	return names, n
}

func dmonCells(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// dmonLine is a line of it with commas, day and time together.
func (r *reader) dmonLine(line string) string {
	cells := dmonCells(line)
	if len(cells) > 1 && r.columns[0] == "timestamp" {
		cells[1] = cells[0] + " " + cells[1]
		cells = cells[1:]
	}
	return strings.Join(cells, ",")
}
