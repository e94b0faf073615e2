package store

import (
	"time"

	"certty/model"
)

func encodeRequest(e *encoder, r *model.Request) {
	e.string(r.ID)
	e.string(r.Status)
	e.byte(byte(r.Phase))
	e.string(r.Details)
	e.bool(r.CancelAsked)
	e.string(r.ErrorCode)
	e.string(r.ErrorMessage)
	encodeIssuer(e, r.Issuer)
	e.string(r.Target)
	e.int(int64(r.RetryAfter))
	e.time(r.Since)
	e.time(r.SeenAt)
	e.bool(r.Gone)
	e.string(r.Replaced)
	e.optional(r.PreserveCertOrder)
	e.string(r.KeyID)
	e.count(len(r.CSR))
}

func decodeRequest(d *decoder, blobs int) (r *model.Request, csr int) {
	r = &model.Request{ID: d.string(), Status: d.string(), Phase: model.Phase(d.byte())}
	r.Details = d.string()
	r.CancelAsked = d.bool()
	r.ErrorCode = d.string()
	r.ErrorMessage = d.string()
	r.Issuer = decodeIssuer(d)
	r.Target = d.string()
	r.RetryAfter = time.Duration(d.int())
	r.Since = d.time()
	if r.SeenAt = r.Since; d.version > 1 {
		r.SeenAt = d.time()
	}
	r.Gone = d.bool()
	r.Replaced = d.string()
	if d.version > 4 {
		r.PreserveCertOrder = d.optional()
	}
	if d.version > 5 {
		r.KeyID = d.string()
	}
	return r, d.length(blobs)
}
