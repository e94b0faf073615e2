package app

import (
	"strings"
	"time"

	"certty/backend"
	"certty/model"
)

func item(target, name string, change func(*model.Item)) *model.Item {
	it := &model.Item{
		Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: name},
		Certificate: model.Certificate{
			Issued: true, Enabled: true, Subject: "CN=" + name + ".example.com", Thumbprint: strings.Repeat("5e", 20),
			Created: noon.Add(-100 * day), Updated: noon.Add(-100 * day),
			NotBefore: noon.Add(-100 * day), NotAfter: noon.Add(99 * day),
		},
		ListedAt: noon, RequestReadAt: noon,
	}
	change(it)
	return it
}

func pending(it *model.Item, r model.Request) {
	it.Request = &r
	if r.Since.IsZero() {
		it.Request.Since = noon.Add(-4 * time.Minute)
	}
}

func life(it *model.Item, from, to time.Duration) {
	it.Certificate.NotBefore, it.Certificate.NotAfter = noon.Add(-from), noon.Add(to)
	it.Certificate.Created = it.Certificate.NotBefore
}

func unissued(it *model.Item, age time.Duration) {
	it.Certificate.Issued, it.Certificate.Enabled, it.Certificate.Thumbprint = false, false, ""
	it.Certificate.Created = noon.Add(-age)
}

// prod is a target with a row in most states.
func prod() *model.Snapshot {
	manual := model.Request{ID: "2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70", Status: "inProgress", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "Unknown"},
		Details: "Pending certificate created. Please Perform Merge to complete the request."}
	return model.NewSnapshot("prod", []*model.Item{
		item("prod", "api-eu", func(it *model.Item) {
			unissued(it, 2*time.Hour)
			pending(it, model.Request{ID: "1", Status: "failed", Phase: model.PhaseFailed, Issuer: model.Issuer{Name: "mydigicert"},
				ErrorCode: model.RejectedCode, ErrorMessage: "The organization is not validated for OV.", Since: noon.Add(-2 * time.Hour)})
		}),
		item("prod", "shop-example-com", func(it *model.Item) {
			life(it, 170*day, 30*day)
			r := manual
			r.Since = noon.Add(-3 * day)
			pending(it, r)
		}),
		item("prod", "intranet", func(it *model.Item) {
			unissued(it, 4*time.Minute)
			pending(it, model.Request{ID: "3", Status: "inProgress", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "mydigicert"}})
		}),
		item("prod", "vpn-gw", func(it *model.Item) { life(it, 191*day, 8*day) }),
		item("prod", "www", func(it *model.Item) {
			life(it, 20*time.Minute, 199*day)
			pending(it, model.Request{ID: "4", Status: "completed", Phase: model.PhaseCompleted})
		}),
		item("prod", "api-us", func(it *model.Item) { life(it, 109*day, 90*day) }),
		item("prod", "unread", func(it *model.Item) { it.RequestReadAt = time.Time{} }),
	}, noon)
}

// test is a smaller one.
func test() *model.Snapshot {
	return model.NewSnapshot("test", []*model.Item{
		item("test", "legacy-mail", func(it *model.Item) {
			unissued(it, time.Hour)
			pending(it, model.Request{ID: "5", Status: "inProgress", Phase: model.PhaseInProgress, CancelAsked: true, Issuer: model.Issuer{Name: "mydigicert"}})
		}),
		item("test", "old-portal", func(it *model.Item) { life(it, 139*day, 60*day); it.Certificate.Enabled = false }),
		item("test", "kept-name", func(it *model.Item) { unissued(it, 9*day) }),
		item("test", "証明書", func(it *model.Item) { life(it, 70*day, 130*day); it.Certificate.Subject = "CN=社内" }),
	}, noon)
}

var errNotDone = &backend.Error{Kind: backend.KindState, State: backend.StateTooLate, Op: "cancel",
	Ref: model.Ref{Target: "prod", Kind: model.KindRequest, Key: "shop-example-com"}, Status: 403, Code: "Forbidden",
	Message: "Pending status must be in progress to allow update.", RequestID: "0f1e2d3c"}
