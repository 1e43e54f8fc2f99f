package cli

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Exit codes. Those from 65 on are sysexits.h's; signals are 128 + their number.
const (
	exitOK           = 0
	exitSomeFailed   = 1
	exitUsage        = 2
	exitBadInput     = 65 // nothing that was given can be read
	exitNoInput      = 66 // nothing that was given is there
	exitModelMissing = 69
	exitInternal     = 70
	exitCantCreate   = 73 // the output cannot be written
	exitIO           = 74 // disk full, input or output error
	exitBusy         = 75
	exitPermission   = 77
	exitConfig       = 78 // the home or the history in it cannot be used
	exitInterrupted  = 130
	exitTerminated   = 143
)

// usageError is a mistake in the command line.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// failedInputs says that the command did its work and some inputs failed; they have been
// reported already.
type failedInputs struct{ code int }

func (e failedInputs) Error() string { return "some inputs failed" }

// stoppedError says that work ended early and how to go on with it.
type stoppedError struct {
	err  error
	left string
}

func (e stoppedError) Error() string { return e.err.Error() }
func (e stoppedError) Unwrap() error { return e.err }

// Interrupted is the cause of a context that a signal has ended.
type Interrupted struct{ Signal os.Signal }

func (i Interrupted) Error() string { return "stopped by signal " + i.Signal.String() }

// report tells a person what went wrong, if anything, and returns the exit code. command is
// what was run, such as "inkpool jobs list".
func (d *door) report(ctx context.Context, command string, err error) int {
	var stopped stoppedError
	if errors.As(err, &stopped) {
		defer d.note("inkpool: %s", stopped.left)
	}
	var failed failedInputs
	var interrupted Interrupted
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &failed):
		return failed.code
	case errors.As(context.Cause(ctx), &interrupted):
		if interrupted.Signal == syscall.SIGTERM {
			return exitTerminated
		}
		return exitInterrupted
	case errors.Is(err, syscall.EPIPE): // whoever read our output has seen enough
		return exitOK
	case errors.As(err, &usage):
		d.note("inkpool: %s\nSee `%s --help`.", usageSentence(usage), command)
		return exitUsage
	}
	known := inkpool.AsError(err)
	d.note("inkpool: %s", sentence(known))
	if known.Code == inkpool.CodeInternal {
		d.note("inkpool: details: %v", err)
	}
	return exitCodeOfCommand(err, known.Code)
}

// sentence is what happened and what to do about it.
func sentence(e *inkpool.Error) string {
	if e.Hint == "" {
		return e.Message
	}
	return strings.TrimSuffix(e.Message, ".") + ". " + e.Hint
}

// usageSentence is what is wrong and, where we know it, what would be right.
func usageSentence(usage usageError) string {
	text := usage.Error()
	var known *inkpool.Error
	if errors.As(usage, &known) && known.Hint != "" {
		text += ". " + known.Hint
	}
	return text
}

// exitCodeOfCommand is the code for a command that could not do its work.
func exitCodeOfCommand(err error, code inkpool.Code) int {
	var output outputError
	switch {
	case errors.As(err, &output) && (code == inkpool.CodeDiskFull || code == inkpool.CodeUnavailable):
		return exitIO
	case errors.As(err, &output):
		return exitCantCreate
	case code == inkpool.CodeUnavailable && errors.As(err, new(syscall.Errno)): // a disk, not another Inkpool
		return exitIO
	case code == inkpool.CodeInvalid, code == inkpool.CodeConflict: // inputs are not meant: they fail as tasks
		return exitConfig
	default:
		return exitCode(code)
	}
}

// exitCode is the code for one thing that failed.
func exitCode(code inkpool.Code) int {
	switch code {
	case inkpool.CodeInvalid, inkpool.CodeUnsupportedFormat, inkpool.CodeTooLarge, inkpool.CodeEncrypted:
		return exitBadInput
	case inkpool.CodeNotFound:
		return exitNoInput
	case inkpool.CodeModelMissing, inkpool.CodeModelCorrupt:
		return exitModelMissing
	case inkpool.CodeDiskFull:
		return exitIO
	case inkpool.CodeUnavailable:
		return exitBusy
	case inkpool.CodePermission:
		return exitPermission
	case inkpool.CodeCancelled, inkpool.CodeTimeout:
		return exitSomeFailed
	default:
		return exitInternal
	}
}

// exitCodeOfInput is the code for an input that failed.
func exitCodeOfInput(code inkpool.Code) int {
	if code == inkpool.CodeUnavailable { // its disk or network, not another Inkpool
		return exitIO
	}
	return exitCode(code)
}

// tally counts what became of tasks.
type tally struct{ done, failed, code int }

// add counts a task that ended with some trouble or, as nil, without.
func (t *tally) add(trouble *view.Error) {
	if trouble == nil {
		t.done++
		return
	}
	t.fail(exitCodeOfInput(inkpool.Code(trouble.Code)))
}

// fail counts one that failed with an exit code of its own.
func (t *tally) fail(code int) {
	if t.failed > 0 && code != t.code {
		code = exitSomeFailed
	}
	t.failed, t.code = t.failed+1, code
}

// err is failedInputs when anything failed. Its code is that of the failures when nothing
// else came out and all failed alike, else exitSomeFailed.
func (t *tally) err() error {
	switch {
	case t.failed == 0:
		return nil
	case t.done > 0:
		return failedInputs{exitSomeFailed}
	default:
		return failedInputs{t.code}
	}
}
