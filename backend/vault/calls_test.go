package vault

import (
	"testing"

	"certty/model"
)

func TestReadRequest(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", answering(200, operation(nil)))
	v := s.vault(t)
	page, err := v.Read(t.Context(), webRequest())
	if err != nil {
		t.Fatal(err)
	}
	r := page.Items[0].Request
	if r == nil || r.ID != requestID || r.Phase != model.PhaseInProgress {
		t.Errorf("request %+v", r)
	}
}
