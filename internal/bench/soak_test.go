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

func TestAClusterServesWhilePartsAreReplaced(t *testing.T) {
	t.Parallel()
	if err := (cluster{Listen: "127.0.0.1:0", For: 3 * time.Second}).Run(t.Context()); err != nil {
		t.Error(err)
	}
}
