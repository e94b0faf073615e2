package row

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func days(n int) time.Time { return noon.AddDate(0, 0, n) }

func TestOf(t *testing.T) {
	prod := backend.Info{Name: "prod", Kind: "vault"}
	sectigo := backend.Info{Name: "sectigo", Kind: "scm"}
	ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "api"}
	issued := model.Certificate{Issued: true, Enabled: true, NotBefore: days(-150), NotAfter: days(50), Created: days(-150)}
	disabled := issued
	disabled.Enabled = false
	pending := &model.Request{ID: "17", Status: "inProgress", Phase: model.PhaseInProgress, SeenAt: days(-9), Since: days(-9)}
	for name, tt := range map[string]struct {
		info backend.Info
		item model.Item
		want string // of the JSON, what has to stand in it, in any order
		not  string
	}{
		"valid": {prod, model.Item{Ref: ref, Certificate: issued, ListedAt: noon, RequestReadAt: noon},
			`"target":"prod" "kind":"vault" "name":"api" "key":"api" "state":"valid" "severity":"quiet" "since":"2026-06-24T12:00:00Z" "age_seconds":12960000 "days_left":50 "life_left":0.25 "enabled":true "renewal_unknown":false "listed_at":"2026-11-21T12:00:00Z"`,
			`"next" "who" "request_id" "error" "deleted_at" "sans" "tags" "raw_status"`},
		"never read": {prod, model.Item{Ref: ref, Certificate: issued, ListedAt: noon},
			`"renewal_unknown":true`, `"request_read_at"`},
		"disabled is not absent": {prod, model.Item{Ref: ref, Certificate: disabled, RequestReadAt: noon},
			`"state":"disabled" "enabled":false`, ``},
		"ended an hour ago": {prod, model.Item{Ref: ref, Certificate: model.Certificate{Issued: true, Enabled: true, NotBefore: days(-90), NotAfter: noon.Add(-time.Hour)}, RequestReadAt: noon},
			`"state":"expired" "days_left":-1 "life_left":0 "next":"renew" "who":"you"`, ``},
		"placeholders of a pending-only certificate": {prod, model.Item{Ref: ref, RequestReadAt: noon, Request: pending,
			Certificate: model.Certificate{NotBefore: days(-9), NotAfter: days(300), Created: days(-9), Enabled: true}},
			`"state":"waits: merge" "raw_status":"inProgress" "request_id":"17" "request_issuer":"Unknown" "age_seconds":777600 "severity":"you"`,
			`"not_after" "not_before" "days_left" "life_left" "enabled"`},
		"failed": {prod, model.Item{Ref: ref, RequestReadAt: noon, Request: &model.Request{ID: "18", Status: "failed", Phase: model.PhaseFailed, ErrorCode: "Request rejected", ErrorMessage: "no"}},
			`"error":{"code":"Request rejected","message":"no","request_id":"18"} "state":"failed" "next":"read reason"`, `"since" "age_seconds"`},
		"deleted": {prod, model.Item{Ref: ref, Certificate: issued, Deletion: &model.Deletion{At: days(-2), PurgeAt: days(88)}},
			`"state":"soft-deleted" "deleted_at":"2026-11-19T12:00:00Z" "recoverable_until":"2027-02-17T12:00:00Z" "next":"88 d kept"`, ``},
		"a clock that is behind": {prod, model.Item{Ref: ref, RequestReadAt: noon, Request: &model.Request{Phase: model.PhaseInProgress, Since: noon.Add(time.Minute)}},
			`"age_seconds":0`, ``},
		"order": {sectigo, model.Item{Ref: model.Ref{Target: "sectigo", Key: "4711"}, RequestReadAt: noon, Order: &model.Order{ID: "4711", Status: "Applied", Phase: model.OrderApplied, CommonName: "pay.example", Profile: "Standard",
			Organization: "Contoso", Requester: "ada", Requested: days(-1), SANs: []string{"pay.example", "www.pay.example"},
			Validation: &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "pay.example"}, {Domain: "www.pay.example", Valid: true}}, Trouble: "later"}}},
			`"kind":"scm" "name":"pay.example" "key":"4711" "order_id":"4711" "raw_status":"Applied" "state":"waits: validation" "who":"DNS owner" "unvalidated":["pay.example"] "sans":["pay.example","www.pay.example"] "created":"2026-11-20T12:00:00Z" "error":{"message":"later","request_id":"4711"}`,
			`"managed" "enabled"`},
		"order that was not placed": {sectigo, model.Item{Ref: model.Ref{Target: "sectigo", Key: "certty:00ff:1"}, Record: &model.Record{Step: model.StepUndecided, CommonName: "lost", ManagedAt: noon, StepAt: days(-1), Trouble: "no answer"}},
			`"name":"lost" "key":"certty:00ff:1" "raw_status":"undecided" "state":"unknown" "severity":"failed" "next":"decide" "managed":true "error":{"message":"no answer"} "renewal_unknown":false`,
			`"order_id"`},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(Of(tt.info, &tt.item, noon))
			if err != nil {
				t.Fatal(err)
			}
			got := string(data)
			for _, want := range parts(tt.want) {
				if !strings.Contains(got, want) {
					t.Errorf("%s is not in %s", want, got)
				}
			}
			for _, not := range parts(tt.not) {
				if strings.Contains(got, not+":") {
					t.Errorf("%s is in %s", not, got)
				}
			}
			if strings.Contains(got, "0001-") || strings.Contains(got, "null") {
				t.Errorf("what is not known has to be absent: %s", got)
			}
		})
	}
}

