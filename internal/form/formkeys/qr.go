package formkeys

import "docket/internal/form"

func qrObject() Object {
	return Object{
		Name: "qr", What: `"qr"`, Around: "sections:\n  - fields:\n      - {name: scanned, label: Card, type: image, qr: %s}",
		Keys: []Key{
			{Name: "separator", Value: Text(), Required: true, Means: "the sign between the parts", Example: "{separator: ';', fields: [number, name]}"},
			{Name: "fields", Value: Names("list of what the parts are"), Required: true, Means: "in their order: `number`, `old_number`, `name`, `sex` (as it is written there), `address`, or `birth_date` and `issue_date` with the order of their digits (`'birth_date: ddmmyyyy'`); `''` skips a part", Example: "{separator: ';', fields: [number, '', name, 'birth_date: yyyy-mm-dd']}"},
			{Name: "least", Value: Count(1, 50), Means: "how many parts a code has at least", Default: "all of `fields`", Example: "{separator: ';', fields: [number, name, address], least: 2}"},
		},
	}
}

func citizenNumberObject() Object {
	return Object{
		Name: "citizen_number", What: `"citizen_number"`, Around: "sections:\n  - fields:\n      - {name: sex, label: Sex}\n      - {name: born_on, label: Born, type: date}\n      - {name: born_in, label: Place of birth}\n      - {name: card_number, label: Number, citizen_number: %s}",
		Keys: []Key{
			{Name: "country", Value: Word(form.VietnameseNumbers), Required: true, Means: "whose cards have such numbers: `VNM`, with 12 digits for province, century and sex, and year of birth", Example: "{country: VNM, birth_date: born_on}"},
			{Name: "when", Value: Condition(), Means: "it is such a number only when this holds; other documents have numbers of 12 digits, too", Default: "always", Example: "{country: VNM, when: sex != '', birth_date: born_on}"},
			{Name: "birth_date", Value: Text(), Means: "the field beside it with the date of birth", Default: "not compared", Example: "{country: VNM, birth_date: born_on}"},
			{Name: "sex", Value: Text(), Means: "the field beside it with the sex; compared when the answer is `female`, `male`, `f` or `m`", Default: "not compared", Example: "{country: VNM, sex: sex}"},
			{Name: "birth_place", Value: Text(), Means: "the field beside it with the place of birth; compared when the answer names a province", Default: "not compared", Example: "{country: VNM, birth_place: born_in}"},
		},
	}
}
