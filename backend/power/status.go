package power

// systemPowerStatus is SYSTEM_POWER_STATUS of the Windows API:
// https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-system_power_status
type systemPowerStatus struct {
	acLineStatus       byte   // 0 offline, 1 online, 255 unknown
	batteryFlag        byte   // bits; 128 no system battery, 255 unknown
	batteryLifePercent byte   // 0..100, 255 unknown
	_                  byte   // SystemStatusFlag
	_, _               uint32 // BatteryLifeTime, BatteryFullLifeTime: seconds
}

func (s systemPowerStatus) state() State {
	const (
		offline   = 0
		noBattery = 128
		unknown   = 255
	)
	if s.batteryFlag == unknown || s.batteryFlag&noBattery != 0 {
		return State{}
	}
	percent := int(s.batteryLifePercent)
	if percent > 100 {
		percent = Unknown
	}
	return State{Present: true, OnBattery: s.acLineStatus == offline, Percent: percent}
}
