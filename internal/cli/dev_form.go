package cli

import (
	"context"
	"net/http"
	"time"

	"docket/internal/app"
	"docket/internal/devform"
	"docket/internal/form"
)

const requestsUnderWay = time.Second // that an instance has, after another one has taken its place

// watch watches the form file of docket dev, and tells the pages when it was saved; nil for every other docket, and for the built-in form.
func (c serveCommand) watch(f *form.Form, server *httpServer) *devform.File {
	if !c.watchForm || c.Form == "" {
		return nil
	}
	stop, watched := make(chan struct{}), devform.Watch(c.Form, f)
	server.server.RegisterOnShutdown(func() { close(stop) })
	stream := watched.Stream(stop)
	server.formEvents.Store(&stream)
	return watched
}

// runningApp is an instance with its background work.
type runningApp struct {
	*app.Instance
	cancel context.CancelFunc
	done   chan struct{}
}

// begin is the background work, until ctx or the instance ends.
func (a *runningApp) begin(ctx context.Context) func() error {
	ctx, a.cancel = context.WithCancel(ctx)
	a.done = make(chan struct{})
	return func() error {
		defer close(a.done)
		defer a.cancel()
		return a.Run(ctx)
	}
}

// end ends an instance whose place another one has taken.
func (a *runningApp) end() error {
	a.Web.EndStreams()
	time.Sleep(requestsUnderWay)
	a.cancel()
	<-a.done
	a.Close()
	return nil
}

// serveFormEvents serves the stream of the form file of docket dev; false for every other request.
func (h *httpServer) serveFormEvents(w http.ResponseWriter, r *http.Request) bool {
	stream := h.formEvents.Load()
	if stream == nil || r.URL.Path != devform.Path || r.Method != http.MethodGet {
		return false
	}
	(*stream).ServeHTTP(w, r)
	return true
}
