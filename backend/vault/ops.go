package vault

// What errors say was being done.
const (
	opList          = "list certificates"
	opListDeleted   = "list deleted certificates"
	opVersions      = "list versions"
	opIssuers       = "list issuers"
	opContacts      = "read contacts"
	opRead          = "read"
	opCreate        = "create"
	opNewVersion    = "new version"
	opImport        = "import"
	opCancel        = "cancel"
	opMerge         = "merge"
	opDeleteRequest = "delete request"
	opUpdate        = "update"
	opUpdatePolicy  = "update policy"
	opDelete        = "delete"
	opRecover       = "recover"
	opPurge         = "purge"
)
