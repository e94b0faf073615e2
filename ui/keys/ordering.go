package keys

const tagOrdering = "Ordering"

// The actions of the forms that order, and of what stands in their way.
var (
	SyncForm   = Def{ID: "sync-form", Keys: []string{"ctrl+r"}, Help: "sync", Long: "in a form that orders: ask the account now what it offers; what was typed stays", Tag: tagOrdering}
	OrderTwice = Def{ID: "order-twice", Keys: []string{"a"}, Help: "order again", Long: "over a key that was ordered for already: order for it once more", Tag: tagOrdering, Dangerous: true, Hint: 2}
)
