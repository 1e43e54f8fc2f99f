// Package desktop is the window's door: the methods that the page calls, the events that it
// hears, the pictures that it shows, and the errors that it gets. It translates between
// Wails and the other packages and decides nothing itself.
//
// Jobs is bound to the page: every exported method of it can be called from JavaScript, so
// everything else lives in Window. A Window is safe for concurrent use after Startup.
package desktop
