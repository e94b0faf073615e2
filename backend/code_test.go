package backend

import (
	"errors"
	"strings"
	"testing"

	"certty/model"
)

// TestCodes: every kind can be looked up, and says what an error of it says.
func TestCodes(t *testing.T) {
	all := map[string]Code{}
	for _, c := range Codes() {
		if _, twice := all[c.Code]; twice || c.Means == "" || c.Cause == "" || c.Next == "" {
			t.Errorf("%q is not explained, or twice: %+v", c.Code, c)
		}
		all[c.Code] = c
	}
	for kind := range kindNames {
		k := ErrorKind(kind)
		c, ok := all[k.String()]
		if !ok {
			t.Errorf("%v is not explained", k)
			continue
		}
		if got := AdviceFor(&Error{Kind: k}); got.Cause != c.Cause || got.Who != c.Who {
			t.Errorf("%v: %+v is looked up, %+v is shown", k, c.Advice, got)
		}
	}
	if _, ok := all["latched"]; !ok {
		t.Error("latched is not explained")
	}
}

func TestRequestCode(t *testing.T) {
	for code, who := range map[string]model.Actor{
		"certificate ISSUER error": model.ActorCA, "Request rejected": model.ActorYou, "something else": model.ActorYou, "": model.ActorYou,
	} {
		if c := RequestCode(code); c.Who != who || !strings.HasSuffix(c.Cause, ".") || c.Service != ServiceVault {
			t.Errorf("%q: %+v", code, c)
		}
	}
	if AdviceFor(errors.New("x")).Cause != "x" {
		t.Error("an error of somebody else says what it is")
	}
}

// TestAdviceIsClean: an error that no backend made may hold a file's name.
func TestAdviceIsClean(t *testing.T) {
	if got := AdviceFor(errors.New("open a\x1b[2Jb: no such file")); got.Cause != `open a\x1b[2Jb: no such file` || got.Next == "" {
		t.Errorf("the advice is %+v", got)
	}
}
