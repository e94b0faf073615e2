package poll

import "certty/model"

// spare is [Spare] for an answer that no person waits for and whose row is not on
// the screen.
func (l *loop) spare(j *job, page model.Page) model.Page {
	if _, watched := l.watched[j.ref.Key]; watched || j.class == classAsked {
		return page
	}
	return Spare(l.known.Get(j.ref.Key), page)
}
