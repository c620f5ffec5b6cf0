//go:build !js

package vocab

import "testing"

func TestLoad(t *testing.T) {
	e, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if e.Len() != 199998 || e.Count("Hello world") != 2 {
		t.Errorf("%d tokens; %d in Hello world, want 2", e.Len(), e.Count("Hello world"))
	}
	if again, err := Load(); err != nil || again != e {
		t.Errorf("the second call returns another encoding, %v", err)
	}
}
