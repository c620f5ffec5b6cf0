package speech

import (
	"bytes"
	"errors"
	"strings"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

// Plan is one request to a speech endpoint, repeated.
type Plan struct {
	Model    string
	Requests int    // one after another
	Text     string // to say, or what is said in the recording ("" = not known)

	// Audio is a recording to transcribe, nil = Text is to be spoken.
	Audio []byte
	Name  string // of its file

	Voice string // to speak with
	Rate  int    // sample rate that a spoken recording must have, Hz; 0 = any
}

// Run is what one request showed; zero where it does not apply.
type Run struct {
	Took   float64 // seconds; 0 = no answer
	Factor float64 // real-time factor: time taken ÷ length of the recording
	Recording
	Text     *string // transcript
	Errors   *Errors // against Plan.Text
	Problems []string
	Audio    []byte // spoken; of the last one only
}

// Measurement is a plan being carried out.
type Measurement struct {
	Plan
	Runs []Run
	in   Recording // of Plan.Audio, where it is a WAV file
}

// New prepares a measurement. The error says what is missing.
func New(p Plan) (*Measurement, error) {
	m := &Measurement{Plan: p}
	switch {
	case p.Audio == nil && strings.TrimSpace(p.Text) == "":
		return nil, errors.New("there is no text to say")
	case p.Audio != nil && len(p.Audio) == 0:
		return nil, errors.New("the recording is empty")
	}
	m.in, _ = ReadWAV(p.Audio) // of other formats the length stays unknown
	return m, nil
}

// Rounds are the requests.
func (m *Measurement) Rounds() []bench.Round {
	ask := bench.Ask{Path: "/audio/speech", Type: bench.JSON}
	if m.Audio != nil {
		ask.Path = "/audio/transcriptions"
		ask.Type, ask.Body = form(m.Name, m.Audio, [][2]string{{"model", m.Model}, {"response_format", "json"}, {"temperature", "0"}})
	} else {
		body, err := jsonio.Marshal(map[string]any{"model": m.Model, "voice": m.Voice, "input": m.Text, "response_format": "wav"})
		if err != nil { // of texts: cannot be
			panic("speech: " + err.Error())
		}
		ask.Body = body
	}
	return []bench.Round{{N: m.Requests, Parallel: 1, Ask: func(int) bench.Ask { return ask }, Take: m.take}}
}

func (m *Measurement) take(_ int, a bench.Answer) {
	r := Run{Problems: []string{}}
	err := a.Err
	switch {
	case err != nil:
	case m.Audio != nil:
		err = m.heard(a.Body, &r)
	default:
		err = m.spoken(a.Body, &r)
	}
	if err != nil {
		r.Problems = append(r.Problems, err.Error())
	}
	if a.Err == nil {
		r.Took = a.Took()
		if r.Seconds > 0 {
			r.Factor = r.Took / r.Seconds
		}
	}
	if n := len(m.Runs); n > 0 {
		m.Runs[n-1].Audio = nil
	}
	m.Runs = append(m.Runs, r)
}

func (m *Measurement) heard(body []byte, r *Run) error {
	var reply struct {
		Text *string `json:"text"`
	}
	if err := jsonio.Unmarshal(body, &reply); err != nil {
		return err
	}
	if reply.Text == nil {
		return errors.New("the reply has no text")
	}
	text := strings.TrimSpace(*reply.Text)
	r.Text, r.Recording = &text, m.in
	if m.Text != "" {
		e := Compare(m.Text, text)
		r.Errors = &e
	}
	return nil
}

// Spoken is the last recording that came back, nil without one.
func (m *Measurement) Spoken() []byte {
	if n := len(m.Runs); n > 0 {
		return m.Runs[n-1].Audio
	}
	return nil
}

// spoken checks a recording: finite, not silent, of the wanted sample rate, no
// longer than slow speech.
func (m *Measurement) spoken(body []byte, r *Run) (err error) {
	r.Audio = body
	if r.Recording, err = ReadWAV(body); err != nil {
		return err
	}
	// Slow speech has a word a second; one of ten seconds a word is broken.
	longest := 10 + 10*float64(len(strings.Fields(m.Text)))
	r.Problems = append(r.Problems, r.Recording.Problems(m.Rate, longest)...)
	return nil
}

// form is a body of multipart/form-data (RFC 7578) with a file and fields, and
// its content type.
func form(name string, file []byte, fields [][2]string) (kind string, body []byte) {
	boundary := "fleetsize-form-data"
	for bytes.Contains(file, []byte(boundary)) {
		boundary += "-x"
	}
	clean := strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22").Replace
	var b bytes.Buffer
	for _, f := range fields {
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + f[0] + "\"\r\n\r\n" + f[1] + "\r\n")
	}
	b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + clean(name) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
	b.Write(file)
	b.WriteString("\r\n--" + boundary + "--\r\n")
	return "multipart/form-data; boundary=" + boundary, b.Bytes()
}
