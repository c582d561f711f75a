package demo

import (
	"fmt"
	"strings"

	"docket/internal/mrz/specimen"
)

// zone are the lines of the machine-readable zone of the person's passport; nothing is said of the sex.
func (p person) zone() [2]string {
	name := strings.ReplaceAll(p.holder.Surname+"<<"+p.holder.Given, " ", "<")
	return specimen.PassportLines(fmt.Sprint(p.typed["nationality"]), name, p.holder.Number, zoneDate(p.typed["date_of_birth"]), "<", zoneDate(p.typed["expiry_date"]))
}

// zoneDate writes year-month-day as yymmdd.
func zoneDate(answer any) string { return strings.ReplaceAll(fmt.Sprint(answer), "-", "")[2:] }
