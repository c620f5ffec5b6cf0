package jsonio_test

import (
	"fmt"

	"fleetsize/catalog/jsonio"
)

func ExampleUnmarshal() {
	var config struct {
		Layers int `json:"num_hidden_layers"`
	}
	err := jsonio.Unmarshal([]byte("{\n  \"num_hidden_layers\": 32,\n}"), &config)
	fmt.Println(err)
	// Output: not valid JSON at line 3 (byte 29): "}" where a key in quotes should be
}
