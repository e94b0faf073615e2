package vaultserver

import (
	"strings"
	"time"
)

// The issuers that every sandbox vault has from the start. They are objects of
// the vault like any other; how the CA behind one behaves follows from its
// account (see [issuer]).
const (
	// IssuerContoso is of provider Test and issues after a few seconds.
	IssuerContoso = "contoso-ca"
	// IssuerDigiCert is of provider DigiCert and issues after a few seconds.
	IssuerDigiCert = "digicert-ov"
	// IssuerSlow takes hours, and a quarter of an hour to confirm a
	// cancellation. It is of provider GlobalSign.
	IssuerSlow = "slow-ca"
	// IssuerStrict refuses every request: failed, "Request rejected". It is of
	// provider DigiCert.
	IssuerStrict = "strict-ca"
	// IssuerBroken has trouble of its own: failed, "Certificate issuer error".
	// It is of provider GlobalSign.
	IssuerBroken = "broken-ca"
)

// The accounts that decide how a CA behaves; every other one is quick.
const (
	accountSlow   = "slow"
	accountStrict = "strict"
	accountBroken = "broken"
)

// behaviour is what the CA behind an issuer does with requests.
type behaviour struct {
	// delay is how long a request takes, 0 for ever; cancelDelay is how long
	// until an asked cancellation takes effect.
	delay, cancelDelay time.Duration
	// refusalCode and refusalMessage are what it answers instead of a
	// certificate.
	refusalCode, refusalMessage string
}

// Recorded: Self completes after about five seconds, a cancellation takes
// effect between six and sixteen seconds after it was asked for.
const (
	selfDelay   = 5 * time.Second
	quickDelay  = 8 * time.Second
	slowDelay   = 6 * time.Hour
	cancelDelay = 12 * time.Second
	slowCancel  = 15 * time.Minute
	rejectDelay = 4 * time.Second
	brokenDelay = 6 * time.Second
)

// The codes of failed requests, as recorded and documented.
const (
	rejectedCode = "Request rejected"
	brokenCode   = "Certificate issuer error"
)

// behaviour finds out how the CA behaves that a policy names. What the service
// answers when there is no such issuer was not recorded; the code is what it
// uses for bad policies, the words are those of reading an issuer that there is
// not. The caller holds s.mu.
func (s *Server) behaviour(name string) (behaviour, *failure) {
	switch {
	case manual(name):
		return behaviour{cancelDelay: cancelDelay}, nil
	case selfSigned(name):
		return behaviour{delay: selfDelay, cancelDelay: cancelDelay}, nil
	}
	is := s.settings.Issuers[strings.ToLower(name)]
	switch {
	case is == nil:
		return behaviour{}, invalidProperty("policy.issuer", "Issuer not found")
	case !*is.Attributes.Enabled:
		// Not recorded either.
		return behaviour{}, invalidProperty("policy.issuer", "Issuer is disabled")
	}
	return is.behaviour(), nil
}

func (is *issuer) behaviour() behaviour {
	provider, account := is.Provider, is.account()
	switch {
	case strings.EqualFold(account, accountStrict):
		return refusing(rejectDelay, rejectedCode, "The call to "+provider+" failed with Error code access_denied|invalid_organization and Message The organization is not validated for this product.")
	case strings.EqualFold(account, accountBroken):
		return refusing(brokenDelay, brokenCode, "The call to "+provider+" failed with Error code 503 and Message Service unavailable.")
	case strings.EqualFold(account, accountSlow):
		return behaviour{delay: slowDelay, cancelDelay: slowCancel}
	case !strings.EqualFold(provider, providerTest) && !is.HasPassword:
		return refusing(rejectDelay, rejectedCode, "The call to "+provider+" failed with Error code access_denied|access_denied_invalid_key and Message Access denied due to access_denied_invalid_key..")
	}
	return behaviour{delay: quickDelay, cancelDelay: cancelDelay}
}

// refusing is worded as DigiCert's refusal in recorded traffic.
func refusing(delay time.Duration, code, message string) behaviour {
	return behaviour{delay: delay, cancelDelay: cancelDelay, refusalCode: code, refusalMessage: message}
}
