package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// settingOf names the setting that a flag lays over the settings file.
func settingOf(flag string) (key string, ok bool) {
	key, ok = map[string]string{
		"home": "home", "workers": "workers", "memory": "memory_budget", "timeout": "timeout",
		"device": "devices", "in-process": "in_process", "plain": "plain",
	}[flag]
	return key, ok
}

// addEngineFlags adds the flags of a command that reads.
func (d *door) addEngineFlags(c *cobra.Command) {
	f := c.Flags()
	f.IntVar(&d.settings.Workers, "workers", d.settings.Workers, "cores to use at once, at most as many as there are")
	f.Var(&d.settings.MemoryBudget, "memory", "memory that the pages in work may take, such as 2GiB or 25%; 0 is a quarter of the machine's")
	f.Var(&d.settings.Timeout, "timeout", "time that one page or text may take, such as 60s; 0 is 20 times the usual")
	f.StringSliceVar(&d.settings.Devices, "device", d.settings.Devices, "what runs the models: cpu, webgpu, directml, coreml, cuda:N; several share the work")
	f.BoolVar(&d.settings.InProcess, "in-process", d.settings.InProcess, "read in this process instead of one that may crash alone")
	f.BoolVar(&d.settings.Plain, "plain", d.settings.Plain, "run the models as they are, not the faster equivalents")
}

// loadSettings lays the flags that were given over the settings file and the defaults.
func (d *door) loadSettings(c *cobra.Command) error {
	var given []string
	home := ""
	c.Flags().Visit(func(f *pflag.Flag) {
		if key, ok := settingOf(f.Name); ok {
			given = append(given, key)
		}
		if f.Name == "home" {
			home = d.settings.Home
		}
	})
	if _, err := d.settings.Validate(); err != nil {
		return err // a mistake in the flags, not in the file
	}
	d.began = true
	loaded, warnings, err := config.Load(c.Context(), config.Path(home))
	if err != nil && c.Name() == doctorName { // it goes on with the defaults, and says so
		d.unread, err = err, nil
	}
	if err != nil {
		return err
	}
	for _, w := range warnings {
		d.note("inkpool: %s", w)
	}
	d.settings, err = loaded.With(d.settings, given...).Validate()
	d.settings.Background = false // somebody waits
	return err
}

// flagError says what is wrong with a flag in our own words: pflag adds those of strconv.
func flagError(_ *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var ours *inkpool.Error
	if !errors.As(err, &invalid) || errors.As(err, &ours) {
		return err
	}
	f := invalid.GetFlag()
	return fmt.Errorf("%q is no value for --%s, which is: %s", invalid.GetValue(), f.Name, f.Usage)
}

func (d *door) configCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Look at the settings", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use: "show", Short: "Print the settings as they are in force, and where their file is", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return d.showSettings(c) },
	})
	return c
}

func (d *door) showSettings(c *cobra.Command) error {
	home := ""
	if c.Flags().Changed("home") {
		home = d.settings.Home
	}
	d.note("inkpool: the settings file is %s", config.Path(home))
	return d.printJSON(d.settings)
}
