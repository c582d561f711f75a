package evidence_test

import (
	"strings"
	"testing"

	"docket/internal/evidence"
)

func TestCompare_Table(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, said, read string
		want             evidence.Match
	}{
		{evidence.Number, "L898902C3", "L898902C3", evidence.Agrees},
		{evidence.Number, "l898 902-c3", "L898902C3", evidence.Agrees},
		{evidence.Number, "Ｌ898902C3", "L898902C3", evidence.Agrees},
		{evidence.Number, "L8989O2C3", "L898902C3", evidence.Near},
		{evidence.Number, "L898902G3", "L898902C3", evidence.Differs},
		{evidence.Number, "L898902C", "L898902C3", evidence.Differs},
		{evidence.PersonalNumber, "12.345", "12345", evidence.Agrees},
		{evidence.Name, "Anna Maria Eriksson", "ERIKSSON ANNA MARIA", evidence.Agrees},
		{evidence.Name, "Nguyễn Thị Ánh", "NGUYEN THI ANH", evidence.Agrees},
		{evidence.Name, "Đặng Văn Đức", "DANG VAN DUC", evidence.Agrees},
		{evidence.Name, "Jürgen Müller", "MUELLER JUERGEN", evidence.Agrees},
		{evidence.Name, "Jürgen Müller", "MULLER JURGEN", evidence.Agrees},
		{evidence.Name, "Jürgen Müller", "MUXXLLER JUXXRGEN", evidence.Agrees},
		{evidence.Name, "Iñaki Núñez", "NUNXXEZ INXXAKI", evidence.Agrees},
		{evidence.Name, "Åsa Sjöström", "SJOESTROEM AASA", evidence.Agrees},
		{evidence.Name, "Jean-Luc D’Arcy", "DARCY JEAN LUC", evidence.Agrees},
		{evidence.Name, "Weiß Straße", "WEISS STRASSE", evidence.Agrees},
		{evidence.Name, "Anna Eriksson", "ERIKSSON ANNA MARIA", evidence.Near},
		{evidence.Name, "Anna Maria Erikson", "ERIKSSON ANNA MARIA", evidence.Near},
		{evidence.Name, "Bob Eriksson", "ERIKSSON ANNA MARIA", evidence.Differs},
		{evidence.Name, "Иванов Пётр", "IVANOV PETR", evidence.Agrees},
		{evidence.Name, "Иванов Пётр", "SIDOROV OLEG", evidence.Differs},
		{evidence.Name, "محمد", "MXHMD", evidence.Agrees},
		{evidence.Name, "王伟", "WANG WEI", evidence.Unread},
		{evidence.Surname, "Đỗ", "DO", evidence.Agrees},
		{evidence.BirthDate, "1974-08-12", "1974-08-12", evidence.Agrees},
		{evidence.BirthDate, "1974-08-12", "1974-08", evidence.Near},
		{evidence.BirthDate, "1974", "1974-08-12", evidence.Near},
		{evidence.BirthDate, "1874-08-12", "1974-08-12", evidence.Near},
		{evidence.BirthDate, "1974-12-08", "1974-08-12", evidence.Differs},
		{evidence.Nationality, "SWE", "SWE", evidence.Agrees},
		{evidence.Nationality, "SWE", "NOR", evidence.Differs},
		{evidence.Nationality, "GBN", "GBN", evidence.Agrees},
		{evidence.Nationality, "GBR", "GBN", evidence.Near},
		{evidence.Nationality, "SWE", "GBN", evidence.Differs},
		{evidence.Address, "Số 1, Đội Cấn, Ba Đình, Hà Nội", "so 1 doi can ba dinh ha noi", evidence.Agrees},
		{evidence.Address, "Số 1, Đội Cấn, Ba Đình, Hà Nội, Việt Nam", "Số 1, Đội Cấn, Ba Đình, Hà Nội", evidence.Near},
		{evidence.Address, "Cần Thơ", "Số 1, Đội Cấn, Ba Đình, Hà Nội", evidence.Differs},
		{evidence.Number, "", "L898902C3", evidence.Unread},
		{evidence.Number, "L898902C3", "", evidence.Unread},
	} {
		if got := evidence.Compare(c.said, evidence.Value{Name: c.name, Text: c.read, Sure: true}); got != c.want {
			t.Errorf("%s: %q and %q: got %s, want %s", c.name, c.said, c.read, got, c.want)
		}
	}
}

// What is not sure contradicts nobody, and agrees all the same.
func TestCompare_Unsure(t *testing.T) {
	t.Parallel()
	for read, want := range map[string]evidence.Match{"L898902C3": evidence.Agrees, "L898902O3": evidence.Unread} {
		if got := evidence.Compare("L898902C3", evidence.Value{Name: evidence.Number, Text: read}); got != want {
			t.Errorf("%s: got %s, want %s", read, got, want)
		}
	}
}

// The letter that was mended may be the one that differs.
func TestCompare_Mended(t *testing.T) {
	t.Parallel()
	for read, want := range map[string]evidence.Match{"L898902C3": evidence.Agrees, "L898902G3": evidence.Near, "L898902GG": evidence.Differs} {
		if got := evidence.Compare("L898902C3", evidence.Value{Name: evidence.Number, Text: read, Sure: true, Mended: true}); got != want {
			t.Errorf("%s: got %s, want %s", read, got, want)
		}
	}
}

func TestReading_Value(t *testing.T) {
	t.Parallel()
	read := evidence.Reading{Values: []evidence.Value{{Reader: evidence.MRZ, Name: evidence.Number, Text: "1"}, {Reader: evidence.QR, Name: evidence.Number, Text: "2"}}}
	for reader, want := range map[string]string{evidence.MRZ: "1", evidence.QR: "2", "": "1"} {
		if got, ok := read.Value(reader, evidence.Number); !ok || got.Text != want {
			t.Errorf("%q: got %v, want %s", reader, got, want)
		}
	}
	if got, ok := read.Value("", evidence.Name); ok {
		t.Errorf("got %v, want none", got)
	}
}

func TestReading_FaceWarning(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][2]string{"": {"", ""}, "one": {"", ""}, "none": {"none", "none"}, "several": {"several", ""}, "small": {"small", ""}, "off_centre": {"off_centre", ""}} {
		read := evidence.Reading{FaceState: state}
		if selfie, document := read.FaceWarning(false), read.FaceWarning(true); selfie != want[0] || document != want[1] {
			t.Errorf("%q: got %q and %q, want %q", state, selfie, document, want)
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Nguyễn", "NGUYEN", evidence.Name)
	f.Add("1974-08-12", "1974", evidence.BirthDate)
	f.Fuzz(func(t *testing.T, said, read, name string) {
		got := evidence.Compare(said, evidence.Value{Name: name, Text: read, Sure: true})
		if strings.TrimSpace(said) != "" && said == read && got != evidence.Agrees {
			t.Errorf("%q as %s: got %s", said, name, got)
		}
	})
}
