package api

import (
	"fmt"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/internal/account"
	"docket/internal/feed"
	"docket/internal/webhook"
	"docket/web/listing"
	"docket/web/problem"
)

// webhookCalls are what the document says of webhooks.
func webhookCalls() []call {
	const path, scope = "/api/v1/webhooks", account.WebhooksWrite
	one := []string{"WebhookID"}
	return []call{
		{
			method: http.MethodPost, path: path, id: "addWebhook", scope: scope, status: http.StatusCreated, summary: "Have events sent to an address",
			about: "What happens from now on is sent by POST, as the events of the feed are, with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of the " +
				"[Standard Webhooks](https://www.standardwebhooks.com) specification. `secret` is shown only here. Any 2xx within ten seconds says that an event has arrived; a redirect is not followed. " +
				"Another answer, or none, has it sent again after five seconds, then after twice as long each time, at most a day. An event is sent at least once, those of one ticket in order. " +
				"After five days in which nothing arrives, or when the receiver answers 410, the webhook is switched off. " +
				fmt.Sprintf("There are at most %d webhooks.", webhook.MostWebhooks),
			body: "NewWebhook", answer: "WebhookWithSecret",
		},
		{method: http.MethodGet, path: path, id: "listWebhooks", scope: scope, status: http.StatusOK, summary: "The webhooks, oldest first", about: "Those of all keys.", answer: "Webhooks"},
		{
			method: http.MethodDelete, path: path + "/{id}", id: "deleteWebhook", scope: scope, status: http.StatusNoContent, summary: "Delete a webhook",
			about: "Nothing more is sent; what is under way may arrive.", parameters: one, codes: []problem.Code{problem.NotFound},
		},
		{
			method: http.MethodPost, path: path + "/{id}/rotate", id: "rotateWebhook", scope: scope, status: http.StatusOK, summary: "Another secret for a webhook",
			about:      "For 24 hours, until `old_secret_ends_at_ms`, the header `webhook-signature` has a signature by each of the two. After that, by the new one alone.",
			parameters: one, answer: "WebhookWithSecret", codes: []problem.Code{problem.Forbidden, problem.NotFound},
		},
		{
			method: http.MethodPost, path: path + "/{id}/switch-on", id: "switchOnWebhook", scope: scope, status: http.StatusOK, summary: "Let a webhook go on that was switched off",
			about: "It goes on where it was; the feed keeps 30 days.", parameters: one, answer: "Webhook", codes: []problem.Code{problem.Forbidden, problem.NotFound},
		},
		{
			method: http.MethodPost, path: path + "/{id}/test", id: "testWebhook", scope: scope, status: http.StatusAccepted, summary: "Send a test to a webhook",
			about: "Its `type` is `webhook.test`, and it has no ticket. The list of deliveries says what became of it.", parameters: one, answer: "Delivery", codes: []problem.Code{problem.Forbidden, problem.NotFound},
		},
		{
			method: http.MethodGet, path: path + "/{id}/deliveries", id: "listDeliveries", scope: scope, status: http.StatusOK, summary: "What was sent to a webhook, or waits, newest first",
			about:      "Each event is there once. What was delivered is listed for seven days.",
			parameters: []string{"WebhookID", "Cursor", "DeliveryLimit"}, answer: "Deliveries", codes: []problem.Code{problem.NotFound, problem.BadCursor},
		},
		{
			method: http.MethodPost, path: path + "/{id}/resend", id: "resend", scope: scope, status: http.StatusAccepted, summary: "Send again",
			about:      "One `delivery`, or everything since a time, of the last 30 days; some of the hour before it may come, too. Each event has the same `webhook-id` as before.",
			parameters: one, body: "Resend", answer: "Resent", codes: []problem.Code{problem.NotFound},
		},
	}
}

