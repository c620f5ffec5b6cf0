package worker

import (
	"math"
	"time"

	docs "fleetsize/app/wire"
	"fleetsize/calc/fleet"
	"fleetsize/calc/measured"
	"fleetsize/calc/score"
	"fleetsize/calc/serve"
	"fleetsize/calc/sizingchart"
	"fleetsize/catalog"
	"fleetsize/catalog/jsonio"
)

// StudyRequest asks for a table of measurements to be predicted row by row, or
// to be fitted and then predicted with the fit; or for the sizing chart.
type StudyRequest struct {
	Type  string        `json:"type"`
	Seq   int           `json:"seq"`
	Name  string        `json:"name"`            // of the table, for what a fit was made on
	CSV   string        `json:"csv"`             // as measured.ParseCSV reads it
	Fill  measured.Fill `json:"fill"`            // what rows that do not say so are about
	Fit   string        `json:"fit,omitempty"`   // fit file to predict with; "" = what ships
	Make  bool          `json:"make,omitempty"`  // fit the table
	Chart bool          `json:"chart,omitempty"` // compare the sizing chart instead
	Own   []OwnModel    `json:"own,omitempty"`   // models that a link can not carry
}

// StudyStage says what a reply to a StudyRequest carries.
type StudyStage string

const (
	StudyRows     StudyStage = "rows"     // some rows, predicted
	StudyProgress StudyStage = "progress" // how far a fit is
	StudyFit      StudyStage = "fit"      // a fit, first without and then with cross-validation
	StudyChart    StudyStage = "chart"    // rows of the sizing chart
	StudyFailed   StudyStage = "failed"   // Error says why there is no result
)

// StudyReply is one piece of the answer to a StudyRequest.
type StudyReply struct {
	Type  string                 `json:"type"`
	Seq   int                    `json:"seq"`
	Stage StudyStage             `json:"stage"`
	Rows  []StudyRow             `json:"rows,omitempty"`
	After bool                   `json:"after,omitempty"` // Rows are predicted with a fit
	Doing string                 `json:"doing,omitempty"`
	Share float64                `json:"share,omitempty"` // of Doing that is done
	Best  float64                `json:"best,omitempty"`  // loss of the fit so far, 0 = not known
	Doc   *docs.FitDoc           `json:"doc,omitempty"`
	File  string                 `json:"file,omitempty"`  // the fit as a file
	Chart []sizingchart.Compared `json:"chart,omitempty"` // rows known so far
	Error string                 `json:"error,omitempty"`
	Last  bool                   `json:"last"`
}

// StudyRow is a predicted row: what score.Scored says without what it points to.
type StudyRow struct {
	At             int              `json:"i"` // in the table
	Reason         score.Reason     `json:"r,omitempty"`
	Detail         string           `json:"d,omitempty"`
	Notes          []score.Note     `json:"n,omitempty"`
	TTFT           score.Pair       `json:"t"`
	ITL            score.Pair       `json:"l"`
	TTFTP95        score.Pair       `json:"p"`
	Rate           score.Pair       `json:"o"`
	Kind           score.Kind       `json:"k,omitempty"`
	Tier           fleet.Confidence `json:"c,omitempty"`
	Binding        serve.Limit      `json:"b,omitempty"`
	Held           float64          `json:"h,omitempty"` // tokens in flight
	KVShare        float64          `json:"w,omitempty"`
	Profile, Label string           `json:",omitempty"`
}

const (
	typeStudy     = "fleetsize-study"
	typeStudyStop = "fleetsize-study-stop"
)

// StopStudy is the message that ends the study at work; a fit answers with the
// best it found.
const StopStudy = `{"type":"` + typeStudyStop + `"}`

func studyRow(at int, s *score.Scored) StudyRow {
	r := StudyRow{
		At: at, Reason: s.Reason, Detail: s.Detail, Notes: s.Case.Notes, TTFT: s.TTFT, ITL: s.ITL, TTFTP95: s.TTFTP95, Rate: s.OutputTokPerS,
		Kind: s.Case.Kind, Tier: s.Prediction.Tier, Binding: s.Prediction.Binding,
		Held: s.Prediction.TokensInFlight, KVShare: s.Prediction.KVShare,
	}
	if p := s.Prediction.Profile; p != nil {
		r.Profile, r.Label = p.ID, p.Label
	}
	return r
}

// Scored is the row as package score sums it up.
func (r *StudyRow) Scored(row *measured.Row) score.Scored {
	s := score.Scored{Row: row, Reason: r.Reason, Detail: r.Detail, TTFT: r.TTFT, ITL: r.ITL, TTFTP95: r.TTFTP95, OutputTokPerS: r.Rate}
	s.Case = score.Case{Row: row, Kind: r.Kind, Notes: r.Notes}
	s.Prediction.Tier, s.Prediction.Binding = r.Tier, r.Binding
	s.Prediction.TokensInFlight, s.Prediction.KVShare = r.Held, r.KVShare
	if r.Profile != "" {
		s.Prediction.Profile = &catalog.Profile{ID: r.Profile, Label: r.Label}
	}
	return s
}

// EncodeStudy writes a request as text.
func EncodeStudy(r StudyRequest) (string, error) {
	r.Type = typeStudy
	data, err := jsonio.Marshal(r)
	return string(data), err
}

