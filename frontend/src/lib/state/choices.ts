import type { Job, JobState, RetryState, State, Task } from '../api/types'
import type { Step } from './adding.svelte'

/** What a person can do to tasks that have been added. */
export type Choice = 'pause' | 'resume' | 'stop' | 'retry' | 'retryStopped' | 'again' | 'remove'

/** What can be done to a job: also steps that were not asked for at first. */
export type JobChoice = Choice | Step

/** What can be done to all jobs at once: nobody removes or repeats a whole history by a slip. */
export type ChoiceOfAll = Exclude<Choice, 'again' | 'remove'>

/** The states that a retry of a job starts from: set aside counts as failed. */
export const retriedStates: Record<'retry' | 'retryStopped', RetryState[]> = {
  retry: ['failed', 'quarantined'],
  retryStopped: ['cancelled'],
}

/** Reports whether a task or job will not change by itself any more. */
export function hasEnded(state: JobState): boolean {
  return state !== 'queued' && state !== 'running' && state !== 'paused'
}

/** Reports whether a task has failed for good: set aside counts as failed. */
export function hasFailed(state: State): boolean {
  return state === 'failed' || state === 'quarantined'
}

/** A task's state as a person sees it: one that is paused by itself does not wait its turn. */
export function shownState(task: Task): JobState {
  return task.state === 'queued' && task.held ? 'paused' : task.state
}

/** What can be done to one task. */
export function choicesOfTask(task: Task): Choice[] {
  return only<Choice>({
    pause: shownState(task) === 'queued',
    resume: shownState(task) === 'paused',
    stop: !hasEnded(task.state),
    retry: hasFailed(task.state),
    retryStopped: task.state === 'cancelled',
    again: hasEnded(task.state),
    remove: true,
  })
}

/** What can be done to a job; hasHeld says that some of its tasks are paused by themselves. */
export function choicesOfJob(job: Job, hasHeld = false): JobChoice[] {
  return only<JobChoice>({
    pause: !job.paused && job.queued > 0,
    resume: !hasEnded(job.state) && (job.paused || hasHeld),
    stop: !hasEnded(job.state),
    retry: job.failed > 0,
    retryStopped: job.cancelled > 0,
    translate: hasEnded(job.state) && job.done > 0,
    label: hasEnded(job.state) && job.done > 0,
    again: hasEnded(job.state),
    remove: true,
  })
}

/** What can be done to all jobs. Of those further back than the view anything may be true. */
export function choicesOfAll(jobs: readonly Job[], hasEarlier: boolean): ChoiceOfAll[] {
  const choices = new Set<JobChoice>(jobs.flatMap((job) => choicesOfJob(job)))
  const may = (choice: Choice) => hasEarlier || choices.has(choice)
  return only<ChoiceOfAll>({
    pause: may('pause'),
    resume: may('resume'),
    stop: may('stop'),
    retry: may('retry'),
    retryStopped: may('retryStopped'),
  })
}

function only<C extends JobChoice>(possible: Record<C, boolean>): C[] {
  return (Object.keys(possible) as C[]).filter((choice) => possible[choice])
}
