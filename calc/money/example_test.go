package money_test

import (
	"fmt"
	"log"

	"fleetsize/calc/money"
	"fleetsize/catalog"
)

// Eight GPUs, rented from the catalog's list and bought for three years.
func ExampleTerms_Bill() {
	cat, err := catalog.Load()
	if err != nil {
		log.Fatal(err)
	}
	gpu, _ := cat.GPU("h100-sxm")
	rent := money.Default(money.Rent)
	rent.Prices = []money.Price{{GPU: gpu.ID, USD: 2.5}}
	b := rent.Bill(gpu, 8, 1)
	fmt.Printf("rented: $%.0f a month\n", b.PerMonth)

	own := money.Default(money.Own)
	own.Prices = []money.Price{{GPU: gpu.ID, USD: 36000}}
	own.Years = 3
	b = own.Bill(gpu, 8, 1)
	fmt.Printf("bought: $%.0f a month of the price, $%.0f up front\n", b.Purchase, b.UpFront)
	// Output:
	// rented: $14600 a month
	// bought: $8000 a month of the price, $288000 up front
}
