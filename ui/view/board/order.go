package board

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model/query"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// setOrder sorts the rows; the cursor stays on its row.
func (v *View) setOrder(o query.Order) tea.Cmd {
	v.s.Data.SetOrder(o)
	v.listed = v.s.Data.Version()
	v.setColumns()
	v.refresh()
	v.watch()
	return v.show()
}

// orderWords name the order.
func (v *View) orderWords() string {
	o := v.s.Data.Order()
	if o == (query.Order{}) {
		return o.Key.String()
	}
	return o.Key.String() + " " + arrow(v.s.Theme, o)
}

// arrow points up where the smallest value stands on top.
func arrow(t *theme.Theme, o query.Order) string {
	if o.Flip {
		return t.Glyphs.Down
	}
	return t.Glyphs.Up
}

// orderMenu offers the orders.
type orderMenu struct {
	s    *view.Session
	at   int
	pick func(query.Order) tea.Cmd
	w, h int
}

// orderLetters choose a key at once; each is in its name.
var orderLetters = map[query.Key]string{
	query.ByUrgency: "u", query.ByName: "n", query.ByTarget: "t", query.ByState: "s",
	query.ByAge: "a", query.ByLifeLeft: "l", query.ByExpiry: "e",
}

func newOrderMenu(s *view.Session, pick func(query.Order) tea.Cmd) *orderMenu {
	return &orderMenu{s: s, pick: pick, at: int(s.Data.Order().Key)}
}

func (m *orderMenu) Init() tea.Cmd          { return nil }
func (m *orderMenu) SetSize(w, h int)       { m.w, m.h = w, h }
func (m *orderMenu) Capturing() bool        { return true }
func (m *orderMenu) Actions() []keys.Action { return nil }

func (m *orderMenu) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	all := query.Keys()
	switch key.String() {
	case "esc", "q":
		m.s.Host.Close(m)
	case "up", "k":
		m.at = (m.at + len(all) - 1) % len(all)
	case "down", "j":
		m.at = (m.at + 1) % len(all)
	case "enter", "S":
		return m.choose(all[m.at])
	default:
		for _, k := range all {
			if orderLetters[k] == key.String() {
				return m.choose(k)
			}
		}
	}
	return nil
}

// choose sorts by k; by the key that is sorted by already, the other way round.
func (m *orderMenu) choose(k query.Key) tea.Cmd {
	now := m.s.Data.Order()
	m.s.Host.Close(m)
	return m.pick(query.Order{Key: k, Flip: now.Key == k && !now.Flip})
}

func (m *orderMenu) View() []string {
	t := m.s.Theme
	w := min(m.w, 34)
	now := m.s.Data.Order()
	var lines []string
	for i, k := range query.Keys() {
		marker, name := "  ", k.String()
		if k == now.Key {
			name += " " + arrow(t, now)
		}
		if i == m.at {
			marker, name = "> ", t.Paint(theme.Selected, name)
		}
		lines = append(lines, marker+t.Paint(theme.Key, orderLetters[k])+"  "+name)
	}
	lines = append(lines, "", t.Paint(theme.Faint, "the same again turns it round"))
	return box.Frame(t, "Sort by", lines, w, m.h)
}
