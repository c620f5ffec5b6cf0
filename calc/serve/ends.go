package serve

import "math/bits"

// ends holds the running requests by the step at which they end; equal ends
// leave in order of admission.
//
// While ends arrive in order, as they do with equal lengths, it is a plain
// queue. The first one out of order turns it into a wheel: a ring with one list
// per step, and bits that say which lists hold anything. What ends beyond the
// wheel's horizon waits in a heap.
type ends struct {
	queue   fifo
	ordered bool

	size  int // steps the wheel covers, a power of two
	first []int32
	last  []int32
	words []uint64 // bit i: list i holds something
	top   []uint64 // bit i: words[i] is not 0
	after []int32  // by request: the next one in its list
	early float64  // earliest end in the wheel; 0 = look for it
	inUse int      // in the wheel

	far heap
}

// The wheel covers the longest output, within these sizes.
const (
	smallestWheel = 1 << 10
	largestWheel  = 1 << 16
)

// reset empties e for requests of at most out steps.
func (e *ends) reset(ordered bool, out float64) {
	e.queue.reset()
	e.far = e.far[:0]
	e.ordered = ordered
	size := smallestWheel
	for size < largestWheel && float64(size) <= out {
		size *= 2
	}
	if size != e.size {
		e.size = size
		e.first, e.last = make([]int32, size), make([]int32, size)
		e.words = make([]uint64, size/64)
		e.top = make([]uint64, (size/64+63)/64)
	}
	if e.inUse > 0 {
		clear(e.words)
		clear(e.top)
	}
	e.inUse, e.early = 0, 0
}

// next is the earliest end; there must be one. now is the step counter.
func (e *ends) next(now float64) float64 {
	if e.ordered {
		return e.queue.front().key
	}
	return e.nextInWheel(now)
}

func (e *ends) nextInWheel(now float64) float64 {
	if e.inUse == 0 {
		return e.far[0].key
	}
	if e.early == 0 {
		e.early = e.search(now)
	}
	if len(e.far) > 0 && e.far[0].key < e.early {
		return e.far[0].key
	}
	return e.early
}

// push adds a request that ends at step key, with now the step counter.
func (e *ends) push(key float64, id int32, now float64, reqs []request) {
	if e.ordered {
		if e.queue.n == 0 || before(*e.queue.at(e.queue.n - 1), item{key, id}, reqs) {
			e.queue.push(key, id)
			return
		}
		e.ordered = false
		for e.queue.n > 0 {
			it := e.queue.pop()
			e.add(it.key, it.id, now, reqs)
		}
	}
	e.add(key, id, now, reqs)
}

func (e *ends) add(key float64, id int32, now float64, reqs []request) {
	if key-now >= float64(e.size) {
		e.far.push(item{key, id}, reqs)
		return
	}
	for len(e.after) <= int(id) {
		e.after = append(e.after, -1)
	}
	slot := int(key) & (e.size - 1)
	w, bit := slot>>6, uint64(1)<<(slot&63)
	switch {
	case e.words[w]&bit == 0:
		e.words[w] |= bit
		e.top[w>>6] |= 1 << (w & 63)
		e.first[slot], e.last[slot], e.after[id] = id, id, -1
	case reqs[e.last[slot]].seq < reqs[id].seq: // nearly always: decoding starts in order of admission
		e.after[e.last[slot]], e.after[id] = id, -1
		e.last[slot] = id
	case reqs[id].seq < reqs[e.first[slot]].seq:
		e.after[id], e.first[slot] = e.first[slot], id
	default:
		at := e.first[slot]
		for reqs[e.after[at]].seq < reqs[id].seq {
			at = e.after[at]
		}
		e.after[id], e.after[at] = e.after[at], id
	}
	if e.early > 0 && key < e.early {
		e.early = key
	}
	e.inUse++
}

// search is the first step from now on whose list holds something.
func (e *ends) search(now float64) float64 {
	from := int(now) & (e.size - 1)
	slot := e.scan(from)
	return now + float64((slot-from)&(e.size-1))
}

