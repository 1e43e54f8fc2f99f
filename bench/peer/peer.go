// Package peer knows the other programs that Inkpool is compared with: where they are, in which
// versions, and what they can read. bench/peers measures their speed with it, backend/cmd/eval
// how well they read.
//
// All functions may be called at once. They ask programs for their versions, and never install
// or change anything.
package peer

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Folder holds the peers from npm and the scripts that run them, from the top of the repository.
const Folder = "bench/peers"

// ReadsAs tells whether every peer reads files of this name's format: JPEG and PNG.
func ReadsAs(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}

// Installed is the version of an npm package in Folder, "" if it is not there.
func Installed(name string) string {
	data, err := os.ReadFile(filepath.Join(Folder, "node_modules", filepath.FromSlash(name), "package.json"))
	if err != nil {
		return ""
	}
	var p struct{ Version string }
	if json.Unmarshal(data, &p) != nil {
		return ""
	}
	return p.Version
}

// Version is the first line that a command prints, with the program's name in front: what
// `tesseract --version` says. It is "" if the command fails.
func Version(ctx context.Context, argv ...string) string {
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(out), "\n")
	if name := filepath.Base(argv[0]); !strings.HasPrefix(line, name) {
		line = name + " " + line
	}
	return strings.TrimSpace(line)
}

// TesseractLanguages lists the languages that an installed tesseract knows, none if there is
// no tesseract.
func TesseractLanguages(ctx context.Context) []string {
	out, err := exec.CommandContext(ctx, "tesseract", "--list-langs").Output()
	if err != nil {
		return nil
	}
	_, list, _ := strings.Cut(string(out), "\n") // below a heading
	return strings.Fields(list)
}
