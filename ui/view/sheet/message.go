package sheet

import (
	"fmt"

	"certty/model"
	"certty/ui/widget/form"
)

// Message is the field for a text that goes to a CA account with a decision: 1
// to 512 UTF-16 code units, counted while they are typed (SCM REST API, Approve,
// Decline, Revoke, Replace).
func Message(id, label, hint string) form.Field {
	return form.Field{
		ID: id, Label: label, Hint: hint,
		Check: func(value string) string {
			switch n := model.UTF16Len(value); {
			case value == "":
				return "a text is needed: SCM takes none without"
			case n > model.MaxOrderMessage:
				return fmt.Sprintf("%d / %d, %d too many", n, model.MaxOrderMessage, n-model.MaxOrderMessage)
			}
			return ""
		},
		Note: func(value func(string) string) string {
			return fmt.Sprintf("%d / %d", model.UTF16Len(value(id)), model.MaxOrderMessage)
		},
	}
}