// webhookSchemas are the schemas of webhooks.
func webhookSchemas() schemaMembers {
	types := openapi3.NewArraySchema().WithMinItems(1).WithUniqueItems(true)
	types.Items = schemaRef("EventType")
	withSecret := webhookMembers(types)
	withSecret["secret"] = textSchema("What signatures are made with: `whsec_` and base64.").WithPattern("^whsec_[A-Za-z0-9+/]+=*$")
	return schemaMembers{
		"NewWebhook": closedObject("Where events are sent, and which.", schemaMembers{
			"url": textSchema("An address on the internet that begins with `https://`.").WithMinLength(1).WithMaxLength(webhook.MaxURL), "types": types,
		}),
		"Webhook":           objectOf("Where events are sent, and which.", webhookMembers(types)),
		"WebhookWithSecret": objectOf("A webhook with its secret, which is shown once.", withSecret),
		"Webhooks":          objectOf("Every webhook.", schemaMembers{"items": arrayOf("Webhook")}),
		"Delivery":          deliverySchema(),
		"DeliveryState":     enumOf(webhook.States...),
		"Deliveries": objectOf("One page of deliveries.", schemaMembers{
			"items": arrayOf("Delivery").WithMaxItems(listing.MaxLimit), "next_cursor": textSchema("The `cursor` of the next page; null on the last one.").WithNullable(),
		}),
		"Resend": closedObject("What is sent again: `delivery` or `since`.", schemaMembers{
			"delivery": describedAs("The id of a delivery.", uuidSchema()), "since": textSchema("An RFC 3339 time, or a date (YYYY-MM-DD)."),
		}, "delivery", "since"),
		"Resent": objectOf("What is sent again: `delivery` or everything since `since_ms`.", schemaMembers{
			"delivery": nullableRef("Delivery"), "since_ms": integerSchema("").WithNullable(),
		}),
	}
}

func webhookMembers(types *openapi3.Schema) schemaMembers {
	return schemaMembers{
		"id": uuidSchema(), "url": textSchema(""), "types": types, "added_by": textSchema("Who added it: `key:NAME`, `agent:ID` or `cli`."),
		"created_at_ms":         integerSchema(""),
		"failing_since_ms":      integerSchema("When it began to fail; null while events arrive.").WithNullable(),
		"off_at_ms":             integerSchema("When it was switched off; null while it is on.").WithNullable(),
		"off_reason":            textSchema("Why it was switched off: it failed for five days, or the receiver answered 410.").WithPattern("^(" + joinTexts(webhook.OffReasons, "|") + ")$").WithNullable(),
		"old_secret_ends_at_ms": integerSchema("Until when the secret before signs, too; null when none does.").WithNullable(),
	}
}

func deliverySchema() *openapi3.Schema {
	return objectOf("An event as it was sent to a webhook, or will be.", schemaMembers{
		"id":            describedAs("Of the event; the header `webhook-id`.", uuidSchema()),
		"type":          textSchema("The type of the event, or `" + string(webhook.TestType) + "`.").WithPattern("^(" + joinTexts(append([]feed.Type{webhook.TestType}, feed.Types...), "|") + ")$"),
		"ticket_id":     uuidSchema().WithNullable(),
		"state":         refSchema("DeliveryState"),
		"attempts":      integerSchema("How often it was sent."),
		"status":        integerSchema("Of the last answer; null when there was none.").WithNullable(),
		"failure":       textSchema("Why the last attempt failed; null when it did not.").WithPattern("^(" + joinTexts(webhook.Failures, "|") + ")$").WithNullable(),
		"answer":        textSchema("The first kibibyte of the last answer. It is removed when the ticket is erased."),
		"next_at_ms":    integerSchema("When it is sent next; null when it is not.").WithNullable(),
		"created_at_ms": integerSchema(""), "updated_at_ms": integerSchema(""),
	})
}

func arrayOf(name string) *openapi3.Schema {
	schema := openapi3.NewArraySchema()
	schema.Items = schemaRef(name)
	return schema
}

func nullableRef(name string) *openapi3.Schema {
	schema := openapi3.NewAllOfSchema().WithNullable()
	schema.AllOf = openapi3.SchemaRefs{schemaRef(name)}
	return schema
}
