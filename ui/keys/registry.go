package keys

// The tags, in the order of the help.
const (
	tagRow    = "This row"
	tagMove   = "Moving"
	tagList   = "The list"
	tagMerge  = "Merging"
	tagScreen = "The program"
)

// The actions.
var (
	Merge         = Def{ID: "merge", Keys: []string{"m"}, Help: "merge", Long: "merge the signed certificate into this request", Tag: tagRow, Dangerous: true, Hint: 2}
	SaveCSR       = Def{ID: "save-csr", Keys: []string{"s"}, Help: "save CSR", Long: "save the request's CSR as a PEM file", Tag: tagRow, Hint: 3}
	CopyCSR       = Def{ID: "copy-csr", Keys: []string{"y"}, Help: "copy CSR", Long: "send the request's CSR to the terminal's clipboard (OSC 52)", Tag: tagRow, Hint: 6}
	Cancel        = Def{ID: "cancel", Keys: []string{"x"}, Help: "cancel", Long: "ask for cancellation of the request in progress", Tag: tagRow, Dangerous: true, Hint: 4}
	DeleteRequest = Def{ID: "delete-request", Keys: []string{"d"}, Help: "delete request", Long: "delete the request object; the certificate and its name remain", Tag: tagRow, Dangerous: true, Hint: 5}
	NewVersion    = Def{ID: "new-version", Keys: []string{"v"}, Help: "new version", Long: "ask for a new version from the stored policy; the current one stays live meanwhile", Tag: tagRow, Dangerous: true, Hint: 6}
	EditPolicy    = Def{ID: "edit-policy", Keys: []string{"p"}, Help: "policy", Long: "show the stored policy and change it; what differs is what is sent", Tag: tagRow, Dangerous: true, Hint: 7}
	OpenRow       = Def{ID: "open", Keys: []string{"enter"}, Help: "open", Long: "open the row and read it again", Tag: tagRow, Hint: 8}
	New           = Def{ID: "new", Keys: []string{"n"}, Help: "new", Long: "make a new certificate request", Tag: tagList, Dangerous: true, Hint: 1}
	Import        = Def{ID: "import", Keys: []string{"i"}, Help: "import", Long: "bring a certificate with its private key into a vault (PFX or PEM)", Tag: tagList, Dangerous: true, Hint: 8}
	Filter        = Def{ID: "filter", Keys: []string{"/"}, Help: "filter", Long: "show only rows that hold these words; enter keeps, esc clears", Tag: tagList, Hint: 7}
	Mark          = Def{ID: "mark", Keys: []string{" "}, Help: "mark", Long: "mark or unmark the row; marked rows are read more often", Tag: tagList}
	Refresh       = Def{ID: "refresh", Keys: []string{"r"}, Help: "refresh", Long: "read every target again now", Tag: tagList}
	Retry         = Def{ID: "retry", Keys: []string{"R"}, Help: "retry login", Long: "call a target again that refused the credential", Tag: tagList}

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

	Back = Def{ID: "back", Keys: []string{"esc"}, Help: "back", Long: "leave what is open; nothing is lost", Tag: tagScreen, Hint: 9}
	Help = Def{ID: "help", Keys: []string{"?"}, Help: "help", Long: "every key, and why what is disabled is disabled", Tag: tagScreen}
	Quit = Def{ID: "quit", Keys: []string{"q"}, Help: "quit", Long: "leave certty; ctrl+c does it anywhere", Tag: tagScreen, Hint: 10}
)

// All lists every action, grouped by tag, in the order of the help.
func All() []Def {
	return []Def{
		OpenRow, Merge, SaveCSR, CopyCSR, Cancel, DeleteRequest, NewVersion, EditPolicy,
		New, Import, Filter, Mark, Refresh, Retry,
		Up, Down, PageUp, PageDown, HalfUp, HalfDown, Top, Bottom,
		Send, PickFile, ToggleRoot, ClearPaste,
		Help, Back, Quit,
	}
}
