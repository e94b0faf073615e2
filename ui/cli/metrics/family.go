package metrics

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// family is a metric with its series (Prometheus, "Text-based format"). All are
// gauges: they say how it stands.
type family struct {
	name, help string
	series     []series
}

// series is one value with its labels.
type series struct {
	labels []label
	value  float64
}

type label struct{ name, value string }

// add adds a series; labels are pairs of name and value.
func (f *family) add(value float64, labels ...label) {
	f.series = append(f.series, series{labels, value})
}

var (
	inHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	inLabel = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// write writes families, those without series left out. There are no timestamps:
// the textfile collector refuses them.
func write(w io.Writer, families []*family) error {
	b := bufio.NewWriter(w)
	for _, f := range families {
		if len(f.series) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s gauge\n", f.name, inHelp.Replace(f.help), f.name); err != nil {
			return err
		}
		for _, s := range f.series {
			if _, err := b.WriteString(f.name + s.text() + "\n"); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}

// text is labels and value.
func (s *series) text() string {
	var b strings.Builder
	if len(s.labels) > 0 {
		for i, l := range s.labels {
			b.WriteByte("{,"[min(i, 1)])
			b.WriteString(l.name + `="` + inLabel.Replace(strings.ToValidUTF8(l.value, "\uFFFD")) + `"`)
		}
		b.WriteByte('}')
	}
	return b.String() + " " + strconv.FormatFloat(s.value, 'f', -1, 64)
}
