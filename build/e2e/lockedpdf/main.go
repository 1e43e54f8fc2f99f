// Command lockedpdf writes a PDF document of two pages that opens with a password only, for
// the end-to-end tests:
//
//	go run ./build/e2e/lockedpdf PASSWORD >locked.pdf
package main

import (
	"fmt"
	"os"

	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: lockedpdf PASSWORD")
		os.Exit(2)
	}
	document := pdftest.Document{Password: os.Args[1], Cipher: pdftest.AES, Pages: []pdftest.Page{
		{Content: pdftest.Text(72, 700, 24, "The first page of a locked document.")},
		{Content: pdftest.Text(72, 700, 24, "And the second one.")},
	}}
	if _, err := os.Stdout.Write(document.Bytes()); err != nil {
		fmt.Fprintln(os.Stderr, "lockedpdf:", err)
		os.Exit(1)
	}
}
