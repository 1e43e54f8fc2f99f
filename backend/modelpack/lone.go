package modelpack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// lone recognises a model that is there without a config.json of Hugging Face's: what it takes
// and gives says what it is for, and a file beside it what its labels are called.
func (c contents) lone(wish Wish) (Manifest, error) {
	models := c.with(".onnx")
	switch {
	case len(models) == 0:
		return Manifest{}, c.noModel()
	case len(models) > 1:
		return Manifest{}, unsupported("there are %d models, and nothing says what they are for", len(models)).
			WithHint("Give the whole folder with its config.json, or one model with a file of its labels.")
	}
	s, err := inspect(c.files, models[0])
	if err != nil {
		return Manifest{}, err
	}
	if err := c.checkWeights(models[0], s.External); err != nil {
		return Manifest{}, err
	}
	task, err := taskOf(s, c.has("tokenizer.json"))
	if err != nil {
		return Manifest{}, err
	}
	l := &Labelling{Model: models[0], Labels: c.labelsFile()}
	if l.Labels == "" {
		return Manifest{}, noLabels()
	}
	if err := c.checkLabels(l.Labels, classesOf(s, task)); err != nil {
		return Manifest{}, err
	}
	if task == TaskImage {
		l.Preprocessor = c.optional("preprocessor_config.json")
	} else {
		l.Tokenizer = c.optional("tokenizer.json")
	}
	m := Manifest{About: About{Task: task, Name: strings.TrimSuffix(path.Base(l.Model), ".onnx")}, Labelling: l}
	return m, c.list(&m, l.Model, l.Labels, l.Tokenizer, l.Preprocessor)
}

// checkWeights reports whether the files are there that a model has its weights in.
func (c contents) checkWeights(model string, external []graph.External) error {
	m := Manifest{}
	for _, x := range external {
		if p := path.Join(path.Dir(model), x.Location); isInside(x.Location) && c.has(p) {
			m.Files = append(m.Files, File{Path: p, Size: maxFile}) // how large they are is looked at later
		}
	}
	return m.checkExternal(model, external)
}

// taskOf tells by its inputs and outputs what a model gives labels for. hasTokenizer says
// that texts can be made into ids.
func taskOf(s graph.Structure, hasTokenizer bool) (Task, error) {
	in := s.Inputs[0]
	ids := slices.ContainsFunc(s.Inputs, func(v graph.Value) bool { return v.Name == "input_ids" })
	switch {
	case in.Type == graph.Float16:
		return "", unsupported("this model is in half precision, which Inkpool does not run").WithHint("Get it with numbers of 32 bits.")
	case in.Type == graph.Float32 && len(in.Shape) == 4 && len(s.Inputs) == 1 && isPicture(in.Shape):
		return TaskImage, nil
	case in.Type == graph.String && len(s.Inputs) == 1:
		return TaskText, nil
	case ids && !hasTokenizer:
		return "", unsupported("this model takes texts as numbers, and there is no tokenizer.json to make them").
			WithHint("Give the folder that has it.")
	case ids && len(s.Outputs) == 1 && len(s.Outputs[0].Shape) == 2:
		return TaskText, nil
	case ids && len(s.Outputs) == 1 && len(s.Outputs[0].Shape) == 3 && s.Outputs[0].Shape[2] != graph.Any:
		return TaskTokens, nil
	case ids:
		return "", unsupported("this model gives numbers about a text, not labels").
			WithHint("Inkpool runs models for classification; they come with a config.json that says so.")
	default:
		return "", unsupported("this model takes neither pictures nor texts").
			WithHint("Inkpool runs models for text and pictures. If this is one, give its whole folder, with config.json.")
	}
}

// isPicture reports whether a shape is that of a batch of pictures, channels first or last.
func isPicture(shape []int64) bool {
	channels := func(n int64) bool { return n == 1 || n == 3 }
	return channels(shape[1]) || channels(shape[3]) || shape[1] == graph.Any && shape[2] == graph.Any && shape[3] == graph.Any
}

// classesOf is how many labels a model tells apart; graph.Any where it does not say.
func classesOf(s graph.Structure, task Task) int64 {
	want := 2
	if task == TaskTokens {
		want = 3
	}
	for _, out := range s.Outputs {
		if out.Type == graph.Float32 && len(out.Shape) == want {
			return out.Shape[want-1]
		}
	}
	return graph.Any
}

