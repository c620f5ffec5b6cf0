//go:build !js

package link

import (
	"strings"
	"testing"
)

func TestMeant(t *testing.T) {
	for typed, want := range map[string]string{"model": "m", "GPU": "g", "rsp": "rps", "tttft": "ttft", "user": "users", "concurrency": "flight", "isl": "in", "utill": "util", "zebra": "", "x9": "", "": ""} {
		got := Meant(typed)
		name, _, _ := strings.Cut(got, "=")
		if name != want {
			t.Errorf("%q may mean %q, want %q", typed, got, want)
		}
	}
	for word, key := range words {
		if Meant(word) == "" {
			t.Errorf("%s stands for %s, which is no key", word, key)
		}
		if _, ok := keyNamed(word); ok {
			t.Errorf("%s is a key itself", word)
		}
	}
}

func keyNamed(name string) (*key, bool) {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i], true
		}
	}
	return nil, false
}
