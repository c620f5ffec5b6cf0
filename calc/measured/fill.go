package measured

import "fleetsize/catalog"

// Fill is what the rows of a table leave out and the reader knows: files of
// benchmark clients say what was sent, not what it was sent to. Zero fields
// fill in nothing.
type Fill struct {
	Model, GPU, Engine string
	TP                 int // GPUs of the one replica that was measured
	Weights            catalog.Precision
}

// Fill fills in what rows leave out; what a row states stays. It may be called
// again with more.
func (t *Table) Fill(f Fill) {
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Model == "" {
			r.Model = f.Model
		}
		if r.GPU == "" {
			r.GPU = f.GPU
		}
		if r.Engine == "" {
			r.Engine = f.Engine
		}
		if r.Weights == "" {
			r.Weights = f.Weights
		}
		if !r.LayoutStated && f.TP > 0 {
			r.TP, r.GPUs = f.TP, f.TP*r.PP
		}
		if r.unnamed {
			r.Group = r.groupName()
		}
	}
}

// SetModel fills in the model of rows that name none, as in tables of one
// model whose name is that of the file.
func (t *Table) SetModel(id string) { t.Fill(Fill{Model: id}) }

// Open is what some rows of a table leave out that a prediction needs.
type Open struct{ Model, GPU, Engine, Layout, Weights bool }

// Missing says what some rows of the table leave out.
func (t *Table) Missing() (o Open) {
	for i := range t.Rows {
		r := &t.Rows[i]
		o.Model, o.GPU, o.Engine = o.Model || r.Model == "", o.GPU || r.GPU == "", o.Engine || r.Engine == ""
		o.Layout, o.Weights = o.Layout || !r.LayoutStated, o.Weights || r.Weights == ""
	}
	return o
}
