package explain

import "strings"

// Piece is a part of a formula in words: a symbol, or what stands between two.
type Piece struct {
	Text   string
	Symbol string // "" between symbols
}

// Pieces takes the formula in words apart.
func (f *Formula) Pieces() []Piece {
	const edge = "\x00"
	p := printer{leaf: func(name string) string { return edge + name + edge }, num: constant}
	var list []Piece
	for i, part := range strings.Split(p.print(f.body), edge) {
		switch {
		case i%2 == 1:
			list = append(list, Piece{words(part), part})
		case part != "":
			list = append(list, Piece{Text: part})
		}
	}
	return list
}
