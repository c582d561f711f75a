package main

import (
	"testing"
	"time"
)

func TestAShortSoakBreaksNoPromise(t *testing.T) {
	t.Parallel()
	if err := (soak{For: 4 * time.Second}).Run(t.Context()); err != nil {
		t.Error(err)
	}
}
