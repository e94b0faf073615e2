package forms

import (
	"certty/model"
	"certty/model/policytext"
	"certty/ui/widget/form"
)

func actionsOf(value form.Values, base []model.LifetimeAction, wrong faults) []model.LifetimeAction {
	if value(fieldAction) == unset {
		return base
	}
	a := model.LifetimeAction{Action: value(fieldAction)}
	wrong.add(fieldWhen, text(policytext.ParseMoment(value(fieldWhen), &a)))
	out := []model.LifetimeAction{a}
	if len(base) > 1 {
		out = append(out, base[1:]...)
	}
	return out
}
