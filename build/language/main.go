// Command language makes the model that tells languages: backend/language/model.onnx and
// labels.txt. README.md beside it says what from, and how good it is.
//
//	bash build/language/fetch.sh DIR                         unpack the Debian packages
//	go run ./build/language gather DIR CORPUS                their texts, cleaned, into one file
//	go run ./build/language train CORPUS backend/language    the model
package main

import (
	"errors"
	"log"
	"os"
)

func main() {
	log.SetFlags(log.Ltime)
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	if len(args) == 3 {
		switch from, to := args[1], args[2]; args[0] {
		case "gather":
			return gatherTo(from, to)
		case "train":
			return trainTo(from, to)
		}
	}
	return errors.New("usage: language gather DIR CORPUS | language train CORPUS FOLDER")
}

func gatherTo(root, path string) error {
	c, err := gather(root)
	if err != nil {
		return err
	}
	return c.store(path)
}

func trainTo(path, dir string) error {
	c, err := loadCorpus(path)
	if err != nil {
		return err
	}
	labels := modelled(c)
	taught, kept := c.split()
	log.Printf("%d languages, %d lines", len(labels), taught.size())
	taught = teach(labels, taught, glimpses).purge(labels, taught)
	log.Printf("%d lines without stray ones", taught.size())
	n := teach(labels, taught, batches)
	n.quantise()
	log.Printf("of texts kept back: %s", n.check(labels, kept))
	return n.write(dir, labels)
}
