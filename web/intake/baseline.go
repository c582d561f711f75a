package intake

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/web/problem"
)

// Baseline is what a page showed before its user changed anything. What the page sends is compared with it, so that only what
// was changed on this page is saved.
type Baseline struct {
	version int64             // of the draft that the page shows; 0: none
	page    string            // names the page
	hashes  map[string]string // field name → hash of what was shown; nil: the page does not say
}

// NewBaseline is the baseline of a page that shows these values in these fields.
func NewBaseline(version int64, fields []string, values form.Input) Baseline {
	b := Baseline{version, uuid.NewString(), map[string]string{}}
	for _, name := range fields {
		b.hashes[name] = hashTexts(values.Values(name))
	}
	return b
}

// String is the text that parseBaseline reads.
func (b Baseline) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d %s", b.version, b.page)
	for _, name := range slices.Sorted(maps.Keys(b.hashes)) {
		text.WriteString(" " + name + ":" + b.hashes[name])
	}
	return text.String()
}

// parseBaseline reads the text of a baseline; it returns problem.ErrPage when that is none.
func parseBaseline(text string) (Baseline, error) {
	parts := strings.Fields(text)
	if len(parts) < 2 {
		return Baseline{}, problem.ErrPage
	}
	version, err := strconv.ParseInt(parts[0], 10, 64)
	page, noPage := uuid.Parse(parts[1])
	if err != nil || noPage != nil || version < 0 {
		return Baseline{}, problem.ErrPage
	}
	b := Baseline{version, page.String(), map[string]string{}}
	for _, part := range parts[2:] {
		name, hash, _ := strings.Cut(part, ":")
		b.hashes[name] = hash
	}
	return b, nil
}

// saved is the baseline of the same page once it has saved these values. What could not be saved stays different from it.
func (b Baseline) saved(version int64, values form.Input, unsaved map[string]string) Baseline {
	after := Baseline{version, b.page, maps.Clone(b.hashes)}
	for name := range after.hashes {
		if _, conflict := unsaved[name]; !conflict {
			after.hashes[name] = hashTexts(values.Values(name))
		}
	}
	return after
}

// hashTexts is equal for the same answers, however browsers end lines and order what was ticked.
func hashTexts(texts []string) string {
	sum := fnv.New64a()
	for _, text := range slices.Sorted(slices.Values(cleanTexts(texts))) {
		_, _ = sum.Write([]byte(strings.TrimSpace(text) + "\x00")) // never fails
	}
	return strconv.FormatUint(sum.Sum64(), 36)
}

// cleanTexts are typed texts as a draft keeps them: none when all are blank.
func cleanTexts(texts []string) (clean []string) {
	for _, text := range texts {
		if text = storableText(text); strings.TrimSpace(text) != "" {
			clean = append(clean, text)
		}
	}
	return clean
}
