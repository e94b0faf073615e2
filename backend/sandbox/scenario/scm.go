package scenario

import (
	"slices"
	"strings"
	"time"

	"certty/backend/sandbox/scmserver"
)

// The organizations of the SCM account and their departments.
const (
	OrgExample   = 1697 // validated, with the API on
	DeptShop     = 1698
	DeptPlatform = 1699
	OrgGmbH      = 1721 // its validation is over soon
	OrgSilent    = 1730 // with the API off
	OrgPending   = 1745 // not validated yet
)

// The certificate profiles of the SCM account.
const (
	ProfileQuick     = 8555 // OV, issued after seconds
	ProfileWildcard  = 8556 // OV, after minutes
	ProfileApproval  = 8557 // OV, an administrator approves first
	ProfileEV        = 8558 // another administrator approves, days
	ProfileDomain    = 8559 // DV, each order waits for its DNS record
	ProfileStrict    = 8560 // the CA refuses
	ProfileSlow      = 8561 // OV, after hours
	ProfileRetired   = 8000 // gone; certificates still name it
	profileAccented  = "GÉANT OV Multi-Domain (customized for Example)"
	fieldCostCentre  = "Cost centre"
	fieldEnvironment = "Environment"
)

// terms are what profiles offer: at most 199 days since 12 March 2026.
var terms = []int{90, 199}

// SCM lists what a fresh SCM account holds at now, in a fixed order.
func SCM(now time.Time) scmserver.Scenario {
	at := moment(now.Truncate(time.Second))
	return scmserver.Scenario{
		Organizations: at.organizations(), Profiles: profiles(), Domains: at.domains(),
		Fields: []scmserver.CustomField{
			{ID: 54, Name: fieldCostCentre, Mandatory: true},
			{ID: 55, Name: fieldEnvironment, Type: "TEXT_OPTION", Options: []string{"production", "staging", "test"}},
			{ID: 56, Name: "Go-live", Type: "DATE"},
		},
		Orders: byAge(slices.Concat(at.ordered(), at.issued(), at.ended(), at.hostileOrders())),
	}
}

// byAge sorts orders as their ids would have come.
func byAge(orders []scmserver.Entry) []scmserver.Entry {
	slices.SortStableFunc(orders, func(a, b scmserver.Entry) int { return a.Requested.Compare(b.Requested) })
	return orders
}

func (m moment) organizations() []scmserver.Organization {
	valid := func(id int, level string, left time.Duration) scmserver.Validation {
		return scmserver.Validation{ID: id, Level: level, Status: scmserver.Validated, Expires: m.ago(-left)}
	}
	return []scmserver.Organization{
		{
			ID: OrgExample, Name: "Example Inc", Address: "1 Example Way", City: "Springfield", State: "Oregon", PostalCode: "97477", Country: "US",
			Emails:      []string{"pki@example.com", "it@example.com"},
			Validations: []scmserver.Validation{valid(233, scmserver.LevelOV, 240*day), valid(234, scmserver.LevelEV, 150*day)},
		},
		{ID: DeptShop, Name: "Shop", ParentID: OrgExample},
		{ID: DeptPlatform, Name: "Platform", ParentID: OrgExample},
		{
			ID: OrgGmbH, Name: "Beispiel GmbH", City: "München", State: "Bayern", Country: "DE",
			Validations: []scmserver.Validation{valid(240, scmserver.LevelOV, 9*day)},
		},
		{ID: OrgSilent, Name: "Example Archive", APIDisabled: true, Validations: []scmserver.Validation{valid(241, scmserver.LevelOV, 300*day)}},
		{ID: OrgPending, Name: "株式会社サンプル", Country: "JP", Validations: []scmserver.Validation{{ID: 242, Level: scmserver.LevelOV, Status: scmserver.Pending}}},
	}
}

