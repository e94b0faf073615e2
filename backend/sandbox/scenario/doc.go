// Package scenario is what stands in a sandbox that nobody has used yet: about
// twenty certificates and requests of a vault and thirty orders of an SCM
// account, in every state, their ages spread over days before the moment they
// are made for. [Vault] and [SCM] list them.
package scenario
