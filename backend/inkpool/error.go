package inkpool

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// Code names what went wrong for programs: doors translate it into exit codes, HTTP
// statuses and the sentence that a person reads in their own language.
type Code string

// Every code there is.
const (
	CodeInvalid           Code = "invalid"            // damaged content or a wrong argument
	CodeUnsupportedFormat Code = "unsupported_format" // no picture, document or text that we know
	CodeTooLarge          Code = "too_large"          // beyond the pixel or byte limit
	CodeEncrypted         Code = "encrypted"          // needs a password
	CodeNotFound          Code = "not_found"
	CodePermission        Code = "permission"
	CodeConflict          Code = "conflict" // the state does not allow it
	CodeModelMissing      Code = "model_missing"
	CodeModelCorrupt      Code = "model_corrupt"
	CodeTimeout           Code = "timeout"
	CodeOutOfMemory       Code = "out_of_memory"
	CodeEngineCrashed     Code = "engine_crashed"
	CodeDiskFull          Code = "disk_full"
	CodeUnavailable       Code = "unavailable" // busy or not reachable now; trying again may help
	CodeCancelled         Code = "cancelled"
	CodeInternal          Code = "internal" // our fault
)

// Error is the one error type that reaches a person. Message says what happened, in plain
// English and without Go error text; Hint, if any, says what to do about it. Doors show
// their own words for Code where they have them.
type Error struct {
	Code    Code
	Message string
	Hint    string
	err     error // cause, for logs
}

// Error returns the message, and the cause behind a colon: for logs, not for people.
func (e *Error) Error() string {
	if e.err != nil {
		return e.Message + ": " + e.err.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// WithHint returns a copy of e that tells the reader what to do.
func (e *Error) WithHint(hint string) *Error {
	c := *e
	c.Hint = hint
	return &c
}

// Errorf makes an Error whose message is for people: give Go errors to WithCause, never
// to the format.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// WithCause returns a copy of e that wraps err, which is shown in logs only.
func (e *Error) WithCause(err error) *Error {
	c := *e
	c.err = err
	return &c
}

// CodeOf returns the code of the first Error in err's chain; context errors are
// CodeCancelled and CodeTimeout, anything else CodeInternal, and nil the empty code.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.Canceled):
		return CodeCancelled
	case errors.Is(err, context.DeadlineExceeded):
		return CodeTimeout
	default:
		return CodeInternal
	}
}

// AsError turns any error into one that may be shown and stored. An error that nobody
// gave a code becomes CodeInternal with a general message; its text stays in the cause.
func AsError(err error) *Error {
	var e *Error
	if err == nil {
		return nil
	}
	if errors.As(err, &e) {
		return e
	}
	switch code := CodeOf(err); code {
	case CodeCancelled:
		return Errorf(code, "stopped before it was finished").WithCause(err)
	case CodeTimeout:
		return Errorf(code, "took too long and was stopped").WithCause(err)
	default:
		return Errorf(code, "something went wrong inside Inkpool").WithCause(err).
			WithHint("Try again; if it happens again, please report it with the log of this task.")
	}
}

// Recover, deferred, turns a panic into an error of CodeInternal, so that one page that
// trips over a mistake of ours does not take the others with it:
//
//	defer inkpool.Recover(&err)
func Recover(err *error) {
	p := recover()
	if p == nil {
		return
	}
	*err = Errorf(CodeInternal, "something went wrong inside Inkpool").
		WithCause(fmt.Errorf("panic: %v\n%s", p, debug.Stack())).
		WithHint("Please report it with the log.")
}
