package command

import (
	"log/slog"
	"os"
)

type logging struct {
	LogLevel  slog.Level `env:"LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error (${default})."`
	LogFormat string     `env:"LOG_FORMAT" enum:"text,json,auto" default:"auto" help:"text or json; default: text on a terminal, else json."`
}

func (l logging) logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: l.LogLevel}
	if l.LogFormat == "json" || l.LogFormat == "auto" && !terminal(os.Stderr) {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
