package importer

import "bytes"

// pythonic makes JSON of what Python writes for numbers that are none: NaN
// becomes null, infinities the text "inf". Strings stay as they are.
func pythonic(text []byte) []byte {
	if !bytes.Contains(text, []byte("NaN")) && !bytes.Contains(text, []byte("Infinity")) {
		return text
	}
	out := make([]byte, 0, len(text))
	inside := false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case inside && b == '\\' && i+1 < len(text):
			out = append(out, b, text[i+1])
			i++
			continue
		case b == '"':
			inside = !inside
		case inside:
		case bytes.HasPrefix(text[i:], []byte("NaN")):
			out = append(out, "null"...)
			i += len("NaN") - 1
			continue
		case bytes.HasPrefix(text[i:], []byte("Infinity")), bytes.HasPrefix(text[i:], []byte("-Infinity")):
			out = append(out, `"inf"`...)
			i += len("Infinity") - 1
			if b == '-' {
				i++
			}
			continue
		}
		out = append(out, text[i])
	}
	return out
}
