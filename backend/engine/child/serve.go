package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// errOrphaned says that the parent has gone without asking the child to end.
var errOrphaned = errors.New("the parent has gone")

// serve answers the requests that come through in, as many at once as come, until it is
// asked to close: then it finishes them, closes the worker and returns nil. When in ends
// otherwise the parent has died, and serve returns errOrphaned at once, as it does the error
// of ctx: requests may still be running then, in native code perhaps, which nothing but the
// end of the process stops. A panic in the worker is an error of its request.
//
// The goroutine that reads in ends when in does.
func serve(ctx context.Context, in io.Reader, out io.Writer, begin func(opening) (Worker, error)) error {
	in = bufio.NewReader(in)
	var o opening
	if err := readFrame(in, &o); err != nil {
		return orphaned(err)
	}
	worker, err := beginWorker(o, begin)
	if err := errors.Join(err, writeFrame(out, hello{Version: wireVersion, Failure: failureOf(err)})); err != nil {
		return err
	}
	s := &server{worker: worker, out: out, running: map[uint64]context.CancelFunc{}, failed: make(chan error, 1)}
	return s.run(ctx, in)
}

func beginWorker(o opening, begin func(opening) (Worker, error)) (w Worker, err error) {
	defer inkpool.Recover(&err)
	if o.Version != wireVersion {
		return nil, otherVersion()
	}
	return begin(o)
}

// orphaned tells the end of the parent from a stream that makes no sense.
func orphaned(err error) error {
	if streamEnded(err) {
		return errOrphaned
	}
	return fmt.Errorf("read a request: %w", err)
}

// server is a child at work.
type server struct {
	worker Worker
	failed chan error // why replies cannot be sent

	writing sync.Mutex // one frame at a time
	out     io.Writer

	requests sync.WaitGroup
	mu       sync.Mutex
	running  map[uint64]context.CancelFunc
}

func (s *server) run(ctx context.Context, in io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	requests := make(chan request)
	ended := make(chan error, 1)
	go func() { ended <- receive(ctx, in, requests) }()
	var drained chan error // from doClose on
	for {
		select {
		case r := <-requests:
			switch {
			case r.Do == doClose && drained == nil:
				drained = s.drain()
			case drained == nil || r.Do == doCancel:
				s.handle(ctx, r)
			}
		case err := <-ended:
			return err
		case err := <-s.failed:
			return err
		case err := <-drained:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// receive passes requests on until in ends, and says why it did.
func receive(ctx context.Context, in io.Reader, requests chan<- request) error {
	for {
		var r request
		if err := readFrame(in, &r); err != nil {
			return orphaned(err)
		}
		select {
		case requests <- r:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// drain waits for all requests, closes the worker, and then sends its error.
func (s *server) drain() chan error {
	drained := make(chan error, 1)
	go func() {
		s.requests.Wait()
		drained <- s.worker.Close()
	}()
	return drained
}

func (s *server) handle(ctx context.Context, r request) {
	switch r.Do {
	case doSetWorkers:
		s.worker.SetWorkers(r.Workers) // here, so that it holds for the requests that follow
	case doCancel:
		s.end(r.ID)
	default:
		ctx, cancel := context.WithCancel(ctx)
		s.mu.Lock()
		s.running[r.ID] = cancel
		s.mu.Unlock()
		s.requests.Go(func() {
			answer := s.answer(ctx, r)
			s.end(r.ID)
			s.send(answer)
		})
	}
}

// end cancels the context of a request, if it is there, and forgets it.
func (s *server) end(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel, ok := s.running[id]; ok {
		cancel()
		delete(s.running, id)
	}
}

func (s *server) answer(ctx context.Context, r request) reply {
	a := reply{ID: r.ID}
	a.Failure = failureOf(s.perform(ctx, r, &a))
	return a
}

func (s *server) perform(ctx context.Context, r request, a *reply) (err error) {
	defer inkpool.Recover(&err)
	switch r.Do {
	case doProcess:
		a.Result, err = s.worker.Process(ctx, r.Task, func(p inkpool.Progress) { s.send(reply{ID: r.ID, Progress: &p}) })
	case doPicture:
		a.Picture, err = s.worker.Picture(ctx, r.Task, r.Rotation, r.MaxSide)
	case doPages:
		a.Counts, err = s.worker.Pages(ctx, r.Paths, r.Secrets)
	case doWarm:
		err = s.worker.Warm(ctx)
	case doUsage:
		a.Usage = s.worker.Usage()
	default:
		err = fmt.Errorf("request %d is of the unknown kind %d", r.ID, r.Do)
	}
	return err
}

func (s *server) send(a reply) {
	s.writing.Lock()
	defer s.writing.Unlock()
	err := writeFrame(s.out, a)
	if errors.Is(err, errOversize) {
		tooLarge := inkpool.Errorf(inkpool.CodeTooLarge, "what came out of this file is too large").WithCause(err)
		err = writeFrame(s.out, reply{ID: a.ID, Failure: failureOf(tooLarge)})
	}
	if err == nil {
		return
	}
	select {
	case s.failed <- fmt.Errorf("send a reply: %w", err):
	default: // it has been told already
	}
}
