//go:build !js

package mock

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Listener is a server at work on its addresses.
type Listener struct {
	URL    string // http://127.0.0.1:8333/v1
	TLSURL string // https://…/v1, "" = none
	PEM    []byte // the certificate of TLSURL

	server  *Server
	servers []*http.Server
	failed  chan error
}

// Listen serves HTTP/1.1 on addr and, where tlsAddr is not empty, HTTPS with
// HTTP/2 there. Port 0 takes any free one. streams is how many requests an
// HTTP/2 connection may carry at once; 0 = 250, as Go's default.
func (s *Server) Listen(addr, tlsAddr string, streams int) (*Listener, error) {
	l := &Listener{server: s, failed: make(chan error, 2)}
	plain, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: %w", addr, err)
	}
	l.URL = "http://" + plain.Addr().String() + "/v1"
	l.serve(plain, nil, 0)
	if tlsAddr == "" {
		return l, nil
	}
	secure, err := net.Listen("tcp", tlsAddr)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("cannot listen on %q: %w", tlsAddr, err)
	}
	host, _, _ := net.SplitHostPort(tlsAddr) // it has been listened on
	cert, pem, err := Certificate(host)
	if err != nil {
		_ = secure.Close()
		l.Close()
		return nil, err
	}
	l.TLSURL, l.PEM = "https://"+secure.Addr().String()+"/v1", pem
	l.serve(secure, &tls.Config{Certificates: []tls.Certificate{cert}}, streams)
	return l, nil
}

func (l *Listener) serve(listener net.Listener, config *tls.Config, streams int) {
	if streams <= 0 {
		streams = 250
	}
	server := &http.Server{
		Handler: l.server, ReadHeaderTimeout: 10 * time.Second, TLSConfig: config,
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: streams},
		ErrorLog: log.New(io.Discard, "", 0), // cut-off handshakes and answers are part of the trade
	}
	l.servers = append(l.servers, server)
	go func() {
		if config == nil {
			l.failed <- server.Serve(listener)
		} else {
			l.failed <- server.ServeTLS(listener, "", "")
		}
	}()
}

// Wait returns when the context ends, after closing, or when serving fails.
func (l *Listener) Wait(ctx context.Context) error {
	select {
	case err := <-l.failed:
		l.Close()
		return err
	case <-ctx.Done():
		l.Close()
		return nil
	}
}

// Close ends the running answers and frees the addresses.
func (l *Listener) Close() {
	l.server.Close()
	grace, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, s := range l.servers {
		if s.Shutdown(grace) != nil {
			_ = s.Close() // closing is all that is left
		}
	}
}
