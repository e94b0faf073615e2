package merge_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/view/merge"
	"certty/ui/view/viewtest"
)

// scene is a request of prod that waits for a merge, and one of test.
type scene struct {
	*viewtest.Stage
	authority  *viewtest.Authority
	leaf, mine []byte // leaf is the signed certificate, mine its CSR
	other      []byte // signed for the request of test
}

const id = "2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70"

func waiting(target, name, id string, csr []byte) *model.Item {
	return viewtest.Item(target, name, func(it *model.Item) {
		viewtest.Unissued(it)
		viewtest.Pending(it, model.Request{ID: id, Status: "inProgress", Phase: model.PhaseInProgress, CSR: csr})
	})
}

func open(t *testing.T, more ...*model.Item) *scene {
	t.Helper()
	a := viewtest.NewAuthority(t)
	key, otherKey := viewtest.Key(t), viewtest.Key(t)
	sc := &scene{authority: a, leaf: a.Issue(key, "shop.example.com"), other: a.Issue(otherKey, "api.example.com")}
	sc.mine = viewtest.Request(t, key, "shop.example.com")
	items := []*model.Item{
		waiting("prod", "shop", id, sc.mine),
		waiting("test", "api-eu", "other", viewtest.Request(t, otherKey, "api.example.com")),
	}
	sc.Stage = viewtest.New(t, append(items, more...)...)
	sc.Resize(100, 40)
	sc.Open(merge.New(sc.Session, sc.Row("prod", "shop")))
	return sc
}

func (sc *scene) paste(text string) { sc.Tell(input.PasteMsg{Text: text}) }

func (sc *scene) pem(chain ...[]byte) string { return string(x5c.EncodeChain(chain)) }

// confirmed goes through both questions.
func (sc *scene) confirmed() { sc.Press("enter", "tab", "enter") }

func (sc *scene) sent(t *testing.T, calls ...string) {
	t.Helper()
	if !slices.Equal(sc.Vault.Calls, calls) {
		t.Fatalf("sent %q, want %q", sc.Vault.Calls, calls)
	}
}

// readBack makes the vault answer a merge with a certificate.
func (sc *scene) readBack(der []byte) {
	sc.Vault.Change.Page = model.Page{Fields: model.FieldCertificate, Items: []model.Item{{Certificate: model.Certificate{DER: der, Thumbprint: viewtest.Thumbprint(der)}}}}
}

func TestMergeIsReadBack(t *testing.T) {
	for _, tt := range []struct {
		name string
		back func(*scene)
		said string
	}{
		{"the leaf that was sent", func(sc *scene) { sc.readBack(sc.leaf) }, "shop: merged; read back: leaf and key are right"},
		{"another one", func(sc *scene) { sc.readBack(sc.other) }, "but the vault shows another certificate"},
		{"nothing", func(*scene) {}, "not read back yet"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc := open(t)
			tt.back(sc)
			sc.paste(sc.pem(sc.authority.Root, sc.authority.Intermediate, sc.leaf))
			sc.Sees("key matches this request's CSR", "order mended", "2 certificates")
			sc.sent(t)
			sc.confirmed()
			sc.sent(t, "merge prod/shop@"+id+" 2")
			sc.Said(tt.said)
			if len(sc.Session.Desk.Authorities()) != 2 {
				t.Error("the chain is not kept for a download")
			}
		})
	}
}

// TestOrder: the chain is sent the way round that the person chose, and the
// question shows it that way round.
func TestOrder(t *testing.T) {
	sc := open(t)
	sc.readBack(sc.leaf)
	sc.Press("o")
	sc.Said("nothing was pasted yet")
	sc.paste(sc.pem(sc.authority.Root, sc.authority.Intermediate, sc.leaf))
	sc.Sees("pending/merge, 2 certificates, leaf first")
	sc.Press("o")
	sc.Sees("pending/merge, 2 certificates, root first", "key matches this request's CSR")
	sc.Press("o")
	sc.Sees("leaf first")
	sc.Press("o", "r")
	sc.Sees("3 certificates, root first")
	sc.Press("enter")
	frame := sc.Frame()
	if root, leaf := strings.Index(frame, "root  "), strings.Index(frame, "leaf  "); root < 0 || leaf < root {
		t.Errorf("the question shows another order than is sent:\n%s", frame)
	}
	sc.Sees("Root first is for a request that was made with preserve order", "3 certificates, root first")
	sc.Press("tab", "enter")
	sc.sent(t, "merge prod/shop@"+id+" 3")
	want := [][]byte{sc.authority.Root, sc.authority.Intermediate, sc.leaf}
	if !slices.EqualFunc(sc.Vault.Chain, want, bytes.Equal) {
		t.Error("the chain was sent another way round")
	}
	sc.Said("read back: leaf and key are right; its chain can't be checked without the secret")
}

