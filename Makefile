# Inkpool: `make run` to try it, `make test` for everything that must hold.
#
# Nothing has to be installed by hand on Debian or Ubuntu: `make setup` does it (system
# packages too, where it may), and leaves alone what is there.

TAGS    := desktop,production,webkit2_41
ifeq ($(shell uname -s),Darwin)
export CGO_LDFLAGS += -framework UniformTypeIdentifiers # Wails uses it and leaves it to `wails build` to link it
endif
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/inkpool/inkpool/backend/app.Version=$(VERSION)
GO_SOURCES := $(shell find . -name '*.go' -not -path '*/node_modules/*' -not -name '*_test.go') $(shell find backend -name '*.sql') go.mod go.sum
WEB_SOURCES := $(shell find frontend/src frontend/public frontend/wailsjs -type f 2>/dev/null) $(wildcard frontend/*.json frontend/*.ts frontend/*.js frontend/*.html)
EXE     := $(shell go env GOEXE)
ifeq ($(EXE),.exe)
WINDOW_LDFLAGS := -H windowsgui
endif
BUNDLE  := backend/bundle/files/manifest.json
TOOLS   := go tool -modfile=build/tools.mod

.PHONY: run setup setup-window setup-test build cli window check test lint test-go test-page test-web test-window bench bench-peers bench-text soak eval bindings bindings-check samples small-models clean tokenizers-parity tokenizers-golden

run: cli
	@bash build/run.sh

setup: $(BUNDLE)

setup-window: setup
	@bash build/setup.sh window

setup-test: setup-window
	@bash build/setup.sh test

$(BUNDLE): build/bundle/bundle.json build/bundle/package-lock.json build/bundle/fetch.mjs
	node build/bundle/fetch.mjs
	@touch $@

build: cli window

cli: build/bin/inkpool$(EXE)
window: setup-window build/bin/inkpool-desktop$(EXE)

build/bin/inkpool$(EXE): $(BUNDLE) $(GO_SOURCES)
	go build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./backend/cmd/inkpool

build/bin/inkpool-desktop$(EXE): $(BUNDLE) $(GO_SOURCES) frontend/dist/index.html
	go build -tags $(TAGS) -trimpath -ldflags '$(LDFLAGS) $(WINDOW_LDFLAGS)' -o $@ .

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(WEB_SOURCES)
	cd frontend && npm run --silent build
	@touch $@

# Fast feedback: everything but the race detector and the end-to-end tests.
check: lint test-page
	go test -short ./...

test: setup-test build lint test-page test-go bindings-check test-web test-window

lint: setup frontend/node_modules/.package-lock.json
	@test -z "$$(gofmt -l *.go backend bench)" || { gofmt -l *.go backend bench; echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	go vet -tags $(TAGS) .
	$(TOOLS) staticcheck ./...
	cd frontend && npm run --silent check

test-go: setup
	go test -race ./...

# The page's own parts, without a backend.
test-page: frontend/node_modules/.package-lock.json
	cd frontend && npm run --silent test

# The page in a browser, on the real backend.
test-web: $(BUNDLE) frontend/dist/index.html
	bash build/e2e/browser.sh

# A real drop on the real window.
test-window: build/bin/inkpool build/bin/inkpool-desktop
	bash build/e2e/window.sh

bench: setup
	go test -run '^$$' -bench . -benchmem ./backend/...

# Inkpool and other programs on the same pictures in turn: see docs/benchmarks.md.
bench-peers: cli
	cd bench/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	go run ./bench/peers

# Package tokenize beside the Rust tokenizers and C++ SentencePiece, text by text.
tokenizers-parity:
	cd bench/tokenizers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	go run ./bench/tokenizers

# What they make of the texts of backend/tokenize/testdata, and small tokenizers, anew.
tokenizers-golden:
	cd bench/tokenizers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	go run ./bench/tokenizers -update backend/tokenize/testdata

# Texts: ids equal to those of transformers.js, then Inkpool and it in turn on a model of real size.
bench-text: setup
	bash build/setup.sh models
	cd bench/text && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@mkdir -p build/eval/models
	/usr/bin/python3 -B bench/models/make.py wild build/eval/models
	/usr/bin/python3 -B bench/models/make.py real build/eval/models
	/usr/bin/python3 -B bench/models/make.py classifier build/eval/models
	node bench/text/parity.mjs $(CURDIR)/build/eval/models build/eval/models/parity.json
	INKPOOL_PARITY=$(CURDIR)/build/eval/models/parity.json go test -count=1 -run TestParity -v ./backend/translate
	go run ./bench/text

# Hours of kills, faults and pages that `make test` has minutes of.
soak: setup-test
	INKPOOL_SOAK=1 go test -count=1 -timeout 6h -run 'Soak|Killed|Disk|Cache|Library' -v ./backend/cmd/inkpool

# How well Inkpool and others read samples/ and, where it is, the evaluation data of
# INKPOOL_DATA. What the others read is kept in build/eval: they take minutes, once.
eval: cli
	cd bench/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	go run ./backend/cmd/eval -peers all -html build/eval/report.html

# The page's view of the Go methods: run it after changing backend/desktop or backend/view.
bindings: setup-window
	go run -tags bindings,webkit2_41 . >/dev/null

# Fails when somebody forgot to.
bindings-check: bindings
	@git diff --exit-code --stat -- frontend/wailsjs || { echo 'commit what make bindings has changed'; exit 1; }

# Renders samples/ anew; needs Chromium and the fonts that setup-test installs.
samples: setup-test
	cd build/samples && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node make.mjs

# Writes the models anew that tests of text have: see bench/models/make.py.
small-models:
	bash build/setup.sh models
	rm -rf backend/modelpack/packtest/testdata
	/usr/bin/python3 -B bench/models/make.py tiny backend/modelpack/packtest/testdata

clean:
	rm -rf build/bin frontend/dist/assets frontend/dist/index.html $(BUNDLE)
