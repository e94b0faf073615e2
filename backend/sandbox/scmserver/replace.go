package scmserver

type replaceBody struct {
	CSR        string   `json:"csr"`
	Reason     string   `json:"reason"`
	CommonName string   `json:"commonName"`
	Names      []string `json:"subjectAlternativeNames"`
	DCVMode    string   `json:"dcvMode"`
}

// replace asks for another certificate under the same id. The answer is empty;
// until the CA has issued it, the old one is what is collected.
func (s *Server) replace(c *call) (*answer, error) {
	var body replaceBody
	if f := c.read(&replaceSchema, &body); f != nil {
		return nil, f
	}
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, wrongID(c.id)
	}
	if status := o.statusAt(c.now); status != StatusIssued || o.Replacement != nil || o.external() {
		return nil, refuse(-130, "SSL state is not 'ISSUED': %s", status)
	}
	profile := s.profile(o.ProfileID)
	if profile == nil {
		return nil, refuse(-111, "No certificate profile found by id %d", o.ProfileID)
	}
	if body.Reason == "" {
		return nil, missing("reason")
	}
	csr, f := readCSR(body.CSR, profile)
	if f != nil {
		return nil, f
	}
	next := *o
	next.Names, next.DCVMode = body.Names, body.DCVMode
	if body.CommonName != "" {
		next.CommonName = body.CommonName
	}
	if next.DCVMode == "" {
		next.DCVMode = o.DCVMode
	}
	if f := s.checkNames(&next, profile, c.now); f != nil {
		return nil, f
	}
	o.Replacement = &replacement{
		CommonName: next.CommonName, Names: next.Names, CSR: csr.Raw, Due: c.now.Add(profile.Behaviour.Apply + profile.Behaviour.Issue),
	}
	o.ReplaceAsked = c.now
	if !c.settings.ReplaceStaysIssued {
		o.Status = StatusApplied
	}
	s.save(o)
	return done(), nil
}
