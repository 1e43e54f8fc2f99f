package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// byteOrderMark is what some editors on Windows put before a text in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// read returns the values in the file at path by their keys; no file has none.
func read(path string) (map[string]json.RawMessage, error) {
	values := map[string]json.RawMessage{}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // who uses the home says that it is no folder
		return values, nil
	}
	if err != nil {
		return nil, fileError("read", path, err)
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte(byteOrderMark)), &values); err != nil {
		return nil, damaged(path, err)
	}
	if values == nil { // the file says null
		return nil, damaged(path, errors.New("null is no object"))
	}
	return values, nil
}

// replace gives the file at path a new content, all of it or none.
func replace(path string, text []byte) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // configuration is often linked to from a folder of dotfiles
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := durable.Replace(path, ".config-*.tmp", text); err != nil {
		return err
	}
	return durable.SyncFolder(dir)
}

// fileError turns an error of the file system into one for people. done is what could not
// be done, as in "could not be read".
func fileError(done, path string, err error) error {
	code, hint := inkpool.CodeUnavailable, "Check the disk, then try again."
	switch info, statErr := os.Stat(path); {
	case statErr == nil && info.IsDir():
		code, hint = inkpool.CodeInvalid, "A folder is in its place: move it away."
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code, hint = inkpool.CodePermission, "Allow this user to read and to write the file and its folder."
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		code, hint = inkpool.CodeDiskFull, "Make room on the disk, then try again."
	}
	return inkpool.Errorf(code, "the settings file %s could not be %s", path, done).WithCause(err).WithHint(hint)
}