// DecodeStudy reads a request; ok is false for other messages.
func DecodeStudy(text string) (r StudyRequest, ok bool) {
	err := jsonio.Unmarshal([]byte(text), &r)
	return r, err == nil && r.Type == typeStudy
}

// EncodeStudyReply writes a reply as text.
func EncodeStudyReply(r StudyReply) (string, error) {
	r.Type = typeStudy
	data, err := jsonio.Marshal(r)
	return string(data), err
}

// DecodeStudyReply reads a reply; ok is false for other messages.
func DecodeStudyReply(text string) (r StudyReply, ok bool) {
	err := jsonio.Unmarshal([]byte(text), &r)
	return r, err == nil && r.Type == typeStudy
}

// WithFit is the catalog with a fit file in it; an empty one changes nothing.
func WithFit(cat *catalog.Catalog, file string) (*catalog.Catalog, error) {
	if file == "" {
		return cat, nil
	}
	c, err := score.DecodeCalibration([]byte(file))
	if err != nil {
		return nil, err
	}
	return c.Apply(cat)
}

// Study answers a request piece by piece. tell takes each piece and is where
// others get their turn; when it returns false the work ends there.
func Study(shipped *catalog.Catalog, r StudyRequest, tell func(StudyReply) bool) {
	w := &studying{request: r, cat: Extend(shipped, r.Own), tell: tell}
	if err := w.run(); err != nil {
		w.send(StudyReply{Stage: StudyFailed, Error: err.Error(), Last: true})
	} else if !w.ended { // stopped between two pieces
		w.send(StudyReply{Stage: StudyProgress, Last: true})
	}
}

// studying is a study at work.
type studying struct {
	request StudyRequest
	cat     *catalog.Catalog
	table   measured.Table
	tell    func(StudyReply) bool
	stopped bool
	ending  bool // stopped before: what remains is told whatever tell says
	ended   bool // the last piece was told
}

func (w *studying) send(r StudyReply) bool {
	r.Seq = w.request.Seq
	w.ended = w.ended || r.Last
	if !w.tell(r) && !w.ending {
		w.stopped = true
	}
	return !w.stopped
}

func (w *studying) run() error {
	if w.request.Chart {
		return w.chart()
	}
	t, _, err := measured.ParseCSV([]byte(w.request.CSV))
	if err != nil {
		return err
	}
	w.table = t
	w.table.Fill(w.request.Fill)
	if w.request.Make {
		return w.fit()
	}
	return w.score(w.request.Fit, w.request.Fit != "", true)
}

// chart compares the sizing chart row by row.
func (w *studying) chart() error {
	c, err := sizingchart.New(w.cat)
	if err != nil {
		return err
	}
	var rows []sizingchart.Compared
	all := sizingchart.Rows()
	for i, r := range all {
		x, err := c.Compare(r, true)
		if err != nil {
			return err
		}
		rows = append(rows, x)
		if !w.send(StudyReply{Stage: StudyChart, Chart: rows, Last: i == len(all)-1}) {
			break
		}
	}
	return nil
}

// often is how much time may pass between two pieces.
const often = 120 * time.Millisecond

// score predicts every row, with a fit where one is given.
func (w *studying) score(file string, after, last bool) error {
	cat, err := WithFit(w.cat, file)
	if err != nil {
		return err
	}
	res, err := score.NewResolver(cat)
	if err != nil {
		return err
	}
	var runner score.Runner
	var rows []StudyRow
	sent := time.Now()
	for i := range w.table.Rows {
		s := runner.Row(res, &w.table.Rows[i])
		rows = append(rows, studyRow(i, &s))
		if time.Since(sent) < often {
			continue
		}
		more := w.send(StudyReply{Stage: StudyRows, Rows: rows, After: after})
		rows, sent = nil, time.Now()
		if !more {
			break
		}
	}
	w.send(StudyReply{Stage: StudyRows, Rows: rows, After: after, Last: last || w.stopped})
	return nil
}

// fit fits the table, predicts the rows with the fit, and then fits again with
// shapes and groups left out, which takes a fit for each.
func (w *studying) fit() error {
	res, err := score.NewResolver(w.cat)
	if err != nil {
		return err
	}
	findings := res.Check(w.table.Rows)
	make := func(inSample bool) (reply StudyReply, stopped bool, err error) {
		report, err := res.Fit(&w.table, findings, score.FitOptions{Name: w.request.Name, InSample: inSample, Progress: func(p score.FitProgress) bool {
			best := p.Best
			if math.IsInf(best, 0) || math.IsNaN(best) {
				best = 0
			}
			return w.send(StudyReply{Stage: StudyProgress, Doing: p.Doing, Share: p.Share, Best: best})
		}})
		if err != nil {
			return reply, false, err
		}
		doc := docs.Fit(report, findings, nil, w.cat.Date)
		file, err := report.Calibration.Encode()
		return StudyReply{Stage: StudyFit, Doc: &doc, File: string(file)}, report.Stopped, err
	}
	reply, stopped, err := make(true)
	if err != nil {
		return err
	}
	w.stopped, w.ending = false, stopped
	w.send(reply)
	if err := w.score(reply.File, true, stopped); err != nil || stopped || w.stopped {
		return err
	}
	if reply, stopped, err = make(false); err != nil {
		return err
	}
	if stopped {
		return nil // the fit itself is the one already told
	}
	w.send(reply)
	// What was found by leaving out gives the ranges of the predictions.
	return w.score(reply.File, true, true)
}
