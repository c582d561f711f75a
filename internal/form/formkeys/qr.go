package formkeys

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
