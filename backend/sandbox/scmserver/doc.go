// Package scmserver speaks the certificate part of Sectigo Certificate
// Manager's Admin REST API, together with the token endpoint that a client
// with an OAuth2 API key uses. It is an [http.Handler]; package sandbox puts
// it on loopback behind TLS.
//
// Rules are those of Sectigo's "Certificate Manager REST API" and of its
// OpenAPI document "Admin Operations". Where answers of the live service are
// known from elsewhere, it is as observed; where neither says anything, a
// comment says so.
//
// Not served, because certty has no use for them: keys made by SCM's agents
// (enroll-keygen, keystore), imports, changes of organizations and domains,
// client and device certificates, ACME, discovery.
//
// Start at [Server.ServeHTTP] (what every request goes through) and [routes]
// (which operation a path is). One file each holds what is asked for: enroll,
// list, details, collect, approve, renew, replace, revoke, update, delete, dcv,
// organizations, domains, report, password. Bodies are checked by the tables
// in schemas.go. The rules that move orders by themselves are in progress.go:
// nothing runs in the background for them, each order is brought up to the
// clock's time when somebody looks, so a moved clock moves everything and no
// test has to sleep.
//
// [Server.Inject] switches faults on, [Server.Calls] counts what was asked,
// [Server.Enrolls] tells how often something was ordered, [Settings] make the
// server strict, or its lists late.
//
// State is one JSON file for each order and one for everything else, in a
// folder only its owner can read. [Server.Fill] puts a scenario into an empty
// state. Without a folder nothing is kept.
package scmserver
