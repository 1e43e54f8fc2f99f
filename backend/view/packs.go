package view

// Pack is a version of a pack of models: one that is here, or one that can be had.
type Pack struct {
	ID        string   `json:"id"`
	Version   string   `json:"version"`
	Name      string   `json:"name"` // empty for a damaged one
	Task      string   `json:"task"` // "ocr", "translation", "text-classification", …; empty for a damaged one
	State     string   `json:"state"`
	Current   bool     `json:"current"`   // what its id stands for: the newest version that is here, and it can be used
	Languages []string `json:"languages"` // BCP 47
	From      []string `json:"from"`      // of translation: BCP 47
	To        []string `json:"to"`        // the same
	Licence   string   `json:"licence"`   // SPDX
	Source    string   `json:"source"`
	Bytes     int64    `json:"bytes"` // 0: not known
	Error     *Error   `json:"error,omitempty"`

	Noncommercial bool `json:"noncommercial"` // its licence forbids commercial use
}

// PackWork is the installation of a pack, while it goes on and once it has ended.
type PackWork struct {
	ID    int64  `json:"id"`   // grows; no two have the same
	Name  string `json:"name"` // of the file, or the id in the catalogue
	What  string `json:"what"` // "add" or "download"
	State string `json:"state"`
	Done  int64  `json:"done"`  // bytes
	Total int64  `json:"total"` // bytes; 0: not known
	// Of one that has ended.
	Pack    *Pack  `json:"pack,omitempty"`
	Already bool   `json:"already,omitempty"` // it was there before
	Error   *Error `json:"error,omitempty"`
}
