# Fleetsize. `make run` serves the app on this computer, `make test` runs every check.
# Needs Go, make and git; `make deps` installs what the tests need besides.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

GO        ?= go
SUDO      := $(shell [ "$$(id -u)" = 0 ] || echo "sudo -n")
BUILD     := $(CURDIR)/build
AXE       := 4.14.1

# Packages that run without a page and are therefore tested in WebAssembly too.
WASM_PKGS := ./catalog/... ./calc/... ./app/link ./app/wire ./app/worker ./app/export/...
# Packages whose goroutines share data, tested with the race detector; make race takes everything.
RACE_PKGS := ./app/calibrate ./app/live ./app/mock ./catalog/jsonio
# The JSON library converts pointers in ways that the checks coming with the race detector refuse.
RACE_FLAGS := -race -short -gcflags=github.com/goccy/go-json/...=-d=checkptr=0
# What make race takes besides: one simulation has no second goroutine, and watching each of its steps takes ten times as long as all the rest.
RACE_LESS  := -gcflags=fleetsize/calc/serve=-race=false -gcflags=fleetsize/calc/step=-race=false
# make vet looks more closely than go test does by itself, and comes before.
VETTED     := -vet=off

GZIP_MAX   := 3200000
BROTLI_MAX := 2500000
FUZZTIME   ?= 30s
SOAK       ?= 5

.PHONY: help run test deps build site vet fmt-check test-unit test-race race test-wasm fuzz-corpora fuzz e2e size perf soak bench shots calibrate accuracy clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-13s %s\n", $$1, $$2}'

run: ## build the app and serve it on this computer; prints the address
	@$(GO) run . serve

test: deps fmt-check vet test-unit test-race test-wasm ## everything below, as CI runs it
	@$(MAKE) -j 2 size e2e # compressing the program at its best keeps one core busy for half a minute
	@echo "All tests passed."

