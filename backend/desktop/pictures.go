package desktop

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Pictures are served by the id of their task, never by path: /media/task/12, and
// /media/task/12?thumb for a small one. The page's own files come from next.
const pictureRoute = "/media/task/"

const (
	pictureSide   = 2400 // pixels; twice a large window's height, so that 100 % is sharp
	thumbnailSide = 96   // pixels; 48 on the page, at a scale of 2
)

// pictureTimeout is how long a picture may take: ten times what decoding the largest one does
// (some 3 s). A drive that has gone never answers, and the framework's requests do not end.
const pictureTimeout = 30 * time.Second

// contentPolicy lets the page load what the program serves and nothing else, so that text
// read from a picture can never become a script. Svelte sets styles of elements.
const contentPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'"

// Pictures is the asset server's middleware. It must be one, because a plain handler is
// shadowed by the development server.
func (w *Window) Pictures(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		id, ok := strings.CutPrefix(r.URL.Path, pictureRoute)
		if !ok {
			out.Header().Set("Content-Security-Policy", contentPolicy)
			next.ServeHTTP(out, r)
			return
		}
		if err := w.servePicture(out, r, id); err != nil {
			http.Error(out, string(inkpool.CodeOf(err)), pictureStatus(err))
		}
	})
}

func (w *Window) servePicture(out http.ResponseWriter, r *http.Request, id string) error {
	side := pictureSide
	if r.URL.Query().Has("thumb") {
		side = thumbnailSide
	}
	picture, err := w.picture(r.Context(), id, side)
	if err != nil {
		return err
	}
	out.Header().Set("Content-Type", "image/jpeg")
	out.Header().Set("X-Content-Type-Options", "nosniff")
	// Long enough to look around, short enough to notice that a file has changed.
	out.Header().Set("Cache-Control", "private, max-age=60")
	_, _ = out.Write(picture) // fails when the page has gone on: nobody is left to tell
	return nil
}

// picture draws the page of the task with that id as a JPEG of at most side pixels a side.
func (w *Window) picture(ctx context.Context, id string, side int) ([]byte, error) {
	a, _, err := w.opened()
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, inkpool.Errorf(inkpool.CodeInvalid, "%q is no task", id)
	}
	ctx, cancel := context.WithTimeout(ctx, pictureTimeout)
	defer cancel()
	task, err := a.Store.Task(ctx, inkpool.TaskID(n))
	if err != nil {
		return nil, err
	}
	if mayKill(task) {
		return nil, inkpool.Errorf(inkpool.CodeEngineCrashed, "the engine stopped unexpectedly over this file")
	}
	rotation, err := rotationOf(ctx, a, task)
	if err != nil {
		return nil, err
	}
	task.Secrets = a.Queue.Secrets()
	return a.Engine.Picture(ctx, task, rotation, side)
}

// rotationOf is by how much a page was turned to be read; of one that has not been read nobody
// knows.
func rotationOf(ctx context.Context, a *app.App, task inkpool.Task) (int, error) {
	if task.State != inkpool.StateDone {
		return 0, nil
	}
	result, err := a.Store.Result(ctx, task.ID)
	return result.Rotation, err
}

// mayKill reports whether the engine has died over a task, and has not read it since:
// looking at the history must not kill it again and again.
func mayKill(task inkpool.Task) bool {
	return task.State == inkpool.StateQuarantined || task.Crashes > 0 && task.State != inkpool.StateDone
}

func pictureStatus(err error) int {
	switch inkpool.CodeOf(err) {
	case inkpool.CodeNotFound:
		return http.StatusNotFound
	case inkpool.CodePermission:
		return http.StatusForbidden
	case inkpool.CodeUnavailable:
		return http.StatusServiceUnavailable
	case inkpool.CodeTimeout:
		return http.StatusGatewayTimeout
	case inkpool.CodeInternal:
		return http.StatusInternalServerError
	default:
		return http.StatusUnprocessableEntity
	}
}
