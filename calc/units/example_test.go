package units_test

import (
	"fmt"

	"fleetsize/calc/units"
)

func ExampleParseNumber() {
	n, _ := units.ParseNumber("1.5M")
	fmt.Println(units.Count(n))
	_, err := units.ParseNumber("2,5")
	fmt.Println(err)
	// Output:
	// 1,500,000
	// "2,5" has a comma where no thousands end: write decimals with a point (2.5) and thousands as 2,500
}

func ExampleParseRate() {
	rate, unit, _ := units.ParseRate("1.5M/day", units.PerSecond)
	fmt.Println(units.Rate(rate), "stated per", unit)
	// Output: 17.4 req/s stated per day
}

func ExampleDuration() {
	fmt.Println(units.Duration(0.437, 3), units.Duration(0.99996, 3), units.Duration(211.7, 3))
	// Output: 437 ms 1 s 3.53 min
}
