package web_test

import (
	"net/url"
	"time"
)

// refund fills in the form of a refund request.
func refund() url.Values {
	return url.Values{
		"submission_id": {someID}, "order_number": {"AB-123456"}, "amount": {"19.90"}, "currency": {"EUR"}, "items": {"2"},
		"purchase_date": {time.Now().AddDate(0, 0, -3).Format(time.DateOnly)}, "reason": {"damaged"},
		"what_happened": {"The box was crushed\nand the cup broken."}, "shipped_to": {"DEU"}, "email": {"ann@example.com"},
		"not_used": {"on"},
	}
}
