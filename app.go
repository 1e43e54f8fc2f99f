package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/wailsapp/wails/v2/pkg/options"

	"github.com/inkpool/inkpool/backend/desktop"
)

// app hands Wails' lifecycle on to the window.
type app struct {
	window *desktop.Window
	jobs   *desktop.Jobs
	began  time.Time
}

func newApp(w *desktop.Window) *app {
	return &app{window: w, jobs: desktop.NewJobs(w), began: time.Now()}
}

func (a *app) startup(ctx context.Context)  { a.window.Startup(ctx) }
func (a *app) domReady(context.Context)     { a.window.Ready(a.began) }
func (a *app) shutdown(ctx context.Context) { a.window.Shutdown(ctx) }

// singleInstance makes a second start show the first one's window. Each home has its own.
func (a *app) singleInstance() *options.SingleInstanceLock {
	sum := sha256.Sum256([]byte(a.window.Home()))
	return &options.SingleInstanceLock{
		UniqueId: "inkpool-" + hex.EncodeToString(sum[:8]),
		OnSecondInstanceLaunch: func(d options.SecondInstanceData) {
			a.window.Second(d.Args, d.WorkingDirectory)
		},
	}
}
