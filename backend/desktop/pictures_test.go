package desktop

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// lookAt asks for the picture of the task that a window has, and returns the answer.
func lookAt(w *Window) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/media/task/1", nil)
	w.Pictures(http.NotFoundHandler()).ServeHTTP(answer, r)
	return answer
}

// Nobody ends the context of a request for a file on a drive that does not answer.
func TestPictureThatDoesNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := windowOn(t, fakeEngine{picture: func(ctx context.Context) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}, inkpool.Task{ID: 1, State: inkpool.StateDone})
		began := time.Now()
		answer := lookAt(w)
		if took := time.Since(began); took != pictureTimeout || answer.Code != http.StatusGatewayTimeout {
			t.Errorf("got status %d after %v, want %d after %v", answer.Code, took, http.StatusGatewayTimeout, pictureTimeout)
		}
	})
}

// Looking at the history must not kill the engine again and again.
func TestPictureOfWhatKills(t *testing.T) {
	for name, c := range map[string]struct {
		task  inkpool.Task
		drawn bool
	}{
		"never tried":               {inkpool.Task{State: inkpool.StateQueued}, true},
		"failed":                    {inkpool.Task{State: inkpool.StateFailed}, true},
		"died over once":            {inkpool.Task{State: inkpool.StateQueued, Crashes: 1}, false},
		"died over, then cancelled": {inkpool.Task{State: inkpool.StateCancelled, Crashes: 1}, false},
		"set aside":                 {inkpool.Task{State: inkpool.StateQuarantined}, false},
		"a neighbour's, read since": {inkpool.Task{State: inkpool.StateDone, Crashes: 1}, true},
		"being tried a second time": {inkpool.Task{State: inkpool.StateRunning, Crashes: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			drawn := false
			answer := lookAt(windowOn(t, fakeEngine{picture: func(context.Context) ([]byte, error) {
				drawn = true
				return []byte("picture"), nil
			}}, c.task))
			if drawn != c.drawn {
				t.Errorf("got drawn %v (status %d), want %v", drawn, answer.Code, c.drawn)
			}
			if want := string(inkpool.CodeEngineCrashed) + "\n"; !drawn && answer.Body.String() != want {
				t.Errorf("got %q, want %q", answer.Body, want)
			}
		})
	}
}

// The outlines of lines lie on the page as it was turned to be read.
func TestPictureIsTurnedAsThePageWasRead(t *testing.T) {
	for state, want := range map[inkpool.State]string{inkpool.StateDone: "270", inkpool.StateQueued: "0", inkpool.StateFailed: "0"} {
		answer := lookAt(windowOn(t, fakeEngine{}, inkpool.Task{ID: 1, State: state}))
		if answer.Code != http.StatusOK || answer.Body.String() != want {
			t.Errorf("%s: got status %d, turned by %s; want %s", state, answer.Code, answer.Body, want)
		}
	}
}
