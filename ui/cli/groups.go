package cli

import "github.com/spf13/cobra"

// groups are the commands by what a person wants, as the help of certty lists
// them.
var groups = []struct {
	id, title string
	commands  []string
}{
	{"look", "Look:", []string{"status", "check", "metrics", "wait", "csr", "download", "versions", "issuers", "contacts", "activity"}},
	{"change", "Change:", []string{
		"create", "merge", "cancel", "delete-request", "delete", "import", "recover", "purge", "enable", "disable", "tags", "policy", "new-version",
	}},
	{"order", "Orders:", []string{
		"order", "place-order", "find-order", "decide", "check-status", "validation", "recheck-domain", "approve", "decline", "collect",
		"deliver", "make-keystore", "renew", "replace", "revoke", "delete-here", "restore", "import-orders", "account", "sync", "work",
	}},
	{"setup", "Set up:", []string{"config", "add-vault", "add-account", "doctor", "sandbox", "completion"}},
	{"explain", "Explain:", []string{"explain", "schema", "support", "version", "help", "man"}},
}

// arrange puts the commands of root into their groups.
func arrange(root *cobra.Command) {
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, cmd := range root.Commands() {
			for _, name := range g.commands {
				if cmd.Name() == name {
					cmd.GroupID = g.id
				}
			}
		}
	}
	root.SetHelpCommandGroupID("explain")
	root.SetCompletionCommandGroupID("setup")
}
