# Targets are relative and recipes name no absolute path: a checkout may lie below a path with a space.
.DEFAULT_GOAL := help
.PHONY: help run test test-partitions proof ha storage screenshots bench build sbom generate faces weights evidence check check-format check-vet check-static check-generated check-document check-vulnerabilities npm packages

# go.mod names the toolchain; go fetches it through the module proxy.
export GOTOOLCHAIN := auto

TOOL     := go tool -modfile=tools/go.mod
SECURITY := go tool -modfile=tools/security/go.mod
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT   := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

GENERATED := ':(glob)db/*.go' '*_templ.go' docs/forms.md
WRITTEN   := '*.go' ':(exclude,glob)db/*.go' ':(exclude)*_templ.go'

# For the command line: make run ARGS='--listen 127.0.0.1:0', make test PKG=./internal/store TESTFLAGS='-race -run Decide',
# make proof SOAK=1h
ARGS      :=
PKG       := ./...
TESTFLAGS :=
SOAK      := 10m

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: build ## build, then docket dev: PostgreSQL, a replica, demo accounts and tickets, the server (ARGS go to docket dev)
	@exec bin/docket dev --demo $(ARGS)

WITH_DATABASE := go run ./internal/testkit/testdb/with

# .ci/test runs one package at a time, and would compile with one processor, too: go list compiles it all before that.
# -short: the tests that take minutes run a short form, see proof. -vet=off: make check vets. -ldflags=-w: a package is linked in two thirds of the time.
test: .stamps/npm packages ## every test (PKG and TESTFLAGS narrow it)
	@go list $(filter -race -tags=%,$(TESTFLAGS)) -test -export $(PKG) >/dev/null
	$(WITH_DATABASE) .ci/test '$(PKG)' -short -vet=off -ldflags=-w -timeout 20m $(TESTFLAGS)

# The packages with tests that ask testing.Short.
proof: ## the long form of the tests that are short in make test: consistency, faults, and a soak (SOAK=1h)
	$(WITH_DATABASE) go test -p 1 -timeout 0 $(TESTFLAGS) ./internal/cache ./internal/store ./internal/photo
	$(WITH_DATABASE) go test -p 1 -timeout 0 $(TESTFLAGS) ./internal/chaos -soak $(SOAK)

test-partitions: .stamps/npm ## tests of the store, the cache, the archive, the site and a browser on databases that are partitioned by user
	DOCKET_TEST_PARTITIONS=4 $(WITH_DATABASE) go test -short -p 1 -vet=off -timeout 10m -skip 'Plan|EveryRowLocked' \
		./internal/store ./internal/claim ./internal/feed ./internal/erasure ./internal/transfer ./internal/cache ./internal/archive
	DOCKET_TEST_PARTITIONS=4 $(WITH_DATABASE) go test -short -vet=off -timeout 10m -run 'TestJourney|TestSubmit|TestDecide|TestQueue|TestNumbers|TestErase|SecondLook|Reopen|Archive' ./web
	DOCKET_TEST_PARTITIONS=4 $(WITH_DATABASE) go test -short -vet=off -timeout 10m -run 'TestJourney_(Approve|RejectAndResubmit)' ./internal/e2e

storage: .stamps/npm ## the tests of files in a bucket, with versitygw as the S3 server
	go test ./internal/files -run 'TestBucket|TestBlobs' -vet=off -args -versitygw="$$(go tool -modfile=tools/storage/go.mod -n versitygw)"

# HA=some: a killed leader and a switchover, in three minutes.
HA := all
ha: .stamps/npm ## a cluster under Patroni loses its leader, under load; a table at the end. Debian, as root (HA=some: the short form)
	@.ci/packages etcd-server patroni postgresql-15
	$(WITH_DATABASE) go test ./internal/chaos -run TestHighAvailability -ha $(HA) -v -vet=off -timeout 20m

build: .stamps/npm ## bin/docket
	go build -buildvcs=false -ldflags '-X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o bin/docket .

sbom: build ## what docket is made of, as CycloneDX: bin/docket.cdx.json (Go), bin/docket-npm.cdx.json (the browser's part)
	$(SECURITY) cyclonedx-gomod bin -json -std -version '$(VERSION)' -output bin/docket.cdx.json bin/docket
	npm sbom --sbom-format cyclonedx --package-lock-only --omit dev --omit optional >bin/docket-npm.cdx.json

screenshots: build packages ## every page in five widths, light and dark, into .screenshots (ARGS='-docs docs/img' renews those of the docs)
	go run ./internal/screenshots $(ARGS)

