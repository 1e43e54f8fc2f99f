package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// childMark is in the environment of every child. A child that was told to be one and does
// not know how, because its program was not made for it (a test, say), would otherwise start
// the program anew from within, and that again, until the machine stands still.
const childMark = "INKPOOL_ENGINE_CHILD"

// errWithin says that a child was about to start a child.
var errWithin = errors.New("this program is an engine's process already and does not behave as one")

// errGone says that a request has not been sent, because its child has died.
var errGone = errors.New("this child takes no requests any more")

// fate says why a child ends.
type fate int

const (
	fateNone     fate = iota // it lives, or died by itself
	fateClosed               // asked to end
	fateReplaced             // killed, because a request hung
	fateRefused              // it said at the start why it cannot serve
)

// process is one child. Of its goroutines write sends frames, receive takes them and reaps
// the child, and one of package exec keeps its last words.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     io.Reader
	words   words
	outbox  outbox
	gone    chan struct{} // closed when everything is over
	holders int           // guarded by the mutex of the Engine

	mu    sync.Mutex
	over  bool // no request can reach it any more
	left  bool // it ended before we killed it
	ends  fate
	calls map[uint64]*call
	sent  uint64 // number of requests so far, and the ID of the last
	heard bool   // it has answered a request other than doUsage
}

// call is a request that waits for its reply.
type call struct {
	id   uint64
	do   verb
	task inkpool.TaskID

	news     chan struct{}      // capacity 1: there is some
	progress []inkpool.Progress // not passed on yet; guarded by the mutex of the process

	done  chan struct{} // closed when the following are set
	reply reply
	err   error
}

// await waits for the reply to a call, passing on what comes before it, and reports whether it
// has come before the end of ctx.
func (p *process) await(ctx context.Context, c *call, tell func(inkpool.Progress)) bool {
	for {
		select {
		case <-c.news:
			p.passOn(c, tell)
		case <-c.done:
			p.passOn(c, tell)
			return true
		case <-ctx.Done():
			p.passOn(c, tell)
			return false
		}
	}
}

// passOn passes on what has come. Sentences that came together are told together: whoever keeps
// them syncs the disk once for all.
func (p *process) passOn(c *call, tell func(inkpool.Progress)) {
	p.mu.Lock()
	news := c.progress
	c.progress = nil
	p.mu.Unlock()
	for i, one := range news {
		if more := i+1 < len(news) && news[i+1].Read == nil && one.Read == nil; more {
			news[i+1].Finished = append(one.Finished, news[i+1].Finished...)
			continue
		}
		tell(one)
	}
}

// startProcess starts a child. The caller runs write and receive.
func startProcess(command []string, o opening) (*process, error) {
	if os.Getenv(childMark) != "" {
		return nil, errWithin
	}
	cmd, err := newCommand(command)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, calls: map[uint64]*call{}, gone: make(chan struct{}), outbox: newOutbox()}
	// A native crash prints the stacks of all goroutines, unless it is told otherwise.
	cmd.Env = append(cmd.Environ(), "GOTRACEBACK=single", childMark+"=1")
	cmd.Stderr = &p.words
	cmd.WaitDelay = time.Second // should anybody else hold the other end of Stderr
	arrange(cmd, o.Background)
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.out, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p.outbox.put(o)
	return p, nil
}

// newCommand is the command that makes a child. On Linux it is what this process has been
// made of, even when its file has been replaced by another version since.
func newCommand(command []string) (*exec.Cmd, error) {
	if len(command) > 0 {
		return exec.Command(command[0], command[1:]...), nil
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	cmd := exec.Command(exe, "engine")
	if runtime.GOOS == "linux" {
		cmd.Path = "/proc/self/exe"
	}
	return cmd, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// kill ends the child at once. It may have ended already.
func (p *process) kill() { _ = p.cmd.Process.Kill() }

// wasKilled reports whether the child, which is over, was ended by SIGKILL and not by us.
func (p *process) wasKilled() bool {
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return p.left && ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// end asks the child to finish what is under way and end, and kills it after grace.
func (p *process) end(grace time.Duration) {
	p.retire(fateClosed)
	p.tell(request{Do: doClose})
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.gone:
	case <-timer.C:
		p.kill()
	}
}

// retire lets no new requests come and says why the child ends. It reports false, and
// changes nothing, when it is over already or has another fate.
func (p *process) retire(f fate) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.ends != fateNone {
		return false
	}
	p.ends = f
	return true
}

func (p *process) fate() fate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ends
}

