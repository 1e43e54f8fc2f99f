// Package inkpool is the vocabulary that every other package shares: jobs, tasks,
// results, the geometry of a page, and typed errors.
//
// A Job is what a person dropped at once. It holds Tasks, one per page or text.
// What came out of a task is its Result. A Store keeps all three.
//
// The package imports the standard library only and holds no behaviour beyond small
// pure functions, so that a reader learns the nouns here and nothing else.
package inkpool
