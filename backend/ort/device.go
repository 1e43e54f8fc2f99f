package ort

import (
	"errors"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
	onnx "github.com/yalue/onnxruntime_go"
)

// CPU is the device that is always there. Besides it, Options.Device takes "webgpu", which the
// bundled library knows on Linux, "directml" on Windows, where "directml:1" is a second
// graphics card, "coreml" on macOS, and "cuda:0" with a library that was built for CUDA.
// Whether a device can be used turns out when a model is loaded for it.
const CPU = "cpu"

// addDevice makes a session run on that device; what the device cannot do runs on the CPU.
// A name that means nothing is CodeInvalid, a device that is not there CodeUnavailable.
func addDevice(o *onnx.SessionOptions, device string) error {
	kind, number, err := parseDevice(device)
	if err != nil {
		return err
	}
	switch kind {
	case CPU:
		return nil
	case "webgpu":
		err = o.AppendExecutionProvider("WebGPU", map[string]string{})
	case "directml":
		err = o.AppendExecutionProviderDirectML(number)
	case "coreml":
		err = o.AppendExecutionProviderCoreMLV2(map[string]string{})
	case "cuda":
		err = addCUDA(o, number)
	}
	if err != nil {
		return deviceError(device, err)
	}
	return nil
}

func addCUDA(o *onnx.SessionOptions, number int) (err error) {
	cuda, err := onnx.NewCUDAProviderOptions()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cuda.Destroy()) }()
	if err := cuda.Update(map[string]string{"device_id": strconv.Itoa(number)}); err != nil {
		return err
	}
	return o.AppendExecutionProviderCUDA(cuda)
}

// parseDevice takes "cuda:1" apart; the number is 0 where there is none.
func parseDevice(device string) (kind string, number int, err error) {
	kind, digits, numbered := strings.Cut(device, ":")
	if numbered {
		number, err = strconv.Atoi(digits)
	}
	known := false
	switch kind {
	case "", CPU:
		kind, known = CPU, !numbered
	case "webgpu", "coreml": // these choose the card themselves
		known = !numbered
	case "directml", "cuda":
		known = number >= 0
	}
	if !known || err != nil {
		return "", 0, inkpool.Errorf(inkpool.CodeInvalid, "there is no device named %q", device).
			WithCause(err).WithHint("The devices are cpu, webgpu, directml, coreml and cuda:0.")
	}
	return kind, number, nil
}

func deviceError(device string, err error) error {
	reason := "this build of the runtime, or the graphics driver, does not offer it"
	if strings.Contains(err.Error(), "adapter") {
		reason = "no adapter was found"
	}
	return inkpool.Errorf(inkpool.CodeUnavailable, "the device %s cannot be used: %s", device, reason).
		WithCause(err).WithHint("Update the graphics driver, or choose the device cpu.")
}
