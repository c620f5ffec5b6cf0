# Fleetsize. `make run` serves the app on this computer, `make test` runs every check.
# Needs Go, make and git; `make deps` installs what the tests need besides.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

GO        ?= go
SUDO      := $(shell [ "$$(id -u)" = 0 ] || echo "sudo -n")
BUILD     := $(CURDIR)/build
WASM_FLAGS := -trimpath -buildvcs=false "-ldflags=-s -w"

# Packages that run without a page and are therefore tested in WebAssembly too.
WASM_PKGS := ./catalog/... ./calc/... ./app/link ./app/wire ./app/worker
# Packages with goroutines or shared data, tested with the race detector.
RACE_PKGS := ./app/... ./calc/fleet/... ./catalog/...

GZIP_MAX   := 3200000
BROTLI_MAX := 2500000
FUZZTIME   ?= 30s

.PHONY: help run test deps build site vet fmt-check test-unit test-race test-wasm fuzz-corpora fuzz e2e size bench shots clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-13s %s\n", $$1, $$2}'

run: ## build the app and serve it on this computer; prints the address
	@$(GO) run . serve

test: deps fmt-check vet test-unit test-race fuzz-corpora test-wasm size e2e ## everything below, as CI runs it
	@echo "All tests passed."

deps: ## install what the tests need and is missing: a C compiler, Node, Chromium (Debian, Ubuntu)
	@missing=(); \
	command -v cc >/dev/null || missing+=(gcc libc6-dev); \
	command -v node >/dev/null || missing+=(nodejs); \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium); \
	if [ "$${#missing[@]}" -gt 0 ]; then \
		echo "Installing $${missing[*]}"; \
		command -v apt-get >/dev/null || { echo "No apt-get here: install $${missing[*]} by hand" >&2; exit 1; }; \
		$(SUDO) apt-get update -q; \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends "$${missing[@]}"; \
	fi; \
	for tool in cc node; do command -v $$tool >/dev/null || { echo "$$tool is still missing" >&2; exit 1; }; done

build: ## build the command (./fleetsize)
	$(GO) build -trimpath -o fleetsize .

site: ## write the static site to dist/
	$(GO) run . site -o dist

vet: ## go vet for the command, the program in the browser, and the browser tests
	$(GO) vet ./...
	GOOS=js GOARCH=wasm $(GO) vet ./...
	cd app/e2e && $(GO) vet ./...

fmt-check: ## fail if a file is not formatted
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "Run gofmt -w on:" $$unformatted >&2; exit 1; }

test-unit: ## unit tests, natively
	$(GO) test ./...

test-race: ## unit tests of what runs concurrently, with the race detector
	$(GO) test -race -short $(RACE_PKGS)

fuzz-corpora: ## run the stored inputs of every fuzz target
	$(GO) test -run '^Fuzz' ./...

fuzz: ## search for new inputs, FUZZTIME=30s each
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

# The environment is emptied because Go's starter passes it on, and large ones do not fit.
test-wasm: ## unit tests compiled to WebAssembly, in Node
	GOOS=js GOARCH=wasm $(GO) test -exec "env -i PATH=$$PATH $$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" $(WASM_PKGS)

$(BUILD)/app.wasm: FORCE
	@mkdir -p $(BUILD)
	@GOOS=js GOARCH=wasm $(GO) build $(WASM_FLAGS) -o $@ .
FORCE:

size: $(BUILD)/app.wasm ## size of the program; fails above the budget
	@node -e 'const z = require("zlib"), b = require("fs").readFileSync(process.argv[1]); \
	const gzip = z.gzipSync(b, {level: 9}).length; \
	const brotli = z.brotliCompressSync(b, {params: {[z.constants.BROTLI_PARAM_QUALITY]: 11, [z.constants.BROTLI_PARAM_LGWIN]: 24, [z.constants.BROTLI_PARAM_SIZE_HINT]: b.length}}).length; \
	const show = (name, n, max) => console.log(name.padEnd(8) + String(n).padStart(10) + " bytes" + (max ? ", at most " + max + (n > max ? ": TOO LARGE" : "") : "")); \
	show("raw", b.length); show("gzip", gzip, $(GZIP_MAX)); show("brotli", brotli, $(BROTLI_MAX)); \
	process.exit(gzip > $(GZIP_MAX) || brotli > $(BROTLI_MAX) ? 1 : 0);' $<

$(BUILD)/fleetsize: FORCE
	@mkdir -p $(BUILD)
	@$(GO) build -o $@ .

e2e: $(BUILD)/app.wasm $(BUILD)/fleetsize ## tests of the written site in headless Chromium
	@rm -rf $(BUILD)/site
	@$(BUILD)/fleetsize site -o $(BUILD)/site -wasm $(BUILD)/app.wasm
	cd app/e2e && E2E_SITE=$(BUILD)/site E2E_COMMAND=$(BUILD)/fleetsize $(GO) test -count=1 -timeout 12m ./...

shots: ## the same, keeping screenshots in build/shots
	@E2E_SHOTS=$(BUILD)/shots $(MAKE) e2e

bench: ## benchmarks of the engine
	$(GO) test -run '^$$' -bench . -benchmem ./calc/... ./catalog/... ./app/...

clean: ## remove what was built
	rm -rf $(BUILD) dist fleetsize
