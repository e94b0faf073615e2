package console

import (
	"slices"
	"testing"

	"certty/model"
)

// A keystore that waits is said to keep until somebody gives the password when
// the pass has ended without making it, and once.
func TestKeystoreThatWaits(t *testing.T) {
	record := func(keystore model.KeystoreState, files model.FilesState) model.Record {
		return model.Record{Key: "3012", CommonName: "a.example", Step: model.StepCollected, Keystore: keystore, Files: files}
	}
	const waits = "sectigo: a.example (3012) keeps its keystore until somebody gives the password"
	for name, test := range map[string]struct {
		before model.Record
		told   []model.Record
		want   bool
	}{
		"made in the same pass":           {told: []model.Record{record(model.KeystoreWaits, model.FilesDue), record(model.KeystoreMade, model.FilesWritten)}},
		"without a password":              {told: []model.Record{record(model.KeystoreWaits, model.FilesDue), record(model.KeystoreWaits, model.FilesWritten)}, want: true},
		"without files":                   {told: []model.Record{record(model.KeystoreWaits, model.FilesNone)}, want: true},
		"files could not be written":      {told: []model.Record{record(model.KeystoreWaits, model.FilesDue)}},
		"files were written, it waits on": {before: record(model.KeystoreWaits, model.FilesDue), told: []model.Record{record(model.KeystoreWaits, model.FilesWritten)}, want: true},
		"was said before":                 {before: record(model.KeystoreWaits, model.FilesWritten), told: []model.Record{record(model.KeystoreWaits, model.FilesWritten)}},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			w := &worker{jobs: &jobs{said: func(line string) { said = append(said, line) }}, target: "sectigo", records: map[string]model.Record{}}
			before := map[string]model.Record{"3012": test.before}
			for _, r := range test.told {
				w.publish(model.Page{Fields: model.FieldRecord, Items: []model.Item{{Record: &r}}})
			}
			if slices.Contains(said, waits) {
				t.Errorf("said before the pass ended: %q", said)
			}
			w.lacking(before)
			if slices.Contains(said, waits) != test.want {
				t.Errorf("said %q", said)
			}
		})
	}
}

// Where the configuration names a password that does not open the key, that is
// said of the files that it was tried for, and of no keystore that a person makes.
func TestAnotherKeystorePassword(t *testing.T) {
	const another = " of its key, which is not the one that keystore_password names"
	for _, test := range []struct {
		files      model.FilesState
		configured bool
		want       string
	}{
		{model.FilesWaiting, true, "sectigo: a.example (3012) keeps its keystore and its files until somebody gives the password" + another},
		{model.FilesWaiting, false, "sectigo: a.example (3012) keeps its keystore and its files until somebody gives the password"},
		{model.FilesNone, true, "sectigo: a.example (3012) keeps its keystore until somebody gives the password"},
	} {
		var said []string
		w := &worker{
			jobs: &jobs{said: func(line string) { said = append(said, line) }}, target: "sectigo", configured: test.configured,
			records: map[string]model.Record{"3012": {Key: "3012", CommonName: "a.example", Keystore: model.KeystoreWaits, Files: test.files}},
		}
		w.lacking(map[string]model.Record{})
		if !slices.Equal(said, []string{test.want}) {
			t.Errorf("files %s, configured %v: said %q, want %q", test.files, test.configured, said, test.want)
		}
	}
}
