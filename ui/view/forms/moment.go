package forms

import (
	"errors"
	"strconv"
	"strings"

	"certty/model"
	"certty/ui/widget/form"
)

// moment says when a lifetime action is taken, as [parseMoment] reads it.
func moment(a model.LifetimeAction) string {
	switch {
	case a.Percentage != 0:
		return strconv.Itoa(a.Percentage) + "%"
	case a.DaysBeforeExpiry != 0:
		return strconv.Itoa(a.DaysBeforeExpiry) + " days"
	}
	return ""
}

func actionsOf(value form.Values, base []model.LifetimeAction, wrong faults) []model.LifetimeAction {
	if value(fieldAction) == unset {
		return base
	}
	a := model.LifetimeAction{Action: value(fieldAction)}
	wrong.add(fieldWhen, text(parseMoment(value(fieldWhen), &a)))
	out := []model.LifetimeAction{a}
	if len(base) > 1 {
		out = append(out, base[1:]...)
	}
	return out
}

var errMoment = errors.New("80% of the lifetime, or 30 days before expiry")

func parseMoment(s string, a *model.LifetimeAction) error {
	digits := strings.TrimRight(s, " %abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return errMoment
	}
	switch unit := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(s, digits))); {
	case unit == "%", unit == "percent":
		a.Percentage = n
	case unit == "d", unit == "day", strings.HasPrefix(unit, "days"):
		a.DaysBeforeExpiry = n
	default:
		return errMoment
	}
	return nil
}
