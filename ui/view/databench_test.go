package view_test

import (
	"fmt"
	"testing"
	"time"

	"certty/backend/poll"
	"certty/model"
	"certty/ui/view"
)

// BenchmarkNews is what news cost the data of a board of 10 000 certificates and
// 20 000 orders, all of whose texts a filter has looked through.
func BenchmarkNews(b *testing.B) {
	vault, account := stocked("prod", 10_000), stocked("acme", 20_000)
	touch := func(it *model.Item) { it.ListedAt = it.ListedAt.Add(time.Minute) }
	change := func(it *model.Item) {
		it.Certificate.Subject, it.Certificate.NotAfter = "CN=another", it.Certificate.NotAfter.Add(30*day)
	}
	for _, c := range []struct {
		name           string
		vault, account []*model.Item
	}{
		{"a sweep of the vault without news", copies(vault, 1, touch), account},
		{"1 in 100 changed", copies(vault, 100, change), copies(account, 100, change)},
		{"every row changed", copies(vault, 1, change), copies(account, 1, change)},
	} {
		b.Run(c.name, func(b *testing.B) {
			data := view.NewData([]string{"prod", "acme"}, noon)
			states := [2][2]poll.State{
				{stateOf("prod", vault), stateOf("acme", account)}, {stateOf("prod", c.vault), stateOf("acme", c.account)},
			}
			put := func(i int) {
				data.SetState("prod", states[i%2][0])
				data.SetState("acme", states[i%2][1])
			}
			put(0)
			for _, r := range data.Rows() {
				r.Text()
			}
			b.ReportAllocs()
			for i := 1; b.Loop(); i++ {
				put(i)
			}
		})
	}
	b.Run("a minute", func(b *testing.B) {
		data := view.NewData([]string{"prod", "acme"}, noon)
		data.SetState("prod", stateOf("prod", vault))
		data.SetState("acme", stateOf("acme", account))
		b.ReportAllocs()
		for now := noon; b.Loop(); {
			now = now.Add(time.Minute)
			data.SetNow(now)
		}
	})
}

func stateOf(target string, items []*model.Item) poll.State {
	return poll.State{Snapshot: model.NewSnapshot(target, items, noon)}
}

// stocked are n issued certificates, of different ages.
func stocked(target string, n int) []*model.Item {
	items := make([]*model.Item, n)
	for i := range items {
		key := fmt.Sprintf("row-%05d", i)
		from := noon.Add(-time.Duration(i%90) * day)
		items[i] = &model.Item{
			Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: key}, ListedAt: noon, RequestReadAt: noon,
			Certificate: model.Certificate{
				Issued: true, Enabled: true, Subject: "CN=" + key + ".example.com", Thumbprint: fmt.Sprintf("%040x", i),
				Created: from, NotBefore: from, NotAfter: from.Add(199 * day), Tags: map[string]string{"team": "shop", "stage": "prod"},
			},
		}
	}
	return items
}

// copies are items of which one in so many is another item, with a change.
func copies(items []*model.Item, every int, change func(*model.Item)) []*model.Item {
	out := make([]*model.Item, len(items))
	for i, it := range items {
		if out[i] = it; i%every == 0 {
			other := *it
			change(&other)
			out[i] = &other
		}
	}
	return out
}
