// Package document turns files into what the engine works on: pictures into upright RGB
// pages, texts into strings. It looks at the content and never at a file's name.
//
// Load reads a file within limits, and an Opener opens what it read: a File of one page or
// more, which are the pages of a PDF or a TIFF, a picture, or the parts of a text. Sniff names
// the Format of a file from its beginning, and CountPages says how many pages one has where
// that is cheap to know; DecodeImage and DecodeText are for those who want
// the first page only. Everything here treats its input as hostile: sizes are checked before
// memory is taken, decoders that panic are caught, and nothing but regular files is opened.
//
// Errors are *inkpool.Error: CodeInvalid for damaged content, CodeUnsupportedFormat for
// formats that are known by name but not read, CodeTooLarge beyond a limit, for Load also
// CodeNotFound, CodePermission and CodeUnavailable, and those of packages pdf and heif.
//
// All functions are safe for concurrent use. The package keeps no state of its own, starts no
// goroutine, and never writes a file.
package document
