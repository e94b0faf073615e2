package scm

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// TestCodesAreExplained: each entry says what a person needs, once.
func TestCodesAreExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		name := c.Code + " at " + strings.Join(c.At, ", ")
		if c.Means == "" || c.Cause == "" || c.Next == "" {
			t.Errorf("%s is not explained: %+v", name, c)
		}
		if strings.HasSuffix(c.Means, ".") || !strings.HasSuffix(c.Cause, ".") || !strings.HasSuffix(c.Next, ".") {
			t.Errorf("%s: what a code means is a phrase, cause and way out are sentences: %+v", name, c)
		}
		if key := name + c.Means; seen[key] {
			t.Errorf("%s is explained twice", name)
		} else {
			seen[key] = true
		}
	}
}

// TestCodesAreReached: what is looked up is what an answer with that code brings.
func TestCodesAreReached(t *testing.T) {
	ops := []string{opRead, opCollect, opOrder, opRenew, opReplace, opRevoke, opApprove, opDecline, opCancel, opDelete, opDomains}
	brought := func(code int, says string) []backend.Advice {
		var all []backend.Advice
		for _, op := range ops {
			for _, changes := range []bool{false, true} {
				m := classify(call{op: op, changes: changes}, 400, fault{json: true, code: code, message: says})
				all = append(all, backend.AdviceFor(&backend.Error{Kind: m.kind, State: m.state, Advice: m.advice}))
			}
		}
		return all
	}
	for _, table := range [][]rule{rules, rulesElsewhere} {
		for _, r := range table {
			for code := range r.codes {
				for _, c := range r.entries(code) {
					if !slices.Contains(brought(code, r.says), c.Advice) {
						t.Errorf("no answer with %s at %v brings the advice that is looked up: an earlier rule hides it", c.Code, c.At)
					}
				}
			}
		}
	}
}

// TestCodesElsewhereLeaveTheKind: an answer about what this program has no part
// in is taken as its status says, and never hides that a change may have been
// made.
func TestCodesElsewhereLeaveTheKind(t *testing.T) {
	for _, r := range rulesElsewhere {
		if r.kind != backend.KindOther || r.vague || len(r.ops) > 0 {
			t.Errorf("%v decides more than the advice", r.codes)
		}
	}
	for status, want := range map[int]backend.ErrorKind{
		400: backend.KindInvalid, 404: backend.KindNotFound, 500: backend.KindUncertain, 200: backend.KindUncertain, 418: backend.KindOther,
	} {
		m := classify(call{op: opOrder, changes: true}, status, fault{json: true, code: -220})
		if m.kind != want {
			t.Errorf("status %d with -220 is %v, want %v", status, m.kind, want)
		}
		if (m.kind == backend.KindUncertain) == (m.advice == advicePassword) {
			t.Errorf("status %d with -220: advice %+v", status, m.advice)
		}
	}
}

// TestDocumentedCodes: every code that SCM's document lists is explained.
func TestDocumentedCodes(t *testing.T) {
	var documented struct {
		Items []struct {
			Code        int
			Description string
		}
	}
	readSample(t, "02-error-codes-doc-25.5.json", &documented)
	if len(documented.Items) < 100 {
		t.Fatalf("the list holds %d codes", len(documented.Items))
	}
	explained := map[string]int{}
	for _, c := range Codes() {
		explained[c.Code]++
	}
	texts := map[int]int{}
	for _, item := range documented.Items {
		texts[item.Code]++
		if explained[strconv.Itoa(item.Code)] == 0 {
			t.Errorf("%d (%s) is not explained", item.Code, item.Description)
		}
	}
	for code, n := range texts {
		if explained[strconv.Itoa(code)] < n {
			t.Errorf("%d has %d texts and %d explanations", code, n, explained[strconv.Itoa(code)])
		}
	}
	var observed struct {
		Items []struct{ Body struct{ Code int } }
	}
	readSample(t, "32-observed-error-bodies.json", &observed)
	for _, item := range observed.Items {
		if explained[strconv.Itoa(item.Body.Code)] == 0 {
			t.Errorf("%d was observed and is not explained", item.Body.Code)
		}
	}
}

// readSample reads a sample that lies beside the repository.
func readSample(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "reference", "scm", "samples", name))
	if err != nil {
		t.Skip("skipped: the samples of the service do not lie beside the repository")
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestWhoActs(t *testing.T) {
	for _, c := range Codes() {
		if c.Code == "-1140" && c.Who != model.ActorApprover || c.Code == "-1400" && c.Who != model.ActorCA {
			t.Errorf("%s: %s has to act", c.Code, c.Who)
		}
	}
}
