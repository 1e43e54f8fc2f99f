package config

import (
	"encoding/json"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// TestEverySettingHasANameAndADescription gives each one a value that none can have.
func TestEverySettingHasANameAndADescription(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range keys() {
		if key == "" || seen[key] {
			t.Errorf("got the name %q, want one for each setting", key)
		}
		seen[key] = true
		var s Settings
		if err := s.decode(key, json.RawMessage(`{"no": "value"}`)); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("%s: got %v, want %q", key, err, inkpool.CodeInvalid)
		}
	}
}
