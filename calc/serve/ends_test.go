package serve

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The wheel against a sorted list: ends in any order, beyond the horizon, equal
// ones, and the newest taken out.
func TestEndsLeaveInOrder(t *testing.T) {
	type entry struct {
		key float64
		id  int32
		seq uint64
	}
	rng := rand.New(rand.NewPCG(3, 4))
	var e ends
	for _, longest := range []int{1, 3, 500, 1023, 1024, 3000, 200_000} {
		for _, ordered := range []bool{true, false} {
			e.reset(ordered, float64(longest))
			reqs := make([]request, 40)
			var free []int32
			for i := range reqs {
				free = append(free, int32(i))
			}
			var list []entry
			now, seq := 0.0, uint64(0)
			compare := func(a, b entry) int {
				if a.key != b.key {
					return int(a.key - b.key)
				}
				return int(a.seq) - int(b.seq)
			}
			for range 4000 {
				switch k := rng.IntN(10); {
				case k < 5 && len(free) > 0:
					id := free[len(free)-1]
					free = free[:len(free)-1]
					seq++
					reqs[id].seq = seq
					key := now + float64(1+rng.IntN(longest))
					if rng.IntN(3) > 0 { // many equal ones
						key = now + float64(longest)
					}
					e.push(key, id, now, reqs)
					list = append(list, entry{key, id, seq})
				case k == 5 && len(list) > 0:
					newest := 0
					for i := range list {
						if list[i].seq > list[newest].seq {
							newest = i
						}
					}
					if it := e.removeNewest(now, reqs); it.id != list[newest].id || it.key != list[newest].key {
						t.Fatalf("up to %d: newest is %+v, want %+v", longest, it, list[newest])
					}
					free = append(free, list[newest].id)
					list = slices.Delete(list, newest, newest+1)
				case len(list) > 0:
					slices.SortFunc(list, compare)
					if got := e.next(now); got != list[0].key {
						t.Fatalf("up to %d at %g: next %g, want %g", longest, now, got, list[0].key)
					}
					if rng.IntN(2) == 0 {
						now += float64(rng.IntN(int(list[0].key-now) + 1))
						break
					}
					now = list[0].key
					for len(list) > 0 && list[0].key == now {
						if id := e.pop(now, reqs); id != list[0].id {
							t.Fatalf("up to %d at %g: request %d leaves, want %d", longest, now, id, list[0].id)
						}
						free = append(free, list[0].id)
						list = list[1:]
					}
				}
			}
		}
	}
}
