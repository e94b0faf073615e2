package keys

// The tags of the targets' screen.
const (
	tagTargets = "Targets"
	tagSignIn  = "Signing in"
)

// The actions of the targets' screen.
var (
	Targets        = Def{ID: "targets", Keys: []string{"T"}, Help: "targets", Long: "show every vault and account with its health in words, and add one", Tag: tagScreen}
	AddVault       = Def{ID: "add-vault", Keys: []string{"n"}, Help: "add a vault", Long: "in the targets: describe a vault, test it, and write it into the configuration", Tag: tagTargets, Hint: 1}
	AddAccount     = Def{ID: "add-account", Keys: []string{"a"}, Help: "add an account", Long: "in the targets: describe an SCM account, test it, and write it into the configuration", Tag: tagTargets, Hint: 2}
	ShowSignIn     = Def{ID: "show-sign-in", Keys: []string{"c"}, Help: "show code", Long: "in the targets: show the code of a sign-in that waits", Tag: tagTargets, Hint: 3}
	CopySignInCode = Def{ID: "copy-sign-in-code", Keys: []string{"c"}, Help: "copy code", Long: "while signing in: copy the code", Tag: tagSignIn, Hint: 1}
	CopySignInURL  = Def{ID: "copy-sign-in-address", Keys: []string{"u"}, Help: "copy address", Long: "while signing in: copy the address where the code is entered", Tag: tagSignIn, Hint: 2}
	SignInLater    = Def{ID: "sign-in-later", Keys: []string{"l"}, Help: "later", Long: "while signing in: put the code aside and work on; the sign-in goes on waiting", Tag: tagSignIn, Hint: 3}
)
