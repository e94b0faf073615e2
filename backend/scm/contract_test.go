package scm

import (
	"testing"
	"time"

	"certty/backend/backendtest"
	"certty/model"
)

func TestContract(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backendtest.Harness {
		a := open(t)
		ordering := func(profile int) func(testing.TB, string) model.OrderSpec {
			return func(t testing.TB, name string) model.OrderSpec {
				t.Helper()
				return spec(t, profile, name+".example.com")
			}
		}
		return backendtest.Harness{
			Backend: a.Backend,
			Changes: func() int {
				n := 0
				for call, times := range a.server.Calls() {
					if call.Method != "GET" && call.Operation != "ReportCertificates" && call.Operation != "GetDomainValidation" {
						n += times
					}
				}
				return n
			},
			Advance: a.advance, PageSize: pageSize,
			Order: ordering(quick), Approval: ordering(approval), IssueTakes: time.Minute,
		}
	})
}
