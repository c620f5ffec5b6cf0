package money

// Definition is a price per million tokens as one publisher defines it.
type Definition struct {
	ID     string // of its formula in the registry of explanations
	Name   string
	Tokens string // which tokens the price is per
	How    string // the arithmetic in words
	USD    float64
}

// InputPrice solves for a price list: the price per million input tokens at
// which input and output together pay for a request, when an output token
// costs ratio times an input token (NVIDIA's TCO method; hosted APIs charge 3
// to 5).
//
//	USD per request = price · (input + ratio · output) ÷ 10⁶
func (f Flow) InputPrice(usdPerMonth, ratio float64) (usd float64, ok bool) {
	u, ok := f.Units(usdPerMonth)
	if !ok || !(ratio > 0) {
		return 0, false
	}
	return u.Per1000Requests * 1e3 / (f.Input + ratio*f.Output), true
}

// DefaultRatio is the price of an output token over that of an input token
// where no hosted price is stated.
const DefaultRatio = 4

// Definitions are the same cost as different publishers would state it; ratio
// is output price over input price, 0 = DefaultRatio.
func (f Flow) Definitions(usdPerMonth, ratio float64) []Definition {
	u, ok := f.Units(usdPerMonth)
	if !ok {
		return nil
	}
	if !(ratio > 0) {
		ratio = DefaultRatio
	}
	in, _ := f.InputPrice(usdPerMonth, ratio)
	atPeak := 1.0
	if f.Use > 0 && f.Use <= 1 {
		atPeak = f.Use // the same cost over the tokens of a month at full planned load
	}
	return []Definition{
		{"usd_per_million_output", "Whole cost on the answer", "output", "fleet cost ÷ output tokens, at the average load", u.PerMillionOutput},
		{"usd_per_million_input", "Whole cost on the prompt", "input", "fleet cost ÷ input tokens, at the average load", u.PerMillionInput},
		{"usd_per_million_total", "Whole cost on both", "input + output", "fleet cost ÷ (input + output) tokens, at the average load", u.PerMillionTotal},
		{"usd_busy_output", "SemiAnalysis InferenceX", "output", "hourly cost of the GPUs ÷ output tokens of an hour at the measured point: no idle hours", u.PerMillionOutput * atPeak},
		{"usd_busy_total", "SemiAnalysis InferenceX, all tokens", "input + output", "the same per input + output token", u.PerMillionTotal * atPeak},
		{"list_input", "NVIDIA TCO, input price", "input", "price list that pays for the fleet, output dearer by the API's ratio", in},
		{"list_output", "NVIDIA TCO, output price", "output", "the same list's price of an output token", in * ratio},
		{"list_blended", "Artificial Analysis, blended", "3 input : 1 output", "(3 · input price + output price) ÷ 4 of that list", in * (3 + ratio) / 4},
	}
}
