//go:build !js

// Command gen packs the public vocabulary o200k_base.tiktoken into the file
// that the page and the command load.
//
//	go run ./app/vocab/gen -in o200k_base.tiktoken -out static/o200k_base.tokens.gz
//
// The input lies in the Go module github.com/pkoukk/tiktoken-go-loader v0.0.2
// (assets/o200k_base.tiktoken, MIT), and at
// https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken;
// its SHA-256 is checked.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"fleetsize/calc/tokens"
)

// published is the SHA-256 of the vocabulary, as in openai/tiktoken.
const published = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

func main() {
	in := flag.String("in", "o200k_base.tiktoken", "vocabulary, a line per token: base64 and rank")
	out := flag.String("out", "static/o200k_base.tokens.gz", "packed file to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != published {
		return fmt.Errorf("%s has SHA-256 %x, want %s", in, sum, published)
	}
	var list []string
	for line := range strings.Lines(string(data)) {
		code, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		token, err := base64.StdEncoding.DecodeString(code)
		if err != nil {
			return err
		}
		if rank, err := strconv.Atoi(number); err != nil || rank != len(list) {
			return fmt.Errorf("line %d has rank %q", len(list)+1, number)
		}
		list = append(list, string(token))
	}
	packed, err := tokens.Pack(list)
	if err != nil {
		return err
	}
	if _, err := tokens.Load(packed); err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(packed); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	fmt.Printf("%s: %d tokens, %d bytes, %d packed\n", out, len(list), len(packed), b.Len())
	return os.WriteFile(out, b.Bytes(), 0o644)
}