// labelNames are what files of labels are called, the surest first.
var labelNames = []string{
	"labels.txt", "classes.txt", "labels.names", "imagenet_classes.txt", "label.txt", "class_names.txt", "synset_words.txt", "synset.txt",
	"labels.json", "classes.json", "id2label.json", "imagenet_class_index.json", "class_names.json",
}

// labelsFile is the file with the names of the labels; empty where there is none.
func (c contents) labelsFile() string {
	for _, name := range labelNames {
		if c.has(name) {
			return name
		}
	}
	var like []string
	for _, p := range c.with(".txt", ".names", ".json") {
		base := strings.ToLower(path.Base(p))
		if strings.Contains(base, "label") || strings.Contains(base, "class") || strings.HasSuffix(base, ".names") {
			like = append(like, p)
		}
	}
	if len(like) == 1 {
		return like[0]
	}
	return ""
}

func noLabels() error {
	return unsupported("nothing here says what the labels of this model are called").
		WithHint("Put a file labels.txt beside it, one name a line in the order of the model's output.")
}

// checkLabels reports whether a file has as many names as the model has classes.
func (c contents) checkLabels(name string, classes int64) error {
	data, err := readUpTo(c.files, name, maxSmall)
	if err != nil {
		return unreadable(err)
	}
	names := countNames(data)
	if names == 0 {
		return foreign(name, data, inkpool.Errorf(inkpool.CodeModelCorrupt, "%s has no names", name).WithHint("Get it again."))
	}
	if classes != graph.Any && max(names-classes, classes-names) > 1 { // ImageNet's 1000 have a background in some lists
		return unsupported("the model has %d labels, and %s has names for %d", classes, name, names).
			WithHint("Find the list that belongs to this model.")
	}
	return nil
}

// countNames is how many names there are in a list of labels: one a line, or JSON. Empty lines
// at the end do not count.
func countNames(data []byte) int64 {
	var list []json.RawMessage
	var byKey map[string]json.RawMessage
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case len(text) == 0:
		return 0
	case json.Unmarshal(text, &list) == nil:
		return int64(len(list))
	case json.Unmarshal(text, &byKey) == nil:
		return int64(len(byKey))
	default:
		return int64(bytes.Count(text, []byte("\n"))) + 1
	}
}

// otherForms are the extensions of models that are not ONNX.
var otherForms = []struct{ extension, what string }{
	{".safetensors", "weights of PyTorch (.safetensors)"}, {".bin", "weights of PyTorch (.bin)"}, {".pt", "a model of PyTorch"},
	{".pth", "a model of PyTorch"}, {".ckpt", "a model of PyTorch"}, {".gguf", "a model of llama.cpp"}, {".h5", "a model of Keras"},
	{".keras", "a model of Keras"}, {".pb", "a model of TensorFlow"}, {".tflite", "a model of TensorFlow Lite"},
	{".msgpack", "weights of Flax"}, {".pdmodel", "a model of Paddle"}, {".pdiparams", "a model of Paddle"},
	{".mlmodel", "a model of Core ML"}, {".mlpackage", "a model of Core ML"}, {".engine", "a model of TensorRT"},
	{".ort", "a model in ONNX Runtime's own form"}, {".npz", "weights of Marian"},
}

// noModel says what there is instead of a model in ONNX form.
func (c contents) noModel() error {
	if len(c.with(".tar", ".gz", ".tgz", ".xz", ".7z", ".rar")) > 0 {
		return unsupported("there is an archive that is no zip, and no model beside it").WithHint("Unpack it, and add the folder.")
	}
	for _, form := range otherForms {
		if len(c.with(form.extension)) > 0 {
			return unsupported("there is %s, and no model in ONNX form", form.what).
				WithHint("Look for the same model with a folder onnx/: on Hugging Face, Xenova and onnx-community publish many.")
		}
	}
	return unsupported("there is no model here").
		WithHint("Give a folder with .onnx files, a zip of one, or one .onnx with a file of its labels.")
}

// inspect reads what a model of the files consists of.
func inspect(files fs.FS, name string) (graph.Structure, error) {
	f, err := files.Open(name)
	if err != nil {
		return graph.Structure{}, unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return graph.Structure{}, unreadable(err)
	}
	s, err := graph.Inspect(f, info.Size())
	if err == nil {
		return s, nil
	}
	var known *inkpool.Error
	if !errors.As(err, &known) {
		return s, unreadable(err)
	}
	head, errHead := beginning(files, name)
	if errHead != nil {
		return s, unreadable(errHead)
	}
	return s, foreign(path.Base(name), head, inkpool.Errorf(known.Code, "%s: %s", path.Base(name), known.Message).WithCause(err).WithHint(known.Hint))
}
