package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"docket/internal/ticket"
	"docket/web/request"
)

// RequestLogMessage is the message of the log line that each request writes.
const RequestLogMessage = "request"

// logRequest writes the one line of a request: never an answer, a name, a query, a cookie or a token.
func (s *Server) logRequest(r *http.Request, record *request.Record, status int, took time.Duration) {
	level := slog.LevelInfo
	if record.Cause != nil && !errors.Is(record.Cause, ticket.ErrOverloaded) { // of refusals there are many: each would be written at once
		level = slog.LevelError
	}
	if !s.Log.Enabled(r.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request_id", record.ID), slog.String("route", cmp.Or(r.Pattern, "none")),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if record.Client.IsValid() {
		attrs = append(attrs, slog.String("client", record.Client.String()))
	}
	for _, field := range [...]struct{ name, value string }{
		{"actor", record.Actor}, {"ticket", record.Ticket}, {"file", record.File}, {"code", record.Code}, {"traceparent", record.Trace},
	} {
		if field.value != "" {
			attrs = append(attrs, slog.String(field.name, field.value))
		}
	}
	if record.Cause != nil {
		attrs = append(attrs, slog.String("error", record.Cause.Error()))
	}
	s.Log.LogAttrs(r.Context(), level, RequestLogMessage, attrs...)
}
