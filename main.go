// Command inkpool-desktop is Inkpool with its window. It holds Wails' options only; the
// headless program is backend/cmd/inkpool.
package main

import (
	"context"
	"embed"
	"os"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"

	backend "github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/desktop"
)

//go:embed all:frontend/dist
var assets embed.FS

func main() {
	if backend.IsEngine(os.Args[1:]) {
		os.Exit(backend.ServeEngine())
	}
	app := newApp(desktop.NewWindow(settingsFile(config.Path("")), os.Args[1:]))
	err := wails.Run(&options.App{
		Title: "Inkpool 墨池", Width: 1180, Height: 780, MinWidth: 640, MinHeight: 480,
		AssetServer:        &assetserver.Options{Assets: assets, Middleware: app.window.Pictures},
		BackgroundColour:   &options.RGBA{R: 246, G: 244, B: 239, A: 255},
		DragAndDrop:        &options.DragAndDrop{EnableFileDrop: true},
		OnStartup:          app.startup,
		OnDomReady:         app.domReady,
		OnShutdown:         app.shutdown,
		SingleInstanceLock: app.singleInstance(),
		Bind:               []any{app.jobs},
		ErrorFormatter:     desktop.FormatError,
		LogLevel:           logger.ERROR,
		LogLevelProduction: logger.ERROR,
		Linux:              &linux.Options{ProgramName: "inkpool", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
	})
	if err != nil {
		os.Stderr.WriteString("inkpool: the window cannot be opened: " + err.Error() + "\n")
		os.Exit(70)
	}
}

func settingsFile(path string) desktop.SettingsFile {
	ctx := context.Background()
	return desktop.SettingsFile{
		Load: func() (config.Settings, []string, error) { return config.Load(ctx, path) },
		Save: func(s config.Settings) error { return config.Save(ctx, path, s) },
	}
}
