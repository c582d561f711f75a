package formfile_test

import "time"

// noon is the time at which the tests answer: a Wednesday, far from any midnight.
var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

// photo is the id of a file.
const photo = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"
