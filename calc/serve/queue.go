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

//go:noinline
func (q *fifo) grow() { // rare: kept out of push, which is then inlined
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

// remove takes out the i-th item from the front and keeps the order of the rest.
func (q *fifo) remove(i int) item {
	it := *q.at(i)
	for ; i > 0; i-- {
		*q.at(i) = *q.at(i - 1)
	}
	q.pop()
	return it
}

// popBack takes the newest item.
func (q *fifo) popBack() item {
	q.n--
	return *q.at(q.n)
}
