package views

import (
	"strings"
	"testing"

	"fleetsize/app/export"
	"fleetsize/app/wire"
)

// Every way to hand the answer over is in the Share menu and on the report.
func TestHandsAreReachable(t *testing.T) {
	v := example(t)
	menu := render(v)
	before := v.s.State.View
	v.s.State.View = viewReport
	page := render(v)
	v.s.State.View = before
	for _, h := range hands {
		if !strings.Contains(menu, `id="`+h.id+`"`) {
			t.Errorf("the Share menu lacks %s", h.id)
		}
		if !strings.Contains(page, `id="report-`+h.id+`"`) {
			t.Errorf("the report lacks %s", h.id)
		}
	}
	for _, want := range []string{`data-report="final"`, `class="leaf"`, export.Disclaimer, "Report preview"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report view lacks %s", want)
		}
	}
}

// The report says what the Size view says.
func TestReportSaysTheSame(t *testing.T) {
	v := example(t)
	p := v.handover()
	if got, want := export.Plain(export.Sentence(p)), strings.ReplaceAll(sentence(v.s), "\u00a0", " "); got != want {
		t.Errorf("the report says %q, the page %q", got, want)
	}
	if p.Best().GPUs != v.s.Best().GPUs || len(p.Price) != len(v.price.Curves) || p.Day == "" {
		t.Errorf("the report's answer differs: %d GPUs, %d curves, day %q", p.Best().GPUs, len(p.Price), p.Day)
	}
	if strings.Contains(p.Link, "t=report") {
		t.Error("the link on paper opens the report instead of the answer")
	}
}

// A saved answer opens as the sizing it was, and undo leads back.
func TestOpenSaved(t *testing.T) {
	s := NewSizing(testCatalog(t), "rps=7")
	was := s.Link()
	other := NewSizing(testCatalog(t), "rps=42&w=chat&n=Saved")
	data, err := wire.Encode(wire.Size(s.Answer, other.Req, other.State, nil))
	if err != nil {
		t.Fatal(err)
	}
	if !s.OpenSaved(string(data)) || s.Link() != other.Link() {
		t.Errorf("opened %s, want %s", s.Link(), other.Link())
	}
	if !s.Undo() || s.Link() != was {
		t.Errorf("undo leads to %s, want %s", s.Link(), was)
	}
	for _, bad := range []string{"", "{}", "[1]", `{"link":""}`, `{"link":5}`} {
		if s.OpenSaved(bad) || s.Link() != was {
			t.Errorf("%q was opened as %s", bad, s.Link())
		}
	}
}

// The commands shown are those of the recommended layout.
func TestDeployDialog(t *testing.T) {
	v := example(t)
	defer func() { v.hand = handState{} }()
	v.hand = handState{dialog: "deploy"}
	page := render(v)
	if !strings.Contains(page, "vllm serve "+v.s.Req.Model.HFRepo) {
		t.Error("the dialog does not show the command of the engine")
	}
	v.hand = handState{dialog: "deploy", start: "kubernetes"}
	if page = render(v); !strings.Contains(page, "kind: Deployment") || !strings.Contains(page, "kind: Service") {
		t.Error("the dialog does not show the manifest")
	}
	v.hand = handState{dialog: "qr"}
	if page = render(v); !strings.Contains(page, `class="qrbig"`) {
		t.Error("the dialog does not show the code")
	}
}

// A file opens as a sizing whose own link opens as the same, or changes nothing.
func FuzzOpenSaved(f *testing.F) {
	for _, s := range []string{`{"link":"v=1&rps=42&w=chat&n=Saved"}`, `{"link":"#"}`, `{"link":"b.g=l40s&xm=&in=NaN"}`, `{`, `{"link":"%zz&x=\u0000"}`} {
		f.Add(s)
	}
	cat, err := loadOnce()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := NewSizing(cat, "rps=7")
		was := s.Link()
		if !s.OpenSaved(text) {
			if s.Link() != was {
				t.Errorf("%q is refused and opens as %s", text, s.Link())
			}
			return
		}
		if again := NewSizing(cat, s.Link()); again.Link() != s.Link() {
			t.Errorf("%q opens as %s, and that as %s", text, s.Link(), again.Link())
		}
	})
}
