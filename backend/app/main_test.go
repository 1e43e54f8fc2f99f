package app_test

import (
	"os"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
)

// The engine's process is the test's program, as it is the program's in earnest.
func TestMain(m *testing.M) {
	if app.IsEngine(os.Args[1:]) {
		os.Exit(app.ServeEngine())
	}
	os.Exit(m.Run())
}
