package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/inkpool/inkpool/bench/peer"
)

// install puts the peers from npm into this folder, with their install scripts off, unless
// they are there. The marker is the file that npm writes last. (package.json holds
// @napi-rs/canvas back: 1.1 is not published for every system, and npm ci fails on such a gap.)
func install(ctx context.Context, notes io.Writer) error {
	marker, err := os.Stat(filepath.Join(peer.Folder, "node_modules", ".package-lock.json"))
	if err == nil {
		lock, err := os.Stat(filepath.Join(peer.Folder, "package-lock.json"))
		if err == nil && !lock.ModTime().After(marker.ModTime()) {
			return nil
		}
	}
	fmt.Fprintln(notes, "peers: installing the peers from npm")
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir, cmd.Stdout, cmd.Stderr = peer.Folder, notes, notes
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w", peer.Folder, err)
	}
	return nil
}
