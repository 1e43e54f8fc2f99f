package child

import (
	"context"
	"errors"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// wireVersion grows with every change of the messages below, or of what they carry: while a
// program runs, its file may be replaced by a newer one, which then becomes the child.
const wireVersion = 5

// otherVersion says that parent and child do not speak the same version.
func otherVersion() *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeConflict, "Inkpool has been replaced by another version while it was running").
		WithHint("Close Inkpool and open it again.")
}

// opening is the first frame to the child.
type opening struct {
	Version    int
	Background bool // the child lowers its priority
	Settings   engine.Settings
}

// hello is the first frame from the child, when its worker stands ready.
type hello struct {
	Version int
	Failure *failure // there is no worker, and the child ends
}

// verb is what a request asks for.
type verb uint8

const (
	doProcess verb = iota + 1
	doPicture
	doWarm
	doUsage
	doSetWorkers // gets no reply
	doCancel     // cancels the request with its ID; gets no reply
	doClose      // finish what is under way, then end; gets no reply
	doPages
)

// request is every further frame to the child.
type request struct {
	ID       uint64 // chosen by the parent; the reply bears it
	Do       verb
	Task     inkpool.Task
	Rotation int      // of doPicture, in degrees clockwise
	MaxSide  int      // of doPicture, in pixels
	Workers  int      // of doSetWorkers
	Paths    []string // of doPages
	Secrets  []string // of doPages
}

// reply is every further frame from the child; of those with the same ID the last one answers.
type reply struct {
	ID      uint64
	Result  inkpool.Result
	Picture []byte
	Counts  []inkpool.PageCount
	Usage   inkpool.Usage
	Failure *failure

	Progress *inkpool.Progress // of doProcess: this is not the reply yet
}

// failure carries an error through the pipe: what a person reads as it is, and the cause as
// text.
type failure struct {
	Code                 inkpool.Code
	Message, Hint, Cause string
}

// failureOf returns nil for no error.
func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	e := inkpool.AsError(err)
	f := &failure{Code: e.Code, Message: e.Message, Hint: e.Hint}
	if cause := e.Unwrap(); error(e) == err && cause != nil {
		f.Cause = cause.Error()
	} else if error(e) != err {
		f.Cause = err.Error() // with the context that was wrapped around e
	}
	return f
}

// err is failureOf's inverse.
func (f *failure) err() error {
	if f == nil {
		return nil
	}
	e := inkpool.Errorf(f.Code, "%s", f.Message).WithHint(f.Hint)
	if f.Cause != "" {
		e = e.WithCause(errors.New(f.Cause))
	}
	return e
}

// stopped is what to make of err, the answer to a request whose ctx has ended: what only
// says that it was stopped, or that the engine was, becomes the error of ctx.
func stopped(ctx context.Context, err error) error {
	switch inkpool.CodeOf(err) {
	case inkpool.CodeCancelled, inkpool.CodeTimeout, inkpool.CodeUnavailable:
		return ctx.Err()
	default:
		return err
	}
}
