package bench

import (
	"strings"

	"fleetsize/catalog/jsonio"
)

// Texts that are handed over carry the extra headers of an endpoint, and never
// a credential: where a value could be one, the name of an environment variable
// stands in its place.

// Credential reports whether a header could hold a secret: its name says so,
// or its value looks made by a machine. When in doubt it could.
func Credential(name, value string) bool {
	name = strings.ToLower(name)
	for _, s := range []string{"auth", "cookie", "key", "token", "secret", "pass", "pwd", "credential", "session", "sign", "jwt", "bearer", "csrf", "xsrf", "cert", "subscription", "otp", "user", "account", "sas"} {
		if strings.Contains(name, s) && name != "user-agent" {
			return true
		}
	}
	low := strings.ToLower(value)
	for _, s := range []string{"bearer ", "basic ", "sk-", "pk-", "eyj", "hf_", "nvapi-", "ghp_", "gsk_", "xox", "akia", "aws4"} {
		if strings.HasPrefix(low, s) {
			return true
		}
	}
	if strings.Contains(value, "://") && strings.Contains(value, "@") {
		return true
	}
	// A run of characters without a pause that has digits in it, or is longer
	// than words are.
	run, digits := 0, 0
	for _, r := range value {
		switch {
		case r >= '0' && r <= '9':
			run, digits = run+1, digits+1
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("+/_-", r):
			run++
		default:
			run, digits = 0, 0
		}
		if run >= 16 && digits > 0 || run >= 32 {
			return true
		}
	}
	return false
}

// HeaderEnv is the environment variable that stands for a header's value.
func HeaderEnv(name string) string {
	return "HEADER_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}

// HeaderWord is a header as one word for a shell: name, separator, and the
// value or the variable that holds it.
func HeaderWord(h [2]string, separator string) string {
	return shellWith(h[0] + separator + stand(h))
}

// mark stands around the name of an environment variable in a text for
// shellWith. No header holds it: it is a control character.
const mark = "\x00"

// stand is what stands in a text for a header's value.
func stand(h [2]string) string {
	if Credential(h[0], h[1]) {
		return mark + HeaderEnv(h[0]) + mark
	}
	return strings.ReplaceAll(h[1], mark, "")
}

// shellWith quotes a text with marked variables for a POSIX shell.
func shellWith(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(s, mark) {
		switch {
		case i%2 == 1:
			b.WriteString(`"$` + part + `"`)
		case part != "" || s == "":
			b.WriteString(shell(part))
		}
	}
	return b.String()
}

// hidden lists the variables that stand for headers' values.
func (t *Target) hidden() (names []string) {
	for _, h := range t.Headers {
		if Credential(h[0], h[1]) {
			names = append(names, HeaderEnv(h[0]))
		}
	}
	return names
}

// explained says what the variables are, as a comment.
func (t *Target) explained() string {
	text := ""
	for _, h := range t.Headers {
		if Credential(h[0], h[1]) {
			text += "# $" + HeaderEnv(h[0]) + " is the value of the header " + h[0] + ": set it where this runs\n"
		}
	}
	return text
}

// headersJSON is the headers as a JSON object, variables marked.
func (t *Target) headersJSON() string {
	var b strings.Builder
	for i, h := range t.Headers {
		if i > 0 {
			b.WriteString(",")
		}
		value := stand(h)
		if strings.HasPrefix(value, mark) {
			value = `"` + value + `"`
		} else {
			value = quoted(value)
		}
		b.WriteString(quoted(h[0]) + ":" + value)
	}
	return "{" + b.String() + "}"
}

// quoted is a string as JSON.
func quoted(s string) string {
	text, err := jsonio.Marshal(s)
	if err != nil {
		panic("bench: " + err.Error()) // a string is always JSON
	}
	return string(text)
}
