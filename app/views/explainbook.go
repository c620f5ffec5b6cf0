package views

import (
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// drawer is the open explanation. Which number it is stands in the link.
type drawer struct {
	from string    // reference of the number that was pressed
	back app.Value // what had the focus then
	path []string  // numbers on the way to the open one
	book *explain.Book
	made bookKey // what the book was made for
}

// bookKey tells whether a book is still good.
type bookKey struct {
	gpu      string
	state    string
	fleetRev int
	chartRev int
	quick    bool
}

// optionOf is the option of an accelerator in the newest answer, the
// recommended one for "".
func (v *Page) optionOf(gpu string) *fleet.Option {
	if gpu == "" {
		return v.s.Best()
	}
	for _, a := range []*fleet.Answer{v.s.Now(), &v.s.Answer} {
		for i := range a.Options {
			if a.Options[i].GPU.ID == gpu {
				return &a.Options[i]
			}
		}
	}
	return nil
}

// book explains the option of an accelerator; without one, where nothing meets
// the targets, studies and the catalog are left to explain.
func (v *Page) book(gpu string) *explain.Book {
	o := v.optionOf(gpu)
	if o == nil && gpu != "" || v.s.Req.Catalog == nil {
		return nil
	}
	d := &v.drawer
	key := bookKey{gpu, v.s.Link(), v.fleetRev, v.chartRev, v.s.Quick != nil}
	if o != nil {
		key.gpu = o.GPU.ID
	}
	if d.book == nil || d.made != key {
		d.book, d.made = explain.New(&v.s.Req, v.s.Now(), o, v.s.State.Context(v.s.Catalog())), key
		if o == nil {
			return d.book
		}
		if v.curve.GPU != nil && v.curve.GPU.ID == o.GPU.ID {
			d.book.Curve(v.curve.Points)
		}
		for _, c := range v.price.Curves {
			if c.GPU.ID == o.GPU.ID {
				d.book.Price(c.Points)
			}
		}
	}
	return d.book
}

// explanation is where the number of a reference comes from; ok is false where
// there is none in the newest answer.
func (v *Page) explanation(ref string) (x *explain.Explanation, ok bool) {
	letter, rest := splitOption(ref)
	id, gpu, arg := explain.Split(rest)
	b := v.book(gpu)
	if letter != "" {
		b = v.optionBook(letter[0])
	}
	if b == nil {
		return nil, false
	}
	if explain.OfStudy(id) {
		b.Studies(v.studies())
	}
	if x, ok = b.Explain(id, arg); ok {
		x.Ref = letter + x.Ref
	}
	return x, ok
}

// splitOption takes the option off a reference: "b.gpus" is "b." and "gpus".
func splitOption(ref string) (option, rest string) {
	if len(ref) > 2 && ref[1] == '.' {
		return ref[:2], ref[2:]
	}
	return "", ref
}

// optionBook explains what the Compare view has as an option; nil where it has
// no such option, or no answer to it yet.
func (v *Page) optionBook(letter byte) *explain.Book {
	for _, c := range v.columns() {
		if o := c.option; o != nil && c.letter-'A'+'a' == letter {
			return explain.New(&c.req, &fleet.Answer{Options: []fleet.Option{*o}}, o, c.state.Context(v.s.Catalog()))
		}
	}
	return nil
}
