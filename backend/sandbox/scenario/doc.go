// Package scenario is what stands in a sandbox vault that nobody has used yet:
// about twenty certificates and requests in believable states, their ages
// spread over days before the moment they are made for. [Vault] lists them.
package scenario
