// Package vault is Azure Key Vault as a [certty/backend.Backend], on
// Microsoft's own client (azcertificates and azidentity). No type of these
// libraries leaves the package.
//
// Start at [New] and [Options], then at [Vault.Sweep], [Vault.Read] and
// [Vault.Create], and at [Credential] for where tokens come from. Every call
// goes through Vault.do, which knows three things the library does not:
//
//   - What it hides. The library decodes a part of what the service says
//     (neither a list's subject nor Retry-After) and asks for less than the
//     service offers (neither request_id nor maxresults). So the query is
//     completed in a pipeline policy, and the answer is decoded here, from the
//     bytes that came: a field that can't be read costs that field only.
//   - What an error means. Status codes alone do not tell: 403 is a missing
//     role, a firewall or a request that is too far to be cancelled. See
//     classify.
//   - Whether a change may have happened. Changing calls are never sent twice,
//     and one that left this machine without an answer is
//     [certty/backend.KindUncertain].
//
// Lists are walked a page at a time (walk), a policy is changed group by group
// (policyChange), and a person's sign-in outlives the call that began it
// (signIn). What else the service and the library hold in store stands in
// docs/traps.md, each with its test.
//
// The token goes to the vault's own host only: redirects are refused, and the
// link to a list's next page must lead to the host and the list it came from.
package vault
