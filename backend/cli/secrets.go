package cli

import (
	"slices"

	"github.com/spf13/pflag"
)

// secretFlags are the passwords to try on locked documents. A command line shows in the list of
// processes and in the shell's history; a file does not.
type secretFlags struct {
	given []string
	file  string
}

func (s *secretFlags) addFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&s.given, "password", nil, "a password to try on locked documents; may be repeated; it is not kept")
	f.StringVar(&s.file, "password-file", "", "read passwords from this file too, one a line; - is standard input")
}

// secrets are the passwords of both flags.
func (d *door) secrets(s secretFlags) ([]string, error) {
	if s.file == "" {
		return s.given, nil
	}
	data, err := d.readList(s.file, "passwords")
	return slices.Concat(s.given, splitList(data, false)), err
}
