package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/view"
)

// told replaces the works of a window by those that tell a channel.
func told(t *testing.T, jobs *Jobs) <-chan view.PackWork {
	t.Helper()
	all := make(chan view.PackWork, 1000)
	jobs.window.works = newWorks(t.Context(), func(w view.PackWork) { all <- w })
	t.Cleanup(jobs.window.works.close)
	return all
}

// ended waits for the last word of an installation.
func ended(all <-chan view.PackWork) view.PackWork {
	for w := range all {
		if w.State != workRunning {
			return w
		}
	}
	return view.PackWork{}
}

// translator is a folder as Hugging Face has it.
func translator(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "opus-mt-en-zh")
	if err := os.Rename(packtest.Marian(t), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPacksAmongWhatIsAddedAreInstalled(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	all := told(t, jobs)
	dir := translator(t)
	job, err := jobs.Add([]string{dir})
	if err != nil || job != nil {
		t.Fatalf("a pack alone: got %+v, %v; want no job", job, err)
	}
	done := ended(all)
	if done.State != workDone || done.Name != "opus-mt-en-zh" || done.Pack == nil || done.Done != done.Total || done.Already {
		t.Fatalf("got %+v, want a pack that is installed", done)
	}
	if p := done.Pack; p.ID != "opus-mt-en-zh" || p.Task != "translation" || !slices.Equal(p.From, []string{"en"}) || len(p.To) == 0 {
		t.Errorf("got %+v, want a translator from English", p)
	}
	job, err = jobs.Add([]string{dir, write(t, "a.txt", nil)})
	if err != nil || job == nil || job.Title != "a.txt" {
		t.Errorf("a pack and a text: got %+v, %v; want a job with the text", job, err)
	}
	if again := ended(all); again.State != workDone || !again.Already {
		t.Errorf("got %+v, want one that was there before", again)
	}
}

func TestPackThatIsNone(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	all := told(t, jobs)
	if err := jobs.AddPack([]string{write(t, "model.onnx", []byte("version https://git-lfs"))}); err != nil {
		t.Fatal(err)
	}
	if got := ended(all); got.State != workFailed || got.Error == nil || got.Error.Message == "" || got.Error.Code == "internal" {
		t.Errorf("got %+v, want the reason", got)
	}
}

func TestPackIsVerifiedAndRemoved(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	all := told(t, jobs)
	if err := jobs.AddPack([]string{translator(t)}); err != nil {
		t.Fatal(err)
	}
	p := ended(all).Pack
	if hashed, err := jobs.VerifyPack(p.ID, p.Version); err != nil || !hashed {
		t.Errorf("got %t, %v; want files as they were", hashed, err)
	}
	if _, err := jobs.VerifyPack(p.ID, "0.1"); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
		t.Errorf("another version: got %v, want %q", err, inkpool.CodeModelMissing)
	}
	if err := jobs.RemovePack(p.ID, p.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := jobs.VerifyPack(p.ID, ""); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
		t.Errorf("after its removal: got %v, want %q", err, inkpool.CodeModelMissing)
	}
}

func TestDownloadWantsTheLicenceAccepted(t *testing.T) {
	jobs, _ := onFile(t, filepath.Join(t.TempDir(), "config.json"))
	all := told(t, jobs)
	packs, err := jobs.Packs()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(packs, func(p view.Pack) bool { return p.Noncommercial })
	if at < 0 {
		t.Fatal("got no pack with a licence that is not for every use, want one in the catalogue")
	}
	if err := jobs.DownloadPack(packs[at].ID, false); err != nil {
		t.Fatal(err)
	}
	if got := ended(all); got.Error == nil || got.Error.Code != string(inkpool.CodePermission) {
		t.Errorf("got %+v, want %q", got, inkpool.CodePermission)
	}
}

func TestWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []view.PackWork
		w := newWorks(t.Context(), func(v view.PackWork) { all = append(all, v) })
		begin := func(do install) {
			t.Helper()
			if err := w.begin("download", "a", do); err != nil {
				t.Fatal(err)
			}
		}
		waits := func(ctx context.Context, progress func(done, total int64)) (app.Pack, bool, error) {
			for done := range int64(5) { // 250 ms
				progress(done, 4)
				time.Sleep(50 * time.Millisecond)
			}
			<-ctx.Done()
			return app.Pack{}, false, errors.New("connection closed")
		}
		begin(waits)
		if err := w.begin("download", "a", waits); inkpool.CodeOf(err) != inkpool.CodeConflict {
			t.Errorf("the same again: got %v, want %q", err, inkpool.CodeConflict)
		}
		time.Sleep(time.Second)
		w.stop(1)
		synctest.Wait()
		var done []int64
		for _, v := range all {
			done = append(done, v.Done)
		}
		if last := all[len(all)-1]; last.State != workStopped || last.Error != nil || !slices.Equal(done, []int64{0, 0, 2, 4, 4}) {
			t.Errorf("got %+v after progress %d, want it stopped, and told every 100 ms", last, done)
		}

		begin(func(context.Context, func(int64, int64)) (app.Pack, bool, error) { panic("boom") })
		synctest.Wait()
		if last := all[len(all)-1]; last.State != workFailed || last.Error.Code != string(inkpool.CodeInternal) {
			t.Errorf("a panic: got %+v, want a failure", last)
		}

		begin(waits)
		w.close()
		if last := all[len(all)-1]; last.State != workStopped || last.ID != 3 {
			t.Errorf("close: got %+v, want it to stop and wait for all", last)
		}
	})
}
