package sqlite

import (
	"encoding/json"
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// encodeReading returns the column "reading": empty for the default.
func encodeReading(r inkpool.Reading) (string, error) {
	b, err := marshal(r)
	if err != nil {
		return "", fmt.Errorf("encode reading: %w", err)
	}
	if string(b) == "{}" {
		return "", nil
	}
	return string(b), nil
}

func decodeReading(column string) (inkpool.Reading, error) {
	if column == "" {
		return inkpool.Reading{}, nil
	}
	var r inkpool.Reading
	if err := json.Unmarshal([]byte(column), &r); err != nil {
		return inkpool.Reading{}, inkpool.Errorf(inkpool.CodeInvalid, "the settings of a stored job are damaged").
			WithHint("Read the files again.").WithCause(fmt.Errorf("decode reading: %w", err))
	}
	return r, nil
}