// TestRootFirst: a chain that is sent root first to a request that does not keep
// its order is warned of, with the verdict and with the question.
func TestRootFirst(t *testing.T) {
	const unkept, kept = "made with preserve order, and this one was not", "the vault keeps the chain as it is sent"
	for name, tt := range map[string]struct {
		preserve *bool
		want     string
	}{
		"not told":      {nil, "the vault hands a merged chain out the other way round"},
		"preserved":     {new(true), kept},
		"not preserved": {new(false), unkept},
	} {
		t.Run(name, func(t *testing.T) {
			sc := open(t)
			row := sc.Row("prod", "shop")
			row.Item.Request.PreserveCertOrder = tt.preserve
			sc.paste(sc.pem(sc.authority.Root, sc.authority.Intermediate, sc.leaf))
			if strings.Contains(sc.Frame(), unkept) {
				t.Error("warned of a chain that comes leaf first")
			}
			sc.Press("o")
			if warned := strings.Contains(sc.Frame(), unkept); warned != (tt.want == unkept) {
				t.Errorf("warned with the verdict: %t\n%s", warned, sc.Frame())
			}
			sc.Press("enter")
			sc.Sees(tt.want)
		})
	}
}

// TestOwner: a certificate that does not fit is told where it belongs, over
// every target.
func TestOwner(t *testing.T) {
	t.Run("another request, with the way there", func(t *testing.T) {
		sc := open(t)
		sc.paste(sc.pem(sc.other, sc.authority.Intermediate))
		sc.Sees("This certificate belongs to another request: api-eu (test), waits: merge", "Go there: g")
		sc.Press("enter")
		sc.Said("the verdict does not allow it")
		sc.Press("g")
		sc.Sees("Merge into api-eu (test)", "key matches this request's CSR")
		sc.confirmed()
		sc.sent(t, "merge test/api-eu@other 2")
	})
	t.Run("another request that takes no merge", func(t *testing.T) {
		key := viewtest.Key(t)
		ended := waiting("test", "done", "3", viewtest.Request(t, key, "done.example.com"))
		ended.Request.Phase, ended.Request.Status = model.PhaseCompleted, "completed"
		sc := open(t, ended)
		sc.paste(sc.pem(sc.authority.Issue(key, "done.example.com")))
		sc.Sees("another request: done (test), its request is completed")
		sc.Press("g")
		sc.Said("completed already")
	})
	t.Run("another request, of which only the key was kept", func(t *testing.T) {
		key := viewtest.Key(t)
		ended := waiting("test", "done", "3", nil)
		ended.Request.Phase, ended.Request.Status = model.PhaseCompleted, "completed"
		id, err := x5c.PublicKeyID(viewtest.Request(t, key, "done.example.com"))
		if err != nil {
			t.Fatal(err)
		}
		ended.Request.KeyID = id
		sc := open(t, ended)
		sc.paste(sc.pem(sc.authority.Issue(key, "done.example.com")))
		sc.Sees("another request: done (test), its request is completed")
	})
	t.Run("live already, known by a list alone", func(t *testing.T) {
		a := viewtest.NewAuthority(t)
		der := a.Issue(viewtest.Key(t), "live.example.com")
		sc := open(t, viewtest.Item("test", "live", func(it *model.Item) { it.Certificate.Thumbprint = viewtest.Thumbprint(der) }))
		sc.paste(sc.pem(der))
		sc.Sees("This is the certificate that is live already as live (test).")
		sc.Press("g")
		sc.Said("no other request is known")
	})
	t.Run("a reissue of a certificate", func(t *testing.T) {
		a := viewtest.NewAuthority(t)
		key := viewtest.Key(t)
		was := a.Issue(key, "www.example.com")
		sc := open(t, viewtest.Item("test", "www", func(it *model.Item) { it.Certificate.DER = was }))
		sc.paste(sc.pem(a.Issue(key, "www.example.com")))
		sc.Sees("It has the key of the certificate www (test)")
	})
	t.Run("nobody knows it", func(t *testing.T) {
		sc := open(t)
		sc.paste(sc.pem(sc.authority.Issue(viewtest.Key(t), "unknown.example.com")))
		sc.Sees("no certificate here has this request's key", "This can't be merged")
		if strings.Contains(sc.Frame(), "belongs to another request:") {
			t.Error("an owner was invented")
		}
	})
}

