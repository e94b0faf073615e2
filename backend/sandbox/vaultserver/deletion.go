package vaultserver

import "time"

// Deleting, recovering and purging take a while in the service; the recordings
// show anything between a moment and a minute.
const (
	deleteLag  = 4 * time.Second
	recoverLag = 4 * time.Second
	purgeLag   = 4 * time.Second
)

// deletion is what has become of an object since it was deleted.
type deletion struct {
	// At is when it was deleted, PurgeAt when the vault purges it by itself.
	At, PurgeAt time.Time
	// Recovered and Purged are when somebody asked for that; zero for never.
	Recovered time.Time `json:",omitzero"`
	Purged    time.Time `json:",omitzero"`
}

// phase is where an object stands between life and purge.
type phase uint8

const (
	live phase = iota
	// deleting is shown neither among the live nor among the deleted.
	deleting
	deleted
	// recovering is shown nowhere either, and neither is purging.
	recovering
	purging
	purged
)

// phase is the object's phase at now; without a deletion it is live.
func (d *deletion) phase(now time.Time) phase {
	switch {
	case d == nil:
		return live
	case !d.Purged.IsZero():
		return until(now, d.Purged.Add(purgeLag), purging, purged)
	case !d.Recovered.IsZero():
		return until(now, d.Recovered.Add(recoverLag), recovering, live)
	case now.Before(d.At.Add(deleteLag)):
		return deleting
	}
	return until(now, d.PurgeAt, deleted, purged)
}

func until(now, end time.Time, before, after phase) phase {
	if now.Before(end) {
		return before
	}
	return after
}

// defaultRetention is how many days a vault keeps what was deleted unless it
// was made otherwise.
const defaultRetention = 90

// recovery is what a vault says of the recovery of its objects.
type recovery struct {
	level string
	days  int
}

// newRecovery names the level as Key Vault's DeletionRecoveryLevel does: less
// than 90 days are a customized level, and without purge protection it is
// purgeable.
func newRecovery(days int, purgeProtected bool) recovery {
	r := recovery{level: "Recoverable", days: days}
	if days == 0 {
		r.days = defaultRetention
	}
	if r.days < defaultRetention {
		r.level = "CustomizedRecoverable"
	}
	if !purgeProtected {
		r.level += "+Purgeable"
	}
	return r
}

// on adds the recovery to attributes. Lists of live objects go without.
func (r recovery) on(a Attributes) Attributes {
	a.RecoveryLevel, a.RecoverableDays = r.level, r.days
	return a
}
