package postgres

import "time"

// OrZero is the value of a column; the zero value where that is NULL.
func OrZero[T any](column *T) (value T) {
	if column != nil {
		value = *column
	}
	return value
}

// OrNull is a value of a column that is NULL in place of the zero value.
func OrNull[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}

// TimeOrZero is the time of a column in Unix milliseconds; the zero time where that is NULL.
func TimeOrZero(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms)
}
