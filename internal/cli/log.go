package cli

import (
	"log/slog"
	"os"
)

type logOptions struct {
	LogLevel  slog.Level `env:"LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error (${default})."`
	LogFormat string     `env:"LOG_FORMAT" enum:"text,json,auto" default:"auto" help:"text or json; default: text on a terminal, else json. Lines below warn may be written a tenth of a second late."`
}

// newLogger writes to standard error; flush writes the lines that still wait.
func (o logOptions) newLogger() (log *slog.Logger, flush func()) {
	buffer, options := newLogBuffer(os.Stderr), &slog.HandlerOptions{Level: o.LogLevel}
	var handler slog.Handler = slog.NewTextHandler(buffer, options)
	if o.LogFormat == "json" || o.LogFormat == "auto" && !isTerminal(os.Stderr) {
		handler = slog.NewJSONHandler(buffer, options)
	}
	return slog.New(promptHandler{handler, buffer}), buffer.flush
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
