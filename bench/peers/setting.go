package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/load"
	"github.com/shirou/gopsutil/v4/mem"

	"github.com/inkpool/inkpool/bench/peer"
)

// setting says what was measured, when and on what.
type setting struct {
	Date     string   `json:"date"` // YYYY-MM-DD
	Machine  string   `json:"machine"`
	Load     string   `json:"load,omitempty"` // of the machine in the minute before the end; absent where there is none
	Versions []string `json:"versions"`
	Command  string   `json:"command"`
	Pages    int      `json:"pages"`    // that were read; the first ones, as many as workers, are not in the figures
	LeftOut  []string `json:"left_out"` // pictures that one of the programs cannot read
	Truths   int      `json:"pages_with_truth"`
	Rounds   int      `json:"rounds"`
}

func describe(ctx context.Context, o options, pictures, leftOut []string) setting {
	names := []string{}
	for _, p := range leftOut {
		names = append(names, filepath.Base(p))
	}
	return setting{
		Date: time.Now().Format(time.DateOnly), Machine: machine(ctx), Load: loadOf(ctx), Versions: versions(ctx, o.program),
		Command: "go run ./bench/peers " + strings.Join(os.Args[1:], " "), Pages: len(pictures), LeftOut: names, Rounds: o.rounds,
	}
}

func (s setting) print(b *strings.Builder) {
	fmt.Fprintf(b, "%s. %s, load %s.\n%s.\n\n", s.Date, s.Machine, cmp.Or(s.Load, "unknown"), strings.Join(s.Versions, ", "))
	fmt.Fprintf(b, "    %s\n\n", s.Command)
	fmt.Fprintf(b, "%d pages, %d of them with known text; medians of %d rounds.\n", s.Pages, s.Truths, s.Rounds)
	if len(s.LeftOut) > 0 {
		fmt.Fprintf(b, "Left out, because not every program reads them: %s.\n", strings.Join(s.LeftOut, ", "))
	}
}

// machine is the processor, its cores, the memory and the system, as far as they are known.
func machine(ctx context.Context) string {
	name, memory := runtime.GOARCH, "?"
	if info, err := cpu.InfoWithContext(ctx); err == nil && len(info) > 0 {
		name = strings.TrimSpace(info[0].ModelName)
	}
	if m, err := mem.VirtualMemoryWithContext(ctx); err == nil {
		memory = fmt.Sprintf("%.0f", float64(m.Total)/1e9)
	}
	return fmt.Sprintf("%s, %d cores, %s GB, %s", name, runtime.NumCPU(), memory, runtime.GOOS)
}

func loadOf(ctx context.Context) string {
	l, err := load.AvgWithContext(ctx)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%.1f", l.Load1)
}

// versions names the programs; one that does not tell is left out.
func versions(ctx context.Context, program string) []string {
	var all []string
	for _, argv := range [][]string{{program, "version"}, {"tesseract", "--version"}, {"node", "--version"}} {
		if v := peer.Version(ctx, argv...); v != "" {
			all = append(all, v)
		}
	}
	for _, name := range []string{"ppu-paddle-ocr", "@gutenye/ocr-node", "onnxruntime-node"} {
		if v := peer.Installed(name); v != "" {
			all = append(all, name+" "+v)
		}
	}
	return all
}
