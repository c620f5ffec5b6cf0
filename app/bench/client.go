//go:build !js

package bench

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"fleetsize/calc/bench"
	"fleetsize/catalog/jsonio"
)

// Dial is how to connect.
type Dial struct {
	HTTP     string // "" = what the server offers, "1.1", "2", "h2c" (HTTP/2 without encryption)
	CACert   string // PEM file of a certificate authority to trust as well
	Insecure bool   // accept any certificate
}

// NewClient is a client without a limit on connections that does not unpack,
// redirect or pool away from under a measurement.
func NewClient(d Dial) (*http.Client, error) {
	config := &tls.Config{InsecureSkipVerify: d.Insecure}
	if d.CACert != "" {
		pem, err := os.ReadFile(d.CACert)
		if err != nil {
			return nil, err
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no PEM certificate", d.CACert)
		}
		config.RootCAs = pool
	}
	p := new(http.Protocols)
	switch d.HTTP {
	case "":
		p.SetHTTP1(true)
		p.SetHTTP2(true)
	case "1.1", "1":
		p.SetHTTP1(true)
	case "2":
		p.SetHTTP2(true)
	case "h2c":
		p.SetUnencryptedHTTP2(true)
		p.SetHTTP2(true)
	default:
		return nil, fmt.Errorf("HTTP %q is not known; write 1.1, 2 or h2c", d.HTTP)
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSClientConfig:     config,
			TLSHandshakeTimeout: 30 * time.Second,
			MaxIdleConns:        0,
			MaxIdleConnsPerHost: bench.MaxInFlight,
			IdleConnTimeout:     90 * time.Second,
			DisableCompression:  true,
			ReadBufferSize:      32 << 10,
			WriteBufferSize:     32 << 10,
			Protocols:           p,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// Base cleans a base URL: "host:8000" and "http://host:8000" mean
// "http://host:8000/v1", and the path of an endpoint is cut off.
func Base(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", errors.New("no address; give the base URL, for example http://127.0.0.1:8000/v1")
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%q is not an address; write for example http://127.0.0.1:8000/v1", s)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%q: only http and https can be measured", s)
	}
	if u.User != nil {
		return "", errors.New("the address holds a password; give the key in an environment variable with -key-env")
	}
	u.RawQuery, u.Fragment = "", ""
	path := strings.TrimRight(u.Path, "/")
	for _, end := range []string{"/chat/completions", "/completions", "/models"} {
		path = strings.TrimSuffix(path, end)
	}
	if path == "" {
		path = "/v1"
	}
	u.Path = path
	return u.String(), nil
}

// FirstModel is the first model that the endpoint lists, or "" where it lists
// none.
func FirstModel(ctx context.Context, cfg *Config) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cfg.URL+"/models", nil)
	if err != nil {
		return ""
	}
	for k, v := range cfg.Header {
		req.Header[k] = v
	}
	if cfg.Key != "" {
		req.Header.Set("Authorization", "Bearer "+cfg.Key)
	}
	res, err := cfg.Client.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil || res.StatusCode != http.StatusOK {
		return ""
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if jsonio.Unmarshal(data, &list) != nil || len(list.Data) == 0 {
		return ""
	}
	return list.Data[0].ID
}