// scan is the first list in use from slot from on, around the ring.
func (e *ends) scan(from int) int {
	w := from >> 6
	if b := e.words[w] >> (from & 63); b != 0 {
		return from + bits.TrailingZeros64(b)
	}
	w++
	if t := w >> 6; t < len(e.top) {
		b := e.top[t] &^ (1<<(w&63) - 1)
		for {
			if b != 0 {
				return e.lowest(t<<6 + bits.TrailingZeros64(b))
			}
			if t++; t == len(e.top) {
				break
			}
			b = e.top[t]
		}
	}
	for t, b := range e.top {
		if b != 0 {
			return e.lowest(t<<6 + bits.TrailingZeros64(b))
		}
	}
	panic("serve: no request runs")
}

func (e *ends) lowest(w int) int { return w<<6 + bits.TrailingZeros64(e.words[w]) }

// pop takes out the earliest request, with now the step counter.
func (e *ends) pop(now float64, reqs []request) int32 {
	if e.ordered {
		return e.queue.pop().id
	}
	return e.popFromWheel(now, reqs)
}

func (e *ends) popFromWheel(now float64, reqs []request) int32 {
	if len(e.far) > 0 {
		key := e.next(now)
		if far := e.far[0]; far.key == key {
			if e.inUse == 0 || e.early > key || reqs[far.id].seq < reqs[e.first[int(key)&(e.size-1)]].seq {
				e.far.removeAt(0, reqs)
				return far.id
			}
		}
	} else if e.early == 0 {
		e.early = e.search(now)
	}
	slot := int(e.early) & (e.size - 1)
	id := e.first[slot]
	if next := e.after[id]; next >= 0 {
		e.first[slot] = next
	} else {
		e.clear(slot)
	}
	e.inUse--
	return id
}

// clear marks a list empty.
func (e *ends) clear(slot int) {
	w := slot >> 6
	e.words[w] &^= 1 << (slot & 63)
	if e.words[w] == 0 {
		e.top[w>>6] &^= 1 << (w & 63)
	}
	e.early = 0
}

// removeNewest takes out the request admitted last and returns it with the
// step at which it would have ended.
func (e *ends) removeNewest(now float64, reqs []request) item {
	if e.ordered {
		return e.queue.popBack()
	}
	newest, at := -1, -1
	for w, b := range e.words {
		for ; b != 0; b &= b - 1 {
			slot := w<<6 + bits.TrailingZeros64(b)
			if id := e.last[slot]; newest < 0 || reqs[id].seq > reqs[newest].seq {
				newest, at = int(id), slot
			}
		}
	}
	for i, it := range e.far {
		if newest < 0 || reqs[it.id].seq > reqs[newest].seq {
			newest, at = int(it.id), -1-i
		}
	}
	if at < 0 {
		it := e.far[-1-at]
		e.far.removeAt(-1-at, reqs)
		return it
	}
	from := int(now) & (e.size - 1)
	key := now + float64((at-from)&(e.size-1))
	e.inUse--
	id := e.first[at]
	if int(id) == newest {
		e.clear(at)
		return item{key, id}
	}
	for int(e.after[id]) != newest {
		id = e.after[id]
	}
	e.last[at], e.after[id] = id, -1
	return item{key, int32(newest)}
}

// heap holds items with the smallest key first, equal ones in order of admission.
type heap []item

func (h *heap) push(it item, reqs []request) {
	*h = append(*h, it)
	h.up(len(*h)-1, reqs)
}

func (h *heap) removeAt(i int, reqs []request) {
	n := len(*h) - 1
	(*h)[i] = (*h)[n]
	*h = (*h)[:n]
	if i < n {
		h.down(i, reqs)
		h.up(i, reqs)
	}
}

func before(a, b item, reqs []request) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	return reqs[a.id].seq < reqs[b.id].seq
}

func (p *heap) up(i int, reqs []request) {
	h := *p
	it := h[i]
	for i > 0 {
		j := (i - 1) / 2
		if !before(it, h[j], reqs) {
			break
		}
		h[i] = h[j]
		i = j
	}
	h[i] = it
}

func (p *heap) down(i int, reqs []request) {
	h := *p
	it := h[i]
	for {
		j := 2*i + 1
		if j >= len(h) {
			break
		}
		if j+1 < len(h) && before(h[j+1], h[j], reqs) {
			j++
		}
		if !before(h[j], it, reqs) {
			break
		}
		h[i] = h[j]
		i = j
	}
	h[i] = it
}
