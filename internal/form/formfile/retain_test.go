package formfile_test

import (
	"testing"
	"time"

	"docket/internal/form"
)

func TestParse_Retain(t *testing.T) {
	t.Parallel()
	got := parse(t, oneField("")+"retain: {approved: 5y, rejected: 6m, withdrawn: 2w}\n").Retain
	want := form.Retain{Approved: form.Period{Years: 5}, Rejected: form.Period{Months: 6}, Withdrawn: form.Period{Days: 14}, Revoked: form.Period{Months: 6}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	leap := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	if before := got.Approved.Before(leap); before.Format(time.DateOnly) != "2019-03-01" {
		t.Errorf("five years before 29 February is %s", before)
	}
	if none := parse(t, oneField("")).Retain; none != (form.Retain{}) {
		t.Errorf("without retain: %+v, want none", none)
	}
}
