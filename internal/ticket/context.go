package ticket

import "context"

type freshKey struct{}

// Fresh marks ctx: reads under it see every write committed before they began.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

// IsFresh reports whether ctx carries the mark of Fresh.
func IsFresh(ctx context.Context) bool { fresh, _ := ctx.Value(freshKey{}).(bool); return fresh }

type urgentKey struct{}

// Urgent marks ctx: requests under it do not wait behind ordinary ones.
func Urgent(ctx context.Context) context.Context { return context.WithValue(ctx, urgentKey{}, true) }

// IsUrgent reports whether ctx carries the mark of Urgent.
func IsUrgent(ctx context.Context) bool { urgent, _ := ctx.Value(urgentKey{}).(bool); return urgent }
