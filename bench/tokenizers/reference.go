package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// folder is where the programs are that ask the references.
var folder = filepath.Join("bench", "tokenizers")

// missingPrograms says what the comparison needs and is not there, or "".
func missingPrograms() string {
	for _, program := range []string{"node", "spm_train"} {
		if _, err := exec.LookPath(program); err != nil {
			return program + " is not installed"
		}
	}
	if err := exec.Command(python, "-c", "import sentencepiece").Run(); err != nil {
		return "python3-sentencepiece is not installed"
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@anush008", "tokenizers")); err != nil {
		return "the Rust tokenizers are not there: npm ci in " + folder
	}
	return ""
}

// python is Debian's: another one would not find Debian's packages.
const python = "/usr/bin/python3"

// question is what a reference is asked.
type question struct {
	Model string      `json:"model"`
	Texts []string    `json:"texts"`
	Pairs [][2]string `json:"pairs,omitempty"`

	// Of Marian: the model that decodes, and vocab.json.
	Target     string `json:"target,omitempty"`
	Vocabulary string `json:"vocab,omitempty"`
}

// answer is what a reference makes of one text or pair. Places are bytes of the text that
// a token is of.
type answer struct {
	IDs     []int    `json:"ids"`
	Places  [][2]int `json:"places"`
	Types   []int    `json:"types"`   // segments; Rust only
	Special []int    `json:"special"` // 1: put there by the template; Rust only
	Pieces  []string `json:"pieces"`  // SentencePiece only
	Decoded string   `json:"decoded"`
}

// ask runs a reference, and says how much CPU time it says that tokenising took.
func ask(q question, command ...string) ([]answer, time.Duration, error) {
	input, err := json.Marshal(q)
	if err != nil {
		return nil, 0, err
	}
	var out, complaints bytes.Buffer
	c := exec.Command(command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(input), &out, &complaints
	if err := c.Run(); err != nil {
		return nil, 0, fmt.Errorf("%v: %w\n%s", command, err, complaints.Bytes())
	}
	var reply struct {
		Answers []answer `json:"answers"`
		Seconds float64  `json:"seconds"`
	}
	if err := json.Unmarshal(out.Bytes(), &reply); err != nil {
		return nil, 0, err
	}
	if want := len(q.Texts) + len(q.Pairs); len(reply.Answers) != want {
		return nil, 0, fmt.Errorf("got %d answers to %d questions", len(reply.Answers), want)
	}
	return reply.Answers, time.Duration(reply.Seconds * float64(time.Second)), nil
}
