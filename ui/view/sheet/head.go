package sheet

import (
	"fmt"
	"slices"

	"certty/ui/theme"
)

// whole is more lines than any form has.
const whole = 1 << 10

// head draws what stands above the fields in what the fields leave of room.
func (v *Sheet) head(w, room int) []string {
	if v.def.Head == nil {
		return nil
	}
	lines := v.def.Head(w)
	fields, _ := v.Form.Draw(w, whole)
	room -= min(len(fields), leastForm)
	if len(lines) <= room || room < 2 {
		v.top, v.page = 0, len(lines)
		return slices.Clip(lines[:min(len(lines), max(0, room))])
	}
	v.page = room - 1
	v.top = min(v.top, len(lines)-v.page)
	more := fmt.Sprintf("lines %d to %d of %d; pgup and pgdown show the rest", v.top+1, v.top+v.page, len(lines))
	return append(slices.Clone(lines[v.top:v.top+v.page]), v.s.Theme.Paint(theme.Key, more))
}

// turn moves the head by a page, if that is what the key means.
func (v *Sheet) turn(key string) bool {
	switch key {
	case "pgdown":
		v.top += v.page // drawing knows the end
	case "pgup":
		v.top = max(0, v.top-v.page)
	default:
		return false
	}
	return true
}
