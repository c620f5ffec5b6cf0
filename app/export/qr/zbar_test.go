//go:build !js

package qr

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Another program's reader agrees.
func TestZbarReads(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Fatal("zbarimg is not installed: run make deps")
	}
	dir := t.TempDir()
	for i, text := range links() {
		if text == "" || strings.Contains(text, "東") { // its guess at encodings is its own
			continue
		}
		c, _ := Encode(text)
		name := filepath.Join(dir, fmt.Sprintf("%d.pgm", i))
		if err := os.WriteFile(name, picture(c, 6), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(zbar, "-q", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
		if got := strings.TrimSuffix(string(out), "\n"); err != nil || got != text {
			t.Errorf("version %d: zbarimg read %q, %v; want %q", c.Version, got, err, text)
		}
	}
}

// picture is the code as a gray PGM file, scale pixels a module.
func picture(c *Code, scale int) []byte {
	side := (c.Size + 2*Quiet) * scale
	var b bytes.Buffer
	fmt.Fprintf(&b, "P5\n%d %d\n255\n", side, side)
	for y := range side {
		for x := range side {
			if c.Dark(x/scale-Quiet, y/scale-Quiet) {
				b.WriteByte(0)
			} else {
				b.WriteByte(255)
			}
		}
	}
	return b.Bytes()
}
