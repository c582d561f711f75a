package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"

	"docket/web/pages"
	"docket/web/problem"
	"docket/web/request"
)

// writeProblem answers with an error as problem+json, a page or a fragment. An internal error is noted for the log, once.
func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, problem.ErrSignIn) {
		pages.RedirectToLogin(w, r)
		return
	}
	p, record := problem.Of(err), request.RecordOf(r.Context())
	record.Code = string(p.Code)
	if p.Status >= 500 && !errors.Is(err, context.Canceled) { // the client has gone
		record.Cause = err
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		p = p.ForRead()
	}
	if p.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
	}
	if isAPI(r) {
		p.WriteJSON(w, record.ID, err)
		return
	}
	s.pages.ShowProblem(w, r, p, err)
}

// handlePanic answers for a handler that panicked. When a part of the answer was sent, it aborts the connection.
func (s *Server) handlePanic(w *response, r *http.Request, fault any) {
	if fault == http.ErrAbortHandler {
		panic(fault)
	}
	s.Log.Error("a handler panicked", "request_id", request.RecordOf(r.Context()).ID, "fault", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.writeProblem(w, r, problem.ErrPanic)
}
