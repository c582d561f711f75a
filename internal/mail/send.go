package mail

import (
	"context"
	"errors"
	"log/slog"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/postgres"
)

const (
	pollInterval   = time.Second      // how often the outbox is looked at; what this instance has written is sent at once
	failurePause   = 15 * time.Second // after the server could not be reached
	renewInterval  = time.Minute
	senderLife     = 24 * time.Hour // how long rows are written after the last instance that sends has ended
	remindInterval = 30 * time.Second
	countInterval  = 15 * time.Second
	sweepInterval  = 10 * time.Minute
	queryTime      = 2 * time.Second
	batchSize      = 10
	batchTime      = 30 * time.Second // shorter than the pause after which another instance takes the same e-mails
	maxAttempts    = 14               // about a day, with the pauses of OutboxTake
	maxAge         = 48 * time.Hour
)

// sender sends messages. It returns one error for each, nil for those that were sent; it may stop at the end of ctx, or when the
// server is lost, and then the error of the rest is errNotTried.
type sender interface {
	send(ctx context.Context, messages []*gomail.Msg) []error
}

// errNotTried says that an e-mail was not sent because one before it failed.
var errNotTried = errors.New("not tried")

// Run sends what is in the outbox until ctx ends.
func (o *Outbox) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return repeat(ctx, renewInterval, func() { o.renewSender(ctx) }) })
	g.Go(func() error { return repeat(ctx, remindInterval, func() { o.remindSteps(ctx) }) })
	g.Go(func() error { return repeat(ctx, countInterval, func() { o.countWaiting(ctx) }) })
	g.Go(func() error { return o.sendDue(ctx) })
	return g.Wait()
}

// repeat calls do now and then at every interval until ctx ends.
func repeat(ctx context.Context, interval time.Duration, do func()) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		do()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// renewSender lets triggers and other instances write to the outbox.
func (o *Outbox) renewSender(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	_ = o.q.MailSenderRenew(ctx, o.Primary, senderLife.Milliseconds()) // the next round tries again
}

func (o *Outbox) countWaiting(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	row, err := o.q.OutboxCount(ctx, o.Primary)
	if err == nil { // else the last values stay
		o.Waiting(row.Waiting, time.Duration(row.NowMs-row.OldestMs)*time.Millisecond)
	}
}

// sendDue sends what is due, again and again.
func (o *Outbox) sendDue(ctx context.Context) error {
	for {
		pause := o.sendBatch(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		case <-o.arrived:
		}
	}
}

// sendBatch sends some of what is due, and returns how long to wait before the next batch.
func (o *Outbox) sendBatch(ctx context.Context) time.Duration {
	rows, err := o.take(ctx)
	if err != nil || len(rows) == 0 {
		return pollInterval
	}
	ctx, cancel := context.WithTimeout(ctx, batchTime)
	defer cancel()
	var sent []db.OutboxTakeRow
	var messages []*gomail.Msg
	for _, row := range rows {
		message, err := o.compose(ctx, row)
		if err != nil {
			o.finish(ctx, row, err)
			continue
		}
		sent, messages = append(sent, row), append(messages, message)
	}
	pause := time.Duration(0)
	for i, err := range o.sender.send(ctx, messages) {
		o.finish(ctx, sent[i], err)
		if errors.Is(err, errNotTried) {
			pause = failurePause
		}
	}
	return pause
}

func (o *Outbox) take(ctx context.Context) ([]db.OutboxTakeRow, error) {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	rows, err := o.q.OutboxTake(ctx, o.Primary, batchSize)
	if err != nil {
		return nil, postgres.WrapError("take e-mails", err)
	}
	return rows, nil
}

// finish deletes an e-mail that was sent, or that is not worth another attempt, also while the instance ends.
func (o *Outbox) finish(ctx context.Context, row db.OutboxTakeRow, err error) {
	outcome := "sent"
	if err != nil {
		outcome = o.reportFailure(ctx, row, err)
	}
	o.Count(outcome)
	if outcome == "failed" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTime)
	defer cancel()
	if err := o.q.OutboxDelete(ctx, o.Primary, row.ID); err != nil {
		o.Log.Warn("an e-mail may be sent twice", "kind", row.Kind, "error", postgres.WrapError("delete an e-mail", err))
	}
}

// reportFailure logs an attempt that failed, without the address, and says whether that was the last one.
func (o *Outbox) reportFailure(ctx context.Context, row db.OutboxTakeRow, err error) (outcome string) {
	level, says, outcome := slog.LevelWarn, "an e-mail was not sent; it is tried again", "failed"
	if isPermanent(err) || row.Attempts >= maxAttempts || time.Since(time.UnixMilli(row.CreatedAtMs)) > maxAge {
		level, says, outcome = slog.LevelError, "an e-mail was given up", "given_up"
	}
	if !errors.Is(err, errNotTried) || outcome == "given_up" {
		o.Log.Log(ctx, level, says, "kind", row.Kind, "account", row.AccountID, "attempts", row.Attempts, "error", failureText(err))
	}
	return outcome
}
