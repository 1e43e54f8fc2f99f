package app

import (
	"fmt"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Version is set by the build: -ldflags "-X …/app.Version=1.2.3".
var Version = "dev"

// Models says what is built into this program.
func Models() string {
	files, err := bundle.Embedded()
	if err != nil {
		return "none: " + inkpool.AsError(err).Message
	}
	return fmt.Sprintf("PP-OCRv4 mobile (bundle %.12s)", files.ID())
}
