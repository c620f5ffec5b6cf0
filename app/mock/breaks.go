//go:build !js

package mock

import (
	"net"
	"net/http"
)

// breaks does what a quirk does after n tokens. stop = the answer ends here.
func (a *answer) breaks(n int, o *outlet) (stop bool, err error) {
	for _, name := range []string{"truncate", "error-mid", "garbage", "abort", "reset", "stall"} {
		if at, ok := a.quirk[name]; !ok || n != at {
			continue
		}
		switch name {
		case "truncate":
			o.flush()
			return true, nil
		case "error-mid":
			o.event(`{"error":{"message":"The engine failed on purpose.","type":"InternalServerError","param":null,"code":500}}`, 0, true)
			return true, nil
		case "garbage":
			o.event(`{"id":"chatcmpl-`+a.rec.ID+`","choices":[{"index":0,"delta":{"cont`, 0, false)
		case "abort":
			o.flush()
			return true, http.ErrAbortHandler
		case "reset":
			o.flush()
			return true, reset(a.w)
		case "stall":
			o.flush()
			select {
			case <-a.ctx.Done():
				return true, errGone
			case <-a.s.closing.Done():
				return true, errClosing
			}
		}
	}
	return false, nil
}

// reset closes the connection so that the client sees it reset: a TCP reset,
// or RST_STREAM in HTTP/2.
func reset(w http.ResponseWriter) error {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return http.ErrAbortHandler // HTTP/2
	}
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = t.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a plain close is left then
	}
	_ = conn.Close() // gone in any case
	return nil
}
