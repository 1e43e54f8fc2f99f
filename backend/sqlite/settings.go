package sqlite

import (
	"encoding/json"
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// encodeSettings returns a column that says how a job is done, "reading" or "steps": empty for
// the default.
func encodeSettings[T inkpool.Reading | inkpool.Steps](settings T) (string, error) {
	b, err := marshal(settings)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", settings, err)
	}
	if string(b) == "{}" {
		return "", nil
	}
	return string(b), nil
}

func decodeSettings[T inkpool.Reading | inkpool.Steps](column string, settings *T) error {
	if column == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(column), settings); err != nil {
		return inkpool.Errorf(inkpool.CodeInvalid, "the settings of a stored job are damaged").
			WithHint("Read the files again.").WithCause(fmt.Errorf("decode %T: %w", *settings, err))
	}
	return nil
}
