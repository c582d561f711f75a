package mail

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/netip"
	"time"

	"docket/db"
	"docket/internal/account"
	"docket/internal/postgres"
)

// How many e-mails people who are not signed in may ask for in an hour.
const (
	maxOfAddress = 5   // to one address; also how often its owner is told of a new device
	maxOfNetwork = 200 // from one network: an IPv4 address, or the first 64 bits of an IPv6 address
)

// ErrTooMany says that too many e-mails were asked for in this hour.
var ErrTooMany = errors.New("too many e-mails were asked for")

// CountTime is how long requests are counted together.
const CountTime = time.Hour

// limits counts requests for e-mails, on all instances together.
type limits struct {
	primary *postgres.Pool
	q       *db.Queries
	secret  []byte
}

// CountRequest counts a request for an e-mail before anything is done for it. It returns ErrTooMany when the address or the
// network of the client has had as many as it may, whether or not the address has an account.
func (o *Outbox) CountRequest(ctx context.Context, email string, client netip.Addr) error {
	address := o.limits.keyOf("address", account.NormalizeEmail(email))
	keys := [][]byte{address}
	if client.IsValid() && !client.IsLoopback() { // that may be a proxy
		keys = append(keys, o.limits.keyOf("network", account.NetworkOf(client).String()))
	}
	counts, err := o.limits.count(ctx, keys...)
	if err != nil {
		return err
	}
	for _, count := range counts {
		most := int32(maxOfNetwork)
		if bytes.Equal(count.Key, address) {
			most = maxOfAddress
		}
		if count.Requests > most {
			return ErrTooMany
		}
	}
	return nil
}

// count counts a request under each key, and returns how many each had in its hour.
func (l limits) count(ctx context.Context, keys ...[]byte) ([]db.MailRequestCountRow, error) {
	counts, err := l.q.MailRequestCount(ctx, l.primary, keys)
	if err != nil {
		return nil, postgres.WrapError("count requests for e-mails", err)
	}
	return counts, nil
}

// keyOf is a hash of what is counted: the table has no addresses.
func (l limits) keyOf(what, value string) []byte {
	mac := hmac.New(sha256.New, l.secret)
	mac.Write([]byte("mail requests\x00" + what + "\x00" + value))
	return mac.Sum(nil)
}
