package store

import "certty/model"

func encodeOrder(e *encoder, o *model.Order) {
	e.string(o.ID)
	e.string(o.Status)
	e.byte(byte(o.Phase))
	e.string(o.CommonName)
	e.strings(o.SANs)
	e.int(int64(o.OrganizationID))
	e.string(o.Organization)
	e.int(int64(o.ProfileID))
	e.string(o.Profile)
	e.int(int64(o.Term))
	e.string(o.Comments)
	e.string(o.Requester)
	e.string(o.ExternalRequester)
	e.string(o.RequestedVia)
	e.string(o.BackendID)
	e.time(o.Requested)
	e.time(o.Approved)
	e.time(o.Declined)
	e.time(o.Issued)
	e.time(o.Expires)
	e.time(o.Replaced)
	e.time(o.Revoked)
	e.string(o.RevokedFor)
	e.bool(o.Renewed)
	e.time(o.RenewedAt)
	e.count(len(o.CustomFields))
	for _, f := range o.CustomFields {
		e.string(f.Name)
		e.string(f.Value)
	}
	e.bool(o.Validation != nil)
	if o.Validation != nil {
		encodeValidation(e, o.Validation)
	}
	e.strings(o.Unreadable)
	e.time(o.SeenAt)
	e.time(o.Since)
}

func decodeOrder(d *decoder) *model.Order {
	o := &model.Order{ID: d.string(), Status: d.string(), Phase: model.OrderPhase(d.byte())}
	o.CommonName = d.string()
	o.SANs = d.strings()
	o.OrganizationID = int(d.int())
	o.Organization = d.string()
	o.ProfileID = int(d.int())
	o.Profile = d.string()
	o.Term = int(d.int())
	o.Comments = d.string()
	o.Requester = d.string()
	o.ExternalRequester = d.string()
	o.RequestedVia = d.string()
	o.BackendID = d.string()
	o.Requested = d.time()
	o.Approved = d.time()
	o.Declined = d.time()
	o.Issued = d.time()
	o.Expires = d.time()
	o.Replaced = d.time()
	o.Revoked = d.time()
	o.RevokedFor = d.string()
	o.Renewed = d.bool()
	o.RenewedAt = d.time()
	if n := d.count(); n > 0 {
		o.CustomFields = make([]model.CustomValue, n)
		for i := range o.CustomFields {
			o.CustomFields[i] = model.CustomValue{Name: d.string(), Value: d.string()}
		}
	}
	if d.bool() {
		o.Validation = decodeValidation(d)
	}
	o.Unreadable = d.strings()
	o.SeenAt = d.time()
	o.Since = d.time()
	return o
}

func encodeValidation(e *encoder, v *model.OrderValidation) {
	e.time(v.ReadAt)
	e.string(v.Trouble)
	e.count(len(v.Domains))
	for i := range v.Domains {
		domain := &v.Domains[i]
		for _, s := range [...]string{
			domain.Domain, domain.Status, domain.Method, domain.OrderStatus,
			domain.Host, domain.Point, domain.URL, domain.Content, domain.Email,
		} {
			e.string(s)
		}
		e.bool(domain.Valid)
		e.time(domain.Expires)
		e.time(domain.LastCheck)
		e.time(domain.NextCheck)
	}
}

func decodeValidation(d *decoder) *model.OrderValidation {
	v := &model.OrderValidation{ReadAt: d.time(), Trouble: d.string()}
	if n := d.count(); n > 0 {
		v.Domains = make([]model.DomainValidation, n)
		for i := range v.Domains {
			domain := &v.Domains[i]
			for _, s := range [...]*string{
				&domain.Domain, &domain.Status, &domain.Method, &domain.OrderStatus,
				&domain.Host, &domain.Point, &domain.URL, &domain.Content, &domain.Email,
			} {
				*s = d.string()
			}
			domain.Valid = d.bool()
			domain.Expires = d.time()
			domain.LastCheck = d.time()
			domain.NextCheck = d.time()
		}
	}
	return v
}
