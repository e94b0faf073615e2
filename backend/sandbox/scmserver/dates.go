package scmserver

import (
	"strings"
	"time"
)

// layouts are the values of the dateFormat parameter ("Date formats" in
// Sectigo's document), by name and by pattern in lower case.
var layouts = func() map[string]string {
	all := map[string]string{}
	for _, f := range []struct{ name, pattern, layout string }{
		{"iso", "yyyy-mm-dd", isoDay}, {"eu", "dd.mm.yyyy", "02.01.2006"}, {"us", "mm/dd/yyyy", usDay},
		{"uk", "dd/mm/yyyy", "02/01/2006"}, {"jp", "yyyy/mm/dd", "2006/01/02"},
	} {
		all[f.name], all[f.pattern] = f.layout, f.layout
		all[f.name+"_hms"] = f.layout + " 15:04:05"
	}
	all["iso_hms"] = isoMoment
	all["yyyy-mm-dd't'hh:mm:ss.sss'z'"] = isoMoment
	return all
}()

// usDay is what dates look like when nothing else was asked for.
const usDay = "01/02/2006"

// dates writes the dates of details as the request asked for them; a format
// that there is not is passed over.
func (c *call) dates() func(time.Time) string {
	layout, known := layouts[strings.ToLower(c.query.Get("dateFormat"))]
	if !known || c.settings.IgnoreDateFormat {
		layout = usDay
	}
	return func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(layout)
	}
}
