// Package document turns files into what the engine works on: pictures into upright RGB
// pages, texts into strings. It looks at the content and never at a file's name.
//
// Load reads a file within limits, Sniff names its Format, Format.Kind says whether it is a
// picture or a text, and DecodeImage or DecodeText does the rest. Everything here treats its
// input as hostile: sizes are checked before memory is taken, decoders that panic are caught,
// and nothing but regular files is opened.
//
// Errors are *inkpool.Error: CodeInvalid for damaged content, CodeUnsupportedFormat for
// formats that are known by name but not read, CodeTooLarge beyond a limit, and for Load also
// CodeNotFound, CodePermission and CodeUnavailable.
//
// All functions are safe for concurrent use. The package keeps no state, starts no goroutine,
// and never writes a file.
package document
