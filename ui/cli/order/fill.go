package order

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certty/model"
	"certty/ui/cli/command"
)

// fill makes the order of what it is like, of its CSR, and of the flags.
func (o *ordering) fill(like *model.Order) error {
	s := &o.spec
	if like != nil {
		s.CommonName, s.SANs = like.CommonName, like.SANs
		s.OrganizationID, s.ProfileID, s.Term = like.OrganizationID, like.ProfileID, like.Term
		s.Description, s.ExternalRequester, s.CustomFields = like.Description(), like.ExternalRequester, like.CustomFields
	}
	if r := o.source.request; r != nil {
		s.CSR = r.der
		if like == nil {
			s.CommonName, s.SANs = r.name, r.names
		}
	}
	if o.changed("cn") {
		s.CommonName = o.name
	}
	s.CommonName = strings.ToLower(s.CommonName)
	if o.changed("san") {
		names, err := dnsNames(o.sans)
		if err != nil {
			return err
		}
		s.SANs = names
	}
	if o.changed("description") {
		s.Description = o.description
	}
	if o.changed("external-requester") {
		s.ExternalRequester = o.requester
	}
	return errors.Join(o.chooseOrganization(), o.chooseProfile(), o.chooseFields())
}

// dnsNames reads the other names of an order.
func dnsNames(given []string) ([]string, error) {
	sans, err := model.ParseSANs(strings.Join(given, " "))
	if err != nil {
		return nil, command.Usage(fmt.Errorf("--san: %w", err))
	}
	for _, other := range slices.Concat(sans.Emails, sans.UPNs, sans.URIs, sans.IPs) {
		return nil, command.Usage(fmt.Errorf("--san %s: an SCM order takes DNS names only", other))
	}
	return sans.DNS, nil
}

func (o *ordering) chooseOrganization() error {
	usable := o.account.Ordering()
	switch {
	case o.organization != "":
		found, err := organization(&o.account, o.account.Organizations, o.organization)
		if err != nil {
			return err
		}
		o.spec.OrganizationID = found.ID
	case o.spec.OrganizationID == 0 && len(usable) == 1:
		o.spec.OrganizationID = usable[0].ID
	case o.spec.OrganizationID == 0:
		var labels []string
		for _, one := range usable {
			labels = append(labels, o.account.Label(one))
		}
		if len(labels) == 0 {
			return command.Usage(errors.New("no organization of the account can order; certty account says why"))
		}
		return command.Usage(errors.New("--organization is needed: " + strings.Join(labels, ", ")))
	}
	return nil
}

func (o *ordering) chooseProfile() error {
	offers := o.account.Offers(o.spec.OrganizationID)
	label := func(p *model.Profile) string { return fmt.Sprintf("%s (%d)", p.Name, p.ID) }
	var labels []string
	for _, p := range offers {
		labels = append(labels, label(p))
	}
	switch {
	case o.profile != "":
		var found []*model.Profile
		for i := range o.account.Profiles {
			if p := &o.account.Profiles[i]; o.profile == strconv.Itoa(p.ID) || strings.EqualFold(o.profile, p.Name) || strings.EqualFold(o.profile, label(p)) {
				found = append(found, p)
			}
		}
		if len(found) != 1 {
			return command.Usage(fmt.Errorf("--profile %s: the organization can order with %s", o.profile, strings.Join(labels, ", ")))
		}
		o.spec.ProfileID = found[0].ID
	case o.spec.ProfileID == 0 && len(offers) == 1:
		o.spec.ProfileID = offers[0].ID
	case o.spec.ProfileID != 0:
	case o.spec.OrganizationID == 0:
		return command.Usage(errors.New("--profile is needed as well; what there is depends on the organization"))
	case len(offers) == 0:
		return command.Usage(errors.New("the organization has no profile to order with; certty account lists all of them"))
	default:
		return command.Usage(errors.New("--profile is needed: " + strings.Join(labels, ", ")))
	}
	p := o.account.Profile(o.spec.ProfileID)
	if o.changed("term") {
		o.spec.Term = o.term
	} else if o.spec.Term == 0 && p != nil && len(p.Terms) > 0 {
		o.spec.Term = slices.Max(p.Terms)
	}
	return o.source.settle(p)
}

func (o *ordering) chooseFields() error {
	for _, given := range o.fields {
		name, value, ok := strings.Cut(given, "=")
		if !ok {
			return command.Usage(fmt.Errorf("--field %s: NAME=VALUE is needed", given))
		}
		for i := range o.account.CustomFields {
			if f := &o.account.CustomFields[i]; strings.EqualFold(f.Name, name) {
				name = f.Name
			}
		}
		o.spec.CustomFields = slices.DeleteFunc(o.spec.CustomFields, func(v model.CustomValue) bool { return v.Name == name })
		if value != "" {
			o.spec.CustomFields = append(o.spec.CustomFields, model.CustomValue{Name: name, Value: value})
		}
	}
	return nil
}
