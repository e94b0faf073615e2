package vaultserver

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// shows says where a name stands: among the live, among the deleted, or
// nowhere, by reading it and by both lists.
func (b *bench) shows(name string) string {
	b.t.Helper()
	where := []string{}
	for _, place := range []string{"certificates", "deletedcertificates"} {
		read := b.get("/"+place+"/"+name).status == http.StatusOK
		listed := slices.ContainsFunc(b.walk("/"+place+version74+"&includePending=true"), func(page []string) bool { return slices.Contains(page, name) })
		if read != listed {
			b.t.Errorf("%s in %s: read %v, listed %v", name, place, read, listed)
		}
		if read {
			where = append(where, place)
		}
	}
	return strings.Join(where, " and ")
}

func TestPhasesOfADeletion(t *testing.T) {
	const alive, gone = "certificates", "deletedcertificates"
	b := newBench(t)
	b.create("shop", "Self")
	b.clock.advance(selfDelay)
	step := func(what string, wait time.Duration, want string) {
		t.Helper()
		b.clock.advance(wait)
		if got := b.shows("shop"); got != want {
			t.Errorf("%s: shown in %q, want %q", what, got, want)
		}
	}
	// taken checks what a create is told meanwhile.
	taken := func(inner string) {
		t.Helper()
		for _, path := range []string{"/certificates/SHOP/create", "/certificates/shop/import"} {
			body := ecPolicy("Self")
			if strings.HasSuffix(path, "import") {
				body = importOf(t, selfSignedPEM(t))
			}
			got := b.send(http.MethodPost, path, body).want(http.StatusConflict)
			if got.at("error", "code") != "Conflict" || got.at("error", "innererror", "code") != inner {
				t.Errorf("%s: %s, want %s", path, got.text, inner)
			}
		}
	}
	remove := func() *response { return b.send(http.MethodDelete, "/certificates/shop", "") }
	step("issued", 0, alive)

	remove().want(http.StatusOK)
	step("just deleted", 0, "")
	taken("ObjectIsBeingDeleted")
	remove().want(http.StatusNotFound)
	b.send(http.MethodPost, "/deletedcertificates/shop/recover", "").want(http.StatusConflict)
	b.send(http.MethodDelete, "/deletedcertificates/shop", "").want(http.StatusConflict)
	step("nearly deleted", deleteLag-time.Millisecond, "")
	step("deleted", time.Millisecond, gone)
	taken("ObjectIsDeletedButRecoverable")
	b.get("/certificates/shop/pending").want(http.StatusNotFound)
	b.get("/certificates/shop/policy").want(http.StatusNotFound)

	b.send(http.MethodPost, "/deletedcertificates/shop/recover", "").want(http.StatusOK)
	step("just recovered", 0, "")
	taken("ObjectIsBeingRecovered")
	step("recovered", recoverLag, alive)
	b.get("/certificates/shop/pending").want(http.StatusOK)
	b.send(http.MethodPost, "/deletedcertificates/shop/recover", "").wantError(http.StatusNotFound, "CertificateNotFound", certificateNotFound("shop").message)

	remove().want(http.StatusOK)
	b.clock.advance(deleteLag)
	if got := b.send(http.MethodDelete, "/deletedcertificates/shop", "").want(http.StatusNoContent); got.text != "" {
		t.Errorf("a purge is answered with %q", got.text)
	}
	step("just purged", 0, "")
	taken("ObjectIsBeingDeleted")
	b.send(http.MethodDelete, "/deletedcertificates/shop", "").wantError(http.StatusNotFound, "CertificateNotFound", "Deleted Certificate not found: shop")
	step("purged", purgeLag, "")
	b.create("shop", "Unknown") // the name is free
}

func TestDeletedAnswer(t *testing.T) {
	b := newBench(t)
	b.send(http.MethodPost, "/certificates/Shop/create", `{"tags":{"owner":"shop"},`+ecPolicy("Self")[1:]).want(http.StatusAccepted)
	b.clock.advance(time.Minute)
	live := b.get("/certificates/shop").want(http.StatusOK)
	got := b.send(http.MethodDelete, "/certificates/shop", "").want(http.StatusOK)
	at := b.clock.t
	for name, want := range map[string]any{
		"recoveryId":  "https://" + host + "/deletedcertificates/Shop",
		"deletedDate": float64(at.Unix()), "scheduledPurgeDate": float64(at.AddDate(0, 0, 90).Unix()),
	} {
		if got.at(name) != want {
			t.Errorf("%s is %v, want %v", name, got.at(name), want)
		}
		delete(got.json, name)
	}
	if fmt.Sprint(got.json) != fmt.Sprint(live.json) {
		t.Errorf("beyond its dates the deleted one is\n%v\nthe live one was\n%v", got.json, live.json)
	}
	b.clock.advance(deleteLag)
	item := b.get("/deletedcertificates").want(http.StatusOK)
	for _, path := range [][]any{{"recoveryId"}, {"deletedDate"}, {"scheduledPurgeDate"}, {"attributes", "recoveryLevel"}, {"attributes", "recoverableDays"}, {"x5t"}, {"tags", "owner"}} {
		if item.at(append([]any{"value", 0}, path...)...) == nil {
			t.Errorf("an item of the list has no %v: %s", path, item.text)
		}
	}
	if item.at("value", 0, "id") != "https://"+host+"/certificates/Shop" {
		t.Errorf("id %v", item.at("value", 0, "id"))
	}
}

