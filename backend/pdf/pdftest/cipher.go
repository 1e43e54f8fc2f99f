package pdftest

import (
	"bytes"
	"crypto/aes"
	stdcipher "crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
)

// Cipher is how a document is protected: the standard security handler of PDF 1.7 (ISO
// 32000-1, 7.6.3) with keys of 128 bits.
type Cipher int

// The ciphers.
const (
	RC4 Cipher = iota // revision 3
	AES               // revision 4
)

// fileID is what the handler mixes into the key.
const fileID = "inkpool-pdf-test"

// padding fills passwords up to 32 bytes (algorithm 2 of the standard).
const padding = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"

// permissions allow everything.
const permissions = -4

// cipher holds the keys of a document.
type cipher struct {
	kind        Cipher
	key         []byte
	owner, user []byte // proofs of the passwords: /O and /U
}

// protect makes w encrypt what follows. The password is the owner's too.
func (w *writer) protect(password string, kind Cipher) {
	padded := []byte(password + padding)[:32]
	c := &cipher{kind: kind}
	c.owner = rounds(hashed(padded), padded)
	var allowed [4]byte
	p := int32(permissions)
	binary.LittleEndian.PutUint32(allowed[:], uint32(p))
	c.key = hashed(padded, c.owner, allowed[:], []byte(fileID))
	proof := md5.Sum([]byte(padding + fileID))
	c.user = append(rounds(c.key, proof[:]), make([]byte, 16)...)
	w.cipher = c
}

// hashed is MD5 over the parts, fifty times again over the result.
func hashed(parts ...[]byte) []byte {
	sum := md5.Sum(bytes.Join(parts, nil))
	for range 50 {
		sum = md5.Sum(sum[:])
	}
	return sum[:]
}

// rounds encrypts twenty times, each time with another variation of the key.
func rounds(key, data []byte) []byte {
	out := bytes.Clone(data)
	for i := range 20 {
		varied := bytes.Clone(key)
		for j := range varied {
			varied[j] ^= byte(i)
		}
		xor(varied, out)
	}
	return out
}

// xor runs RC4 over data in place.
func xor(key, data []byte) {
	stream, err := rc4.NewCipher(key)
	if err != nil {
		panic("pdftest: internal error: " + err.Error())
	}
	stream.XORKeyStream(data, data)
}

// encrypt returns the content of a stream as the object with that number holds it.
func (c *cipher) encrypt(number int, content []byte) []byte {
	seed := append(bytes.Clone(c.key), byte(number), byte(number>>8), byte(number>>16), 0, 0)
	if c.kind == AES {
		seed = append(seed, "sAlT"...)
	}
	key := md5.Sum(seed)
	if c.kind == RC4 {
		out := bytes.Clone(content)
		xor(key[:], out)
		return out
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("pdftest: internal error: " + err.Error())
	}
	fill := aes.BlockSize - len(content)%aes.BlockSize
	plain := append(bytes.Clone(content), bytes.Repeat([]byte{byte(fill)}, fill)...)
	out := make([]byte, aes.BlockSize+len(plain)) // starts with zeros: nothing here is secret
	stdcipher.NewCBCEncrypter(block, out[:aes.BlockSize]).CryptBlocks(out[aes.BlockSize:], plain)
	return out
}

// dictionary returns the object that says how the document is protected.
func (c *cipher) dictionary() string {
	common := fmt.Sprintf("/Filter /Standard /P %d /O <%x> /U <%x>", permissions, c.owner, c.user)
	if c.kind == RC4 {
		return "<< /V 2 /R 3 /Length 128 " + common + " >>"
	}
	return "<< /V 4 /R 4 /Length 128 /CF << /StdCF << /CFM /AESV2 /AuthEvent /DocOpen /Length 16 >> >> /StmF /StdCF /StrF /StdCF " + common + " >>"
}
