//go:build race

package document_test

// slowdown is how much more a decoder may compute under the race detector, which makes Go code
// two to twenty times as slow (https://go.dev/doc/articles/race_detector).
const slowdown = 20
