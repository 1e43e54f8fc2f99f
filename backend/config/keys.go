package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// keys are the names of all settings in the file, in the order of Settings.
func keys() []string {
	t := reflect.TypeFor[Settings]()
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("json")
	}
	return names
}

// at returns a pointer to the setting that key names.
func (s *Settings) at(key string) any {
	i := slices.Index(keys(), key)
	if i < 0 {
		panic(fmt.Sprintf("config: internal error: there is no setting %q", key))
	}
	return reflect.ValueOf(s).Elem().Field(i).Addr().Interface()
}

// With returns s with those settings of chosen that are named, as the file names them: it
// lays flags over what was loaded. It panics at a name that no setting has.
func (s Settings) With(chosen Settings, names ...string) Settings {
	for _, key := range names {
		reflect.ValueOf(s.at(key)).Elem().Set(reflect.ValueOf(chosen.at(key)).Elem())
	}
	s.Devices, s.Reading.Ignore, s.Steps = slices.Clone(s.Devices), slices.Clone(s.Reading.Ignore), s.Steps.Clone()
	return s
}

// encoded returns the setting as the file has it.
func (s Settings) encoded(key string) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // folders may have an ampersand, and people read the file
	if err := encoder.Encode(s.at(key)); err != nil {
		return nil, fmt.Errorf("encode setting %q: %w", key, err)
	}
	return bytes.TrimSpace(text.Bytes()), nil
}

// decode reads one setting, and says what it should be when it is something else.
func (s *Settings) decode(key string, text json.RawMessage) error {
	setting := reflect.ValueOf(s.at(key)).Elem()
	fresh := reflect.New(setting.Type()) // Unmarshal would write a list into that of the defaults
	target := fresh.Interface()
	if err := strictly(text, target); err != nil {
		if slip := unknown(text, setting.Type()); slip != "" {
			return inkpool.Errorf(inkpool.CodeInvalid, "there is no %q in %q, which has %s", slip, key, strings.Join(names(setting.Type()), ", ")).WithCause(err)
		}
		if e := new(json.UnmarshalTypeError); errors.As(err, &e) && e.Field != "" {
			return inkpool.Errorf(inkpool.CodeInvalid, "%q in %q is of the wrong kind: %s", e.Field, key, e.Value).WithCause(err)
		}
		return inkpool.Errorf(inkpool.CodeInvalid, "%q must be %s, not %s", key, wanted(target), text).WithCause(err)
	}
	if path, ok := target.(*string); ok && *path != "" && !filepath.IsAbs(*path) {
		// A file has no working folder that a path could start from, and no shell for "~".
		return inkpool.Errorf(inkpool.CodeInvalid, "%q must be a whole path, not %s", key, text)
	}
	setting.Set(fresh.Elem())
	return nil
}

// strictly decodes text, and takes a name that target does not have for a slip.
func strictly(text json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}

// unknown returns a name in the object text that a struct does not have, and "" where there
// is none.
func unknown(text json.RawMessage, of reflect.Type) string {
	var object map[string]json.RawMessage
	if of.Kind() != reflect.Struct || json.Unmarshal(text, &object) != nil {
		return ""
	}
	known := names(of)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			return name
		}
	}
	return ""
}

// names lists what the fields of a struct are called in the file.
func names(of reflect.Type) []string {
	var all []string
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		all = append(all, name)
	}
	return all
}

// wanted describes the values of a setting.
func wanted(target any) string {
	switch target.(type) {
	case *int:
		return "a whole number"
	case *bool:
		return "true or false"
	case *string:
		return "the path of a file or folder"
	case *[]string:
		return `a list of texts such as ["cpu"]`
	case *Bytes:
		return `a size such as "2GiB" or "25%"`
	case *Duration:
		return `a time such as "60s" or "5m"`
	case *Shares:
		return `an object such as {"read": 2, "translate": 1}`
	case *inkpool.Reading:
		return `an object such as {"layout": "paragraphs"}`
	case *inkpool.Steps:
		return `an object such as {"translate": {"to": "zh"}}`
	default:
		panic(fmt.Sprintf("config: internal error: nobody described %T", target))
	}
}
