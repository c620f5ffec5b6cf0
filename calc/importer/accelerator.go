package importer

import "strings"

// Accelerator is a device name as the catalog spells it: drivers say "NVIDIA
// H100 80GB HBM3" for what is sold as H100 SXM, "NVIDIA A100-SXM4-80GB",
// "NVIDIA H100 PCIe". Other names stay as they are.
func Accelerator(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '-' || r == '_' })
	if len(words) < 2 || words[0] != "nvidia" && words[0] != "amd" {
		return name
	}
	words = words[1:]
	if words[0] == "instinct" || words[0] == "tesla" {
		words = words[1:]
	}
	if len(words) == 0 {
		return name
	}
	chip, form, memory := words[0], "", ""
	for _, w := range words[1:] {
		switch {
		case strings.HasPrefix(w, "sxm"), w == "hbm3" && form == "", w == "hbm3e" && form == "", w == "hbm2e" && form == "":
			form = "sxm"
		case w == "pcie", w == "nvl":
			form = w
		case strings.HasSuffix(w, "gb") && strings.Trim(w[:len(w)-2], "0123456789") == "":
			memory = w
		}
	}
	out := chip
	for _, part := range []string{form, memory} {
		if part != "" {
			out += "-" + part
		}
	}
	return out
}
