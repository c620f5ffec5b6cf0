package speech

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"fleetsize/calc/bench"
)

// The form is what RFC 7578 readers take apart, whatever is in the file.
func TestForm(t *testing.T) {
	file := []byte("RIFF\x00\xff--fleetsize-form-data\r\n")
	kind, body := form("a\"b\r\n.wav", file, [][2]string{{"model", "m"}, {"temperature", "0"}})
	_, p, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	f, err := multipart.NewReader(bytes.NewReader(body), p["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	if f.Value["model"][0] != "m" || f.Value["temperature"][0] != "0" || len(f.File["file"]) != 1 {
		t.Fatalf("%+v", f)
	}
	r, err := f.File["file"][0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, file) || !strings.Contains(f.File["file"][0].Filename, ".wav") {
		t.Errorf("%q in %q, %v", got, f.File["file"][0].Filename, err)
	}
}

// What a plan lacks is refused, and a failed request is one with a problem.
func TestPlan(t *testing.T) {
	for _, p := range []Plan{{}, {Text: " \n"}, {Audio: []byte{}}} {
		if _, err := New(p); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
	m, err := New(Plan{Text: "hello", Requests: 2})
	if err != nil {
		t.Fatal(err)
	}
	r := m.Rounds()[0]
	r.Take(0, bench.Answer{Err: errors.New("refused")})
	r.Take(1, bench.Answer{Body: []byte("RIFF"), Done: 1})
	d := m.Document("u", true)
	if len(d.Runs) != 2 || d.Runs[0].TookMS != nil || d.Runs[0].Problems[0] != "refused" || *d.Runs[1].TookMS != 1000 || d.Runs[1].Factor != nil || d.Runs[1].RMS != nil || len(d.Runs[1].Problems) != 1 || !d.CutShort {
		t.Errorf("%+v", d)
	}
}
