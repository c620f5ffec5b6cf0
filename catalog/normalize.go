package catalog

import "strings"

// normalize is the form names are compared in: lower case, with ".", "_" and
// space as "-", no repeated or outer "-".
func normalize(s string) string {
	out := make([]byte, 0, len(s))
	dash := false
	for i := range len(s) {
		b := s[i]
		switch {
		case b == '.' || b == '_' || b == ' ' || b == '-' || b == '\t':
			dash = len(out) > 0
			continue
		case b >= 'A' && b <= 'Z':
			b += 'a' - 'A'
		case b >= 0x80:
			return normalizeText(s)
		}
		if dash {
			out = append(out, '-')
			dash = false
		}
		out = append(out, b)
	}
	return string(out)
}

// normalizeText is normalize for text that is not ASCII; a no-break space
// counts as a space.
func normalizeText(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return strings.ContainsRune("._ -\t\u00a0", r)
	})
	return strings.Join(words, "-")
}

// clip shortens user text for an error message.
func clip(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
