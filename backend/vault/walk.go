package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// maxEmptyPages bounds how many pages in a row may be empty. The service sends
// empty pages between full ones; without a bound a broken one never ends.
const maxEmptyPages = 1000

// walk is one way through a list, page by page. Each page is a call of its own:
// the library's pager would follow the link to the next page to any host, with
// the token.
type walk struct {
	vault *Vault
	call  call
	// path is the list's; a link that leads elsewhere is not followed.
	path string
	// ask makes the library ask for one page.
	ask func(context.Context) error
	// ended is true once the last page was read.
	ended bool
	// visited holds the links that were followed.
	visited map[string]bool
	empty   int
}

func (v *Vault) walk(op string, ref model.Ref, path string, ask func(context.Context) error) *walk {
	return &walk{
		vault: v, path: path, ask: ask,
		call: call{
			op: op, ref: ref, want: http.StatusOK, vaultWide: ref.Key == "",
			// The most the service gives at once, said although it is the default.
			query: url.Values{"maxresults": {"25"}},
		},
	}
}

// next reads a page. Items may come with an error: they are true all the same,
// only the way to the next page is lost.
func (w *walk) next(ctx context.Context) ([]json.RawMessage, answer, error) {
	a, err := w.vault.do(ctx, w.call, w.ask)
	if err != nil {
		return nil, a, err
	}
	items, next, err := decodeList(a.body)
	if err != nil {
		return nil, a, unreadable(w.call, a, err)
	}
	if next == "" {
		w.ended = true
		return items, a, nil
	}
	switch err := w.follow(next, len(items) == 0); {
	case errors.Is(err, errElsewhere):
		wrong := w.wrong(a, err)
		wrong.Advice = adviceElsewhere
		return items, a, wrong
	case err != nil:
		return items, a, w.wrong(a, err)
	}
	return items, a, nil
}

// all reads the list to its end and gives each item to decode. Items that can't
// be decoded are passed over, and reported as one error at the end.
func (w *walk) all(ctx context.Context, decode func(raw []byte) error) error {
	var lost []error
	for {
		items, a, err := w.next(ctx)
		for _, raw := range items {
			if err := decode(raw); err != nil {
				lost = append(lost, err)
			}
		}
		if err != nil {
			return err
		}
		if w.ended {
			return w.lostItems(a, lost)
		}
	}
}

var errElsewhere = errors.New("the link to the list's next page leads to another host")

// follow turns to the next page, whose link must lead to this list of this
// vault and to where the walk has not been.
func (w *walk) follow(next string, empty bool) error {
	link, err := url.Parse(next)
	switch {
	case err != nil:
		return errors.New("the link to the list's next page is not a URL")
	case link.Scheme != "https" || canonicalHost(link) != w.vault.host:
		return fmt.Errorf("%w, %s; it is not followed, because the token would go there", errElsewhere, link.Host)
	case strings.TrimSuffix(link.Path, "/") != w.path:
		return fmt.Errorf("the link to the list's next page leads to %s", link.Path)
	case w.visited[link.RawQuery]:
		return errors.New("the list goes in circles: the link to its next page was followed before")
	}
	if w.empty++; !empty {
		w.empty = 0
	}
	if w.empty > maxEmptyPages {
		return fmt.Errorf("the list does not end: %d empty pages in a row", w.empty)
	}
	if w.visited == nil {
		w.visited = map[string]bool{}
	}
	w.visited[link.RawQuery] = true
	w.call.link, w.call.query = link, nil
	return nil
}

// lostItems is the error of a list that ended well but for objects that can't
// be shown.
func (w *walk) lostItems(a answer, lost []error) error {
	if len(lost) == 0 {
		return nil
	}
	return w.wrong(a, fmt.Errorf("%d listed objects can't be shown; of the first: %w", len(lost), lost[0]))
}

// wrong is the error of a page that came well and says what can't be.
func (w *walk) wrong(a answer, err error) *backend.Error {
	return &backend.Error{
		Kind: backend.KindOther, Op: w.call.op, Ref: w.call.ref, Status: w.call.want,
		RequestID: a.serviceID(), Message: text.Flat(err.Error()),
	}
}