func profiles() []scmserver.Profile {
	both := map[string][]string{"RSA": {"2048", "3072", "4096"}, "EC": {"P-256", "P-384"}}
	soon := scmserver.Behaviour{Apply: 3 * time.Second, Issue: 12 * time.Second}
	approved := soon
	approved.Approval = true
	return []scmserver.Profile{
		{ID: ProfileQuick, Name: "OV Multi-Domain", Description: "Organization validated, several names", Terms: terms, KeyTypes: both, Validation: scmserver.OV, Behaviour: soon},
		{ID: ProfileWildcard, Name: "OV Wildcard", Terms: []int{199}, KeyTypes: both, Validation: scmserver.OV, Behaviour: scmserver.Behaviour{Apply: 5 * time.Second, Issue: 3 * time.Minute}},
		{ID: ProfileApproval, Name: profileAccented, Description: "Waits for an administrator", Terms: terms, KeyTypes: both, Validation: scmserver.OV, Behaviour: approved},
		{
			ID: ProfileEV, Name: "EV Anchor", Terms: []int{199}, KeyTypes: map[string][]string{"RSA": {"2048", "4096"}}, Validation: scmserver.EV,
			Organizations: []int{OrgExample}, Behaviour: scmserver.Behaviour{Approval: true, Apply: time.Minute, Issue: 40 * time.Hour},
		},
		{
			ID: ProfileDomain, Name: "DV Single Domain", Terms: []int{30, 90, 199}, KeyTypes: both, Validation: scmserver.DV,
			Behaviour: scmserver.Behaviour{Apply: 2 * time.Second, Issue: 10 * time.Second, PerOrderDCV: true, Publish: 25 * time.Minute},
		},
		{
			ID: ProfileStrict, Name: "OV Legacy (refused by the CA)", Terms: []int{199}, KeyTypes: map[string][]string{"RSA": {"2048"}}, Validation: scmserver.OV,
			Behaviour: scmserver.Behaviour{Apply: 2 * time.Second, Issue: 6 * time.Second, Rejected: true},
		},
		{ID: ProfileSlow, Name: "OV Manual Review", Terms: terms, KeyTypes: both, Validation: scmserver.OV, NoRenewal: true, Behaviour: scmserver.Behaviour{Apply: time.Minute, Issue: 6 * time.Hour}},
	}
}

func (m moment) domains() []scmserver.Domain {
	all := []scmserver.Delegation{{Organization: OrgExample}, {Organization: OrgGmbH}, {Organization: OrgSilent}, {Organization: OrgPending}}
	valid := func(id int, name string, age time.Duration, to ...scmserver.Delegation) scmserver.Domain {
		d := scmserver.Domain{ID: id, Name: name, Status: scmserver.Validated, Validated: m.ago(age), Expires: m.ago(age - 198*day), Delegations: all}
		if len(to) > 0 {
			d.Delegations = to
		}
		return d
	}
	sleeping := valid(408, "asleep.example.net", 30*day)
	sleeping.Suspended = true
	return []scmserver.Domain{
		valid(400, "example.com", 40*day),
		valid(401, "example.net", 186*day), // twelve days left
		valid(402, "example.org", 230*day), // over
		{ID: 403, Name: "example.jp", Delegations: all, Method: "CNAME", Submitted: m.ago(5 * time.Hour), Publish: m.ago(-48 * time.Hour)},
		{ID: 404, Name: "new.example.edu", Delegations: all},
		valid(405, "shop.example.com", 20*day, scmserver.Delegation{Organization: DeptShop}),
		valid(406, "partner.example", 10*day, scmserver.Delegation{Organization: OrgExample, Requested: true}),
		valid(407, "apex.example", 10*day, scmserver.Delegation{Organization: OrgExample, Privileges: []string{"DOMAIN"}}),
		sleeping,
	}
}

// fields are what orders have to say.
func fields(centre string) map[string]string {
	return map[string]string{fieldCostCentre: centre, fieldEnvironment: "production"}
}

