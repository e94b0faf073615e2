package keys

const tagOrder = "An order"

// The actions on the row of an order. Where a row in a vault has an action that
// comes near, it has the same key.
var (
	CheckStatus = Def{ID: "check-status", Keys: []string{"c"}, Help: "check status", Long: "read how the order stands at the account now", Tag: tagOrder, Hint: 7}
	Place       = Def{ID: "place-order", Keys: []string{"O"}, Help: "order", Long: "send the order that was prepared here; it costs one certificate of the contract", Tag: tagOrder, Dangerous: true, Hint: 2}
	FindOrder   = Def{ID: "find-order", Keys: []string{"F"}, Help: "look for it", Long: "look at the account for an order whose answer was lost; nothing is sent again", Tag: tagOrder, Hint: 3}
	Decide      = Def{ID: "decide", Keys: []string{"J"}, Help: "decide", Long: "say of an order that was not found, or found twice, which one it is or that there is none", Tag: tagOrder, Hint: 2}
	Approve     = Def{ID: "approve", Keys: []string{"Y"}, Help: "approve", Long: "approve the order as an administrator of the account, with a message", Tag: tagOrder, Dangerous: true, Hint: 2}
	Decline     = Def{ID: "decline", Keys: []string{"N"}, Help: "decline", Long: "decline the order as an administrator of the account, with a message", Tag: tagOrder, Dangerous: true, Hint: 3}
	Validation  = Def{ID: "validation", Keys: []string{"v"}, Help: "validation", Long: "show why the order waits: its domains, what to publish for each, and until when", Tag: tagOrder, Hint: 3}
	Collect     = Def{ID: "collect", Keys: []string{"f"}, Help: "collect", Long: "fetch the issued certificate into the local repository now", Tag: tagOrder, Hint: 3}
	Keystore    = Def{ID: "make-keystore", Keys: []string{"K"}, Help: "keystore", Long: "write the certificate with the key that was made here as PKCS#12, JKS or PEM", Tag: tagOrder, Hint: 2}
	Deliver     = Def{ID: "deliver", Keys: []string{"W"}, Help: "deliver", Long: "vouch for a certificate that is for none of the keys of its order: its files are written", Tag: tagOrder, Dangerous: true, Hint: 2}
	Renew       = Def{ID: "renew", Keys: []string{"e"}, Help: "renew", Long: "order a successor of this certificate; it stays valid until it expires", Tag: tagOrder, Dangerous: true, Hint: 4}
	Replace     = Def{ID: "replace", Keys: []string{"p"}, Help: "replace", Long: "have another certificate issued under this order, for a new key or other names", Tag: tagOrder, Dangerous: true, Hint: 5}
	OrderAgain  = Def{ID: "order-again", Keys: []string{"t"}, Help: "order again", Long: "order another one like this: the form is filled in from it", Tag: tagOrder, Dangerous: true, Hint: 6}
	CancelOrder = Def{ID: "cancel-order", Keys: []string{"x"}, Help: "cancel", Long: "do what comes nearest to cancelling the order as it stands: decline it, revoke it, or watch it", Tag: tagOrder, Dangerous: true, Hint: 4}
	Revoke      = Def{ID: "revoke", Keys: []string{"X"}, Help: "revoke", Long: "revoke the certificate at the CA for good", Tag: tagOrder, Dangerous: true, Hint: 5}
	DeleteHere  = Def{ID: "delete-here", Keys: []string{"D"}, Help: "delete here", Long: "hide the order here; the account keeps it", Tag: tagOrder, Hint: 12}
	RestoreHere = Def{ID: "restore", Keys: []string{"u"}, Help: "restore", Long: "show an order again that was deleted here", Tag: tagOrder, Hint: 2}
	HideKeepKey = Def{ID: "hide-keep-key", Keys: []string{"h"}, Help: "hide, keep the key", Long: "hide the order here and keep its private key, encrypted as it is", Tag: tagOrder}
	HideDestroy = Def{ID: "hide-destroy-key", Keys: []string{"k"}, Help: "destroy the key", Long: "hide the order here and destroy its private key; nobody can bring it back", Tag: tagOrder}
)

// NewOrder is the list's: it needs no row.
var NewOrder = Def{ID: "new-order", Keys: []string{"b"}, Help: "new order", Long: "order a certificate at a CA account: that of this row, else it is asked for", Tag: tagList, Dangerous: true, Hint: 6}

// What can be copied of an order besides what a certificate in a vault has.
var (
	CopyNames   = Def{ID: "copy-names", Keys: []string{"a"}, Help: "all names", Long: "copy every name of the order, one a line", Tag: tagCopy, Hint: 4}
	CopyRecords = Def{ID: "copy-dns-records", Keys: []string{"d"}, Help: "DNS records", Long: "copy the records to publish before the order goes on, as lines of a zone file", Tag: tagCopy, Hint: 5}
)
