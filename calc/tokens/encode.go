package tokens

// none marks a pair that is not in the vocabulary.
const none = ^uint32(0)

// Name names the encoding.
func (e *Encoding) Name() string { return "o200k_base" }

// Exact reports that counts are no estimates.
func (e *Encoding) Exact() bool { return true }

// Count is the number of tokens of a text.
func (e *Encoding) Count(text string) int {
	var m merger
	n := 0
	for i := 0; i < len(text); {
		end := e.classes.piece(text, i)
		n += m.count(e, text[i:end])
		i = end
	}
	return n
}

// Encode returns the tokens of a text. Their bytes, joined, are the text.
func (e *Encoding) Encode(text string) []uint32 {
	var m merger
	var list []uint32
	for i := 0; i < len(text); {
		end := e.classes.piece(text, i)
		list = m.encode(e, text[i:end], list)
		i = end
	}
	return list
}

// Decode joins tokens. Numbers outside the vocabulary are left out.
func (e *Encoding) Decode(list []uint32) string {
	var b []byte
	for _, t := range list {
		if int(t) < e.Len() {
			b = append(b, e.token(t)...)
		}
	}
	return string(b)
}

// merger merges one piece and keeps its buffers between pieces.
type merger struct {
	parts []part
	heap  []candidate
}

// part is a token in the making: it starts at its index in the piece and goes
// on to next; rank is that of it joined with the part behind it.
type part struct {
	next, previous int32
	rank           uint32
}

// candidate is a pair that can be joined.
type candidate struct {
	rank  uint32
	start int32 // of its first part
	end   int32 // of its second
}

func (a candidate) before(b candidate) bool {
	return a.rank < b.rank || a.rank == b.rank && a.start < b.start
}

func (m *merger) count(e *Encoding, piece string) int {
	if len(piece) == 1 {
		return 1
	}
	if _, ok := e.rank(piece); ok {
		return 1
	}
	m.merge(e, piece)
	n := 0
	for i := int32(0); int(i) < len(piece); i = m.parts[i].next {
		n++
	}
	return n
}

func (m *merger) encode(e *Encoding, piece string, list []uint32) []uint32 {
	if rank, ok := e.rank(piece); ok {
		return append(list, rank)
	}
	m.merge(e, piece)
	for i := int32(0); int(i) < len(piece); i = m.parts[i].next {
		rank, _ := e.rank(piece[i:m.parts[i].next]) // single bytes and joined pairs are all in it
		list = append(list, rank)
	}
	return list
}

// short is up to how many bytes a piece is searched from end to end for the
// next pair; longer ones keep their pairs in a heap, so that the time grows
// with n·log n and not with n².
const short = 48

// merge leaves the tokens of a piece in parts, linked by next.
func (m *merger) merge(e *Encoding, piece string) {
	n := len(piece)
	if cap(m.parts) < n+1 {
		m.parts = make([]part, n+1, 2*n+1)
	}
	m.parts = m.parts[:n+1]
	for i := range n + 1 {
		m.parts[i] = part{next: int32(i + 1), previous: int32(i - 1), rank: none}
	}
	for i := range n - 1 {
		m.parts[i].rank = e.pair(piece[i : i+2])
	}
	if n <= short {
		m.mergeShort(e, piece)
	} else {
		m.mergeLong(e, piece)
	}
}

func (e *Encoding) pair(s string) uint32 {
	if rank, ok := e.rank(s); ok {
		return rank
	}
	return none
}

func (m *merger) mergeShort(e *Encoding, piece string) {
	for {
		best, at := none, int32(0)
		for i := int32(0); int(i) < len(piece); i = m.parts[i].next {
			if r := m.parts[i].rank; r < best {
				best, at = r, i
			}
		}
		if best == none {
			return
		}
		m.join(e, piece, at)
	}
}

// join joins the part at i with the one behind it.
func (m *merger) join(e *Encoding, piece string, i int32) {
	p := m.parts
	p[i].next = p[p[i].next].next
	if int(p[i].next) <= len(piece) {
		p[p[i].next].previous = i
	}
	p[i].rank = m.following(e, piece, i)
	if before := p[i].previous; before >= 0 {
		p[before].rank = m.following(e, piece, before)
	}
}

// following is the rank of the part at i joined with the one behind it.
func (m *merger) following(e *Encoding, piece string, i int32) uint32 {
	next := m.parts[i].next
	if int(next) >= len(piece) {
		return none
	}
	return e.pair(piece[i:m.parts[next].next])
}

func (m *merger) mergeLong(e *Encoding, piece string) {
	m.heap = m.heap[:0]
	for i := range len(piece) - 1 {
		if r := m.parts[i].rank; r != none {
			m.push(candidate{r, int32(i), int32(i + 2)})
		}
	}
	for len(m.heap) > 0 {
		c := m.pop()
		p := m.parts
		// A pair whose parts have been joined with others since is out of date.
		if p[c.start].rank != c.rank || int(p[c.start].next) >= len(piece) || p[p[c.start].next].next != c.end {
			continue
		}
		gone := p[c.start].next
		m.join(e, piece, c.start)
		p[gone].rank = none
		m.offer(piece, c.start)
		if before := p[c.start].previous; before >= 0 {
			m.offer(piece, before)
		}
	}
}

// offer puts the pair that starts at i into the heap, if it is one.
func (m *merger) offer(piece string, i int32) {
	if r := m.parts[i].rank; r != none {
		m.push(candidate{r, i, m.parts[m.parts[i].next].next})
	}
}

func (m *merger) push(c candidate) {
	m.heap = append(m.heap, c)
	h, i := m.heap, len(m.heap)-1
	for i > 0 {
		up := (i - 1) / 2
		if !c.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = c
}

func (m *merger) pop() candidate {
	h := m.heap
	top, n := h[0], len(h)-1
	c := h[n]
	m.heap = h[:n]
	i := 0
	for {
		j := 2*i + 1
		if j >= n {
			break
		}
		if j+1 < n && h[j+1].before(h[j]) {
			j++
		}
		if !h[j].before(c) {
			break
		}
		h[i] = h[j]
		i = j
	}
	if n > 0 {
		h[i] = c
	}
	return top
}