// ordered are orders that have no certificate yet.
func (m moment) ordered() []scmserver.Entry {
	return []scmserver.Entry{
		{
			CommonName: "checkout.example.com", Names: []string{"checkout.example.com", "pay.example.com"}, Organization: DeptShop, Profile: ProfileApproval, Term: 199,
			Requested: m.ago(2 * day), Status: scmserver.StatusRequested, Comments: "New checkout, ticket OPS-2117", Fields: fields("4711"), ExternalRequester: "shop@example.com",
		},
		{
			CommonName: "bank.example.com", Organization: OrgExample, Profile: ProfileEV, Term: 199, RSA: true,
			Requested: m.ago(30 * time.Hour), Status: scmserver.StatusRequested, Comments: "EV for the bank gateway", Fields: fields("1000"), Requester: "jane.doe",
		},
		{
			CommonName: "erp.example.com", Organization: OrgExample, Profile: ProfileSlow, Term: 199,
			Requested: m.ago(50 * time.Minute), Since: m.ago(20 * time.Second), Status: scmserver.StatusApproved, Fields: fields("2200"),
		},
		{
			CommonName: "crm.example.com", Names: []string{"crm.example.com", "crm-api.example.com"}, Organization: DeptPlatform, Profile: ProfileSlow, Term: 90,
			Requested: m.ago(2 * time.Hour), Since: m.ago(90 * time.Minute), Status: scmserver.StatusApplied, Fields: fields("2200"),
		},
		{
			CommonName: "landing.example.net", Organization: OrgExample, Profile: ProfileDomain, Term: 90,
			Requested: m.ago(20 * time.Minute), Since: m.ago(20 * time.Minute), Status: scmserver.StatusApplied, Comments: "waits for the DNS team", Fields: fields("3000"),
		},
		{
			CommonName: "init.example.com", Organization: OrgExample, Profile: ProfileQuick, Term: 199,
			Requested: m.ago(15 * time.Minute), Status: scmserver.StatusInit, Via: scmserver.ViaForm, Requester: "web-form",
		},
		{
			CommonName: "super.example.com", Organization: OrgExample, Profile: ProfileEV, Term: 199, RSA: true,
			Requested: m.ago(4 * day), Since: m.ago(3 * day), Status: scmserver.StatusSAApproved, Via: scmserver.ViaAdmin,
		},
	}
}

// scmLeft is an issued order of which that share of its life is left.
func (m moment) scmLeft(common string, share float64, change ...func(*scmserver.Entry)) scmserver.Entry {
	begin := m.ago(time.Duration(float64(lifetime) * (1 - share)))
	e := scmserver.Entry{
		CommonName: common, Names: []string{common}, Organization: OrgExample, Profile: ProfileQuick, Term: 199,
		Requested: begin, Since: begin.Add(20 * time.Second), Status: scmserver.StatusIssued, Fields: fields("4711"),
	}
	for _, c := range change {
		c(&e)
	}
	return e
}

func (m moment) issued() []scmserver.Entry {
	in := func(org, profile int) func(*scmserver.Entry) {
		return func(e *scmserver.Entry) { e.Organization, e.Profile = org, profile }
	}
	via := func(how, who string) func(*scmserver.Entry) {
		return func(e *scmserver.Entry) { e.Via, e.Requester, e.Fields = how, who, nil }
	}
	note := func(comments string) func(*scmserver.Entry) {
		return func(e *scmserver.Entry) { e.Comments = comments }
	}
	return []scmserver.Entry{
		m.scmLeft("portal.example.com", 0.82, note("Customer portal"), func(e *scmserver.Entry) { e.Names = []string{"portal.example.com", "www.portal.example.com"} }),
		m.scmLeft("api.example.com", 0.45, note("owner: api team")),
		m.scmLeft("mail.example.net", 0.03, note("expires within a week"), func(e *scmserver.Entry) { e.RSA = true }),
		m.scmLeft("vpn.example.com", 0.10),
		m.scmLeft("*.dev.example.com", 0.66, in(DeptPlatform, ProfileWildcard)),
		m.scmLeft("shop.example.com", 0.09, in(DeptShop, ProfileApproval), func(e *scmserver.Entry) { e.Renewed = true }),
		m.scmLeft("shop.example.com", 0.97, in(DeptShop, ProfileApproval), note("renewal of the shop")),
		m.scmLeft("intern.beispiel.example.com", 0.30, in(OrgGmbH, ProfileQuick)),
		m.scmLeft("legacy.example.com", 0.20, in(OrgExample, ProfileRetired), note("its profile is gone")),
		m.scmLeft("printer.example.com", 0.50, via(scmserver.ViaDiscovery, "discovery")),
		m.scmLeft("partner-upload.example.com", 0.35, via(scmserver.ViaImport, "jane.doe")),
	}
}

