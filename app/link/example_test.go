package link_test

import (
	"fmt"

	"fleetsize/app/link"
	"fleetsize/catalog"
)

func ExampleParse() {
	cat, err := catalog.Load()
	if err != nil {
		panic(err)
	}
	s, notes := link.Parse(cat, "https://example.com/#m=llama-3.3-70b&q=fp8&users=2.5k&ttft=soon&tenants=12&px=h100-sxm:2.49")
	for _, n := range notes {
		fmt.Println(n.Text)
	}
	fmt.Println(s)
	// Output:
	// 1 setting in this link is newer than this app: tenants.
	// ttft: "soon" is not a duration: write it like 500ms, 3s or 2min. The default is used instead.
	// v=1&m=llama-3-3-70b&q=fp8&users=2500&px=h100-sxm-80gb:2.49&tenants=12
}
