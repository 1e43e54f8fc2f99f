// Package pdf reads PDF documents: how many pages there are, what each looks like, and which
// text lies in it. It runs PDFium as WebAssembly, so that there is nothing to install and no
// native code that hostile bytes could take over.
//
// A Reader compiles PDFium once and bounds how many copies of it (instances) are alive. Open
// gives a Document; its pages are sized, rendered, and their text layer is read. An instance
// works on one page at a time with one core. Pages of one Document may be worked on at once:
// each then has an instance of its own, which reads the file from the same bytes.
//
// A page costs what its context allows: when the context ends, the instance stops within
// milliseconds and is thrown away. Memory is bounded by Options.MemoryLimit, and belongs to
// the operating system again as soon as an instance is closed.
//
// Errors are *inkpool.Error: CodeEncrypted where a password is missing or wrong, CodeInvalid
// for damaged documents and pages, CodeTooLarge for more pages than are read, CodeOutOfMemory,
// CodeUnsupportedFormat for protection that PDFium does not know; or they wrap the context's.
//
// Fonts that a document does not bring along are replaced by PDFium's own, which have no
// Chinese: such characters are missing from the picture, though not from the text layer.
//
// All methods are safe for concurrent use. The package starts no goroutine and writes nothing
// but the cache of compiled code. PDFium sees neither files, nor the network, nor the clock of
// this computer's user; it never runs scripts that documents bring along.
package pdf
