package bench

import "testing"

func TestDecodeEvent(t *testing.T) {
	for _, c := range []struct {
		name, data string
		bearing    bool
		answer     string
		reasoning  string
		check      func(*Delta) bool
	}{
		{"role only", `{"choices":[{"delta":{"role":"assistant"}}]}`, false, "", "", nil},
		{"role with empty content", `{"choices":[{"delta":{"role":"assistant","content":""}}]}`, false, "", "", nil},
		{"null content", `{"choices":[{"delta":{"content":null}}]}`, false, "", "", nil},
		{"content", `{"choices":[{"delta":{"content":"Hi"}}]}`, true, "Hi", "", nil},
		{"content in parts", `{"choices":[{"delta":{"content":[{"type":"text","text":"H"},{"type":"text","text":"i"}]}}]}`, true, "Hi", "", nil},
		{"reasoning_content", `{"choices":[{"delta":{"reasoning_content":"hm"}}]}`, true, "", "hm", nil},
		{"reasoning", `{"choices":[{"delta":{"reasoning":"hm"}}]}`, true, "", "hm", nil},
		{"both names of reasoning", `{"choices":[{"delta":{"reasoning":"hm","reasoning_content":"hm"}}]}`, true, "", "hm", nil},
		{"refusal", `{"choices":[{"delta":{"refusal":"No"}}]}`, true, "No", "", nil},
		{"text completion", `{"choices":[{"text":"Hi","index":0}]}`, true, "Hi", "", nil},
		{"tool call by name", `{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}]}`, true, "f", "", func(d *Delta) bool { return d.Tool }},
		{"tool call by arguments", `{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}`, true, `{"a"`, "", nil},
		{"tool call without either", `{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x"}]}}]}`, false, "", "", nil},
		{"function call of old", `{"choices":[{"delta":{"function_call":{"arguments":"1"}}}]}`, true, "1", "", nil},
		{"several choices", `{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}`, true, "ab", "", nil},
		{"finish reason", `{"choices":[{"delta":{},"finish_reason":"length"}]}`, false, "", "", func(d *Delta) bool { return d.Finish == "length" }},
		{"usage", `{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":4}}}`, false, "", "",
			func(d *Delta) bool { return *d.Usage == Usage{7, 9, 4, 3} }},
		{"usage null", `{"choices":[{"delta":{"content":"a"}}],"usage":null}`, true, "a", "", func(d *Delta) bool { return d.Usage == nil }},
		{"usage without details", `{"choices":[],"usage":{"prompt_tokens":7}}`, false, "", "", func(d *Delta) bool { return *d.Usage == Usage{7, -1, -1, -1} }},
		{"done", ` [DONE] `, false, "", "", func(d *Delta) bool { return d.Done }},
		{"error object", `{"error":{"message":"out of memory","code":500}}`, false, "", "", func(d *Delta) bool { return d.Error == "out of memory" }},
		{"error string", `{"error":"bad"}`, false, "", "", func(d *Delta) bool { return d.Error == "bad" }},
		{"error of old vLLM", `{"object":"error","message":"too long"}`, false, "", "", func(d *Delta) bool { return d.Error == "too long" }},
		{"error without words", `{"error":{}}`, false, "", "", func(d *Delta) bool { return d.Error != "" }},
		{"whole answer", `{"object":"chat.completion","choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}`, true, "Hi", "", func(d *Delta) bool { return d.Whole }},
		{"content of another type", `{"choices":[{"delta":{"content":42}}]}`, false, "", "", nil},
	} {
		d, err := DecodeEvent(Event{Data: []byte(c.data)})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if d.Bearing() != c.bearing || d.Answer != c.answer || d.Reasoning != c.reasoning || c.check != nil && !c.check(&d) {
			t.Errorf("%s: got %+v", c.name, d)
		}
	}
	for _, bad := range []string{"", "{", "hello", "[1]", `{"choices":7}`, "\xff", `{"choices":[{"delta":{"content":"` + "\xff" + `"}}]}`} {
		if d, err := DecodeEvent(Event{Data: []byte(bad)}); err == nil {
			t.Errorf("%q: got %+v, want an error", bad, d)
		}
	}
	if d, err := DecodeEvent(Event{"error", []byte(`{"message":"m"}`)}); err != nil || d.Error != "m" {
		t.Errorf("event named error: got %+v, %v", d, err)
	}
}

func FuzzDecodeEvent(f *testing.F) {
	f.Add(`{"choices":[{"delta":{"content":"Hi","tool_calls":[{"function":{"name":"f"}}]},"finish_reason":null}],"usage":{"completion_tokens":1e99}}`)
	f.Add(`{"error":{"message":"x"}}`)
	f.Fuzz(func(t *testing.T, data string) {
		d, err := DecodeEvent(Event{Data: []byte(data)})
		if err == nil && d.Usage != nil && (d.Usage.Prompt < -1 || d.Usage.Completion < -1) {
			t.Errorf("%q: usage %+v", data, *d.Usage)
		}
	})
}
