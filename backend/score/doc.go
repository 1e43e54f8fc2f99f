// Package score says how far the text that a program read is from the text that is there.
//
// A Page is a picture or text with its true text; Predictions are what one program read; a
// Report has the mean errors over all pages, per set and per tag, and the worst pages. Of
// each page two errors are measured, both 0 (perfect) to 1:
//
//   - CER, the character error rate: edit distance over the length of the truth, capped at
//     1. The order of the lines matters.
//   - Bag, 1 - F1 over the pairs of neighbouring characters: the order of the lines hardly
//     matters, so a page with a low Bag and a high CER was read well and ordered badly.
//
// Texts are compared after NFKC and without white space, and without case where the truth was
// written down in capitals. All functions are pure or only read files, and are safe for
// concurrent use. The package never runs a program and never changes a file.
package score
