// Package pdftest writes small PDF documents for tests: pages of drawing operators, pictures,
// fields, and protection by a password. What it writes is what a test is about and nothing
// else; it is no way to make documents that people read.
//
// A Document is a value; Bytes does not change it.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// Document is what becomes a file.
type Document struct {
	Pages []Page

	// Password protects the document with the cipher, if it is not empty.
	Password string
	Cipher   Cipher
}

// Page is one page.
type Page struct {
	Width, Height float64 // points; 0 for A4
	Rotate        int     // degrees clockwise, in quarters
	Content       string  // operators; the font /F is Helvetica, the picture /I is Image
	Deflate       bool    // store Content compressed
	Image         *Image
	Objects       []string // dictionaries of annotations, without "<<" and ">>"
	ToUnicode     string   // character map of the font /F; empty for none
}

// Image is a picture of 8-bit grey values, row by row from the top.
type Image struct {
	Width, Height int
	Pixels        []byte // zeros where it is shorter than the picture
}

// Text returns the operators that show s with Helvetica, its origin at a point of the page,
// in points from the lower left.
func Text(x, y, size float64, s string) string {
	return fmt.Sprintf("BT /F %g Tf %g %g Td (%s) Tj ET\n", size, x, y, s)
}

// HiddenText is Text that is not drawn, as programs write that recognise scans.
func HiddenText(x, y, size float64, s string) string {
	return "3 Tr\n" + Text(x, y, size, s) + "0 Tr\n"
}

// Bytes returns the file.
func (d Document) Bytes() []byte {
	w := &writer{}
	if d.Password != "" {
		w.protect(d.Password, d.Cipher)
	}
	w.buf.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, pages := w.reserve(), w.reserve()
	var kids bytes.Buffer
	var fields bytes.Buffer
	for _, p := range d.Pages {
		fmt.Fprintf(&kids, "%d 0 R ", w.page(p, pages, &fields))
	}
	w.object(pages, fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), len(d.Pages)))
	form := ""
	if fields.Len() > 0 {
		form = fmt.Sprintf("/AcroForm << /Fields [%s] /DA (/Helv 12 Tf 0 g) /DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>", fields.String())
	}
	w.object(catalog, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R %s >>", pages, form))
	return w.finish(catalog)
}

// writer lays out objects.
type writer struct {
	buf     bytes.Buffer
	offsets []int // of object number i+1
	cipher  *cipher
}

func (w *writer) reserve() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets)
}

// object writes an object that was reserved.
func (w *writer) object(number int, body string) {
	w.offsets[number-1] = w.buf.Len()
	fmt.Fprintf(&w.buf, "%d 0 obj\n%s\nendobj\n", number, body)
}

func (w *writer) stream(dict string, content []byte) int {
	number := w.reserve()
	if w.cipher != nil {
		content = w.cipher.encrypt(number, content)
	}
	w.object(number, fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content))
	return number
}

// page writes a page and what is on it, and notes its fields.
func (w *writer) page(p Page, parent int, fields *bytes.Buffer) int {
	if p.Width == 0 || p.Height == 0 {
		p.Width, p.Height = 595, 842
	}
	font := "/Type /Font /Subtype /Type1 /BaseFont /Helvetica"
	if p.ToUnicode != "" {
		font += fmt.Sprintf(" /ToUnicode %d 0 R", w.stream("", []byte(p.ToUnicode)))
	}
	resources := fmt.Sprintf("/Font << /F << %s >> >>", font)
	if im := p.Image; im != nil {
		pixels := append(bytes.Clone(im.Pixels), make([]byte, max(im.Width*im.Height-len(im.Pixels), 0))...)
		number := w.stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8", im.Width, im.Height), pixels)
		resources += fmt.Sprintf(" /XObject << /I %d 0 R >>", number)
	}
	var content int
	if p.Deflate {
		content = w.stream("/Filter /FlateDecode", deflated(p.Content))
	} else {
		content = w.stream("", []byte(p.Content))
	}
	annotations := ""
	for _, o := range p.Objects {
		number := w.reserve()
		w.object(number, "<< "+o+" >>")
		annotations += fmt.Sprintf("%d 0 R ", number)
		if bytes.Contains([]byte(o), []byte("/Widget")) {
			fmt.Fprintf(fields, "%d 0 R ", number)
		}
	}
	page := w.reserve()
	w.object(page, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Rotate %d /Contents %d 0 R /Resources << %s >> /Annots [%s] >>",
		parent, p.Width, p.Height, p.Rotate, content, resources, annotations))
	return page
}

func deflated(s string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := io.WriteString(z, s)
	if err = errors.Join(err, z.Close()); err != nil {
		panic("pdftest: internal error: " + err.Error()) // a Buffer takes everything
	}
	return b.Bytes()
}

// finish writes the table of objects and what stands behind it.
func (w *writer) finish(catalog int) []byte {
	trailer := fmt.Sprintf("/Root %d 0 R", catalog)
	if w.cipher != nil {
		number := w.reserve()
		w.object(number, w.cipher.dictionary())
		trailer += fmt.Sprintf(" /Encrypt %d 0 R /ID [<%x> <%[2]x>]", number, fileID)
	}
	start := w.buf.Len()
	fmt.Fprintf(&w.buf, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, at := range w.offsets {
		fmt.Fprintf(&w.buf, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.buf, "trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, trailer, start)
	return bytes.Clone(w.buf.Bytes())
}
