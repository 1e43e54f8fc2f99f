package desktop

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Pictures are served by the id of their task, never by path: /media/task/12, and
// /media/task/12?thumb for a small one. The page's own files come from next.
const pictureRoute = "/media/task/"

const (
	pictureSide   = 2400 // pixels; twice a large window's height, so that 100 % is sharp
	thumbnailSide = 96   // pixels; 48 on the page, at a scale of 2
)

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
	a, _, err := w.opened()
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return inkpool.Errorf(inkpool.CodeInvalid, "%q is no task", id)
	}
	task, err := a.Store.Task(r.Context(), inkpool.TaskID(n))
	if err != nil {
		return err
	}
	side := pictureSide
	if r.URL.Query().Has("thumb") {
		side = thumbnailSide
	}
	picture, err := a.Engine.Picture(r.Context(), task, side)
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

func pictureStatus(err error) int {
	var e *inkpool.Error
	if !errors.As(err, &e) {
		return http.StatusInternalServerError
	}
	switch e.Code {
	case inkpool.CodeNotFound:
		return http.StatusNotFound
	case inkpool.CodePermission:
		return http.StatusForbidden
	case inkpool.CodeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusUnprocessableEntity
	}
}
