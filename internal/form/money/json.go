package money

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// inJSON is an amount in JSON.
type inJSON struct {
	Amount   *int64 `json:"amount"`
	Currency string `json:"currency"`
}

// EncodeJSON is a stored amount as an object; false when text is none.
func EncodeJSON(text string) (object []byte, ok bool) {
	amount, ok := ParseStored(text)
	if !ok {
		return nil, false
	}
	object, err := json.Marshal(inJSON{&amount.Minor, amount.Currency})
	return object, err == nil
}

// DecodeJSON reads an object with an amount of a known currency and nothing else, as it is stored; false when it is something else.
func DecodeJSON(object []byte) (text string, ok bool) {
	var read inJSON
	d := json.NewDecoder(bytes.NewReader(object))
	d.DisallowUnknownFields()
	if len(object) == 0 || object[0] != '{' || d.Decode(&read) != nil || read.Amount == nil {
		return "", false
	}
	if _, err := d.Token(); err != io.EOF {
		return "", false
	}
	amount := Amount{Minor: *read.Amount, Currency: read.Currency}
	_, ok = Decimals(amount.Currency)
	return amount.String(), ok && amount.Fits()
}

// Typed is a stored amount as a person may type it in any language, with its currency behind it; any other text as it is.
func Typed(text string) string {
	amount, ok := ParseStored(text)
	if decimals, _ := Decimals(amount.Currency); !ok || decimals == 3 { // the point of thousandths may be one of thousands
		return text
	}
	return amount.Major() + " " + amount.Currency
}

// Fold is an amount that was typed with its currency behind it; "" when none was.
func Fold(parts map[string]string) string {
	typed := strings.TrimSpace(parts["value"])
	if typed == "" {
		return ""
	}
	return strings.TrimSpace(typed + " " + parts["currency"])
}
