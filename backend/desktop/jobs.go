package desktop

import (
	"context"
	"io"
	"strings"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Jobs is what the page can call. Errors reach it as view.Error (see FormatError). Every
// method recovers: Wails swallows panics, and the page's promise would never settle.
type Jobs struct{ window *Window }

// NewJobs makes the methods of a window.
func NewJobs(w *Window) *Jobs { return &Jobs{window: w} }

// jobBatch is how many jobs the page gets at a time, taskBatch how many tasks at most.
const (
	jobBatch  = 200
	taskBatch = 1000
)

// Add makes a job of files and folders, but for packs of models among them: they are installed,
// and what becomes of that comes as events. The job is nil where nothing else is left.
func (j *Jobs) Add(paths []string) (_ *view.Job, err error) {
	defer inkpool.Recover(&err)
	return j.window.add(paths)
}

// PickFiles lets a person choose files in the system's dialog; none when it is closed. The
// page gives the words, because it knows the language.
func (j *Jobs) PickFiles(title, filter string) (_ []string, err error) {
	defer inkpool.Recover(&err)
	_, ctx, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	return runtime.OpenMultipleFilesDialog(ctx, runtime.OpenDialogOptions{
		Title:   title,
		Filters: []runtime.FileFilter{{DisplayName: filter, Pattern: pickPattern()}, {DisplayName: "*", Pattern: "*"}},
	})
}

// pickPattern lists the endings that the dialog shows first. Content decides, not endings:
// everything else can be chosen as well.
func pickPattern() string {
	var patterns []string
	for _, e := range []string{"jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif", "pdf", "txt", "md"} {
		patterns = append(patterns, "*."+e, "*."+strings.ToUpper(e))
	}
	return strings.Join(patterns, ";")
}

// PickFolder lets a person choose a folder; none when the dialog is closed.
func (j *Jobs) PickFolder(title string) (_ []string, err error) {
	defer inkpool.Recover(&err)
	_, ctx, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	dir, err := runtime.OpenDirectoryDialog(ctx, runtime.OpenDialogOptions{Title: title})
	if err != nil || dir == "" {
		return nil, err
	}
	return []string{dir}, nil
}

// Snapshot returns the newest jobs and the number of the last batch of changes in them.
func (j *Jobs) Snapshot() (_ view.Snapshot, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return view.Snapshot{}, err
	}
	seq := a.Queue.Sequence() // before the read: what is told later is told again
	jobs, err := listJobs(ctx, a, 0)
	return view.Snapshot{Seq: seq, Jobs: jobs}, err
}

// Earlier returns the jobs before that one.
func (j *Jobs) Earlier(before int64) (_ []view.Job, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	return listJobs(ctx, a, inkpool.JobID(before))
}

func listJobs(ctx context.Context, a *app.App, before inkpool.JobID) ([]view.Job, error) {
	found, err := a.Store.Jobs(ctx, before, jobBatch)
	jobs := []view.Job{} // an array for the page, never null
	for _, job := range found {
		jobs = append(jobs, view.OfJob(job))
	}
	return jobs, err
}

// Tasks returns the tasks of a job from that index on.
func (j *Jobs) Tasks(job int64, from, limit int) (_ []view.Task, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Tasks(ctx, inkpool.JobID(job), max(0, from), min(max(1, limit), taskBatch))
	tasks := []view.Task{}
	for _, t := range found {
		tasks = append(tasks, view.OfTask(t))
	}
	return tasks, err
}

// Page returns what came out of a task.
func (j *Jobs) Page(task int64) (_ view.Page, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return view.Page{}, err
	}
	t, err := a.Store.Task(ctx, inkpool.TaskID(task))
	if err != nil {
		return view.Page{}, err
	}
	return view.PageOf(ctx, a.Store, t, t.Path)
}

// Export writes a job to a file that a person chooses, and returns its path, or "" when
// the dialog is closed. The dialog has asked before it lets anybody overwrite.
func (j *Jobs) Export(job int64, format, title string) (_ string, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return "", err
	}
	exporter, err := export.ByFormat(format)
	if err != nil {
		return "", err
	}
	if format == (export.CSV{}).Format() {
		exporter = export.CSV{BOM: true} // without it Excel shows Chinese as gibberish
	}
	stored, err := a.Store.Job(ctx, inkpool.JobID(job))
	if err != nil {
		return "", err
	}
	path, err := runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: title, DefaultFilename: stored.Title + exporter.Extension(),
	})
	if err != nil || path == "" {
		return "", err
	}
	return export.ToFile(path, true, func(f io.Writer) error {
		return exporter.Write(f, view.Pages(ctx, a.Store, stored.ID))
	})
}

// Copy puts text on the clipboard.
func (j *Jobs) Copy(text string) (err error) {
	defer inkpool.Recover(&err)
	_, ctx, err := j.window.opened()
	if err != nil {
		return err
	}
	return runtime.ClipboardSetText(ctx, text)
}