// serves reports whether the child takes requests.
func (p *process) serves() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.over && p.ends == fateNone
}

// answered reports whether the child has answered any request other than doUsage.
func (p *process) answered() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard
}

// tasks are the ids of the tasks that the child is busy with.
func (p *process) tasks() []inkpool.TaskID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []inkpool.TaskID
	for _, c := range p.calls {
		if c.do == doProcess || c.do == doPicture {
			ids = append(ids, c.task)
		}
	}
	slices.Sort(ids)
	return ids
}

// tell sends a request that gets no reply.
func (p *process) tell(r request) { p.outbox.put(r) }

// send sends a request, or fails with errGone.
func (p *process) send(r request) (*call, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.ends != fateNone {
		return nil, errGone
	}
	p.sent++
	r.ID = p.sent
	c := &call{id: r.ID, do: r.Do, task: r.Task.ID, news: make(chan struct{}, 1), done: make(chan struct{})}
	p.calls[c.id] = c
	p.outbox.put(r)
	return c, nil
}

// forget drops a call: its reply is of no interest any more.
func (p *process) forget(c *call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, c.id)
}

// fail ends the calls of some kinds, or of all when none is named, with err. It returns how
// many there were.
func (p *process) fail(err error, only ...verb) (ended int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, c := range p.calls {
		if len(only) > 0 && !slices.Contains(only, c.do) {
			continue
		}
		delete(p.calls, id)
		c.err = err
		close(c.done)
		ended++
	}
	return ended
}

// deliver gives a reply to whoever waits for it.
func (p *process) deliver(r reply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.calls[r.ID]
	if !ok {
		return // given up
	}
	if r.Progress != nil {
		c.progress = append(c.progress, *r.Progress)
		select {
		case c.news <- struct{}{}:
		default: // it has been told that there is news
		}
		return
	}
	delete(p.calls, r.ID)
	p.heard = p.heard || c.do != doUsage
	c.reply, c.err = r, r.Failure.err()
	close(c.done)
}

// write sends frames until the child is gone.
func (p *process) write() {
	for {
		frames, ok := p.outbox.take(p.gone)
		if !ok {
			return
		}
		for _, f := range frames {
			if err := writeFrame(p.in, f); err != nil {
				p.kill() // it has died already, as a rule; receive finds out why
				return
			}
		}
	}
}

// receive delivers replies until the child ends, reaps it, and says how it ended.
func (p *process) receive() error {
	err := p.listen()
	p.mu.Lock()
	p.over, p.left = true, streamEnded(err)
	p.mu.Unlock()
	p.kill() // what sends garbage, or has closed its output, is no engine any more
	_ = p.cmd.Wait()
	if p.fate() == fateRefused {
		return err
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s%s", p.cmd.ProcessState, p.words.quoted())
	}
	return fmt.Errorf("%w; %s%s", err, p.cmd.ProcessState, p.words.quoted())
}

// listen delivers replies until the stream ends or makes no sense.
func (p *process) listen() error {
	var h hello
	if err := readFrame(p.out, &h); err != nil {
		return err
	}
	if h.Failure != nil {
		p.retire(fateRefused)
		return h.Failure.err()
	}
	if h.Version != wireVersion {
		p.retire(fateRefused)
		return otherVersion().WithCause(fmt.Errorf("it speaks version %d, and we %d", h.Version, wireVersion))
	}
	for {
		var r reply
		if err := readFrame(p.out, &r); err != nil {
			return err
		}
		p.deliver(r)
	}
}