func TestDeletedListPages(t *testing.T) {
	b := newBench(t)
	b.fillWith(20)
	for _, page := range b.walk("/certificates" + version74 + "&includePending=true") {
		for _, name := range page {
			b.send(http.MethodDelete, "/certificates/"+name, "").want(http.StatusOK)
		}
	}
	if pages := b.walk("/deletedcertificates" + version74 + "&includePending=true"); len(slices.Concat(pages...)) != 0 {
		t.Errorf("listed before their time: %v", pages)
	}
	b.clock.advance(deleteLag)
	for query, sizes := range map[string][]int{"&includePending=true": {25, 15}, "": {13, 7}, "&includePending=true&maxresults=20": {20, 20, 0}} {
		var got []int
		for _, page := range b.walk("/deletedcertificates" + version74 + query) {
			got = append(got, len(page))
		}
		if !slices.Equal(got, sizes) {
			t.Errorf("%q: pages of %v, want %v", query, got, sizes)
		}
	}
}

func TestRetention(t *testing.T) {
	for _, tt := range []struct {
		days      int
		protected bool
		level     string
	}{
		{0, false, "Recoverable+Purgeable"}, {90, true, "Recoverable"}, {7, false, "CustomizedRecoverable+Purgeable"}, {30, true, "CustomizedRecoverable"},
	} {
		t.Run(tt.level, func(t *testing.T) {
			b := newBench(t)
			b.recovery, b.purgeProtected = newRecovery(tt.days, tt.protected), tt.protected
			b.create("shop", "Self")
			b.clock.advance(time.Minute)
			days := max(tt.days, 7)
			if tt.days == 0 {
				days = 90
			}
			got := b.send(http.MethodDelete, "/certificates/shop", "").want(http.StatusOK)
			if got.at("attributes", "recoveryLevel") != tt.level || got.at("attributes", "recoverableDays") != float64(days) {
				t.Errorf("attributes %v", got.at("attributes"))
			}
			b.clock.advance(deleteLag)
			if tt.protected {
				b.send(http.MethodDelete, "/deletedcertificates/shop", "").wantError(http.StatusForbidden, "Forbidden", purgeProtected().message)
			}
			b.clock.advance(time.Duration(days)*24*time.Hour - deleteLag - time.Second)
			b.get("/deletedcertificates/shop").want(http.StatusOK)
			b.clock.advance(time.Second)
			b.get("/deletedcertificates/shop").want(http.StatusNotFound)
			b.create("shop", "Unknown") // the vault has purged it by itself
		})
	}
}

func TestDeletionStopsARequest(t *testing.T) {
	b := newBench(t)
	id := b.create("shop", "Self").string("request_id")
	b.send(http.MethodDelete, "/certificates/shop", "").want(http.StatusOK)
	b.clock.advance(time.Hour)
	if got := b.get("/deletedcertificates/shop").want(http.StatusOK); got.at("x5t") != nil {
		t.Errorf("a deleted request went on: %s", got.text)
	}
	if got := b.get("/deletedcertificates").want(http.StatusOK); len(got.at("value").([]any)) != 0 {
		t.Errorf("a pending one is listed without being asked for: %s", got.text)
	}
	b.send(http.MethodPost, "/deletedcertificates/shop/recover", "").want(http.StatusOK)
	b.clock.advance(recoverLag)
	if got := b.get("/certificates/shop/pending").want(http.StatusOK); got.string("request_id") != id || got.string("status") != "completed" {
		t.Errorf("after the recovery: %s", got.text)
	}
}

func TestDeletionsOutliveTheServer(t *testing.T) {
	dir := t.TempDir()
	b := openBench(t, dir)
	for _, name := range []string{"kept", "back", "lost"} {
		b.create(name, "Self")
	}
	b.clock.advance(time.Minute)
	for _, name := range []string{"kept", "back", "lost"} {
		b.send(http.MethodDelete, "/certificates/"+name, "").want(http.StatusOK)
	}
	b.clock.advance(deleteLag)
	b.send(http.MethodPost, "/deletedcertificates/back/recover", "").want(http.StatusOK)
	b.send(http.MethodDelete, "/deletedcertificates/lost", "").want(http.StatusNoContent)
	b.clock.advance(purgeLag)
	b.get("/certificates/lost").want(http.StatusNotFound) // found to be gone
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	again := openBench(t, dir)
	again.clock.t = b.clock.t
	for name, want := range map[string]string{"kept": "deletedcertificates", "back": "certificates", "lost": ""} {
		if got := again.shows(name); got != want {
			t.Errorf("%s is shown in %q, want %q", name, got, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, objectsFolder, "lost.json")); !os.IsNotExist(err) {
		t.Errorf("the key of what was purged is still there: %v", err)
	}
}
