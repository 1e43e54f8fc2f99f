package document

// ImageSize is the size of the upright picture, in pixels, that its header gives.
func ImageSize(data []byte) (w, h int, err error) {
	c, err := codecFor(data)
	if err != nil {
		return 0, 0, err
	}
	return c.uprightSize(data)
}
