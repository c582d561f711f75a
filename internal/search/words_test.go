package search_test

import (
	"slices"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/search"
)

func TestParse_FindsWhatIsIndexed(t *testing.T) {
	t.Parallel()
	words, whole := search.Index(formfile.Default(), form.Answers{
		{Name: "full_name", Texts: []string{"Nguyễn Đức An"}, Type: form.Text},
		{Name: "document_number", Texts: []string{"B 12.345-67"}, Type: form.Text},
		{Name: "phone", Texts: []string{"+84 (24) 3825 1234"}, Type: form.Tel},
		{Name: "email", Texts: []string{"An.Nguyen@mail.example"}, Type: form.Email},
		{Name: "address", Texts: []string{"12 Lê Lợi"}, Type: form.LongText}, // not marked
	})
	if want := []string{"nguyen", "duc", "an", "b", "12", "345", "67", "84", "24", "3825", "1234", "an", "nguyen", "mail", "example"}; !slices.Equal(words, want) {
		t.Errorf("words %q, want %q", words, want)
	}
	for _, typed := range []string{"b1234567", "B 12 345 67", "024 3825 1234", "+84 24 38251234", "0084-24-3825-1234", "an.nguyen@MAIL.example"} {
		asked := search.Parse(typed)
		if !slices.ContainsFunc(asked.Whole, func(text string) bool { return slices.Contains(whole, text) }) {
			t.Errorf("%q asks for %q, the ticket has %q", typed, asked.Whole, whole)
		}
	}
	if asked := search.Parse("DBDBFBCF"); !slices.Equal(asked.Whole, []string{"=dbdbfbcf"}) {
		t.Errorf("the number of a ticket without a digit asks for %q", asked.Whole)
	}
	for _, typed := range []string{"", "  ", "-- /"} {
		if asked := search.Parse(typed); !asked.IsZero() {
			t.Errorf("%q asks for %+v", typed, asked)
		}
	}
	if asked := search.Parse("Nguyễn 12"); len(asked.Whole) != 1 || !slices.Equal(asked.Words, []string{"nguyen", "12"}) {
		t.Errorf("it asks for %+v", asked)
	}
}

// Numbers are compared by their letters and digits alone, however they are printed.
func TestParse_NumbersAsPrinted(t *testing.T) {
	t.Parallel()
	for printed, typed := range map[string]string{
		"A123456(7)": "a1234567", "№ 123456": "123456", "[AB] 12-34/56": "AB123456", "DOE**MJ501P1": "doemj501p1", "12.345*": "12345",
	} {
		_, whole := search.Index(formfile.Default(), form.Answers{{Name: "document_number", Texts: []string{printed}, Type: form.Text}})
		if asked := search.Parse(typed); len(whole) != 1 || !slices.Contains(asked.Whole, whole[0]) {
			t.Errorf("%q is found by %q, and %q asks for %q", printed, whole, typed, asked.Whole)
		}
	}
	_, whole := search.Index(formfile.Default(), form.Answers{{Name: "phone", Texts: []string{"+84 24/3825-1234 ext. 12"}, Type: form.Tel}})
	if asked := search.Parse("024 3825 1234"); !slices.ContainsFunc(asked.Whole, func(text string) bool { return slices.Contains(whole, text) }) {
		t.Errorf("a number with an extension is found by %q, asked is %q", whole, asked.Whole)
	}
}

func TestIdentities_SamePerson(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	of := func(i *search.Identifier, name, born, number string) map[string]string {
		answers := form.Answers{{Name: "full_name", Texts: []string{name}, Type: form.Text}, {Name: "document_number", Texts: []string{number}, Type: form.Text}}
		if born != "" {
			answers = append(answers, form.Answer{Name: "date_of_birth", Texts: []string{born}, Type: form.Date})
		}
		hashes := map[string]string{}
		for _, identity := range i.Identities(f, answers) {
			hashes[identity.Name] = string(identity.Hash)
		}
		return hashes
	}
	key := search.NewIdentifier([]byte("one"))
	first := of(key, "Nguyễn Đức An", "1990-02-03", "B 123-4567")
	for _, c := range []struct {
		name, born, number   string
		samePerson, sameCard bool
	}{
		{"AN NGUYEN DUC", "1990-02-03", "b1234567", true, true},
		{"Nguyễn Đức An", "1990-03-02", "B1234568", false, false},
		{"Nguyễn Đức Anh", "1990-02-03", "B12345 67", false, true},
	} {
		got := of(key, c.name, c.born, c.number)
		if same := got["person"] == first["person"]; same != c.samePerson {
			t.Errorf("%+v: the same person is %v", c, same)
		}
		if same := got["document_number"] == first["document_number"]; same != c.sameCard {
			t.Errorf("%+v: the same document is %v", c, same)
		}
	}
	if got := of(key, "Nguyễn Đức An", "", "B1"); len(got) != 1 {
		t.Errorf("without a date of birth there are %d identities, want that of the document", len(got))
	}
	if got := of(search.NewIdentifier([]byte("two")), "Nguyễn Đức An", "1990-02-03", "B 123-4567"); got["person"] == first["person"] {
		t.Error("another key gives the same hash")
	}
}