bench: .stamps/npm ## docket compared with what it cannot beat (ARGS='--quick' for a look)
	go run ./internal/bench $(ARGS)

# Debian's font is in the public domain. It is unpacked for this alone: the repository has neither fonts nor programs of others.
weights: ## draw the letters of OCR-B and train the network that reads machine-readable zones: minutes, the same each time
	mkdir -p .stamps/ocr-b && cd .stamps/ocr-b && apt-get download fonts-ocr-b && dpkg-deb -x fonts-ocr-b_*.deb .
	go run ./internal/mrz/train -fonts .stamps/ocr-b/usr/share/fonts/opentype/ocr-b
	go run ./internal/mrz/train
	sha256sum internal/mrz/letters/weights.bin

evidence: ## how well documents are read from photos: the table of docs/evidence.md again
	go run ./internal/mrz/rates $(ARGS) docs/evidence.md

# Without cgo sqlc builds in a third of the time, and needs no C compiler.
generate: ## write the Go code of queries/ and of the templates again, and the reference of form files
	$(TOOL) templ generate
	CGO_ENABLED=0 $(TOOL) sqlc generate
	go run ./internal/form/formkeys/reference docs/forms.md

faces: ## make the table of internal/face anew, from Debian's opencv-data
	@dpkg -s opencv-data >/dev/null 2>&1 || apt-get install -y --no-install-recommends opencv-data
	go run ./internal/face/turn /usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml internal/face

check: check-format check-vet check-static check-generated check-document check-vulnerabilities ## format, vet, staticcheck, generated code that is current, the OpenAPI document, known vulnerabilities

check-format:
	@! git grep -nE '^(<<<<<<<|>>>>>>>) ' || { echo "a merge conflict is left"; exit 1; }
	@unformatted=$$(git ls-files -z --cached --others --exclude-standard -- $(WRITTEN) | xargs -0 $(TOOL) gofumpt -l) && \
		{ test -z "$$unformatted" || { echo "not as gofumpt would have it:"; echo "$$unformatted"; exit 1; }; }

check-vet: .stamps/npm
	go vet ./...

check-static: .stamps/npm
	$(TOOL) staticcheck ./...

# Generators of clients accept the document, and it breaks no client of the last release.
check-document: .stamps/npm .stamps/typescript
	go test ./web/api -run 'OpenAPI'

.stamps/typescript: tools/typescript/package-lock.json
	npm ci --ignore-scripts --prefix tools/typescript
	@touch $@

EMPTY :=
VULNDB = file://$(subst $(EMPTY) ,%20,$(CURDIR))/.stamps/vulndb

check-vulnerabilities: .stamps/npm .stamps/vulndb
	$(SECURITY) govulncheck -db "$(VULNDB)" ./...

# The Go vulnerability database as of the version of golang.org/x/vulndb in tools/security/go.mod: it comes through the module
# proxy like everything else. CONTRIBUTING.md says how to take a newer one.
.stamps/vulndb: tools/security/go.mod
	@rm -rf $@ $@.new && mkdir -p $@.new/ID
	@go mod download -modfile=tools/security/go.mod golang.org/x/vulndb
	$(SECURITY) indexdb -out $@.new -vulns "$$(go list -modfile=tools/security/go.mod -m -f '{{.Dir}}' golang.org/x/vulndb)/data/osv"
	@cp "$$(go list -modfile=tools/security/go.mod -m -f '{{.Dir}}' golang.org/x/vulndb)"/data/osv/*.json $@.new/ID/
	@mv $@.new $@

# Against git's index: stage the generated code that you mean to commit.
check-generated: generate
	@git diff --exit-code -- $(GENERATED) || { echo "generated code is not current: make generate"; exit 1; }
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)) && \
		{ test -z "$$new" || { echo "generated code is not committed:"; echo "$$new"; exit 1; }; }

npm: ## install the npm packages anew
	@rm -f .stamps/npm
	@$(MAKE) --no-print-directory .stamps/npm

packages: ## install the Debian packages of the browser tests, as root
	@.ci/packages

# A node_modules that is a link belongs to another checkout.
.stamps/npm: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "docket needs Node.js with npm (https://nodejs.org)"; exit 1; }
	test -L node_modules || npm ci --ignore-scripts
	@mkdir -p .stamps static/npm internal/account/npm
	cp node_modules/htmx.org/dist/htmx.min.js static/npm/
	cp node_modules/@zxcvbn-ts/language-common/src/passwords.json internal/account/npm/
	@touch $@
