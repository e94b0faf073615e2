package keys

// The tags, in the order of the help.
const (
	tagRow    = "This row"
	tagMove   = "Moving"
	tagList   = "The list"
	tagMerge  = "Merging"
	tagCopy   = "Copying"
	tagScreen = "The program"
)

// The actions.
var (
	Merge         = Def{ID: "merge", Keys: []string{"m"}, Help: "merge", Long: "merge the signed certificate into this request", Tag: tagRow, Dangerous: true, Hint: 2}
	SaveCSR       = Def{ID: "save-csr", Keys: []string{"s"}, Help: "save CSR", Long: "save the request's CSR as a PEM file", Tag: tagRow, Hint: 3}
	Copy          = Def{ID: "copy", Keys: []string{"y"}, Help: "copy", Long: "copy name, thumbprint, serial, CSR, certificate or vault id", Tag: tagRow, Hint: 8}
	Cancel        = Def{ID: "cancel", Keys: []string{"x"}, Help: "cancel", Long: "ask for cancellation of the request in progress", Tag: tagRow, Dangerous: true, Hint: 4}
	DeleteRequest = Def{ID: "delete-request", Keys: []string{"d"}, Help: "delete request", Long: "delete the request object; the certificate and its name remain", Tag: tagRow, Dangerous: true, Hint: 5}
	NewVersion    = Def{ID: "new-version", Keys: []string{"v"}, Help: "new version", Long: "ask for a new version from the stored policy; the current one stays live meanwhile", Tag: tagRow, Dangerous: true, Hint: 6}
	EditPolicy    = Def{ID: "edit-policy", Keys: []string{"p"}, Help: "policy", Long: "show the stored policy and change it; what differs is what is sent", Tag: tagRow, Dangerous: true, Hint: 7}
	Versions      = Def{ID: "versions", Keys: []string{"o"}, Help: "versions", Long: "list every version of the certificate, newest first", Tag: tagRow, Hint: 11}
	Download      = Def{ID: "download", Keys: []string{"w"}, Help: "download", Long: "write the certificate and its chain to a file; never the key", Tag: tagRow, Hint: 11}
	Enable        = Def{ID: "enable", Keys: []string{"e"}, Help: "enable or disable", Long: "disable the current version, or enable it again", Tag: tagRow, Dangerous: true, Hint: 12}
	Tags          = Def{ID: "tags", Keys: []string{"t"}, Help: "tags", Long: "show and change the tags of the current version", Tag: tagRow, Dangerous: true, Hint: 12}
	Delete        = Def{ID: "delete", Keys: []string{"D"}, Help: "delete", Long: "delete the certificate with its key and its secret", Tag: tagRow, Dangerous: true, Hint: 12}
	Recover       = Def{ID: "recover", Keys: []string{"u"}, Help: "recover", Long: "bring the soft-deleted certificate back, with its key and secret", Tag: tagRow, Dangerous: true, Hint: 2}
	Purge         = Def{ID: "purge", Keys: []string{"P"}, Help: "purge", Long: "destroy the soft-deleted certificate for good", Tag: tagRow, Dangerous: true, Hint: 3}
	Catalog       = Def{ID: "catalog", Keys: []string{"I"}, Help: "issuers", Long: "show the issuers and the contacts of this row's vault", Tag: tagRow}
	More          = Def{ID: "more", Keys: []string{"tab"}, Help: "more", Long: "in the detail: all of the policy and the timeline, or their gist", Tag: tagRow, Hint: 9}
	OpenRow       = Def{ID: "open", Keys: []string{"enter"}, Help: "open", Long: "open the row and read it again", Tag: tagRow, Hint: 3}
	New           = Def{ID: "new", Keys: []string{"n"}, Help: "new", Long: "create a certificate request", Tag: tagList, Dangerous: true, Hint: 1}
	Import        = Def{ID: "import", Keys: []string{"i"}, Help: "import", Long: "bring a certificate with its private key into a vault (PFX or PEM)", Tag: tagList, Dangerous: true, Hint: 8}
	Filter        = Def{ID: "filter", Keys: []string{"/"}, Help: "filter", Long: "list only rows with these words; !not, ~regex, state:failed, left<20%, age>3d", Tag: tagList, Hint: 5}
	Mark          = Def{ID: "mark", Keys: []string{" "}, Help: "mark", Long: "mark or unmark the row; marked rows are read more often", Tag: tagList, Hint: 9}
	Refresh       = Def{ID: "refresh", Keys: []string{"r"}, Help: "refresh", Long: "read every target again now", Tag: tagList}
	Retry         = Def{ID: "retry", Keys: []string{"R"}, Help: "retry login", Long: "call a target again that refused the credential, or that this machine could not call", Tag: tagList}

	Up       = Def{ID: "up", Keys: []string{"up", "k"}, Help: "up", Long: "one row up", Tag: tagMove}
	Down     = Def{ID: "down", Keys: []string{"down", "j"}, Help: "down", Long: "one row down", Tag: tagMove}
	PageUp   = Def{ID: "page-up", Keys: []string{"pgup", "ctrl+b"}, Help: "page up", Long: "one page up", Tag: tagMove}
	PageDown = Def{ID: "page-down", Keys: []string{"pgdown", "ctrl+f"}, Help: "page down", Long: "one page down", Tag: tagMove}
	HalfUp   = Def{ID: "half-up", Keys: []string{"ctrl+u"}, Help: "half up", Long: "half a page up", Tag: tagMove}
	HalfDown = Def{ID: "half-down", Keys: []string{"ctrl+d"}, Help: "half down", Long: "half a page down", Tag: tagMove}
	Top      = Def{ID: "top", Keys: []string{"home", "g"}, Help: "top", Long: "the first row", Tag: tagMove}
	Bottom   = Def{ID: "bottom", Keys: []string{"end", "G"}, Help: "bottom", Long: "the last row", Tag: tagMove}

	Send       = Def{ID: "send", Keys: []string{"enter"}, Help: "go on", Long: "in the merge: ask for the last confirmation, once the verdict allows it", Tag: tagMerge, Dangerous: true, Hint: 1}
	PickFile   = Def{ID: "pick-file", Keys: []string{"f"}, Help: "file", Long: "in the merge: read the chain from a file", Tag: tagMerge, Hint: 2}
	ToggleRoot = Def{ID: "toggle-root", Keys: []string{"r"}, Help: "root on/off", Long: "in the merge: send the root certificate, too, or not", Tag: tagMerge, Hint: 3}
	ClearPaste = Def{ID: "clear-paste", Keys: []string{"c"}, Help: "clear", Long: "in the merge: forget what was pasted and start again", Tag: tagMerge, Hint: 4}
	ChainOrder = Def{ID: "chain-order", Keys: []string{"o"}, Help: "leaf/root first", Long: "in the merge: send the leaf first, as Key Vault documents it, or the root first", Tag: tagMerge, Hint: 5}
	GoThere    = Def{ID: "go-there", Keys: []string{"g"}, Help: "go there", Long: "in the merge: go to the request that the certificate belongs to, with what was pasted", Tag: tagMerge, Hint: 1}

	CopyName        = Def{ID: "copy-name", Keys: []string{"n"}, Help: "name", Long: "copy the certificate's name", Tag: tagCopy, Hint: 1}
	CopyThumbprint  = Def{ID: "copy-thumbprint", Keys: []string{"t"}, Help: "thumbprint", Long: "copy the SHA-1 thumbprint of the current version", Tag: tagCopy, Hint: 2}
	CopySerial      = Def{ID: "copy-serial", Keys: []string{"s"}, Help: "serial", Long: "copy the serial number of the current version", Tag: tagCopy, Hint: 3}
	CopyCSR         = Def{ID: "copy-csr", Keys: []string{"r"}, Help: "CSR", Long: "copy the request's CSR as PEM", Tag: tagCopy, Hint: 4}
	CopyCertificate = Def{ID: "copy-certificate", Keys: []string{"c"}, Help: "certificate", Long: "copy the current version's certificate as PEM, without its chain", Tag: tagCopy, Hint: 5}
	CopyID          = Def{ID: "copy-id", Keys: []string{"i"}, Help: "vault id", Long: "copy the identifier under which the vault has it", Tag: tagCopy, Hint: 6}

	Wait    = Def{ID: "wait", Keys: []string{"w"}, Help: "wait", Long: "over a request in the way: wait here until it has ended, then go on", Tag: tagScreen}
	Back    = Def{ID: "back", Keys: []string{"esc"}, Help: "back", Long: "leave what is open; nothing is lost", Tag: tagScreen, Hint: 9}
	Help    = Def{ID: "help", Keys: []string{"?"}, Help: "help", Long: "every key, and why what is disabled is disabled", Tag: tagScreen}
	Suspend = Def{ID: "suspend", Keys: []string{"ctrl+z"}, Help: "suspend", Long: "go back to the shell, from anywhere; fg there brings certty back", Tag: tagScreen}
	Redraw  = Def{ID: "redraw", Keys: []string{"ctrl+l"}, Help: "redraw", Long: "send the whole screen again, from anywhere: after what another program wrote into it", Tag: tagScreen}
	Quit    = Def{ID: "quit", Keys: []string{"q"}, Help: "quit", Long: "leave certty; ctrl+c does it anywhere", Tag: tagScreen, Hint: 10}
)

