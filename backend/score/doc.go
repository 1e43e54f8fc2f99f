// Package score says how far the text that a program read is from the text that is there.
//
// A Page is a picture or text with its true text; Predictions are what one program read; a
// Report has the mean errors over all pages, per set, tag and language, and of each page what
// went wrong. A Change compares two reports. Of each page these are measured, all 0..1:
//
//   - CER, the character error rate: edit distance over the length of the truth, capped at
//     1. The order of the lines matters.
//   - Sorted, the same with each line compared to what was read of it, wherever that stands:
//     CER - Sorted is what the order of the lines costs. See Align for how lines are matched.
//   - Spaced, a character error rate that counts the spaces between words, too.
//   - Bag, 1 - F1 over the pairs of neighbouring characters.
//   - Recall and Precision: which share of the true lines was found, and which share of the
//     lines read is there.
//
// Texts are compared after NFKC and, but for Spaced, without white space, and without case
// where the truth was written down in capitals. A page without text is not measured: any text
// read from it is an error, and these are counted.
//
// All functions are pure or only read files, and are safe for concurrent use. The package
// never runs a program and never changes a file.
package score
