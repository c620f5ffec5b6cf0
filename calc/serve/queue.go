package serve

// item is a request in a queue: the time it arrives or is ready, the prompt
// tokens left, or the step at which it ends.
type item struct {
	key float64
	id  int32
}

// fifo is a queue in a ring that grows but never shrinks.
type fifo struct {
	buf  []item // length a power of two
	head int
	n    int
}

func (q *fifo) reset() { q.head, q.n = 0, 0 }

func (q *fifo) push(key float64, id int32) {
	if q.n == len(q.buf) {
		q.grow()
	}
	q.buf[(q.head+q.n)&(len(q.buf)-1)] = item{key, id}
	q.n++
}

func (q *fifo) grow() {
	buf := make([]item, max(64, 2*len(q.buf)))
	for i := range q.n {
		buf[i] = *q.at(i)
	}
	q.buf, q.head = buf, 0
}

// at is the i-th item from the front.
func (q *fifo) at(i int) *item { return &q.buf[(q.head+i)&(len(q.buf)-1)] }

func (q *fifo) front() *item { return &q.buf[q.head] }

func (q *fifo) pop() item {
	it := q.buf[q.head]
	q.head = (q.head + 1) & (len(q.buf) - 1)
	q.n--
	return it
}

// popBack takes the newest item.
func (q *fifo) popBack() item {
	q.n--
	return *q.at(q.n)
}

// ends holds the running requests by the step at which they end. While ends
// arrive in order, as they do with equal lengths, it is a plain queue; the
// first one out of order turns it into a heap. Equal ends leave in order of
// admission.
type ends struct {
	queue   fifo
	heap    []item
	ordered bool
}

func (e *ends) reset(ordered bool) {
	e.queue.reset()
	e.heap = e.heap[:0]
	e.ordered = ordered
}

// next is the earliest end; there must be one.
func (e *ends) next() float64 {
	if e.ordered {
		return e.queue.front().key
	}
	return e.heap[0].key
}

func (e *ends) push(key float64, id int32, reqs []request) {
	if e.ordered {
		if e.queue.n == 0 || e.queue.at(e.queue.n-1).key <= key {
			e.queue.push(key, id)
			return
		}
		e.toHeap()
	}
	e.heap = append(e.heap, item{key, id})
	e.up(len(e.heap)-1, reqs)
}

// toHeap moves the queue over: sorted items are a heap.
func (e *ends) toHeap() {
	e.ordered = false
	for e.queue.n > 0 {
		e.heap = append(e.heap, e.queue.pop())
	}
}

func (e *ends) pop(reqs []request) int32 {
	if e.ordered {
		return e.queue.pop().id
	}
	id := e.heap[0].id
	e.removeAt(0, reqs)
	return id
}

// removeNewest takes out the request admitted last and returns it with the
// step at which it would have ended.
func (e *ends) removeNewest(reqs []request) item {
	if e.ordered {
		e.toHeap()
	}
	last := 0
	for i := range e.heap {
		if reqs[e.heap[i].id].seq > reqs[e.heap[last].id].seq {
			last = i
		}
	}
	it := e.heap[last]
	e.removeAt(last, reqs)
	return it
}

func (e *ends) removeAt(i int, reqs []request) {
	h := e.heap
	n := len(h) - 1
	h[i] = h[n]
	e.heap = h[:n]
	if i < n {
		e.down(i, reqs)
		e.up(i, reqs)
	}
}

func before(a, b item, reqs []request) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	return reqs[a.id].seq < reqs[b.id].seq
}

func (e *ends) up(i int, reqs []request) {
	h := e.heap
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

func (e *ends) down(i int, reqs []request) {
	h := e.heap
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
