package power

import (
	"regexp"
	"strconv"
	"strings"
)

// internalBattery matches a line of pmset about a battery of the machine, with its charge:
//
//	-InternalBattery-0 (id=4653155)	95%; discharging; 5:21 remaining present: true
//
// Mice and uninterruptible supplies have other names.
var internalBattery = regexp.MustCompile(`(?m)^\s*-InternalBattery.*?\s([0-9]+)%;.*$`)

// fromPmset reads what "pmset -g batt" of macOS prints. Its first line is
// "Now drawing from 'Battery Power'", or 'AC Power'.
func fromPmset(output string) State {
	sum, n := 0, 0
	for _, line := range internalBattery.FindAllStringSubmatch(output, -1) {
		percent, err := strconv.Atoi(line[1])
		if err != nil || strings.Contains(line[0], "present: false") {
			continue
		}
		sum, n = sum+min(percent, 100), n+1
	}
	if n == 0 {
		return State{}
	}
	return State{Present: true, OnBattery: strings.Contains(output, "drawing from 'Battery Power'"), Percent: sum / n}
}
