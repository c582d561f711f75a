package form_test

import (
	"os"
	"path/filepath"
	"testing"

	"docket/internal/form/formfile"
)

func TestUseOptionLists_InRows(t *testing.T) {
	t.Parallel()
	const src = head + `fields:
  - name: shops
    label: Shops
    type: group
    many: 2
    fields:
      - {name: branch, label: Branch, type: choice, options_from: branches.csv}
`
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "branches.csv"), []byte("value,label\nHN-1,Hanoi\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	today, err := formfile.ParseIn([]byte(src), folder)
	if err != nil {
		t.Fatal(err)
	}
	old := parse(t, src)
	old.UseOptionLists(today)
	group, _ := old.Field("shops")
	inside, _ := group.Rows.Form.Field("branch")
	first, _ := old.Field("shops.0.branch")
	each, _ := old.Field("shops.branch")
	if inside.OptionList == nil || first.OptionList == nil || each.OptionList == nil {
		t.Errorf("got lists %v in a row, %v in the first, %v in any, want the same of each", inside.OptionList, first.OptionList, each.OptionList)
	}
}
