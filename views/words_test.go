package views

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/form/formkeys"
	"docket/internal/i18n"
	"docket/internal/mrz"
	"docket/internal/photo"
	"docket/internal/ticket"
)

func TestReviewPath_Filter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filter Filter
		want   string
	}{
		{Filter{}, "/review"},
		{Filter{Status: ticket.Processing, Limit: DefaultLimit}, "/review"},
		{Filter{Status: ticket.Rejected, User: "a&b", Sort: "newest", Limit: 20}, "/review?limit=20&sort=newest&status=rejected&user=a%26b"},
		{Filter{From: "2026-03-01", To: "2026-03-07", Cursor: "x"}, "/review?cursor=x&from=2026-03-01&to=2026-03-07"},
	} {
		if got := ReviewPath(c.filter); got != c.want {
			t.Errorf("ReviewPath(%+v) = %s, want %s", c.filter, got, c.want)
		}
	}
}

func TestLoginPath_Next(t *testing.T) {
	t.Parallel()
	if got, want := LoginPath("/tickets/new?a=b"), "/login?next=%2Ftickets%2Fnew%3Fa%3Db"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := LoginPath(""); got != "/login" {
		t.Errorf("got %s, want /login", got)
	}
}

func TestActorName_KnownAndUnknown(t *testing.T) {
	t.Parallel()
	names := map[string]string{"agent:1": "linh@desk.example"}
	for actor, want := range map[string]string{
		"agent:1": "linh@desk.example", "rule:underage": "rule underage", "key:shop": "system shop", "user:u-1042": "user u-1042", "odd": "odd",
	} {
		if got := (Site{}).actorName(names, actor); got != want {
			t.Errorf("actorName(%q) = %q, want %q", actor, got, want)
		}
	}
}

func TestTicketNumber_LastEightDigits(t *testing.T) {
	t.Parallel()
	if got := ticketNumber(uuid.MustParse("0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10")); got != "4E1F6A10" {
		t.Errorf("got %s", got)
	}
}

func TestShortUserID_OnlyLongOnes(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"0199c1ee-0000-7000-8000-000000000001": "0199c…000001", "u-1042": "u-1042"} {
		if got := shortUserID(id); got != want {
			t.Errorf("shortUserID(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestBacklogText_CountedUpToAThousand(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		1: "1 older ticket waits outside this range.", 1000: "1,000 older tickets wait outside this range.", 1001: "More than 1,000 older tickets wait outside this range.",
	} {
		if got := backlogText(Site{}, n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestReasonKey_OneForEachReason(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	for place := range 58 {
		key := reasonKey(place)
		if key == "" || key == "A" || key == "R" || keys[key] {
			t.Errorf("the key of reason %d is %q: it must be its own", place+1, key)
		}
		keys[key] = true
	}
	for place, want := range map[int]string{0: "1", 9: "0", 10: "B", 29: "V", 33: "Z", 34: "⇧B", 57: "⇧Z", 58: "", 1000: ""} {
		if got := reasonKey(place); got != want {
			t.Errorf("reasonKey(%d) = %q, want %q", place, got, want)
		}
	}
}

func TestReasons_EveryWarningIsASignal(t *testing.T) {
	t.Parallel()
	for _, warning := range photo.Warnings {
		if !slices.Contains(formkeys.Signals(), string(warning)) {
			t.Errorf("no reason can be offered for %q", warning)
		}
	}
}

// TestCatalogue_EveryValueHasAText tries the texts whose key the program puts together.
func TestCatalogue_EveryValueHasAText(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, status := range ticket.Statuses {
		keys = append(keys, "status."+string(status))
	}
	for _, kind := range ticket.EventKinds {
		keys = append(keys, "event."+string(kind))
	}
	for _, outcome := range ticket.Outcomes {
		keys = append(keys, "rules.outcome."+string(outcome))
	}
	for _, final := range ticket.FinalOutcomes {
		keys = append(keys, "rules.final."+string(final))
	}
	for _, warning := range photo.Warnings {
		keys = append(keys, "warning."+string(warning), "photo.warning."+string(warning))
	}
	for _, field := range []mrz.Field{mrz.Number, mrz.Birth, mrz.Expiry, mrz.Optional, mrz.Composite} {
		keys = append(keys, "mrz.wrong."+string(field))
	}
	for _, kind := range []string{"agent", "key", "rule", "user"} {
		keys = append(keys, "actor."+kind)
	}
	keys = append(keys, "review.approved_by", "review.rejected_by")
	for _, tag := range i18n.Tags() {
		for _, key := range keys {
			if i18n.Of(tag).T(key) == key {
				t.Errorf("%s has no text %s", i18n.File(tag), key)
			}
		}
	}
}

func TestSentence_ComponentsStandWhereTheLanguagePutsThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tag, want string }{
		{"en", `Approved by <bdi>a&lt;b</bdi> on <s dir="auto">now</s>.`},
		{"vi", `Được <bdi>a&lt;b</bdi> duyệt lúc <s dir="auto">now</s>.`},
	} {
		var b strings.Builder
		filled := parts{"Actor": isolated("a<b"), "Time": struckOut("now")}
		if err := sentence(Site{Words: i18n.Of(c.tag)}, "review.approved_by", filled).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// The numbers of the limits come from the checks, so no text may be left with a gap.
func TestRefusalText_NamesTheLimits(t *testing.T) {
	t.Parallel()
	for _, tag := range i18n.Tags() {
		site := Site{Words: i18n.Of(tag)}
		for code, limit := range map[string]int{
			"file_too_large": photo.MaxBytes >> 20, "few_pixels": photo.MinSide, "many_pixels": photo.MaxSide,
		} {
			got := RefusalText(site, code)
			if !strings.Contains(got, site.Words.Number(limit)) || strings.Contains(got, "{{.") {
				t.Errorf("%s: %s is %q, want %s in it", tag, code, got, site.Words.Number(limit))
			}
		}
	}
}

func TestUploadScriptData_LimitOfTheScript(t *testing.T) {
	t.Parallel()
	if got := uploadScriptData(Site{}, form.Field{})["data-max-bytes"]; got != strconv.Itoa(photo.MaxBytes) {
		t.Errorf("data-max-bytes is %v, want %d", got, photo.MaxBytes)
	}
	script, err := os.ReadFile("../static/upload.js")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(script), "file.size > job.say.maxBytes") {
		t.Error("the script does not compare a file with data-max-bytes")
	}
}
