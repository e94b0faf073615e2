package store

import (
	"hash/maphash"
	"time"
	"weak"

	"certty/model"
)

// written is what the cache holds of one target: enough to tell what of a later
// snapshot is news. It does not keep the snapshot alive that was written, which
// would hold every row twice after each sweep.
type written struct {
	swept, looked time.Time
	rows          []writtenRow // by key
}

// writtenRow is one row of the file.
type writtenRow struct {
	key string
	// item is the very item that was written or loaded, as long as somebody
	// holds it: that one needs no look.
	item weak.Pointer[model.Item]
	// listed is when a list held it last, as [nanos]: an item that is kept does not
	// tell, see [model.Snapshot.ListedAt].
	listed int64
	// content is contentOf the item; 0 where it has to be written anew.
	content uint64
}

func writtenOf(it *model.Item, listed time.Time, content uint64) writtenRow {
	return writtenRow{key: it.Ref.Key, item: weak.Make(it), listed: nanos(listed), content: content}
}

// contentSeed is this process's own: no sum is ever stored.
var contentSeed = maphash.MakeSeed()

// contentOf is a sum over everything that is stored of an item but when it was
// read. e is used up. That two contents of a row have one sum, and the second
// is not written before the row changes again, is one chance in 2^64.
func contentOf(e *encoder, it *model.Item) uint64 {
	e.b = e.b[:0]
	encodeContent(e, it)
	var csr []byte
	if it.Request != nil {
		csr = it.Request.CSR
	}
	return sumOf(e.b, it.Certificate.DER, csr)
}

// sumOf takes the bytes of an item in the order of the file. It is never 0.
func sumOf(text, der, csr []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(contentSeed)
	// A maphash.Hash returns no errors.
	_, _ = h.Write(text)
	_, _ = h.Write(der)
	_, _ = h.Write(csr)
	return max(1, h.Sum64())
}

// news is what has to be written to get from what the file holds to a snapshot.
type news struct {
	changed []*model.Item
	gone    []string
	// sighted is true when rows were seen again without other news.
	sighted bool
	// rows are those of the file once the news are written.
	rows []writtenRow
}

func (n news) empty() bool { return len(n.changed) == 0 && len(n.gone) == 0 && !n.sighted }

// compare walks the rows of the file and the items of the snapshot in step; both
// are sorted by key.
func compare(old []writtenRow, next *model.Snapshot) news {
	n := news{rows: make([]writtenRow, 0, next.Len())}
	var again []*model.Item
	var e encoder
	for it, listed := range next.Listings() {
		for len(old) > 0 && old[0].key < it.Ref.Key {
			n.gone = append(n.gone, old[0].key)
			old = old[1:]
		}
		var was writtenRow
		if len(old) > 0 && old[0].key == it.Ref.Key {
			was, old = old[0], old[1:]
		}
		same := was.content != 0 && was.item == weak.Make(it)
		if same && was.listed == nanos(listed) {
			n.rows = append(n.rows, was)
			continue
		}
		content := was.content
		if !same {
			content = contentOf(&e, it)
		}
		switch {
		case content != was.content:
			n.changed = append(n.changed, listedAt(it, listed))
		case len(again) <= sightingsAbove: // more are not looked at
			again = append(again, listedAt(it, listed))
		}
		n.rows = append(n.rows, writtenOf(it, listed, content))
	}
	for _, row := range old {
		n.gone = append(n.gone, row.key)
	}
	n.sighted = len(again) > sightingsAbove
	if !n.sighted {
		n.changed = append(n.changed, again...)
	}
	return n
}

// listedAt is the item with when a list held it last.
func listedAt(it *model.Item, at time.Time) *model.Item {
	if it.ListedAt.Equal(at) {
		return it
	}
	out := *it
	out.ListedAt = at
	return &out
}
