package job

import (
	"context"
	"slices"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const (
	// countBatch is how many files are counted with one request: with the engine in another
	// process one takes 0.3 ms, of a file or of 256 files.
	countBatch = 256

	// countTimeout is how long a request may take: a hundred times as long as 256 PDF documents
	// on a disk do. A drive that has gone never answers; on one that is slow they are counted
	// one by one.
	countTimeout = 60 * time.Second
)

// pagesOf puts a task for each chosen page in the place of a file's one. The error is ctx's
// only.
func (q *Queue) pagesOf(ctx context.Context, files []inkpool.Task, chosen inkpool.PageRange) ([]inkpool.Task, error) {
	if q.opts.Pages == nil {
		return files, nil
	}
	tasks := make([]inkpool.Task, 0, len(files))
	c := counting{pages: q.opts.Pages, secrets: q.Secrets()}
	for batch := range slices.Chunk(files, countBatch) {
		counts := c.count(ctx, batch)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for i, t := range batch {
			tasks = appendPages(tasks, t, counts[i], chosen)
		}
	}
	if c.err != nil {
		q.opts.Log.Warn("pages could not be counted", "error", c.err)
	}
	return tasks, nil
}

// appendPages appends a file's task once for each chosen one of its pages. A file that has an
// error already keeps it, one of a single page is always read, and one that has none of the
// chosen pages says so.
func appendPages(tasks []inkpool.Task, file inkpool.Task, count inkpool.PageCount, chosen inkpool.PageRange) []inkpool.Task {
	if file.Error != nil {
		return append(tasks, file)
	}
	if count.Pages <= 0 || count.Error != nil {
		file.Page, file.Error = 0, count.Error
		return append(tasks, file)
	}
	if count.Pages == 1 {
		chosen = inkpool.PageRange{}
	}
	pages := chosen.Select(count.Pages)
	for _, file.Page = range pages {
		tasks = append(tasks, file)
	}
	if len(pages) == 0 {
		file.Page, file.Error = 0, noSuchPages(count.Pages, chosen)
		tasks = append(tasks, file)
	}
	return tasks
}

func noSuchPages(pages int, chosen inkpool.PageRange) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this file has %d pages, and none of them is among %s", pages, chosen).
		WithHint("Choose other pages and add it again.")
}

// counting is the counting of the pages of many files.
type counting struct {
	pages   func(ctx context.Context, paths, secrets []string) ([]inkpool.PageCount, error)
	secrets []string
	err     error // what went wrong last
	over    bool  // the engine does not answer: there is no use in asking it again
}

// count counts the pages of files. When the engine dies over them, takes too long, or is
// replaced meanwhile, it counts them one by one, so that only the one to blame stays unknown:
// that may be read all the same.
func (c *counting) count(ctx context.Context, files []inkpool.Task) []inkpool.PageCount {
	counts := make([]inkpool.PageCount, len(files))
	if c.ask(ctx, files, counts) {
		return counts
	}
	for i := range files {
		c.ask(ctx, files[i:i+1], counts[i:])
	}
	return counts
}

// ask has files counted, but for those of which it is known already that they cannot be read.
// An engine that crashed over a single file may answer of the next one; else all is over.
func (c *counting) ask(ctx context.Context, files []inkpool.Task, counts []inkpool.PageCount) (ok bool) {
	var paths []string
	var at []int
	for i, f := range files {
		if f.Error == nil {
			paths, at = append(paths, f.Path), append(at, i)
		}
	}
	if len(paths) == 0 || c.over {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	answer, err := c.pages(ctx, paths, c.secrets)
	if err != nil {
		c.err, c.over = err, len(paths) == 1 && inkpool.CodeOf(err) != inkpool.CodeEngineCrashed
		return false
	}
	for i, count := range answer[:min(len(answer), len(paths))] {
		counts[at[i]] = count
	}
	return true
}