// TestRefusals: each says why, nothing is sent, and what was there stays.
func TestRefusals(t *testing.T) {
	secret := "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg"
	for _, tt := range []struct {
		name  string
		paste func(*scene) input.PasteMsg
		says  string
	}{
		{"a private key", func(*scene) input.PasteMsg {
			return input.PasteMsg{Text: "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n"}
		}, "That holds a private key. It was forgotten at once"},
		{"a private key behind the chain", func(sc *scene) input.PasteMsg {
			return input.PasteMsg{Text: sc.pem(sc.leaf) + "-----BEGIN EC PRIVATE KEY-----\n" + secret + "\n-----END EC PRIVATE KEY-----\n"}
		}, "That holds a private key"},
		{"truncated", func(sc *scene) input.PasteMsg {
			text := sc.pem(sc.leaf)
			return input.PasteMsg{Text: text[:len(text)/2]}
		}, "cut off or damaged"},
		{"plain text", func(*scene) input.PasteMsg { return input.PasteMsg{Text: "Dear customer"} }, "this looks like plain text"},
		{"the CSR itself", func(sc *scene) input.PasteMsg { return input.PasteMsg{Text: string(x5c.EncodeCSR(sc.mine))} }, "certificate request (CSR), not the certificate"},
		{"too long", func(*scene) input.PasteMsg { return input.PasteMsg{TooLong: true} }, "too long for a chain and was not taken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc := open(t)
			sc.Tell(tt.paste(sc))
			sc.Sees(tt.says, "Nothing was sent")
			sc.Press("enter")
			sc.Said("not now")
			if strings.Contains(sc.Frame(), secret[:20]) {
				t.Error("the key is shown")
			}
			sc.paste(sc.pem(sc.leaf, sc.authority.Intermediate))
			sc.Sees("key matches")
			sc.Tell(tt.paste(sc))
			sc.Sees(tt.says, "What was there before", "key matches")
			sc.sent(t)
		})
	}
}

