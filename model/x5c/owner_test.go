package x5c_test

import (
	"testing"

	"certty/model"
	"certty/model/x5c"
)

// TestFindOwner: a certificate is told to be live, another row's or a reissue,
// before it is merged where it does not belong.
func TestFindOwner(t *testing.T) {
	p := newPKI(t)
	reissue := issue(t, "shop.example.com", p.leaf.key, p.lower, server("shop.example.com"))
	stranger := issue(t, "api.example.com", ecKey(t), p.lower, server("api.example.com"))
	id, err := x5c.PublicKeyID(p.leaf.cert.Raw)
	if err != nil {
		t.Fatal(err)
	}
	const thumbprint = "aa"
	leaf := x5c.Link{DER: p.leaf.cert.Raw, Thumbprint: thumbprint}
	live := &model.Item{Certificate: model.Certificate{Issued: true, Thumbprint: thumbprint}}
	pending := &model.Item{Certificate: model.Certificate{Thumbprint: thumbprint}}
	asked := &model.Item{Request: &model.Request{CSR: p.csr}}
	askedByKey := &model.Item{Request: &model.Request{KeyID: id}}
	askedOther := &model.Item{Request: &model.Request{CSR: request(t, ecKey(t)), KeyID: "bb"}}
	unread := &model.Item{Request: &model.Request{}}
	sameKey := &model.Item{Certificate: model.Certificate{Issued: true, Thumbprint: "cc", DER: reissue.cert.Raw}}
	otherKey := &model.Item{Certificate: model.Certificate{Issued: true, Thumbprint: "dd", DER: stranger.cert.Raw}}
	broken := &model.Item{Certificate: model.Certificate{Issued: true, Thumbprint: "ee", DER: []byte("sorry")}}
	for name, tt := range map[string]struct {
		matches bool
		own     *model.Item
		others  []*model.Item
		want    x5c.Owner
	}{
		"nobody's":                      {false, unread, []*model.Item{unread, askedOther, otherKey, broken}, x5c.Owner{}},
		"nothing is known":              {false, nil, nil, x5c.Owner{}},
		"live here":                     {true, live, nil, x5c.Owner{Kinship: x5c.Live, Item: live}},
		"live elsewhere":                {true, asked, []*model.Item{otherKey, live}, x5c.Owner{Kinship: x5c.Live, Item: live}},
		"not issued yet":                {false, pending, nil, x5c.Owner{}},
		"live before another's":         {false, nil, []*model.Item{asked, live}, x5c.Owner{Kinship: x5c.Live, Item: live}},
		"asked for by another":          {false, unread, []*model.Item{otherKey, asked}, x5c.Owner{Kinship: x5c.Asked, Item: asked}},
		"asked for, its key is known":   {false, nil, []*model.Item{askedOther, askedByKey}, x5c.Owner{Kinship: x5c.Asked, Item: askedByKey}},
		"asked for before its key":      {false, sameKey, []*model.Item{asked}, x5c.Owner{Kinship: x5c.Asked, Item: asked}},
		"its own request is no other's": {false, asked, nil, x5c.Owner{}},
		"a reissue of this row":         {false, sameKey, nil, x5c.Owner{Kinship: x5c.SameKey, Item: sameKey}},
		"a reissue of another":          {false, nil, []*model.Item{broken, otherKey, sameKey}, x5c.Owner{Kinship: x5c.SameKey, Item: sameKey}},
		"it matches here":               {true, asked, []*model.Item{askedByKey, sameKey}, x5c.Owner{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := x5c.FindOwner(bundle(p.leaf), leaf, tt.matches, tt.own, tt.others); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
	if got := x5c.FindOwner(bundle(p.leaf), x5c.Link{Thumbprint: "ff"}, false, nil, []*model.Item{unread, sameKey}); got != (x5c.Owner{}) {
		t.Errorf("what can't be read is %+v", got)
	}
}
