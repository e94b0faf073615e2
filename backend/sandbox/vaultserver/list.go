package vaultserver

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pageSize is the service's page, and the most it gives.
const pageSize = 25

// skipToken is where a list goes on. Like the service's it is JSON in
// base64url, and it carries includePending, which the next link does not.
type skipToken struct {
	NextMarker     string // the key of the last object that was looked at
	IncludePending bool
	TargetLocation int
}

func (t skipToken) encode() (string, error) {
	data, err := json.Marshal(t)
	return base64.RawURLEncoding.EncodeToString(data), err
}

func decodeSkipToken(text string) (skipToken, *failure) {
	var t skipToken
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(data, &t)
	}
	if err != nil || t.NextMarker == "" {
		// What the service says of a token that is not its own was not recorded.
		return skipToken{}, badParameter("Property $skiptoken has invalid value\r\n")
	}
	return t, nil
}

// window is the part of a list that a call asks for.
type window struct {
	skipToken
	size int
}

func newWindow(q url.Values) (window, *failure) {
	w := window{size: pageSize}
	if text := q.Get("maxresults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > pageSize {
			return window{}, badParameter("Property maxresults has invalid value\r\n")
		}
		w.size = n
	}
	if text := q.Get("$skiptoken"); text != "" {
		var f *failure
		w.skipToken, f = decodeSkipToken(text)
		return w, f
	}
	w.IncludePending = strings.EqualFold(q.Get("includePending"), "true")
	return w, nil
}

// take cuts the window out of the sorted keys. more is true when the window is
// full: as in the recordings another page follows then, which may be empty.
func (w *window) take(keys []string) (page []string, more bool) {
	i, found := slices.BinarySearch(keys, w.NextMarker)
	if found {
		i++
	}
	page = keys[i:min(i+w.size, len(keys))]
	return page, len(page) == w.size
}

// list lists the current versions (Key Vault REST, "Get Certificates"). Pages
// are cut before the pending and the deleted ones are left out, so that a page
// may be short or empty although more follows, as recorded.
func (s *Server) list(c *call) (*answer, error) {
	w, f := newWindow(c.query)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loadErr != nil {
		return nil, s.loadErr
	}
	keys, more := w.take(s.objectKeys())
	items := []itemAnswer{}
	for _, key := range keys {
		o, err := s.lookup(key, c.now)
		if err != nil {
			return nil, err
		}
		if o == nil { // deleted
			continue
		}
		if v := o.current(); v.issued() || w.IncludePending {
			items = append(items, item(v, c.url("certificates", o.Name)))
		}
	}
	return page(c, items, w, keys, more, "certificates")
}

// listVersions lists the issued versions by id, as recorded: that is no order
// in time.
func (s *Server) listVersions(c *call) (*answer, error) {
	w, f := newWindow(c.query)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.lookup(c.name, c.now)
	if err != nil {
		return nil, err
	}
	items := []itemAnswer{}
	if o == nil {
		// A name that there is not has no versions; it is no error.
		return page(c, items, w, nil, false)
	}
	versions := make(map[string]*version, len(o.Versions))
	for _, v := range o.Versions {
		versions[v.ID] = v
	}
	keys, more := w.take(sortedKeys(versions))
	for _, key := range keys {
		items = append(items, item(versions[key], c.url("certificates", o.Name, key)))
	}
	return page(c, items, w, keys, more, "certificates", c.name, "versions")
}

// page answers with items and, where more follows, with the next link:
// absolute, with the host's port, and without includePending, as recorded. path
// is the list's.
func page[T any](c *call, items []T, w window, keys []string, more bool, path ...string) (*answer, error) {
	list := listAnswer[T]{Value: items}
	if more {
		w.NextMarker = keys[len(keys)-1]
		token, err := w.encode()
		if err != nil {
			return nil, err
		}
		link := c.url(path...) + "?api-version=" + c.apiVersion + "&$skiptoken=" + token
		if max := c.query.Get("maxresults"); max != "" {
			link += "&maxresults=" + max
		}
		list.NextLink = &link
	}
	return &answer{status: http.StatusOK, body: list}, nil
}

func item(v *version, id string) itemAnswer {
	return itemAnswer{ID: id, X5T: v.thumbprint(), Attributes: v.attributes(), Tags: v.Tags}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
