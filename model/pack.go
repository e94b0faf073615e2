package model

// Pack moves the items from a place on, at most n of them, into fresh memory, and
// reports whether there are more behind them. While a target is read as a whole
// every item is made two or three times, and those that last lie scattered among
// holes that nothing else fits into: of 30 000 rows a tenth of the whole process.
//
// Two neighbours, or a row and its order, are one piece, which is of a size that
// what is made and dropped meanwhile has not. The snapshots that were given out keep
// what they have.
func (d *Draft) Pack(from, n int) (more bool) {
	if d.out != nil {
		d.now.own()
		d.out = nil
	}
	items := d.now.items[min(from, len(d.now.items)):]
	more = len(items) > n
	items = items[:min(n, len(items))]
	for i := 0; i < len(items); i++ {
		switch it := items[i]; {
		case it.Order != nil:
			pair := &struct {
				item  Item
				order Order
			}{*it, *it.Order}
			pair.item.Order = &pair.order
			items[i] = &pair.item
		case i+1 < len(items) && items[i+1].Order == nil:
			pair := &[2]Item{*it, *items[i+1]}
			items[i], items[i+1] = &pair[0], &pair[1]
			i++
		}
	}
	return more
}
