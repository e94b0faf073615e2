package activity

import (
	"fmt"

	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View draws the list and the entry under the cursor, or that entry alone.
func (v *View) View() []string {
	if v.Len() == 0 {
		text := "Nothing was changed from here yet."
		switch {
		case v.err != nil:
			text = "The journal can't be read: " + view.Clean(v.err.Error())
		case v.loading:
			text = "Reading the journal."
		}
		return v.Frame("Activity", append(box.Wrap(text, v.Inner()), ""))
	}
	if e, ok := v.Cursor(); ok && v.full {
		title := "Activity: " + e.Intent.Op + " of " + e.name
		return v.Frame(title, v.wrapped(e))
	}
	var gist []string
	if e, ok := v.Cursor(); ok {
		gist = v.gist(e)
	}
	title := fmt.Sprintf("Activity: the last %d changes", v.Len())
	if v.Len() == 1 {
		title = "Activity: one change"
	}
	if v.err != nil {
		title = "Activity, as it was: the journal can't be read now"
	}
	return v.Lines(title, gist)
}

func (v *View) wrapped(e *entry) []string {
	var lines []string
	for _, s := range e.sentences() {
		lines = append(lines, box.Wrap(s, v.Inner())...)
	}
	return lines
}

// gist is the entry in at most below lines, and how to see the rest.
func (v *View) gist(e *entry) []string {
	lines := v.wrapped(e)
	if len(lines) > below {
		lines = append(lines[:below-1:below-1], v.s.Theme.Paint(theme.Key, "tab shows the rest"))
	}
	return lines
}

// sentences are the entry in full: what was done, by whom and when, and how it
// ended. A call whose end is not known says what to do first.
func (e *entry) sentences() []string {
	i, o := e.Intent, e.Outcome
	text := []string{fmt.Sprintf("%s of %s by %s, %s", i.Op, i.Ref, i.Actor, timetext.Moment(i.At))}
	if i.Detail != "" {
		text = append(text, i.Detail)
	}
	switch {
	case o == nil:
		return append(text, "It runs, or the program ended before the answer: look at the row before doing it again.")
	case e.open():
		text = append(text, "It may have happened: look at the row before doing it again.")
	}
	text = append(text, string(o.Result)+" "+timetext.Moment(o.At))
	if o.Evidence != "" {
		text = append(text, "No answer came; what was read since proves it: "+o.Evidence)
	}
	for _, fact := range [][2]string{{"request id of the service", o.ServiceRequestID}, {"came out of it", o.Revision}} {
		if fact[1] != "" {
			text = append(text, fact[0]+": "+fact[1])
		}
	}
	if o.Error != "" {
		text = append(text, o.Error)
	}
	return text
}
