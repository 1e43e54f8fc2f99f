package export

// Reserve is how a file gets its name where the file system has no links.
var Reserve = reserve

// FileError is how the package words an error of the operating system.
var FileError = fileError
