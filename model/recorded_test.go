package model_test

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/model"
)

// TestSubjectsOfRecordedRequests compares the subjects of recorded policies with
// those of the CSRs that Key Vault made for them: byte for byte, so order and
// string types count.
func TestSubjectsOfRecordedRequests(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "shared", "reference", "keyvault", "recordings", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the recorded traffic is not beside this checkout")
	}
	compared := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r recording
		r.walk(t, content)
		subjects := map[string]bool{}
		for _, subject := range r.subjects {
			seq, err := model.ParseSubject(subject)
			if err != nil {
				continue // the ones that the service refused, too
			}
			der, err := asn1.Marshal(seq)
			if err != nil {
				t.Fatalf("%s: %q: %v", filepath.Base(file), subject, err)
			}
			subjects[string(der)] = true
		}
		for _, der := range r.csrs {
			csr, err := x509.ParseCertificateRequest(der)
			if err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
				continue
			}
			compared++
			if !subjects[string(csr.RawSubject)] {
				t.Errorf("%s: no subject of %q becomes the CSR's %s", filepath.Base(file), r.subjects, csr.Subject)
			}
		}
	}
	if compared == 0 {
		t.Error("no CSR was found in the recordings")
	}
}

// recording gathers what stands anywhere in a recorded file, in bodies that are
// JSON in a string, too.
type recording struct {
	subjects []string
	csrs     [][]byte
}

func (r *recording) walk(t *testing.T, content []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(content, &v); err != nil {
		return
	}
	r.value(t, v)
}

func (r *recording) value(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			r.value(t, item)
		}
	case map[string]any:
		for name, member := range v {
			text, ok := member.(string)
			switch {
			case ok && name == "subject":
				r.subjects = append(r.subjects, text)
			case ok && name == "csr" && len(text) > 200:
				der, err := base64.StdEncoding.DecodeString(text)
				if err != nil {
					t.Errorf("a recorded csr: %v", err)
				}
				r.csrs = append(r.csrs, der)
			default:
				r.value(t, member)
			}
		}
	case string:
		if text := strings.TrimSpace(v); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			r.walk(t, []byte(text))
		}
	}
}

// What is not settled is begun, and so is what was placed and not collected.
func TestBegun(t *testing.T) {
	for step, want := range map[model.RecordStep][2]bool{
		model.StepPrepared: {true, true}, model.StepSending: {true, true}, model.StepUndecided: {true, true}, model.StepDoubled: {true, true},
		model.StepPlaced: {false, true}, model.StepRefused: {}, model.StepCollected: {}, model.StepUnreadable: {},
	} {
		if r := (&model.Record{Step: step}); [2]bool{r.Unsettled(), r.Begun()} != want {
			t.Errorf("%s: %t and %t", step, r.Unsettled(), r.Begun())
		}
	}
}
