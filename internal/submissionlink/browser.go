package submissionlink

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"docket/db"
	"docket/internal/bearertoken"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// codeTime is how long a code is shown; it is good for as long again.
const codeTime = 10 * time.Minute

// Begin binds a link to the browser with this token, if it is the first to open it. False: another one was.
func (s *Links) Begin(ctx context.Context, l Link, browser string) (bool, error) {
	if l.Begun() {
		return false, nil
	}
	return s.admit(ctx, l, browser)
}

// Code is the code that lets one more browser use a link. It changes every ten minutes, and when a browser is let in.
func (s *Links) Code(l Link, now time.Time) string {
	return s.codeAt(l, now.Unix()/int64(codeTime.Seconds()))
}

// Admit lets the browser with this token use a link that another one has begun. It returns ErrCode when the code is wrong or not
// good any more, and ErrTries when too many were shown.
func (s *Links) Admit(ctx context.Context, l Link, browser, code string, now time.Time) error {
	if !l.Begun() || l.Full() {
		return ErrCode
	}
	counted, err := s.q.SubmissionLinkTry(ctx, s.primary, db.SubmissionLinkTryParams{ID: l.ID, Most: maxTries})
	switch {
	case err != nil:
		return postgres.WrapError("count a code of a submission link", err)
	case counted == 0:
		return ErrTries
	}
	step, shown := now.Unix()/int64(codeTime.Seconds()), []byte(tidyCode(code))
	if subtle.ConstantTimeCompare(shown, []byte(s.codeAt(l, step)))|subtle.ConstantTimeCompare(shown, []byte(s.codeAt(l, step-1))) == 0 {
		return ErrCode
	}
	admitted, err := s.admit(ctx, l, browser)
	if err == nil && !admitted {
		return ErrCode
	}
	return err
}

func (s *Links) admit(ctx context.Context, l Link, browser string) (bool, error) {
	hash, known := bearertoken.Hash(browser), int64(len(l.browsers))
	admitted, err := s.q.SubmissionLinkAdmit(ctx, s.primary, db.SubmissionLinkAdmitParams{
		ID: l.ID, Browser: hash, Known: known, Most: maxBrowsers, Mac: s.macKey.Sum("submission link admit", mac.ID(l.ID), hash, mac.Int(known), mac.Int(maxBrowsers)),
	})
	if err != nil {
		return false, postgres.WrapError("let a browser use a submission link", err)
	}
	return admitted, nil
}

// codeAt is six digits, of a link that so many browsers use, in one step of time.
func (s *Links) codeAt(l Link, step int64) string {
	sum := hmac.New(sha256.New, s.codeKey)
	sum.Write(l.ID[:])
	sum.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(len(l.browsers))), uint64(step)))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum.Sum(nil))%1_000_000)
}

// tidyCode is a code without what people put between its digits.
func tidyCode(code string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, code)
}
