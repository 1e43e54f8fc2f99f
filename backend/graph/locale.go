package graph

// The locale that models for texts change letters by, unless they say another, and the one
// that every system with glibc has. Both change each of Unicode's characters to the same small
// and capital letters (compared in glibc 2.36), and nothing else of a locale is used.
const (
	usualLocale = "en_US.UTF-8"
	plainLocale = "C.UTF-8"
)

// WithPlainLocale returns the model in data with the locale C.UTF-8 where its nodes ask for
// en_US.UTF-8, and whether any did. Models that take texts ask for that when they change
// capital letters to small ones, whatever their language; on a Linux that lacks it, and most
// have only their owner's, the runtime refuses to load them. Systems without glibc need no
// such help. Bytes that are no ONNX model are CodeModelCorrupt; data is not changed.
func WithPlainLocale(data []byte) ([]byte, bool, error) {
	m, err := parseModel(data)
	if err != nil {
		return nil, false, unreadable(err)
	}
	changed := false
	for _, n := range m.nodes {
		changed = n.setPlainLocale() || changed
	}
	if !changed {
		return data, false, nil
	}
	return m.encode(), true, nil
}

// setPlainLocale reports whether the node asked for the usual locale, which it does by default.
func (n *node) setPlainLocale() bool {
	if !n.is("StringNormalizer", 1) {
		return false
	}
	plain := textAttribute("locale", plainLocale)
	own := n.attribute("locale")
	switch {
	case own == nil:
		n.attributes = append(n.attributes, plain)
	case own.s == usualLocale && !own.reference:
		*own = plain
	default:
		return false
	}
	return true
}

func textAttribute(name, s string) attribute {
	b := appendText(nil, attributeName, name)
	b = appendText(b, attributeString, s)
	b = appendInteger(b, attributeType, attributeIsString)
	return attribute{name: name, s: s, raw: appendMessage(nil, nodeAttribute, b)}
}