// ended are orders and certificates that nothing will become of.
func (m moment) ended() []scmserver.Entry {
	plain := func(common string, age time.Duration, status scmserver.Status, profile int, comments string) scmserver.Entry {
		return scmserver.Entry{
			CommonName: common, Names: []string{common}, Organization: OrgExample, Profile: profile, Term: 199,
			Requested: m.ago(age), Status: status, Comments: comments, Fields: fields("4711"),
		}
	}
	revoked := plain("old-admin.example.com", 60*day, scmserver.StatusRevoked, ProfileQuick, "key was in a repository")
	revoked.Since, revoked.Reason = m.ago(12*day), "1"
	replaced := plain("edge.example.com", 80*day, scmserver.StatusReplaced, ProfileQuick, "")
	replaced.Since = m.ago(8 * day)
	return []scmserver.Entry{
		plain("sale.example.com", 9*day, scmserver.StatusDeclined, ProfileApproval, "not needed any more"),
		plain("strict.example.com", 5*day, scmserver.StatusRejected, ProfileStrict, "the CA refused it"),
		plain("broken.example.org", 3*day, scmserver.StatusInvalid, ProfileQuick, ""),
		plain("blog.example.com", 206*day, scmserver.StatusExpired, ProfileQuick, ""),
		plain("campaign-2025.example.com", 380*day, scmserver.StatusExpired, ProfileQuick, "campaign, may go"),
		revoked, replaced,
	}
}

// hostileOrders are rows that nobody means well with: names and comments come
// from whoever may order, dates from a service that makes mistakes.
func (m moment) hostileOrders() []scmserver.Entry {
	return []scmserver.Entry{
		m.scmLeft("escapes.example.com", 0.75, func(e *scmserver.Entry) {
			e.Comments, e.Requester, e.ExternalRequester = escapes+" "+overwrite, "evil"+escapes, backwards
			e.Names = []string{"escapes.example.com", "\x1b[7mreverse.example.com"}
			e.Fields = map[string]string{fieldCostCentre: escapes}
		}),
		m.scmLeft("wide.example.com", 0.60, func(e *scmserver.Entry) { e.Comments = strings.Repeat(wide, 1024) }),
		m.scmLeft(strings.Repeat("long.", 10)+"example.com", 0.55, func(e *scmserver.Entry) {
			for i := range 80 {
				e.Names = append(e.Names, strings.Repeat("n", 1+i%40)+".san.example.com")
			}
		}),
		m.scmLeft("impossible-date.example.com", 0.40, func(e *scmserver.Entry) {
			e.Dates = map[string]string{"expires": "02/31/2027", "issued": "", "approved": "yesterday"}
		}),
		{
			CommonName: "backwards.example.com", Names: []string{"moc.elpmaxe." + backwards}, Organization: OrgExample, Profile: ProfileApproval, Term: 199,
			Requested: m.ago(7 * time.Hour), Status: scmserver.StatusRequested, Comments: "--help " + backwards, Fields: fields(overwrite),
		},
	}
}
