package power

import "testing"

// What the other systems say is understood on every system, so that it is tested on each.

func TestFromPmset(t *testing.T) {
	for name, c := range map[string]struct {
		output string
		want   State
	}{
		"unplugged": {"Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t95%; discharging; 5:21 remaining present: true\n",
			State{Present: true, OnBattery: true, Percent: 95}},
		"charging": {"Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t8%; charging; 1:30 remaining present: true\n",
			State{Present: true, Percent: 8}},
		"older system": {"Currently drawing from 'Battery Power'\n -InternalBattery-0\t19%; discharging; (no estimate)\n",
			State{Present: true, OnBattery: true, Percent: 19}},
		"two batteries": {"Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t100%; charged; 0:00 remaining present: true\n" +
			" -InternalBattery-1 (id=2)\t20%; discharging; 0:40 remaining present: true\n",
			State{Present: true, OnBattery: true, Percent: 60}},
		"no battery in it": {"Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t0%; charging; present: false\n", State{}},
		"with a keyboard": {"Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t80%; AC attached; not charging present: true\n" +
			" -Magic Keyboard (id=2)\t3%; discharging present: true\n", State{Present: true, Percent: 80}},
		"a desktop":                       {"Now drawing from 'AC Power'\n", State{}},
		"a desktop with a supply in need": {"Now drawing from 'UPS Power'\n -Back-UPS ES (id=3)\t50%; discharging; 0:20 remaining present: true\n", State{}},
		"nothing":                         {"", State{}},
		"too much":                        {"Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t99999999999999999999%; charged\n", State{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fromPmset(c.output); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestSystemPowerStatus(t *testing.T) {
	for name, c := range map[string]struct {
		line, flag, percent byte
		want                State
	}{
		"unplugged":            {0, 1, 80, State{Present: true, OnBattery: true, Percent: 80}},
		"plugged in, charging": {1, 8, 30, State{Present: true, Percent: 30}},
		"nobody knows by what": {255, 0, 30, State{Present: true, Percent: 30}},
		"nobody knows how far": {0, 0, 255, State{Present: true, OnBattery: true, Percent: Unknown}},
		"a desktop":            {1, 128, 255, State{}},
		"nobody knows at all":  {255, 255, 255, State{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := systemPowerStatus{acLineStatus: c.line, batteryFlag: c.flag, batteryLifePercent: c.percent}.state()
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
