package check

import (
	"fmt"
	"slices"
	"time"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
	"certty/ui/cli/row"
	"certty/ui/cli/survey"
)

// target judges how a target was read, and what of an account ends.
func (j *judge) target(l *survey.Look) {
	name := l.Info.Name
	j.targets++
	switch trouble := l.Trouble(); {
	case l.Latch != nil:
		j.untold++
		j.add(levelUnknown, kindTarget, name, "the login was refused, nothing is called until it is retried: "+l.Latch.Reason, 0)
	case trouble != nil && l.Complete:
		j.untold++
		j.add(levelUnknown, kindTarget, name, fmt.Sprintf("read in part, %d reads failed: %s", max(1, l.Failed), trouble), 0)
	case trouble != nil:
		j.untold++
		j.add(levelUnknown, kindTarget, name, "not read: "+cause(trouble), 0)
	}
	if l.KeeperErr != nil {
		j.add(levelUnknown, kindTrouble, name, "what was learned could not be kept: "+l.KeeperErr.Error(), 0)
	}
	j.looked = append(j.looked, row.OfLook(&l.Result))
	j.reads = append(j.reads, readLine(l))
	if l.Lacks != nil {
		j.reads = append(j.reads, name+": without its deleted certificates: "+text.Flat(l.Lacks.Error()))
	}
	if l.Password != nil {
		j.passwordEnds(name, l.Password)
	}
	if l.DomainsErr != nil {
		j.add(levelUnknown, kindDomain, name, "its domains could not be read: "+cause(l.DomainsErr), 0)
	}
	for i := range l.Domains {
		j.domainEnds(l, &l.Domains[i])
	}
}

// cause is what happened, with what the service says.
func cause(err error) string {
	if said := err.Error(); said != "" {
		return said
	}
	return backend.AdviceFor(err).Cause
}

// readLine says how a target was read.
func readLine(l *survey.Look) string {
	how := fmt.Sprintf("read in %d ms", l.Took.Milliseconds())
	if l.Stored {
		how = "from the store"
	}
	if l.Trouble() != nil {
		how = "not read to the end"
	}
	if read := l.Snapshot.ReadAt(); !read.IsZero() {
		how += ", as of " + read.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s: %d rows, %s", l.Info.Name, len(l.Rows), how)
}

func (j *judge) passwordEnds(target string, f *backend.Finding) {
	switch {
	case f.Err != nil:
		j.add(levelUnknown, kindPassword, target, "how long the password lives could not be read: "+cause(f.Err), 0)
	case f.Verdict == backend.VerdictBad:
		j.add(levelCritical, kindPassword, target, f.Text, 0)
	case !f.Until.IsZero():
		left := f.Until.Sub(j.now)
		j.perf.password(left)
		if l := j.password.level(left.Seconds()); l != levelOK {
			j.add(l, kindPassword, target, "the password ends in "+span(left), left)
		}
	}
}

// abandoned is how long a validation that ended is urgent although no
// certificate in use needs it: an account keeps its old domains for years.
const abandoned = 30 * 24 * time.Hour

// domainEnds judges how long a domain's validation holds. One that was never
// there is nothing that ends.
func (j *judge) domainEnds(l *survey.Look, v *model.DomainValidation) {
	if v.Expires.IsZero() {
		return
	}
	name := l.Info.Name + "/" + v.Domain
	left := v.Expires.Sub(j.now)
	if left <= 0 {
		if -left < abandoned || inUse(l, v.Domain) {
			j.domains++
			j.perf.domain(left)
			j.add(levelCritical, kindDomain, name, "its validation ended "+span(-left)+" ago", 0)
		}
		return
	}
	j.domains++
	j.perf.domain(left)
	if lv := j.domain.level(left.Seconds()); lv != levelOK {
		j.add(lv, kindDomain, name, "its validation ends in "+span(left), left)
	}
}

// inUse reports whether a certificate that serves somebody has a name in the
// domain: its renewal would be refused.
func inUse(l *survey.Look, name string) bool {
	domain := model.Domain{Name: name}
	return slices.ContainsFunc(l.Rows, func(r survey.Row) bool {
		if !r.Live() || r.Item.Order == nil {
			return false
		}
		o := r.Item.Order
		return domain.Covers(o.CommonName) || slices.ContainsFunc(o.SANs, domain.Covers)
	})
}

// named judges the names that were given: each has to be that of something that
// is in use or under way.
func (j *judge) named(looks []survey.Look) {
	for _, arg := range j.names {
		found, good := 0, false
		var state model.State
		for i := range looks {
			for _, r := range looks[i].Rows {
				if j.means(arg, r.Item) {
					found++
					good = good || r.Live() || r.Waiting() || r.Failed() || r.InDoubt() || r.Unread()
					state = r.Status.State
				}
			}
		}
		switch {
		case found == 0:
			j.add(levelUnknown, kindTrouble, arg, "nothing has that name", 0)
		case !good:
			j.add(levelCritical, kindUnused, arg, "no certificate in use: "+string(state), 0)
		}
	}
}
