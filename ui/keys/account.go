package keys

// The tags of an account's screens.
const (
	tagAccount = "A CA account"
	tagDomain  = "A domain"
	tagImport  = "Importing orders"
)

// The actions of an account's screens.
var (
	Account      = Def{ID: "account", Keys: []string{"I"}, Help: "account", Long: "show what this row's account offers: organizations, domains, profiles, custom fields", Tag: tagAccount}
	NextPart     = Def{ID: "next-part", Keys: []string{"tab", "right", "l"}, Help: "next list", Long: "in the account: organizations, domains, profiles, custom fields, one after the other", Tag: tagAccount, Hint: 1}
	LastPart     = Def{ID: "last-part", Keys: []string{"shift+tab", "left", "h"}, Help: "last list", Long: "in the account: the list before this one", Tag: tagAccount}
	Sync         = Def{ID: "sync", Keys: []string{"s"}, Help: "sync", Long: "ask the account now what it offers, as it is asked every week by itself", Tag: tagAccount, Hint: 2}
	ImportOrders = Def{ID: "import-orders", Keys: []string{"i"}, Help: "import orders", Long: "take existing orders of the account over into the local repository", Tag: tagAccount, Hint: 3}

	RecheckDomain   = Def{ID: "recheck-domain", Keys: []string{"c"}, Help: "check again", Long: "have the CA look at the domain's record again", Tag: tagDomain, Dangerous: true, Hint: 3}
	CopyRecord      = Def{ID: "copy-record", Keys: []string{"y"}, Help: "copy record", Long: "copy the record to publish, as a line of a zone file", Tag: tagDomain, Hint: 4}
	CopyRecordName  = Def{ID: "copy-record-name", Keys: []string{"n"}, Help: "copy name", Long: "copy the name of the record to publish, or the address of the file", Tag: tagDomain, Hint: 5}
	CopyRecordValue = Def{ID: "copy-record-value", Keys: []string{"v"}, Help: "copy value", Long: "copy the value of the record to publish, or the content of the file", Tag: tagDomain, Hint: 6}

	LeaveImport = Def{ID: "leave-import", Keys: []string{"enter"}, Help: "leave it running", Long: "leave the import running; its end is told wherever you are", Tag: tagImport}
	StopImport  = Def{ID: "stop-import", Keys: []string{"x"}, Help: "stop", Long: "end the import; what was taken over stays, and started again it takes the rest", Tag: tagImport, Hint: 1}
)
