package vault

import (
	"maps"
	"regexp"
	"slices"
	"strconv"

	"certty/backend"
	"certty/model"
)

// signIns are the codes with which Microsoft Entra ID refuses a token, as far as
// certty's ways to sign in meet them ("Microsoft Entra authentication and
// authorization error codes").
var signIns = []struct {
	codes  map[int]string
	advice *backend.Advice
}{
	{map[int]string{
		7000215: "the client secret is wrong", 7000216: "no client secret and no assertion was sent", 7000218: "no client secret and no assertion was sent",
		70002: "the client's credential is not valid",
	}, adviceSecret},
	{map[int]string{7000222: "the client secret has expired"}, adviceSecretExpired},
	{map[int]string{
		700027: "the certificate of the application is not registered, or signs wrongly", 700030: "the application's certificate is not valid",
	}, adviceAppCertificate},
	{map[int]string{
		700024: "the assertion is not valid at this time", 500133: "the assertion is not valid at this time",
	}, adviceAssertionTime},
	{map[int]string{
		700016: "the tenant does not know the application", 7000112: "the application is disabled", 50105: "the application is not assigned to this person",
		50011: "the application does not take this way to sign in", 70003: "the application does not take this way to sign in",
	}, adviceApplication},
	{map[int]string{
		90002: "there is no such tenant", 900023: "the tenant's id is not valid", 50059: "no tenant was named", 90019: "no tenant was named",
		50128: "the tenant's domain is not valid",
	}, adviceNoTenant},
	{map[int]string{
		50020: "the person is not in this tenant", 90072: "the person is not in this tenant", 50034: "the tenant does not know the person",
	}, adviceNotMember},
	{map[int]string{
		500011: "the tenant does not know the service", 500014: "the service is disabled in the tenant",
		1002012: "the scope is not valid", 70011: "the scope is not valid",
	}, adviceResource},
	{map[int]string{
		65001: "nobody has consented to the application", 65004: "the person did not consent", 90094: "an administrator has to consent",
	}, adviceConsent},
	{map[int]string{
		50053: "the account is locked", 50055: "the password has expired", 50057: "the account is disabled", 50126: "name or password is wrong",
	}, adviceAccountState},
	{map[int]string{
		50074: "a second factor is needed", 50076: "a second factor is needed", 50079: "a second factor has to be set up first",
		50173: "the sign-in was revoked", 50078: "the second factor has expired", 70008: "the sign-in has expired",
		70043: "the sign-in has expired by a rule", 700082: "the sign-in was not used for too long",
	}, adviceSignInAgain},
	{map[int]string{
		53000: "the device does not comply with the rules", 53001: "the device is not joined", 53003: "a conditional access rule blocks the sign-in",
		530003: "the device has to be managed", 700003: "the device is not known", 53011: "the person is blocked as a risk",
	}, adviceConditionalAccess},
	{map[int]string{
		70021: "no federated credential fits the pod's token", 700211: "no federated credential has the issuer of the pod's token",
		700212: "no federated credential has the audience of the pod's token", 700213: "no federated credential has the subject of the pod's token",
	}, adviceFederation},
	{map[int]string{
		70016: "nobody has signed in with the code yet", 70018: "the code is wrong", 70019: "the code has expired",
		70017: "the person declined the sign-in", 70020: "the code has expired",
	}, adviceDeviceCode},
	{map[int]string{
		90033: "the authority has trouble of its own", 50196: "the same token was asked for again and again", 900144: "the call for a token lacks a value",
		90014: "the call for a token lacks a value",
	}, adviceAuthority},
}

// aadsts finds the code in what the authority, or the az command, says.
var aadsts = regexp.MustCompile(`AADSTS(\d{4,8})`)

// signInAdvice is what a person can do about a refused token; nil where nothing
// is known beyond the error's kind.
func signInAdvice(message string) *backend.Advice {
	found := aadsts.FindStringSubmatch(message)
	if found == nil {
		return nil
	}
	number, err := strconv.Atoi(found[1])
	if err != nil {
		return nil
	}
	for _, group := range signIns {
		if _, ok := group.codes[number]; ok {
			return group.advice
		}
	}
	return nil
}

func signInCodes() []backend.Code {
	var out []backend.Code
	for _, group := range signIns {
		for _, number := range slices.Sorted(maps.Keys(group.codes)) {
			out = append(out, backend.Code{
				Service: backend.ServiceEntra, Code: "AADSTS" + strconv.Itoa(number),
				Means: group.codes[number], Kind: backend.KindAuth, Advice: *group.advice,
			})
		}
	}
	return out
}