deps: ## install what the tests need and is missing: a C compiler, Node, Chromium, LibreOffice, PDF and QR tools (Debian, Ubuntu)
	@browser() { command -v "$${E2E_CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome; }; \
	missing=(); \
	command -v cc >/dev/null || missing+=(gcc libc6-dev); \
	command -v node >/dev/null || missing+=(nodejs); \
	command -v npm >/dev/null || missing+=(npm); \
	browser >/dev/null || missing+=(chromium); \
	command -v soffice >/dev/null || missing+=(libreoffice-calc); \
	command -v pdftoppm >/dev/null || missing+=(poppler-utils); \
	command -v zbarimg >/dev/null || missing+=(zbar-tools); \
	if [ "$${#missing[@]}" -gt 0 ]; then \
		echo "Installing $${missing[*]}"; \
		command -v apt-get >/dev/null || { echo "No apt-get here: install $${missing[*]} by hand" >&2; exit 1; }; \
		$(SUDO) apt-get update -q; \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$${missing[@]}"; \
	fi; \
	for tool in cc node soffice; do $$tool --version >/dev/null || { echo "$$tool does not run" >&2; exit 1; }; done; \
	"$$(browser)" --version >/dev/null 2>&1 || { echo "No Chromium that runs; install one and name it in E2E_CHROMIUM" >&2; exit 1; }

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

test-unit: ## unit tests natively, the stored inputs of the fuzz targets included
	$(GO) test $(VETTED) ./...

test-race: ## unit tests of what runs concurrently, with the race detector
	$(GO) test $(VETTED) $(RACE_FLAGS) $(RACE_PKGS)
	$(GO) test $(VETTED) $(RACE_FLAGS) -run 'Quirk|Dies|Full|Interrupt|Trace' ./app/bench

race: ## all unit tests with the race detector
	$(GO) test $(VETTED) $(RACE_FLAGS) $(RACE_LESS) -timeout 30m ./...

fuzz-corpora: ## only the stored inputs of the fuzz targets
	$(GO) test -run '^Fuzz' ./...

fuzz: ## search for new inputs, FUZZTIME=30s each
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

# Short: what repeats a calculation many times runs natively only; there it is ten times as fast.
# The environment is emptied because Go's starter passes it on, and large ones do not fit.
test-wasm: ## unit tests compiled to WebAssembly, in Node
	GOOS=js GOARCH=wasm $(GO) test $(VETTED) -exec "env -i PATH=$$PATH $$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" -short $(WASM_PKGS)

define SIZE_JS
const zlib = require("zlib"), program = zlib.gunzipSync(require("fs").readFileSync(process.argv[1]));
const quality = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 };
let ok = true;
for (const [name, bytes, most] of [
  ["raw", program.length, Infinity],
  ["gzip", zlib.gzipSync(program, { level: 9 }).length, $(GZIP_MAX)],
  ["brotli", zlib.brotliCompressSync(program, { params: quality }).length, $(BROTLI_MAX)],
]) {
  console.log(name.padEnd(6) + String(bytes).padStart(10) + " bytes" + (most < Infinity ? ", at most " + most : "") + (bytes > most ? ": TOO LARGE" : ""));
  ok = ok && bytes <= most;
}
process.exit(ok ? 0 : 1);
endef
export SIZE_JS

size: $(BUILD)/site ## size of the program; fails above the budget
	@node -e "$$SIZE_JS" $</app.wasm.gz

# The command and the site it writes, as a person makes them; Go's cache knows what has changed.
.PHONY: $(BUILD)/fleetsize $(BUILD)/site
$(BUILD)/fleetsize:
	@mkdir -p $(BUILD)
	@$(GO) build -o $@ .

$(BUILD)/site: $(BUILD)/fleetsize
	@rm -rf $@
	@$(BUILD)/fleetsize site -o $@

e2e: $(BUILD)/site $(BUILD)/axe-$(AXE).js ## tests of the written site in headless Chromium
	cd app/e2e && E2E_SITE=$(BUILD)/site E2E_COMMAND=$(BUILD)/fleetsize E2E_AXE=$(BUILD)/axe-$(AXE).js $(GO) test $(VETTED) -count=1 -parallel 3 -timeout 14m ./...

# The accessibility audit is a test tool: it is fetched for the tests and never delivered.
$(BUILD)/axe-$(AXE).js:
	@mkdir -p $(BUILD)/axe
	@cd $(BUILD)/axe && npm pack --silent axe-core@$(AXE) >/dev/null && tar -xzf axe-core-$(AXE).tgz package/axe.min.js
	@mv $(BUILD)/axe/package/axe.min.js $@ && rm -r $(BUILD)/axe

calibrate: ## refit the shipped profiles on measurements: make calibrate DATA=dir
	@test -n "$(DATA)" || { echo "usage: make calibrate DATA=dir" >&2; exit 2; }
	$(GO) run ./app/calibrate -data "$(DATA)"

accuracy: ## cross-validate again without changing the profiles: make accuracy DATA=dir
	@test -n "$(DATA)" || { echo "usage: make accuracy DATA=dir" >&2; exit 2; }
	$(GO) run ./app/calibrate -data "$(DATA)" -keep

shots: ## the same, keeping screenshots in build/shots
	@E2E_SHOTS=$(BUILD)/shots $(MAKE) e2e

perf: $(BUILD)/site ## bytes and times of the page, as ratios to a hello world of its framework
	cd app/e2e && E2E_PERF=1 E2E_SITE=$(BUILD)/site E2E_COMMAND=$(BUILD)/fleetsize $(GO) test -count=1 -v -run TestPerf -timeout 10m . | grep -v '^[=-]'

soak: $(BUILD)/site ## every fuzz target and a page under random links, SOAK=5 minutes for the page
	$(MAKE) fuzz FUZZTIME=$(FUZZTIME)
	cd app/e2e && E2E_SOAK=$(SOAK) E2E_SITE=$(BUILD)/site E2E_COMMAND=$(BUILD)/fleetsize $(GO) test -count=1 -v -run TestSoak -timeout 60m .

bench: ## benchmarks of the engine
	$(GO) test -run '^$$' -bench . -benchmem ./calc/... ./catalog/... ./app/...

clean: ## remove what was built
	rm -rf $(BUILD) dist fleetsize
