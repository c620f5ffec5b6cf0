//go:build !js

package vocab

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"testing"

	"fleetsize/static"
)

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

// A host that labels .gz files as encoded delivers them unpacked.
func TestUnpacked(t *testing.T) {
	packed, err := fs.ReadFile(static.Files, File)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := unpack(plain); err != nil || e.Len() != 199998 {
		t.Errorf("unpack: %v", err)
	}
	for name, b := range map[string][]byte{"nothing": nil, "a page": []byte("<!doctype html>"), "cut off": packed[:len(packed)/2], "no gzip": {0x1f, 0x8b, 0}} {
		if _, err := unpack(b); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