// What a person can do about a sign-in that Microsoft Entra ID refuses.
var (
	adviceSecret = &backend.Advice{
		Cause: "The application's client secret is missing or wrong. Often its id was copied in place of its value.",
		Next:  "Put the secret's value where the target's credential takes it from, then retry.",
		Who:   model.ActorYou,
	}
	adviceSecretExpired = &backend.Advice{
		Cause: "The application's client secret has expired.",
		Next:  "Ask an owner of the application's registration for a new one, put it where the target's credential takes it from, then retry.",
		Who:   model.ActorYou,
	}
	adviceAppCertificate = &backend.Advice{
		Cause: "The authority does not take the application's certificate.",
		Next:  "Have the certificate registered with the application, or name the right file in the target's credential; its key has to be RSA.",
		Who:   model.ActorYou,
	}
	adviceAssertionTime = &backend.Advice{
		Cause: "What this machine signed is not valid at the authority's time.",
		Next:  "Set this machine's clock (NTP), then retry.",
		Who:   model.ActorYou,
	}
	adviceApplication = &backend.Advice{
		Cause: "The tenant does not know the application, or does not let it sign in this way.",
		Next:  "Check client_id and tenant of the target's credential; an administrator of the tenant can add or enable the application.",
		Who:   model.ActorYou,
	}
	adviceNoTenant = &backend.Advice{
		Cause: "The authority does not know the tenant that was named, or none was.",
		Next:  "Check the credential's tenant and the target's cloud; in another cloud the same name means nothing.",
		Who:   model.ActorYou,
	}
	adviceNotMember = &backend.Advice{
		Cause: "This person is not in the vault's tenant.",
		Next:  "Sign in with another account, or ask an administrator of that tenant for an invitation.",
		Who:   model.ActorYou,
	}
	adviceResource = &backend.Advice{
		Cause: "The tenant gives out no tokens for this vault's service.",
		Next:  "Check the target's address and cloud. An administrator of the tenant may have to enable Azure Key Vault there.",
		Who:   model.ActorYou,
	}
	adviceConsent = &backend.Advice{
		Cause: "Nobody has allowed the application to act for this person.",
		Next:  "Consent at the next sign-in, or ask an administrator of the tenant to consent for all.",
		Who:   model.ActorYou,
	}
	adviceAccountState = &backend.Advice{
		Cause: "The account can't sign in as it stands: locked, disabled, or with another password.",
		Next:  "Sign in once with a browser, or ask an administrator of the tenant. Do not try again and again: that locks accounts.",
		Who:   model.ActorYou,
	}
	adviceSignInAgain = &backend.Advice{
		Cause: "The sign-in is not good any more, or needs a second factor, which only a person can give.",
		Next:  "Sign in again: az login for the Azure CLI, or a retry of the target with device-code. For work without a person use an application or a managed identity.",
		Who:   model.ActorYou,
	}
	adviceConditionalAccess = &backend.Advice{
		Cause: "A rule of the tenant (conditional access) does not let this sign-in through from this device or place.",
		Next:  "Work from a device and a network that the rule allows, or ask an administrator of the tenant which rule it is; its sign-in log names it.",
		Who:   model.ActorYou,
	}
	adviceFederation = &backend.Advice{
		Cause: "The tenant does not trust the token that Kubernetes gave this pod.",
		Next:  "Compare issuer, subject (namespace and service account) and audience with the federated credential of the identity.",
		Who:   model.ActorYou,
	}
	adviceDeviceCode = &backend.Advice{
		Cause: "The sign-in with a code did not come to its end: it was declined, cancelled, or took too long.",
		Next:  "Retry; another code is shown then. Enter it in a browser before it expires.",
		Who:   model.ActorYou,
	}
	adviceIdentity = &backend.Advice{
		Cause: "This machine gives no token: it has no managed identity, or not the one that is named.",
		Next:  "Machines in Azure have such identities: have one assigned, check the credential's client_id, or choose another kind of credential; then retry.",
		Who:   model.ActorYou,
	}
	adviceNoCLI = &backend.Advice{
		Cause: "The Azure CLI is not installed here, or not where programs are looked for. Nothing was sent.",
		Next:  "Install it and say az login, or choose another kind of credential, such as device-code.",
		Who:   model.ActorYou,
	}
	adviceCLI = &backend.Advice{
		Cause: "The Azure CLI is not signed in. Nothing was sent.",
		Next:  "Say az login in a shell. Reading is then tried again by itself, or at once with R.",
		Who:   model.ActorYou,
	}
	adviceAuthority = &backend.Advice{
		Cause: "The authority does not give a token at the moment.",
		Next:  "Wait a few minutes, then retry. If it stays so, report it with the message's trace id.",
		Who:   model.ActorYou,
	}
)
