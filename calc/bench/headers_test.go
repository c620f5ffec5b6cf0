package bench

import "testing"

// Whatever could be a credential is one; plain words and numbers are not.
func TestCredential(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"Authorization", "x", true}, {"X-API-Key", "1", true}, {"api-key", "", true}, {"Cookie", "a=b", true}, {"Ocp-Apim-Subscription-Key", "1", true},
		{"X-Session", "1", true}, {"X-Goog-User-Project", "p", true}, {"X-Proxy-Pass", "p", true},
		{"X-Note", "Bearer abc", true}, {"X-Note", "sk-abc", true}, {"X-Note", "https://me:pw@host", true},
		{"X-Tenant", "6f9619ff-8b86-d011-b42d-00c04fc964ff", true}, {"X-Note", "0123456789abcdef", true}, {"X-Note", "abcdefghijklmnopqrstuvwxyzabcdef", true},
		{"X-Team", "search", false}, {"X-Team", "", false}, {"OpenAI-Beta", "assistants=v2", false}, {"anthropic-version", "2023-06-01", false},
		{"User-Agent", "fleetsize/1.0", false}, {"X-Mock-Quirk", "http-429=3,stall=4", false}, {"Accept-Language", "en-US, en; q=0.9", false},
		{"X-Routing", "prefix-cache, least-request", false},
	} {
		if got := Credential(c.name, c.value); got != c.want {
			t.Errorf("Credential(%q, %q) = %t", c.name, c.value, got)
		}
	}
}

func TestHeaderWord(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"X-Team", "search", `'X-Team: search'`},
		{"X-Note", "it's", `'X-Note: it'\''s'`},
		{"X-Api.Key", "s3cret", `'X-Api.Key: '"$HEADER_X_API_KEY"`},
		{"X-Note", "a\x00b", `'X-Note: ab'`},
	} {
		if got := HeaderWord([2]string{c.name, c.value}, ": "); got != c.want {
			t.Errorf("%s: %q gives %s, want %s", c.name, c.value, got, c.want)
		}
	}
}
