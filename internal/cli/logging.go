package cli

import (
	"log/slog"
	"os"
)

type logging struct {
	LogLevel  slog.Level `env:"LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error (${default})."`
	LogFormat string     `env:"LOG_FORMAT" enum:"text,json,auto" default:"auto" help:"text or json; default: text on a terminal, else json. The line of a request that went well may be written a tenth of a second late."`
}

// logger writes to standard error; flush writes what still waits.
func (l logging) logger() (log *slog.Logger, flush func()) {
	to, options := newLines(os.Stderr), &slog.HandlerOptions{Level: l.LogLevel}
	if l.LogFormat == "json" || l.LogFormat == "auto" && !terminal(os.Stderr) {
		return slog.New(patient{slog.NewJSONHandler(to, options), to, true}), to.flush
	}
	return slog.New(patient{slog.NewTextHandler(to, options), to, false}), to.flush
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