// All lists every action, grouped by tag, in the order of the help.
func All() []Def {
	return []Def{
		OpenRow, Merge, SaveCSR, Copy, Cancel, DeleteRequest, NewVersion, EditPolicy,
		Versions, Download, Enable, Tags, Delete, Recover, Purge, Catalog, More,
		CheckStatus, Place, FindOrder, Decide, Approve, Decline, Validation, Collect, Keystore, Deliver,
		Renew, Replace, OrderAgain, CancelOrder, Revoke, DeleteHere, RestoreHere, HideKeepKey, HideDestroy,
		New, NewOrder, Import, Filter, Sort, Mark, MarkRange, MarkAll, Refresh, Retry,
		RunFailed, StopBulk,
		Up, Down, PageUp, PageDown, HalfUp, HalfDown, Top, Bottom,
		Send, PickFile, ToggleRoot, ChainOrder, ClearPaste, GoThere,
		CopyName, CopyThumbprint, CopySerial, CopyCSR, CopyCertificate, CopyID, CopyNames, CopyRecords,
		SyncForm, OrderTwice,
		LogLevel,
		AddVault, AddAccount, ShowSignIn, CopySignInCode, CopySignInURL, SignInLater,
		Account, NextPart, LastPart, Sync, ImportOrders,
		RecheckDomain, CopyRecord, CopyRecordName, CopyRecordValue,
		LeaveImport, StopImport,
		Help, Palette, Targets, Activity, Log, Mouse, Wait, Redraw, Suspend, Back, Quit,
	}
}
