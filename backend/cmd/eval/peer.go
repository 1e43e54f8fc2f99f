package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/bench/peer"
)

// Names of the peers.
const (
	peerGutenye   = "gutenye"   // @gutenye/ocr-node
	peerPPU       = "ppu"       // ppu-paddle-ocr
	peerTesseract = "tesseract" // Debian's
)

// modelsFolder holds the models that `make setup` fetches, from the top of the repository.
const modelsFolder = "backend/bundle/files/ocr"

func knownPeers() []string { return []string{peerGutenye, peerPPU, peerTesseract} }

// rival is another program as a reader, whose readings can be kept.
type rival interface {
	reader
	// inputs are the files that its readings depend on, beside its own and the pages.
	inputs() []string
}

// openPeer finds the peer of that name. It is nil for tesseract where that is not installed,
// which is said on notes.
func openPeer(ctx context.Context, name string, notes io.Writer) (rival, error) {
	switch name {
	case peerTesseract:
		return openTesseract(ctx, notes), nil
	case peerGutenye:
		return openScript(name, "@gutenye/ocr-node", notes)
	default:
		return openScript(name, "ppu-paddle-ocr", notes)
	}
}

// openScript opens a peer from npm, which peer.Folder has a script of its name for.
func openScript(name, pkg string, notes io.Writer) (rival, error) {
	if _, err := os.Stat(filepath.Join(peer.Folder, "node_modules")); err != nil {
		return nil, fmt.Errorf("the peers are not installed: run npm ci --ignore-scripts in %s", peer.Folder)
	}
	argv := []string{"node", peer.Folder + "/" + name + ".mjs"}
	versions := fmt.Sprintf("%s %s, onnxruntime-node %s", pkg, peer.Installed(pkg), peer.Installed("onnxruntime-node"))
	return script{program{label: name, versions: versions, argv: argv, notes: notes}}, nil
}

// script is a peer that is run by a script of peer.Folder.
type script struct{ program }

// inputs are how we run it, and Inkpool's models, with which it reads.
func (s script) inputs() []string {
	return []string{
		filepath.Join(peer.Folder, s.label+".mjs"), filepath.Join(peer.Folder, "pictures.mjs"), filepath.Join(peer.Folder, "package-lock.json"),
		filepath.Join(modelsFolder, "det.onnx"), filepath.Join(modelsFolder, "rec.onnx"), filepath.Join(modelsFolder, "keys.txt"),
	}
}

func (s script) read(ctx context.Context, c collection) (outcome, error) {
	pictures, remove, err := c.pictures()
	if err != nil {
		return outcome{}, err
	}
	defer remove()
	var given []string
	for _, p := range pictures {
		given = append(given, p.given)
	}
	o, err := s.run(ctx, given)
	if err != nil {
		return outcome{}, err
	}
	o.output, err = renamed(o.output, pictures)
	return o, err
}

// row is a page as a peer read it.
type row struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// renamed returns the rows of output with the names of the files that the pictures were made
// from.
func renamed(output []byte, pictures []picture) ([]byte, error) {
	var rows []row
	for line := range bytes.Lines(output) {
		var r row
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("read output: %w", err)
		}
		if i := slices.IndexFunc(pictures, func(p picture) bool { return p.given == r.Path }); i >= 0 {
			r.Path = pictures[i].file
		}
		rows = append(rows, r)
	}
	return encodeRows(rows), nil
}

func encodeRows(rows []row) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	for _, r := range rows {
		_ = e.Encode(r) // two strings always encode
	}
	return []byte(b.String())
}
