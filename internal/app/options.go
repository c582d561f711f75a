package app

import (
	"context"
	"time"
)

// optionsInterval is how often files of options are looked at. A changed one is used when it stood still for as long.
const optionsInterval = 2 * time.Second

// watchOptions uses the files of options that the form names as they change, until ctx ends.
func (i *Instance) watchOptions(ctx context.Context) error {
	lists := i.Web.Form.OptionLists()
	if len(lists) == 0 {
		return nil
	}
	ticker := time.NewTicker(optionsInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		for _, list := range lists {
			if !list.Refresh() {
				continue
			}
			if state := list.State(); state.Mistake != "" {
				i.log.Error("a file of options cannot be used, so the last good one stays in use", "file", state.Name, "mistake", state.Mistake, "options", state.Count)
			} else {
				i.log.Info("a file of options was read", "file", state.Name, "options", state.Count)
			}
		}
	}
}

// registerOptions registers which files of options are used as they are.
func (i *Instance) registerOptions() {
	for _, list := range i.Web.Form.OptionLists() {
		i.Metrics.RegisterOptions(list.Name(), func() float64 { return float64(list.State().Count) }, func() float64 {
			if list.State().Mistake != "" {
				return 1
			}
			return 0
		})
	}
}
