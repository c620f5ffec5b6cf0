package serve

// totals adds up over measured requests.
type totals struct {
	in, out         float64 // tokens
	waited, running float64 // request-seconds
}

// complete takes a request off the engine whose last token was seen at seen.
func (s *Sim) complete(id int32, seen float64) {
	q := &s.reqs[id]
	s.context -= q.full
	s.release(q)
	s.completed++
	if s.completed > s.warm && s.completed <= s.stop {
		s.measure(id, q, seen)
	} else if s.completed == s.warm {
		s.began = s.snapshot()
		s.began.seen = seen
	}
	if s.completed == s.warm+(s.stop-s.warm)/2 {
		s.middle = s.snapshot()
	}
	s.free = append(s.free, id)
	if !s.open && s.sent < s.total {
		s.arrived.push(seen, s.send(seen, 1))
		if s.nextAt > seen {
			s.nextAt = seen
		}
	}
}

// measure records a completed request.
func (s *Sim) measure(id int32, q *request, seen float64) {
	first := q.first
	gaps := q.out - 1
	itl := 0.0
	if gaps > 0 {
		if s.interval > 1 {
			k := min(s.interval, q.out) - 1
			first += k * (seen - first) / gaps
		}
		itl = (seen - first) / gaps
	}
	offset := s.offset
	s.ttft.add(first - q.sent + offset)
	s.itl.add(itl)
	s.e2e.add(seen - q.sent + offset)
	if len(s.mix.kinds) > 0 {
		s.mix.add(id, first-q.sent+offset, itl, seen-q.sent+offset)
	}
	s.totals.in += q.in
	s.totals.out += q.out
	s.totals.running += q.ran
	s.totals.waited += s.now - q.sent - q.ran
	s.last = seen
}
