package metrics

import (
	"time"

	"certty/model"
	"certty/ui/cli/row"
	"certty/ui/cli/survey"
)

// gathering is what becomes of looks at targets.
type gathering struct {
	// subjects adds labels with the names in certificates.
	subjects bool
	now      time.Time

	notBefore, notAfter, expired                            family
	requestAge, items, unread                               family
	domainEnd, domainValid, passwordEnd                     family
	up, latched, failures, lastSuccess, took, stored, build family
}

func newGathering(now time.Time, subjects bool, version string) *gathering {
	g := &gathering{
		subjects: subjects, now: now,
		notBefore: family{name: "x509_cert_not_before", help: "When the certificate begins to be valid, in seconds since 1970."},
		notAfter:  family{name: "x509_cert_not_after", help: "When the certificate ends, in seconds since 1970. Certificates that serve nobody any more are left out: disabled, deleted, revoked, replaced and renewed ones."},
		expired:   family{name: "x509_cert_expired", help: "1 when the certificate has ended."},

		requestAge: family{name: "certty_request_age_seconds", help: "How long an open, failed or doubtful request or order, or one that is not collected or delivered, stands as it does; 0 where that is not known."},
		items:      family{name: "certty_items", help: "How many rows are in each state of the board."},
		unread:     family{name: "certty_items_unread", help: "How many rows there are whose pending request was never read."},

		domainEnd:   family{name: "certty_domain_validation_not_after", help: "When the validation of the domain ends, in seconds since 1970."},
		domainValid: family{name: "certty_domain_validation_valid", help: "1 when the CA account takes the domain for validated."},
		passwordEnd: family{name: "certty_account_password_expiry_timestamp_seconds", help: "When the password of the CA account ends, in seconds since 1970."},

		up:          family{name: "certty_target_up", help: "1 when the target was read completely, in this run or within --max-age."},
		latched:     family{name: "certty_target_login_refused", help: "1 when the login was refused: nothing is called until a person retries it."},
		failures:    family{name: "certty_target_failed_reads", help: "How many reads of single requests or of domains and passwords failed."},
		lastSuccess: family{name: "certty_target_last_success_timestamp_seconds", help: "When the last complete list of the target began, or at an account the last look at what changed since, in seconds since 1970; 0 when there was no list."},
		took:        family{name: "certty_target_look_duration_seconds", help: "How long looking at the target took."},
		stored:      family{name: "certty_target_stored", help: "1 when the target was not called, because what is stored was young enough for --max-age."},
		build:       family{name: "certty_build_info", help: "Which certty wrote this."},
	}
	g.build.add(1, label{"version", version})
	return g
}

// families are all metrics in the order in which they are written.
func (g *gathering) families() []*family {
	return []*family{
		&g.notBefore, &g.notAfter, &g.expired, &g.requestAge, &g.items, &g.unread, &g.domainEnd, &g.domainValid, &g.passwordEnd,
		&g.up, &g.latched, &g.failures, &g.lastSuccess, &g.took, &g.stored, &g.build,
	}
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func epoch(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}

// target gathers what one look says.
func (g *gathering) target(l *survey.Look) {
	target := label{"target", l.Info.Name}
	kind := label{"kind", l.Info.Kind}
	failed := l.Failed
	if l.DomainsErr != nil {
		failed++
	}
	if l.Password != nil {
		if l.Password.Err != nil {
			failed++
		}
		if end := l.Password.Until; !end.IsZero() {
			g.passwordEnd.add(epoch(end), target)
		}
	}
	g.up.add(yes(l.Trouble() == nil && l.Latch == nil), target, kind)
	g.latched.add(yes(l.Latch != nil), target)
	g.failures.add(float64(failed), target)
	g.lastSuccess.add(epoch(l.Snapshot.ReadAt()), target)
	g.took.add(l.Took.Seconds(), target)
	g.stored.add(yes(l.Stored), target)
	g.rows(l, target)
	for _, v := range l.Domains {
		domain := label{"domain", v.Domain}
		g.domainValid.add(yes(v.Valid), target, domain)
		if !v.Expires.IsZero() {
			g.domainEnd.add(epoch(v.Expires), target, domain)
		}
	}
}

func (g *gathering) rows(l *survey.Look, target label) {
	states := make(map[model.State]int)
	unread := 0
	for i := range l.Rows {
		r := &l.Rows[i]
		states[r.Status.State]++
		if r.Unread() {
			unread++
		}
		if r.Live() {
			g.certificate(r, g.labels(l, r))
		}
		if r.Waiting() || r.Failed() || r.InDoubt() || r.Uncollected() {
			age, _, _ := r.Age(g.now)
			labels := []label{target, {"kind", l.Info.Kind}, {"name", r.Item.Ref.Key}, {"state", string(r.Status.State)}}
			g.requestAge.add(age.Truncate(time.Second).Seconds(), append(labels, g.names(r)...)...)
		}
	}
	// Every state has its series: one that came and went would make no alert.
	for _, state := range row.States() {
		g.items.add(float64(states[state]), target, label{"state", string(state)})
	}
	g.unread.add(float64(unread), target)
}

func (g *gathering) labels(l *survey.Look, r *survey.Row) []label {
	return append([]label{{"target", l.Info.Name}, {"kind", l.Info.Kind}, {"name", r.Item.Ref.Key}}, g.names(r)...)
}

// names are labels with names that stand in certificates and orders.
func (g *gathering) names(r *survey.Row) []label {
	if !g.subjects {
		return nil
	}
	subject := r.Item.Certificate.Subject
	if subject == "" {
		subject = r.Item.Name()
	}
	return []label{{"subject", subject}, {"issuer", r.Item.Certificate.Issuer}}
}

func (g *gathering) certificate(r *survey.Row, labels []label) {
	if begin := r.Item.Certificate.NotBefore; !begin.IsZero() {
		g.notBefore.add(epoch(begin), labels...)
	}
	if end := r.NotAfter(); !end.IsZero() {
		g.notAfter.add(epoch(end), labels...)
		g.expired.add(yes(!g.now.Before(end)), labels...)
	}
}
