//go:build !unix

package deploy_test

import "testing"

func checkOwner(*testing.T, string, string) {}
