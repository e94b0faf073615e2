package keys

// Tags of what lies beside the row and its list.
const (
	tagBulk = "Many rows"
	tagLog  = "The log"
)

// Sorting, marking, and what is open beside the board.
var (
	Sort      = Def{ID: "sort", Keys: []string{"S"}, Help: "sort", Long: "choose the order of the rows; the same key again turns it around", Tag: tagList}
	MarkRange = Def{ID: "mark-range", Keys: []string{"V"}, Help: "mark range", Long: "mark every row from the last one that was marked to this one", Tag: tagList}
	MarkAll   = Def{ID: "mark-all", Keys: []string{"a"}, Help: "mark all", Long: "mark every row that is listed, and none that the filter hides", Tag: tagList}

	// The actions on marked rows have the keys of those on one row.

	RunFailed = Def{ID: "run-failed", Keys: []string{"f"}, Help: "failed again", Long: "ask again for the rows that were refused, and only for those", Tag: tagBulk, Dangerous: true, Hint: 1}
	StopBulk  = Def{ID: "stop-bulk", Keys: []string{"esc"}, Help: "stop", Long: "send nothing more; what was sent runs to its end", Tag: tagBulk, Hint: 2}

	LogLevel = Def{ID: "log-level", Keys: []string{"l"}, Help: "level", Long: "in the log: every call, or what is at least this grave", Tag: tagLog, Hint: 1}

	Palette  = Def{ID: "palette", Keys: []string{":"}, Help: "commands", Long: "find an action by its words and run it", Tag: tagScreen}
	Activity = Def{ID: "activity", Keys: []string{"A"}, Help: "activity", Long: "show what was changed from here: who, what, when, and how it ended", Tag: tagScreen}
	Log      = Def{ID: "log", Keys: []string{"L"}, Help: "log", Long: "show what the program noted since it was started", Tag: tagScreen}
	Mouse    = Def{ID: "mouse", Keys: []string{"M"}, Help: "mouse", Long: "wheel and click choose rows, or the terminal selects text again", Tag: tagScreen}
)
