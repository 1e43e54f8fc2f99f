package main

import (
	"encoding/binary"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

// writePDF writes a document with a page for each text.
func writePDF(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: pdf FILE [--password WORD] TEXT...")
	}
	file, texts := args[0], args[1:]
	var doc pdftest.Document
	if len(texts) > 2 && texts[0] == "--password" {
		doc.Password, texts = texts[1], texts[2:]
	}
	for _, text := range texts {
		content := ""
		for i, line := range strings.Split(text, `\n`) {
			content += pdftest.Text(72, 700-16*float64(i), 12, line)
		}
		doc.Pages = append(doc.Pages, pdftest.Page{Content: content})
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), doc.Bytes(), 0o600))
}

// writeTIFF writes a file of blank pages, of which the first is 101 pixels wide.
func writeTIFF(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tiff FILE PAGES")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	const height = 50
	order := binary.LittleEndian
	out := []byte("II*\x00")
	for page := range n {
		width := 101 + page
		pixels := len(out) + 4
		out = order.AppendUint32(out, uint32(pixels+width*height)) // where the directory is
		for range width * height {
			out = append(out, 255)
		}
		tags := [][2]int{{256, width}, {257, height}, {258, 8}, {259, 1}, {262, 1}, {273, pixels}, {277, 1}, {278, height}, {279, width * height}}
		out = order.AppendUint16(out, uint16(len(tags)))
		for _, tag := range tags {
			out = order.AppendUint16(out, uint16(tag[0]))
			out = order.AppendUint16(out, 4) // a LONG
			out = order.AppendUint32(out, 1)
			out = order.AppendUint32(out, uint32(tag[1]))
		}
	}
	out = order.AppendUint32(out, 0)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out, 0o600))
}
