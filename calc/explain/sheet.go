package explain

// Applying is the entry of an id in the case that holds for the book's option;
// nil where the id is an input, or nothing.
func (b *Book) Applying(id string) *Formula { return read().formula(id, b.applies) }

// Over is the formula as a spreadsheet takes it, without "=", with every
// symbol written by leaf: a name, an address, or a formula in parentheses. It
// is "" where a simulation is part of it.
func (f *Formula) Over(leaf func(symbol string) string) string {
	text := f.excel(leaf)
	if text == "" {
		return ""
	}
	return text[1:]
}

// UnitOf is the unit of a symbol's value as the registry names it, "" where it
// has none.
func (b *Book) UnitOf(symbol string) string { return b.unitOf(symbol).name }

// Symbols lists the inputs of the registry in its order. Do not change what it
// returns.
func Symbols() []string { return read().order }
