package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/pages"
	"docket/web/problem"
	"docket/web/request"
)

// FreshTime is how long a browser reads from the primary after a write.
const FreshTime = 15 * time.Second

const freshCookie = "docket_wrote"

// handler answers a request, or returns an error that becomes a problem.
type handler = func(w http.ResponseWriter, r *http.Request) error

// public is a handler without a session.
func (s *Server) public(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), request.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
		if err := h(w, r); err != nil {
			s.writeProblem(w, r, err)
		}
	})
}

// markUrgent lets a handler use the reserved connections when the databases are busy: what ends work or reports a state
// comes before what begins more work.
func markUrgent(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(ticket.Urgent(r.Context())))
	})
}

// page is a handler for signed-in and anonymous users.
func (s *Server) page(h handler) http.Handler {
	return s.public(s.withAccount(request.MaxFormBytes, checkAccount(h)))
}

// checkAccount refuses a form of a page that was made for another account than the one signed in.
func checkAccount(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Method == http.MethodPost && request.Session(r).Owner != (account.Account{}) {
			err := request.ParseForm(r)
			if errors.Is(err, problem.ErrMediaType) { // it is no form, and names none
				return h(w, r)
			}
			if err := cmp.Or(err, request.CheckAccount(r, r.PostForm.Get(form.AccountInput), r.PostForm)); err != nil {
				return err
			}
		}
		return h(w, r)
	}
}

// withAccount adds the session to the context, and limits the body to maxBytes.
func (s *Server) withAccount(maxBytes int64, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := request.CheckEncoding(r); err != nil {
			return err
		}
		if err := request.LimitBody(w, r, maxBytes); err != nil {
			return err
		}
		session, err := s.Sessions.Current(r)
		if err != nil {
			return err
		}
		if session.Account() == (account.Account{}) {
			r.Body = http.MaxBytesReader(w, r.Body, request.MaxAnonymousBytes)
		}
		ctx := request.WithSession(r.Context(), session)
		if session.Account() != (account.Account{}) && (s.recentlyWrote(w, r) || request.NoCache(r)) {
			ctx = ticket.Fresh(ctx)
		}
		if r.Method == http.MethodPost && session.Account().Role.Reviews() {
			defer s.pages.ForgetLists()
		}
		r = r.WithContext(ctx)
		if err := h(w, r); err != nil {
			s.writeProblem(w, r, err)
		}
		return nil
	}
}

// customer is a page for customers. It ignores unknown names in the query: links may carry names that others added.
func (s *Server) customer(h handler) http.Handler {
	return s.page(requireRole(account.Role.Submits, h))
}

// person is a page for everybody who has signed in. It ignores unknown names in the query, as customer does.
func (s *Server) person(h handler) http.Handler {
	return s.page(requireRole(func(r account.Role) bool { return r.Submits() || r.Reviews() }, h))
}

// agent is a page for agents; known are the names that its query may have.
func (s *Server) agent(h handler, known ...string) http.Handler {
	return s.page(requireRole(account.Role.Reviews, checkQuery(known, h)))
}

// admin is a page for admins; known are the names that its query may have.
func (s *Server) admin(h handler, known ...string) http.Handler {
	return s.page(requireRole(account.Role.Administers, checkQuery(known, h)))
}

// own is a page of one's own account, for every role, and for sessions that are at this stage: it is where they go on.
func (s *Server) own(stage account.Stage, h handler) http.Handler {
	return s.page(func(w http.ResponseWriter, r *http.Request) error {
		session := request.Session(r)
		if session.Owner == (account.Account{}) || session.Stage != account.Complete && session.Stage != stage {
			return problem.ErrSignIn
		}
		return h(w, r)
	})
}

// checkQuery refuses a query with a name that is unknown or there twice: a typing error must not be silently ignored.
func checkQuery(known []string, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		given, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return problem.ErrQuery
		}
		var wrong problem.WrongParameters
		for name, values := range given {
			if !slices.Contains(known, name) || len(values) > 1 {
				wrong = append(wrong, name)
			}
		}
		if len(wrong) > 0 {
			slices.Sort(wrong)
			return wrong
		}
		return h(w, r)
	}
}

// submission is a handler for customers who send the form, or a part of it, with files.
func (s *Server) submission(h pages.SubmissionHandler) http.Handler {
	receive := requireRole(account.Role.Submits, s.pages.Receive(h))
	return s.public(s.withAccount(s.intake.MaxUploadFormBytes(), func(w http.ResponseWriter, r *http.Request) error {
		if !request.Account(r).Role.Reviews() {
			return receive(w, r)
		}
		if err := request.LimitBody(w, r, request.MaxFormBytes); err != nil { // it is refused, whatever its files are
			return err
		}
		return checkAccount(receive)(w, r)
	}))
}

// visit is a page that was opened with a submission link, for the browsers that the link knows. Its owner is the user of the link,
// whoever is signed in.
func (s *Server) visit(maxBytes int64, h handler) http.Handler {
	return s.public(func(w http.ResponseWriter, r *http.Request) error {
		if err := request.CheckEncoding(r); err != nil {
			return err
		}
		if err := request.LimitBody(w, r, maxBytes); err != nil {
			return err
		}
		owner, err := s.pages.FindVisitor(r)
		if err != nil {
			return err
		}
		ctx := request.WithOwner(r.Context(), owner)
		if s.recentlyWrote(w, r) || request.NoCache(r) {
			ctx = ticket.Fresh(ctx)
		}
		r = r.WithContext(ctx)
		if err := h(w, r); err != nil {
			s.writeProblem(w, r, err)
		}
		return nil
	})
}

// requireRole refuses accounts without the right role.
func requireRole(may func(account.Role) bool, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		switch a := request.Account(r); {
		case a == account.Account{}:
			return problem.ErrSignIn
		case !may(a.Role):
			return problem.ErrForbidden
		}
		return h(w, r)
	}
}

// stream is a handler for agents without a deadline: it runs for as long as the browser watches. known are the names that its query may
// have.
func (s *Server) stream(h handler, known ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set(account.Background, "1") // the page asks for it again and again
		session, err := s.Sessions.Current(r)
		if err == nil {
			r = r.WithContext(request.WithSession(r.Context(), session))
			err = requireRole(account.Role.Reviews, checkQuery(known, h))(w, r)
		}
		if err != nil {
			s.writeProblem(w, r, err)
		}
	})
}

// recentlyWrote reports whether this browser sends a write or sent one within FreshTime. The cookie is set before the write,
// so that it is there even if the answer is lost.
func (s *Server) recentlyWrote(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodPost {
		http.SetCookie(w, s.Cookies.New(freshCookie, "1", int(FreshTime.Seconds())))
		return true
	}
	return s.Cookies.Value(r, freshCookie) != ""
}
