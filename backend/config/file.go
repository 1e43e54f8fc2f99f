package config

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Load returns the defaults with the settings file at path over them and the environment
// over both, as Validate gives them. No such file is no error. Each warning is a sentence
// about a key that this version does not know; Save keeps it.
//
// A file that cannot be used is CodeInvalid, one that may not be read CodePermission, and a
// disk that fails CodeUnavailable, each with the path and a hint; the settings are then the
// defaults, so that a door can go on with them and show the error.
func Load(ctx context.Context, path string) (settings Settings, warnings []string, err error) {
	usual := Default(ctx)
	values, err := read(path)
	if err != nil {
		return usual, nil, err
	}
	settings, unknown, err := usual.over(values)
	if err != nil {
		return usual, nil, damaged(path, err)
	}
	for _, key := range unknown {
		warnings = append(warnings, fmt.Sprintf("%s has a setting %q that this version does not know; it is kept.", path, key))
	}
	return settings, warnings, nil
}

// Save writes what differs between settings and what Load gives now into the settings file
// at path. So flags that were laid over the settings before are saved with them, and what
// only the environment says is not. A setting that is set back to its default leaves the
// file, and follows the default from then on; everything else in the file stays.
//
// The file is replaced when the new one is on the disk, so there is always a complete one;
// only its owner may read it. Where path is a link, the file it leads to is replaced. Errors
// are those of Load and Validate, and CodeDiskFull; the file is then as it was.
func Save(ctx context.Context, path string, settings Settings) error {
	values, err := read(path)
	if err != nil {
		return err
	}
	usual := Default(ctx)
	before, _, err := usual.over(values)
	if err != nil {
		return damaged(path, err)
	}
	if usual, err = usual.Validate(); err != nil {
		return err
	}
	if settings, err = settings.Validate(); err != nil {
		return err
	}
	if err := update(values, before, settings, usual); err != nil {
		return err
	}
	text, err := encode(values)
	if err != nil {
		return err
	}
	if err := replace(path, text); err != nil {
		return fileError("saved", path, err)
	}
	return nil
}

// over returns s with the values of a file laid over it, validated, and the keys that it
// does not know, sorted. A value of null is as good as none.
func (s Settings) over(values map[string]json.RawMessage) (Settings, []string, error) {
	var unknown []string
	known := keys()
	environment := os.Getenv(homeVariable) != ""
	for _, key := range slices.Sorted(maps.Keys(values)) {
		switch {
		case !slices.Contains(known, key):
			unknown = append(unknown, key)
		case key == "home" && environment || string(values[key]) == "null":
		default:
			if err := s.decode(key, values[key]); err != nil {
				return s, nil, err
			}
		}
	}
	s, err := s.Validate()
	return s, unknown, err
}

// update brings the values of a file from one state of the settings to the next.
func update(values map[string]json.RawMessage, before, after, usual Settings) error {
	for _, key := range keys() {
		var texts [3]json.RawMessage
		for i, s := range []Settings{before, after, usual} {
			text, err := s.encoded(key)
			if err != nil {
				return err
			}
			texts[i] = text
		}
		switch was, is, normal := texts[0], texts[1], texts[2]; {
		case bytes.Equal(is, was):
		case bytes.Equal(is, normal):
			delete(values, key)
		default:
			values[key] = is
		}
	}
	return nil
}

// encode writes values in the order of their keys, for people and for their tools.
func encode(values map[string]json.RawMessage) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(values); err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	return text.Bytes(), nil
}

// damaged is the error of a file that cannot be used as it is.
func damaged(path string, cause error) error {
	err := inkpool.Errorf(inkpool.CodeInvalid, "the settings file %s is damaged", path)
	hint := "Correct it, or move it away to start with the defaults."
	var e *inkpool.Error
	if errors.As(cause, &e) {
		err = inkpool.Errorf(inkpool.CodeInvalid, "the settings file %s cannot be used: %s", path, e.Message)
		if e.Hint != "" {
			hint = e.Hint
		}
	}
	return err.WithCause(cause).WithHint(hint)
}