// parts cuts at the blanks between properties, not at those within.
func parts(s string) []string {
	if s == "" {
		return nil
	}
	all := strings.Split(s, ` "`)
	for i := 1; i < len(all); i++ {
		all[i] = `"` + all[i]
	}
	return all
}

// TestRowsAreApart: a record shares nothing with the snapshot that may change.
func TestRowsAreApart(t *testing.T) {
	it := &model.Item{Certificate: model.Certificate{Issued: true, Enabled: true}}
	r := Of(backend.Info{}, it, noon)
	*r.Enabled = false
	if !it.Certificate.Enabled {
		t.Error("the item changed with its record")
	}
}

func TestOfTarget(t *testing.T) {
	items := []*model.Item{
		{Ref: model.Ref{Key: "a"}, RequestReadAt: days(-1), ListedAt: noon},
		{Ref: model.Ref{Key: "b"}, RequestReadAt: days(-3), ListedAt: noon},
		{Ref: model.Ref{Key: "c"}, ListedAt: noon},
		{Ref: model.Ref{Key: "d"}, Deletion: &model.Deletion{}},
		{Ref: model.Ref{Key: "e"}, Record: &model.Record{DeletedAt: noon}},
		{Ref: model.Ref{Key: "f"}, Record: &model.Record{}},
	}
	info := backend.Info{Name: "prod", Kind: "vault", Address: "https://prod.vault.azure.net", Sandbox: true}
	got := OfTarget(info, model.NewSnapshot("prod", items, noon))
	want := Target{
		Name: "prod", Kind: KindVault, Address: "https://prod.vault.azure.net", Sandbox: true,
		OK: true, AsOf: noon, Rows: 5, UnreadRequests: 1, OldestRequestRead: days(-3),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestOfError(t *testing.T) {
	err := fmt.Errorf("prod: %w", &backend.Error{Kind: backend.KindAuth, Op: "list certificates", Code: "Unauthorized", Message: "no", RequestID: "id-1"})
	got := OfError(err)
	if got.Kind != "auth" || got.Code != "Unauthorized" || got.RequestID != "id-1" || got.Who != model.ActorYou || got.Message != err.Error() || !strings.Contains(got.Next, "credential") {
		t.Errorf("%+v", got)
	}
	if got := OfError(errors.New("lost")); got.Kind != "other" || got.Message != "lost" {
		t.Errorf("%+v", got)
	}
}
