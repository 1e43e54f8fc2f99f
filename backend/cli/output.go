package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// output says how pages are written and where.
type output struct {
	format format
	path   string // file or folder; "" is standard output
	force  bool   // overwrite the file
}

// addFormatFlag adds --format, addFlags all flags of an output.
func (o *output) addFormatFlag(c *cobra.Command) {
	o.format.Exporter = export.Text{}
	c.Flags().Var(&o.format, "format", strings.Join(export.Formats(), ", "))
}

func (o *output) addFlags(c *cobra.Command) {
	o.addFormatFlag(c)
	c.Flags().StringVar(&o.path, "out", "", "write to this file, or into this folder, instead of standard output")
	c.Flags().BoolVar(&o.force, "force", false, `overwrite the file of --out; else " (2)" is added to its name`)
}

// format is the value of --format.
type format struct{ export.Exporter }

// String, Set and Type implement pflag.Value.
func (f *format) String() string {
	if f.Exporter == nil { // pflag asks the zero value
		return ""
	}
	return f.Format()
}

func (f *format) Set(name string) (err error) {
	f.Exporter, err = export.ByFormat(name)
	return err
}

func (f *format) Type() string { return "format" }

// write writes pages where o says; title names the file when that is a folder. An error of
// pages is returned as it is, others are outputErrors.
func (d *door) write(o output, title string, pages export.Pages) error {
	if o.path == "" {
		return o.format.Write(d.stdout, pages)
	}
	if o.isDevice() {
		return d.writeToDevice(o, pages)
	}
	var unread error // why pages ended early
	watched := func(yield func(view.Page, error) bool) {
		for p, err := range pages {
			unread = err
			if !yield(p, err) {
				return
			}
		}
	}
	path, err := export.ToFile(o.file(title), o.force, func(f io.Writer) error { return o.format.Write(f, watched) })
	switch {
	case unread != nil:
		return unread
	case err != nil:
		return outputError{err}
	}
	d.note("written: %s", path)
	return nil
}

// isDevice reports whether the output is there already and neither a file nor a folder: a
// pipe, or /dev/stdout. It is written to as it is.
func (o *output) isDevice() bool {
	info, err := os.Stat(o.path)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

func (d *door) writeToDevice(o output, pages export.Pages) error {
	f, err := os.OpenFile(o.path, os.O_WRONLY, 0)
	if err != nil {
		return outputError{inkpool.Errorf(inkpool.CodePermission, "%s may not be written", o.path).WithCause(err)}
	}
	return errors.Join(o.format.Write(dataWriter{f}, pages), f.Close())
}

// check finds out before the work whether its output can be written. inputs are the files
// and folders that are read: they are not overwritten.
func (o *output) check(inputs []string, title string) error {
	if o.path == "" || o.isDevice() {
		return nil
	}
	file := o.file(title)
	if err := export.Probe(file, o.force); err != nil {
		return outputError{err}
	}
	if o.force && isAmong(file, inputs) {
		return usageError{fmt.Errorf("--out %s --force would overwrite what is to be read", file)}
	}
	return nil
}

// isAmong reports whether a file is one of paths, or lies below one of them.
func isAmong(file string, paths []string) bool {
	info, err := os.Stat(file)
	if err != nil {
		return false
	}
	for _, p := range paths {
		if other, err := os.Stat(p); err == nil && os.SameFile(info, other) {
			return true
		}
		rel, err := filepath.Rel(resolved(p), resolved(file))
		if err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// resolved is the absolute path without links, or as much of that as can be told.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path
}

// again is how a person asks for the same output: the flags to add to a command.
func (o *output) again() string {
	var flags string
	if o.format.Format() != (export.Text{}).Format() {
		flags += " --format " + o.format.Format()
	}
	if o.path != "" {
		flags += fmt.Sprintf(" --out %q", o.path)
	}
	if o.force {
		flags += " --force"
	}
	return flags
}

// file is the file to write: path, or one named after title when that is a folder.
func (o *output) file(title string) string {
	info, err := os.Stat(o.path)
	if isFolder := err == nil && info.IsDir(); !isFolder && !os.IsPathSeparator(o.path[len(o.path)-1]) {
		return o.path
	}
	name := filepath.Base(title)
	if name == "." || name == string(filepath.Separator) { // the whole disk was read
		name = "inkpool"
	}
	return filepath.Join(o.path, name+o.format.Extension())
}

// outputError says that the output could not be written.
type outputError struct{ err error }

func (e outputError) Error() string { return e.err.Error() }
func (e outputError) Unwrap() error { return e.err }

// dataWriter is standard output; its errors are outputErrors.
type dataWriter struct{ w io.Writer }

func (d dataWriter) Write(p []byte) (int, error) {
	n, err := d.w.Write(p)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		err = inkpool.Errorf(inkpool.CodeDiskFull, "the disk that the output goes to is full").
			WithCause(err).WithHint("Free some space and try again.")
	default:
		err = inkpool.Errorf(inkpool.CodeUnavailable, "the output cannot be written").WithCause(err)
	}
	return n, outputError{err}
}