// TestFiles reads the chain from a file in each form that CAs send.
func TestFiles(t *testing.T) {
	for _, tt := range []struct {
		name string
		data func(*testing.T, *scene) []byte
	}{
		{"chain.pem", func(_ *testing.T, sc *scene) []byte { return []byte(sc.pem(sc.authority.Intermediate, sc.leaf)) }},
		{"leaf.der", func(_ *testing.T, sc *scene) []byte { return sc.leaf }},
		{"chain.p7b", func(t *testing.T, sc *scene) []byte {
			der, err := x5c.EncodePKCS7([][]byte{sc.leaf, sc.authority.Intermediate})
			if err != nil {
				t.Fatal(err)
			}
			return der
		}},
		{"chain.json", func(_ *testing.T, sc *scene) []byte {
			return []byte(`{"x5c":["` + base64.StdEncoding.EncodeToString(sc.leaf) + `","` + base64.StdEncoding.EncodeToString(sc.authority.Intermediate) + `"]}`)
		}},
		{"chain.zip", func(t *testing.T, sc *scene) []byte {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			for name, der := range map[string][]byte{"ca/intermediate.crt": sc.authority.Intermediate, "shop.crt": sc.leaf} {
				f, err := z.Create(name)
				if err == nil {
					_, err = f.Write([]byte(sc.pem(der)))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			sc := open(t)
			if err := os.WriteFile(tt.name, tt.data(t, sc), 0o600); err != nil {
				t.Fatal(err)
			}
			sc.Press("f", tt.name, "enter")
			sc.Sees("key matches this request's CSR", "POST /certificates/shop/pending/merge")
		})
	}
}

// A key in a file was seen by nobody's clipboard; where keys are brought in is
// said.
func TestKeyInAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	sc := open(t)
	text := sc.pem(sc.leaf) + "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n"
	if err := os.WriteFile("both.pem", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sc.Press("f", "both.pem", "enter")
	sc.Sees("That file holds a private key; nothing of it was kept.", "brought in by import", "Nothing was sent")
	if strings.Contains(sc.Frame(), "clipboard") {
		t.Error("a clipboard is blamed for a file")
	}
}

// The last question repeats what the verdict warns of.
func TestWarningsAreRepeated(t *testing.T) {
	sc := open(t)
	sc.paste(sc.pem(sc.leaf))
	sc.Sees("missing: the certificate that signed", "pending/merge, 1 certificate")
	if strings.Contains(sc.Frame(), "leaf first") {
		t.Error("one certificate has an order")
	}
	sc.Press("enter")
	sc.Sees("Merge into shop", "! missing: the certificate that signed", "[ Merge ]")
}

// Of a chain that can't be merged nothing is sent, so its dates are shown, and
// no key that would send its root.
func TestRefusedChainShowsDates(t *testing.T) {
	sc := open(t)
	sc.paste(sc.pem(sc.other, sc.authority.Intermediate, sc.authority.Root))
	sc.Sees("no certificate here has this request's key")
	if strings.Contains(sc.Frame(), "r sends it") {
		t.Error("the root's switch is offered for a chain that can't be sent")
	}
	sc.Press("c")
	sc.paste(sc.pem(sc.authority.Intermediate, sc.authority.Root))
	sc.Sees("only CA certificates are here", "This can't be merged")
}

// A request whose key is used again is not used up for the certificate that is
// in use already.
func TestLiveCertificateIsNotMergedAgain(t *testing.T) {
	sc := open(t)
	renewed := waiting("prod", "shop", id, sc.mine)
	renewed.Certificate = viewtest.Item("prod", "shop", nil).Certificate
	renewed.Certificate.DER, renewed.Certificate.Thumbprint = sc.leaf, viewtest.Thumbprint(sc.leaf)
	sc.Put(renewed)
	sc.paste(sc.pem(sc.leaf, sc.authority.Intermediate))
	sc.Sees("key matches this request's CSR", "live already: merged, it would use the request up and renew nothing", "This can't be merged")
	sc.Press("enter")
	sc.Said("the verdict does not allow it")
	sc.sent(t)
}

// Another client is faster: the merge says so and sends nothing.
func TestSupersededMerge(t *testing.T) {
	sc := open(t)
	sc.paste(sc.pem(sc.leaf, sc.authority.Intermediate))
	sc.Put(waiting("prod", "shop", "another", viewtest.Request(t, viewtest.Key(t), "shop.example.com")))
	sc.Sees("another client replaced the request since this was opened: request another", "This can't be merged")
	sc.Press("enter")
	sc.Said("another client replaced the request")
	gone := waiting("prod", "shop", id, sc.mine)
	gone.Request.Gone = true
	sc.Put(gone)
	sc.Sees("the request is gone")
	sc.sent(t)
}

func TestRefusedMergeKeepsThePaste(t *testing.T) {
	sc := open(t)
	sc.Vault.Err = &backend.Error{Kind: backend.KindInvalid, Op: "merge", Message: "The public key does not match", Code: "BadParameter"}
	sc.paste(sc.pem(sc.leaf, sc.authority.Intermediate))
	sc.confirmed()
	sc.Sees("The public key does not match", "What you pasted is kept")
	sc.Press("esc")
	sc.Sees("key matches")
}

// While the answer is awaited nothing may take away what it is compared with.
func TestNothingChangesWhileItIsSent(t *testing.T) {
	sc := open(t)
	sc.readBack(sc.leaf)
	sc.paste(sc.pem(sc.leaf, sc.authority.Intermediate))
	sc.Press("enter")
	sc.Hold()
	sc.Press("tab", "enter")
	sc.Sees("waiting for the vault's answer")
	for _, key := range []string{"c", "r", "f", "g", "enter"} {
		sc.Press(key)
		sc.Said("its answer is awaited")
	}
	sc.paste(sc.pem(sc.other))
	sc.Release()
	sc.sent(t, "merge prod/shop@"+id+" 2")
	sc.Said("read back: leaf and key are right")
}

// On a low screen what can be done stays in sight, and what stands in the way
// comes first.
func TestVerdictScrolls(t *testing.T) {
	sc := open(t)
	sc.paste(sc.pem(sc.authority.Root, sc.authority.Intermediate, sc.leaf))
	sc.Resize(80, 12)
	sc.Sees("arrows scroll", "leaf", "⏎ goes on")
	top := sc.Frame()
	sc.Press("down", "down", "down")
	if sc.Frame() == top {
		t.Error("it does not scroll")
	}
	for range 50 {
		sc.Press("down")
	}
	sc.Sees("⏎ goes on")
	sc.Press("c")
	sc.paste(sc.pem(sc.other, sc.authority.Intermediate))
	sc.Sees("belongs to another request", "This can't be merged")
}

func TestWhyNot(t *testing.T) {
	issuers := model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "digicert"}, CSR: []byte{1}}
	for _, tt := range []struct {
		phase model.Phase
		want  string
	}{
		{model.PhaseInProgress, "digicert works on it"}, {model.PhaseFailed, ""}, {model.PhaseCancelled, ""}, {model.PhaseCompleted, "completed already"},
	} {
		s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
			r := issuers
			r.Phase = tt.phase
			viewtest.Pending(it, r)
		}))
		got := merge.WhyNot(s.Vault.Capabilities(), s.Row("prod", "shop"))
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%v: %q, want %q", tt.phase, got, tt.want)
		}
	}
	if got := merge.WhyNot(backend.Capabilities{}, viewtest.New(t, viewtest.Item("prod", "shop", nil)).Row("prod", "shop")); got == "" {
		t.Error("a target that can't merge gives no reason")
	}
}

func TestUnreadFileIsToldAndAskedAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	sc := open(t)
	sc.Press("f", "no-such.pem", "enter")
	sc.Said("Not read")
	sc.Sees("no-such.pem")
	if _, err := os.Stat("no-such.pem"); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file was made")
	}
}
