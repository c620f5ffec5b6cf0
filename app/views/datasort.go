package views

import (
	"sort"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dataColumn is a column of numbers that a table of the catalog can be sorted
// by: the largest first, or the least where less is better. Unknown values, 0 or
// less, come last.
type dataColumn[T any] struct {
	head, class string
	less        bool
	of          func(T) float64
}

// ordered is a copy of list by the column that was chosen, as it is without one.
func ordered[T any](d *dataState, columns []dataColumn[T], list []T) []T {
	for _, c := range columns {
		if c.head != d.sort {
			continue
		}
		list = append([]T{}, list...)
		sort.SliceStable(list, func(i, j int) bool {
			a, b := c.of(list[i]), c.of(list[j])
			if a > 0 && b > 0 {
				return a != b && c.less == (a < b)
			}
			return a > 0 && !(b > 0)
		})
	}
	return list
}

// sortHeads are the heads of the columns: pressed once they sort, pressed again
// the table is in the catalog's order.
func sortHeads[T any](d *dataState, columns []dataColumn[T]) []app.UI {
	var heads []app.UI
	for _, c := range columns {
		name, label := c.head, c.head
		th := el("th", "num "+c.class)
		if d.sort == name {
			th = el("th", "num on "+c.class).Aria("sort", either(c.less, "ascending", "descending"))
			label += either(c.less, " ▴", " ▾")
		}
		heads = append(heads, th.Attr("scope", "col").Body(button("", txt(label)).DataSet("sort-data", name).
			OnClick(func(ctx app.Context, e app.Event) {
				if d.sort == name {
					d.sort = ""
				} else {
					d.sort = name
				}
				d.rev++
			}, app.EventScope("sort-data", name))))
	}
	return heads
}
