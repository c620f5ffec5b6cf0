//go:build !js

package mock_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"time"

	"fleetsize/app/mock"
)

// A test knows what its client must measure: four slots of 2.74 s each.
func ExampleConfig_Expect() {
	cfg := mock.Config{TTFT: 200 * time.Millisecond, ITL: 20 * time.Millisecond, MaxSeqs: 4}
	for _, inFlight := range []int{1, 4, 8} {
		e, _ := cfg.Expect(inFlight, 100, 128)
		fmt.Printf("%d in flight: %.1f tok/s, TTFT %.2f s\n", inFlight, e.OutputTokPerS, e.TTFT)
	}
	// Output:
	// 1 in flight: 46.7 tok/s, TTFT 0.20 s
	// 4 in flight: 186.9 tok/s, TTFT 0.20 s
	// 8 in flight: 186.9 tok/s, TTFT 2.94 s
}

func ExampleNew() {
	quirks, err := mock.ParseQuirks("role-absent,no-done")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := mock.New(mock.Config{Quirks: quirks})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	h := httptest.NewServer(server)
	defer h.Close()
	resp, err := h.Client().Post(h.URL+"/v1/completions", "application/json", strings.NewReader(`{"prompt":"What is 17 + 25?"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(strings.Contains(string(body), `"text":"42"`))
	// Output: true
}
