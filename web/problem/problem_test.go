package problem

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/i18n"
	"docket/internal/strictjson"
)

func TestProblem_EveryOneHasWords(t *testing.T) {
	t.Parallel()
	all := []Problem{{words: "unreadable"}}
	for _, err := range []error{&http.MaxBytesError{}, Invalid{}, WrongParameters{}, &strictjson.Error{}, account.TooManyTries{}, io.EOF} {
		all = append(all, Of(err))
	}
	for _, known := range table {
		all = append(all, Of(known.err))
	}
	for _, tag := range i18n.Tags() {
		words := i18n.Of(tag)
		for _, p := range all {
			for _, text := range []string{p.Title(words), p.Detail(words, nil)} {
				if strings.HasPrefix(text, "problem.") {
					t.Errorf("%s: no words for %s", tag, text)
				}
			}
		}
	}
}

// An error of the table is answered from memory, and one that wraps it is not.
func TestWriteJSON_SameFromMemory(t *testing.T) {
	t.Parallel()
	for _, known := range table {
		wrapped := fmt.Errorf("read: %w", known.err)
		plain, other := httptest.NewRecorder(), httptest.NewRecorder()
		Of(known.err).WriteJSON(plain, "the-id", known.err)
		Of(wrapped).WriteJSON(other, "the-id", wrapped)
		if plain.Code != other.Code || plain.Body.String() != other.Body.String() || strings.Count(plain.Body.String(), `"request_id":"the-id"`) != 1 {
			t.Errorf("%v: %d %s, wrapped %d %s", known.err, plain.Code, plain.Body, other.Code, other.Body)
		}
	}
}

func TestDetail_ParametersThatCannotBeShown(t *testing.T) {
	t.Parallel()
	err := WrongParameters{"tên", "a\x00\u202eb\xff"}
	if got, want := Of(err).Detail(i18n.Of("en"), err), "tên, a\ufffd\ufffdb\ufffd"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}

func TestCode_EveryProblemIsListed(t *testing.T) {
	t.Parallel()
	used := map[Code]bool{Internal: true, TooLarge: true, InvalidInput: true, MalformedJSON: true, OtherAccount: true}
	for _, known := range table {
		used[known.code] = true
		if known.code.Status() == Internal.Status() {
			t.Errorf("%s is not in Codes", known.code)
		}
	}
	for _, known := range Codes {
		if !used[known.Code] {
			t.Errorf("%s is in Codes, and no error has it", known.Code)
		}
		if known.When == "" && known.Code != OtherAccount || known.Status < 400 {
			t.Errorf("%s has status %d and says when: %q", known.Code, known.Status, known.When)
		}
	}
}
