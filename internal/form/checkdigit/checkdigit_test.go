package checkdigit_test

import (
	"testing"

	"docket/internal/form/checkdigit"
)

func TestCheckDigits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		check func(string) bool
		right []string
		wrong []string
	}{
		"luhn":  {checkdigit.Luhn, []string{"4111 1111 1111 1111", "79927398713", "18"}, []string{"", "0", "4111 1111 1111 1112", "79927398731", "4111x", "١٨"}},
		"mod97": {checkdigit.Mod97, []string{"5493001kjtiigc8y1r12", "1"}, []string{"", "5493001KJTIIGC8Y1R21", "5493001KJTIIGC8Y1R1_", "é1"}},
		"mod11": {checkdigit.Mod11, []string{"0-306-40615-2", "080442957x", "943 476 5919", "00"}, []string{"", "0", "X", "0-306-40615-3", "X804429570", "943 476 5911"}},
	} {
		for _, number := range test.right {
			if !test.check(number) {
				t.Errorf("%s: %q is wrong, want right", name, number)
			}
		}
		for _, number := range test.wrong {
			if test.check(number) {
				t.Errorf("%s: %q is right, want wrong", name, number)
			}
		}
	}
}
