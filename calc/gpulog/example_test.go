package gpulog_test

import (
	"fmt"
	"log"

	"fleetsize/calc/gpulog"
)

func ExampleParse() {
	l, err := gpulog.Parse([]byte(`timestamp, index, power.draw [W], utilization.gpu [%]
2026/03/10 10:00:00.000, 0, 420.00 W, 90 %
2026/03/10 10:00:01.000, 0, 440.00 W, 94 %
2026/03/10 10:00:02.000, 0, 460.00 W, 98 %
`), "")
	if err != nil {
		log.Fatal(err)
	}
	g := l.GPUs[0]
	use := l.Over(g.Samples[0].At, g.Samples[2].At)
	fmt.Printf("GPU %s: %.0f J in %.0f s\n", g.ID, use.Joules, use.Seconds)
	// Output:
	// GPU 0: 880 J in 2 s
}
