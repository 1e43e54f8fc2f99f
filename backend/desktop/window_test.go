package desktop

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// The engine may not be closed while it loads its models.
func TestShutdownWaitsForTheModels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loaded := false
		w := windowOn(t, fakeEngine{warm: func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(time.Second) // like a model that is half loaded
			loaded = true
			return ctx.Err()
		}}, inkpool.Task{})
		w.warm(t.Context(), w.app)
		w.Shutdown(t.Context())
		if !loaded {
			t.Error("got the end of Shutdown while models are loaded, want it to wait")
		}
	})
}
