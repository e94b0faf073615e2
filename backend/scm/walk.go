package scm

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"certty/model"
)

// pageSize is the most that a list gives at once (SCM REST API, "Paging").
const pageSize = 200

// walk is one way through a list, page by page. A position is an offset in rows:
// rows that come or go meanwhile shift the others, so that some come twice and
// others not at all. So every row is given out once, by its key, and the totals
// of all pages are compared.
type walk struct {
	backend *Backend
	call    call
	// key tells rows apart; "" for a row without one.
	key func(json.RawMessage) string

	position int
	// total is the last X-Total-Count; -1 when there is none, as behind some
	// proxies.
	total int
	// begun and ended are true after the first and after the last page.
	begun, ended bool
	// shifted is true once something moved while the list was read, or a row
	// could not be told from others.
	shifted bool
	seen    map[string]bool
}

func (b *Backend) walk(op string, ref model.Ref, path string, filter url.Values, key func(json.RawMessage) string) *walk {
	query := url.Values{"size": {strconv.Itoa(pageSize)}}
	maps.Copy(query, filter)
	return &walk{
		backend: b, key: key, total: -1, seen: map[string]bool{},
		call: call{op: op, ref: ref, method: http.MethodGet, path: path, query: query, want: http.StatusOK},
	}
}

// next reads a page and gives the rows that were not seen before.
func (w *walk) next(ctx context.Context) ([]json.RawMessage, answer, error) {
	w.call.query.Set("position", strconv.Itoa(w.position))
	a, err := w.backend.do(ctx, w.call)
	if err != nil {
		return nil, a, err
	}
	rows, err := list(a.body)
	if err != nil {
		return nil, a, unreadable(w.call, a, err)
	}
	total := a.total()
	if w.begun && total != w.total {
		w.shifted = true
	}
	w.begun, w.total = true, total
	w.position += len(rows)
	var fresh []json.RawMessage
	for _, row := range rows {
		switch key := w.key(row); {
		case key == "", w.seen[key]:
			w.shifted = true
		default:
			w.seen[key] = true
			fresh = append(fresh, row)
		}
	}
	// A short page is no end, an empty one is. A page of nothing but rows that
	// were seen before comes from a service that does not turn the page.
	w.ended = len(fresh) == 0 || total >= 0 && w.position >= total
	return fresh, a, nil
}

// complete reports whether the whole list was seen, as far as can be known.
func (w *walk) complete() bool {
	return w.ended && !w.shifted && (w.total < 0 || len(w.seen) == w.total)
}

// errShifted says that a list that has to be whole is not.
var errShifted = errors.New("the list changed while it was read")

// all reads the list to its end.
func (w *walk) all(ctx context.Context) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	for !w.ended {
		page, _, err := w.next(ctx)
		if err != nil {
			return rows, err
		}
		rows = append(rows, page...)
	}
	return rows, nil
}

// orderKey tells the rows of a list of orders apart.
func orderKey(raw json.RawMessage) string {
	var row identityJSON
	if unmarshal(raw, &row) != nil || row.ID <= 0 {
		return ""
	}
	return strconv.Itoa(int(row.ID))
}
