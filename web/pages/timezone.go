package pages

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"docket/internal/account"
	"docket/views"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

// zoneCookie is the cookie in which a script of the page says the browser's time zone.
const zoneCookie = "docket_zone"

// zone is the time zone in which the person who sent a request reads times: the one set for the account, else the browser's, else the
// form's.
func (p *Pages) zone(r *http.Request) *time.Location {
	names := []string{request.Session(r).TimeZone}
	if cookie, err := r.Cookie(zoneCookie); err == nil {
		names = append(names, strings.ReplaceAll(cookie.Value, "%2F", "/"))
	}
	for _, name := range names {
		if zone := findZone(name); zone != nil {
			return zone
		}
	}
	return p.Form.Zone
}

// lists reads filters whose days are those of the person who sent a request.
func (p *Pages) lists(r *http.Request) *listing.Lists { return p.Lists.In(p.zone(r)) }

var (
	zoneName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}$`)
	zones    sync.Map // name → *time.Location; as many as there are
)

// findZone is the time zone with an IANA name; nil when there is none.
func findZone(name string) *time.Location {
	if known, ok := zones.Load(name); ok {
		zone, _ := known.(*time.Location)
		return zone
	}
	if !zoneName.MatchString(name) {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || zone == time.Local {
		return nil
	}
	zones.Store(name, zone)
	return zone
}

// SetZone sets the time zone of one's own account; none is the browser's.
func (p *Pages) SetZone(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	name := strings.TrimSpace(r.PostForm.Get("time_zone"))
	if name != "" && findZone(name) == nil {
		return p.showAccount(w, r, http.StatusUnprocessableEntity, views.OwnAccount{Zone: name, ZoneProblem: p.words(r).T("zone.unknown")})
	}
	owner := request.Account(r)
	if owner == (account.Account{}) {
		return problem.ErrSignIn
	}
	if err := p.Accounts.SetTimeZone(r.Context(), owner.ID, name); err != nil {
		return err
	}
	return p.leaveStage(w, r, "", views.ZoneSet)
}
