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
// are cut before the pending ones are left out, so that a page may be short or
// empty although more follows, as recorded.
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
	keys, more := w.take(sortedKeys(s.objects))
	page := listAnswer{Value: []itemAnswer{}}
	for _, key := range keys {
		o, err := s.lookup(key, c.now)
		if err != nil {
			return nil, err
		}
		if v := o.current(); v.issued() || w.IncludePending {
			page.Value = append(page.Value, item(v, c.url("certificates", o.Name)))
		}
	}
	return c.page(&page, w, keys, more)
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
	page := listAnswer{Value: []itemAnswer{}}
	if o == nil {
		// A name that there is not has no versions; it is no error.
		return &answer{status: http.StatusOK, body: page}, nil
	}
	versions := make(map[string]*version, len(o.Versions))
	for _, v := range o.Versions {
		versions[v.ID] = v
	}
	keys, more := w.take(sortedKeys(versions))
	for _, key := range keys {
		page.Value = append(page.Value, item(versions[key], c.url("certificates", o.Name, key)))
	}
	return c.page(&page, w, keys, more)
}

// page adds the next link: absolute, with the host's port, and without
// includePending, as recorded.
func (c *call) page(page *listAnswer, w window, keys []string, more bool) (*answer, error) {
	if more {
		w.NextMarker = keys[len(keys)-1]
		token, err := w.encode()
		if err != nil {
			return nil, err
		}
		path := []string{"certificates"}
		if c.name != "" {
			path = append(path, c.name, "versions")
		}
		link := c.url(path...) + "?api-version=" + c.apiVersion + "&$skiptoken=" + token
		if max := c.query.Get("maxresults"); max != "" {
			link += "&maxresults=" + max
		}
		page.NextLink = &link
	}
	return &answer{status: http.StatusOK, body: page}, nil
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
