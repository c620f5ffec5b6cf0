//go:build !js

package mock

import "net/http"

// cors sets the headers of the mode and reports whether the request was a
// preflight and is answered.
func (s *Server) cors(w http.ResponseWriter, r *http.Request) (done bool) {
	h, origin := w.Header(), r.Header.Get("Origin")
	preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	switch s.cfg.CORS {
	case CORSOff:
		if r.Method != http.MethodOptions {
			return false
		}
		h.Set("Allow", "GET, POST, OPTIONS")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return true
	case CORSReflect:
		h.Add("Vary", "Origin")
		if origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Credentials", "true")
		}
	default:
		h.Set("Access-Control-Allow-Origin", "*")
	}
	h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
	if !preflight {
		return false
	}
	// "*" does not cover Authorization, so the asked names are returned.
	h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	for _, name := range []string{"Private-Network", "Local-Network"} {
		if r.Header.Get("Access-Control-Request-"+name) == "true" {
			h.Set("Access-Control-Allow-"+name, "true")
		}
	}
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
