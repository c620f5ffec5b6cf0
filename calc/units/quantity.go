package units

import "math"

// Seconds prints a time with digits significant digits in the unit it reads
// best in: ms below 1 s, s up to 120 s, min above. The switch looks at the
// rounded number, so 999.96 ms with three digits is "1", "s".
func Seconds(s float64, digits int) (number, unit string) {
	if w := word(s); w != "" {
		return w, ""
	}
	size := math.Abs(s)
	if size == 0 {
		return "0", "s"
	}
	// The decimal digits are shifted rather than multiplied, which would round twice.
	if mantissa, exp := split(s, clamp(digits)); exp <= 0 {
		return separate(place(mantissa, exp+3, false), s < 0), "ms"
	}
	if Round(size, digits) <= 120 {
		return Sig(s, digits), "s"
	}
	return Sig(s/60, digits), "min"
}

// Duration is Seconds as one text: "2.4 s", "unknown".
func Duration(s float64, digits int) string { return join(Seconds(s, digits)) }

func join(number, unit string) string {
	if unit == "" {
		return number
	}
	return number + " " + unit
}

var (
	decimalUnits = []string{"B", "kB", "MB", "GB", "TB", "PB"}
	binaryUnits  = []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
)

// Bytes prints an amount of memory with three significant digits: in decimal
// units (GB = 10⁹ bytes), or in binary ones (GiB = 2³⁰ bytes) as nvidia-smi
// counts. For a column or a sum use GB, which never changes unit.
func Bytes(b float64, binary bool) (number, unit string) {
	if w := word(b); w != "" {
		return w, ""
	}
	base, names := 1000.0, decimalUnits
	if binary {
		base, names = 1024, binaryUnits
	}
	x, i := b, 0
	// Three digits of 999.6 print as 1,000: that is already the next unit.
	// 1,000 to 1,023 KiB stay, as the next binary unit would read 0.98.
	for i < len(names)-1 && (math.Abs(x) >= base || Round(math.Abs(x), 3) >= base) {
		x /= base
		i++
	}
	if math.Abs(x) >= 1000 {
		return Count(x), names[i]
	}
	return Sig(x, 3), names[i]
}

// GB prints an amount of memory in GB (10⁹ bytes) or GiB (2³⁰ bytes) with one
// decimal, so that the parts of a sum line up: "16.1".
func GB(b float64, binary bool) (number, unit string) {
	if w := word(b); w != "" {
		return w, ""
	}
	if binary {
		return Fixed(b/(1<<30), 1), "GiB"
	}
	return Fixed(b/1e9, 1), "GB"
}

// USD prints an amount for headlines and tables with three significant
// digits, below $100 with cents and zeros kept, so that amounts under each other
// show alike: "$7,300", "$12.30", "$2.40", "$0.650". NaN prints "No price".
func USD(x float64) string {
	size := Round(math.Abs(x), 3)
	text := SigFixed(size, 3)
	if size >= 10 && size < 100 {
		text = Fixed(size, 2)
	}
	return dollars(x, text)
}

// USDExact prints an amount for exports: whole dollars from $100 on, cents below.
func USDExact(x float64) string {
	if size := math.Abs(x); size < 99.995 && size != 0 {
		return dollars(x, Fixed(size, 2))
	}
	return dollars(x, Count(math.Abs(x)))
}

func dollars(x float64, text string) string {
	switch {
	case math.IsNaN(x):
		return NoPrice
	case math.IsInf(x, 0):
		return word(x)
	case x < 0:
		return minus + "$" + text
	}
	return "$" + text
}

// Rate prints a request rate given in req/s: "20.8 req/s".
func Rate(x float64) string {
	if w := word(x); w != "" {
		return w
	}
	return Sig(x, 3) + " req/s"
}

// InFlight prints a number of requests in flight: "1 request in flight".
func InFlight(n float64) string {
	if n == 1 {
		return "1 request in flight"
	}
	return Count(n) + " requests in flight"
}

// Percent prints a share as a percentage: Percent(0.62) is "62 %". Whole per
// cent from 10 % on, two significant digits below.
func Percent(share float64) string {
	if w := word(share); w != "" {
		return w
	}
	p := share * 100
	if Round(math.Abs(p), 2) >= 10 {
		return Count(p) + " %"
	}
	return Sig(p, 2) + " %"
}
