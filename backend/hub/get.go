package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Bounds of patience.
const (
	maxRedirects = 10
	maxTries     = 6               // without progress to speak of: stallBytes
	maxPause     = 2 * time.Minute // also where a server asks for more
	stallBytes   = 4 << 10         // see Options.Stall
)

// answer is what came of a request: the last response, and the headers of the first, which
// alone says what file it is.
type answer struct {
	*http.Response
	first http.Header
	stop  context.CancelCauseFunc
	watch *watch
}

// Close ends the request.
func (a *answer) Close() {
	a.watch.stop()
	if a.Response != nil {
		_ = a.Body.Close() // nothing more is wanted of it
	}
	a.stop(nil)
}

// get asks for an address, and follows where it leads. headers are sent to every server, the
// token to the endpoint only. Responses that are neither 200, 206 nor 416 are errors.
func (c *Client) get(ctx context.Context, target *url.URL, headers http.Header) (*answer, error) {
	ctx, stop := context.WithCancelCause(ctx)
	a := &answer{stop: stop, watch: newWatch(c.options.Stall, func() { stop(errStalled) })}
	if err := c.followAll(ctx, a, target, headers); err != nil {
		err = c.explain(ctx, target, err)
		a.Close()
		return nil, err
	}
	a.Body = &watchedBody{ReadCloser: a.Body, watch: a.watch, ended: func() error { return context.Cause(ctx) }}
	return a, nil
}

// followAll asks one server after the other, until one has more to say than where to go.
func (c *Client) followAll(ctx context.Context, a *answer, target *url.URL, headers http.Header) error {
	for range maxRedirects {
		if err := c.follow(ctx, a, target, headers); err != nil {
			return err
		}
		if a.first == nil {
			a.first = a.Header
		}
		next, err := a.redirection(target)
		if err != nil {
			return err
		}
		if next == nil {
			return c.statusError(a.Response)
		}
		_ = a.Body.Close() // it says nothing that matters
		target = next
	}
	return refused("around in circles")
}

// follow sends one request.
func (c *Client) follow(ctx context.Context, a *answer, target *url.URL, headers http.Header) error {
	if err := c.checkURL(target); err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return err
	}
	for name, values := range headers {
		r.Header[name] = values
	}
	r.Header.Set("User-Agent", c.options.Agent)
	if c.options.Token != "" && c.isEndpoint(target) {
		r.Header.Set("Authorization", "Bearer "+c.options.Token)
	}
	a.Response, err = c.clientFor(r).Do(r)
	return err
}

// redirection is where a response leads; nil where it is the last one.
func (a *answer) redirection(from *url.URL) (*url.URL, error) {
	if a.StatusCode < 300 || a.StatusCode >= 400 {
		return nil, nil
	}
	to, err := from.Parse(a.Header.Get("Location"))
	if err != nil || a.Header.Get("Location") == "" {
		return nil, fmt.Errorf("redirected to %q: %w", a.Header.Get("Location"), errAnswer)
	}
	return to, nil
}

var (
	errStalled = errors.New("the server sends nothing, or next to nothing")
	errAnswer  = errors.New("the server answered with something else")
)

// passing is an error that another try may not meet.
type passing struct {
	err   error
	after time.Duration // that the server asks for
}

func (p passing) Error() string { return p.err.Error() }
func (p passing) Unwrap() error { return p.err }

// statusError is the error that a response stands for; nil for one that has what was asked for.
func (c *Client) statusError(r *http.Response) error {
	where := r.Request.URL.Host
	switch s := r.StatusCode; {
	case s == http.StatusOK, s == http.StatusPartialContent, s == http.StatusRequestedRangeNotSatisfiable:
		return nil
	case s == http.StatusTooManyRequests, s == http.StatusRequestTimeout, s >= 500:
		return passing{err: inkpool.Errorf(inkpool.CodeUnavailable, "%s cannot answer now (%d)", where, s).WithHint("Try again later: what has come is kept."), after: retryAfter(r)}
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		return inkpool.Errorf(inkpool.CodePermission, "%s does not give this model to everybody (%d)", where, s).
			WithHint("Check its name. If its page asks for it, agree to its terms there, and give your token as HF_TOKEN.")
	case s == http.StatusNotFound, s == http.StatusGone:
		return inkpool.Errorf(inkpool.CodeNotFound, "%s has no such model or file", where).WithHint("Check the name and the revision.")
	default:
		return inkpool.Errorf(inkpool.CodeUnavailable, "%s answered with %d", where, s).WithHint("Try again later.")
	}
}

// retryAfter is how long a server wants to be left alone; 0: it does not say.
func retryAfter(r *http.Response) time.Duration {
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxPause)
}

// explain says why a server could not be asked.
func (c *Client) explain(ctx context.Context, target *url.URL, err error) error {
	var known *inkpool.Error
	var again passing
	switch {
	case errors.As(err, &again):
		return again
	case errors.Is(context.Cause(ctx), errStalled):
		return passing{err: unreachable(target, errStalled)}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &known):
		return known // what the guard said, within an error of net
	default:
		return passing{err: unreachable(target, err)}
	}
}

func unreachable(target *url.URL, err error) *inkpool.Error {
	hint := "Check the connection to the internet, or choose a mirror with --endpoint."
	if dns := new(net.DNSError); errors.As(err, &dns) {
		hint = "There is no such server, or no connection to the internet. Another endpoint can be chosen with --endpoint."
	}
	return inkpool.Errorf(inkpool.CodeUnavailable, "%s cannot be reached", target.Host).WithCause(err).WithHint(hint)
}

// retry does something again while its errors are passing ones: at once after a try that has
// brought something, which does not count, else with growing pauses.
func (c *Client) retry(ctx context.Context, try func() (progress bool, err error)) error {
	for tries := 0; ; {
		progress, err := try()
		var again passing
		if err == nil || !errors.As(err, &again) {
			return err
		}
		wait := again.after
		if tries++; progress {
			tries = 0
		} else {
			wait = max(wait, min(c.options.Pause<<(tries-1), maxPause))
		}
		if tries >= maxTries {
			return again.err
		}
		pause := time.NewTimer(wait)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return context.Cause(ctx)
		}
	}
}

// watch calls stalled when too little comes. It is used by one goroutine.
type watch struct {
	timer *time.Timer
	every time.Duration
	got   int
}

func newWatch(every time.Duration, stalled func()) *watch {
	return &watch{timer: time.AfterFunc(every, stalled), every: every}
}

func (w *watch) came(n int) {
	if w.got += n; w.got >= stallBytes {
		w.got = 0
		w.timer.Reset(w.every)
	}
}

func (w *watch) stop() { w.timer.Stop() }

// watchedBody is the body of a response that must not stall.
type watchedBody struct {
	io.ReadCloser
	watch *watch
	ended func() error // why the request has ended; nil: it has not
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.watch.came(n)
	if cause := b.ended(); err != nil && cause != nil {
		err = cause
	}
	return n, err
}
