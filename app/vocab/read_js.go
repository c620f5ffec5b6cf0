//go:build js

package vocab

import (
	"errors"
	"fmt"
	"syscall/js"
)

// read fetches the file from beside the page; the service worker keeps it. The
// browser unpacks it, unless the host labels .gz files as encoded: then it has
// done so already.
func read() ([]byte, error) {
	response, err := await(js.Global().Call("fetch", File))
	if err != nil {
		return nil, err
	}
	if !response.Get("ok").Bool() {
		return nil, fmt.Errorf("the host answered %d", response.Get("status").Int())
	}
	buffer, err := await(response.Call("arrayBuffer"))
	if err != nil {
		return nil, err
	}
	array := js.Global().Get("Uint8Array").New(buffer)
	if array.Length() > 1 && array.Index(0).Int() == 0x1f && array.Index(1).Int() == 0x8b {
		if !js.Global().Get("DecompressionStream").Truthy() {
			return nil, errors.New("this browser does not unpack gzip")
		}
		stream := js.Global().Get("Blob").New([]any{array}).Call("stream").Call("pipeThrough", js.Global().Get("DecompressionStream").New("gzip"))
		if buffer, err = await(js.Global().Get("Response").New(stream).Call("arrayBuffer")); err != nil {
			return nil, err
		}
		array = js.Global().Get("Uint8Array").New(buffer)
	}
	b := make([]byte, array.Length())
	js.CopyBytesToGo(b, array)
	keep()
	return b, nil
}

// keep has the service worker store the file where it did not see the request:
// on the first visit the page is not under its control yet.
func keep() {
	workers := js.Global().Get("navigator").Get("serviceWorker")
	if !workers.Truthy() || workers.Get("controller").Truthy() {
		return
	}
	go func() {
		registration, err := await(workers.Get("ready"))
		if err == nil && registration.Get("active").Truthy() {
			registration.Get("active").Call("postMessage", map[string]any{"keep": File})
		}
	}()
}

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	yes := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{value: args[0]}
		return nil
	})
	defer yes.Release()
	no := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{err: errors.New(args[0].Get("message").String())}
		return nil
	})
	defer no.Release()
	promise.Call("then", yes, no)
	o := <-done
	return o.value, o.err
}
