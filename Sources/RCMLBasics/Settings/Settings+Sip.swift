/// What our SIP says and to whom (spec §10, §11), numbers, the host's questions, and files.
extension Settings {
  static let sipTable: [SettingEntry] = [
    .choice(
      "header_prefix", \.headerPrefix, "X-7",
      "What becomes of a header in a target's URI whose name lacks X-: it gets it, stays, or goes."
    ),
    .token(
      "id_header_prefix", \.idHeaderPrefix, mayBeEmpty: true, like: "X-Acme-", "U-7",
      "What the headers with the CallSid begin with; nothing = they are not sent."),
    .list(
      "pass_headers", \.passHeaders, like: "P-Charging-Vector,History-Info", "X-5",
      "Headers in a target's URI that are sent under their own name, besides those known here."),
    .text(
      "from_domain", \.fromDomain, "a host, with or without a port, or nothing",
      like: "pbx.example", "U-2", "The host of our From; without it, it is our own address.",
      where: { SettingText.isHostAndPort($0) }),
    .text(
      "default_caller_id", \.defaultCallerID, like: "+49301234567", "U-5",
      "Who is shown as calling where the document's callerId cannot be used."),
    .flag(
      "trust_domain", \.trustDomain, "U-4",
      "P-Asserted-Identity is sent to parties and believed of callers."),
    .flag(
      "pass_diversion", \.passDiversion, "U-8", "The caller's Diversion is passed on to parties."),
    .number(
      "follow_redirects", \.followRedirects, 0...10, like: "3", "U-30",
      "Contacts of a 3xx that are tried, one after the other."),
    .seconds(
      "session_expires", \.sessionExpires, 0...86_400, like: "1800", "U-60",
      "The session timer that we ask for; 0 = none."),
    .line(
      "product", \.product, upTo: 128, like: "Acme PBX/2.1", "U-66",
      "User-Agent and Server of SIP, User-Agent of HTTP; nothing = none is sent."),
    .secret(
      "require_auth", \.requireAuth, "user:password, or nothing", like: "alice:secret", "A-3",
      "The user and password that callers must know; others get 401.",
      where: { SettingText.isCredentials($0) }),
  ]

  static let networkTable: [SettingEntry] = [
    .text(
      "outbound_proxy", \.outboundProxy, "a sip: URI, or nothing", like: "sip:proxy.example;lr",
      "T-4", "Every call of ours goes by this proxy.",
      where: { SipURIText.hasScheme($0) && SipURIText.read($0)?.canBeSent ?? false }),
    .text(
      "public_address", \.publicAddress,
      "an address like 203.0.113.1 or [2001:db8::1], a name with a dot, or nothing",
      like: "203.0.113.1", "T-5",
      "The address that this machine has outside, shown in Via, Contact and SDP.",
      where: { SettingText.isHost($0) }),
    .choice(
      "rewrite_contact", \.rewriteContact, "U-64",
      "Whether a phone is reached where its message came from: when its Contact is of an inner "
        + "network (private), never, or always."),
    .wholeSeconds(
      "keepalive", \.keepalive, 0...3_600, like: "15", "U-64",
      "How often a phone behind a NAT gets a keep-alive while its call lasts; 0 = never."),
    .flag("naptr", \.naptr, "T-2", "Names of parties are looked up by NAPTR, too."),
    .text(
      "dns_server", \.dnsServer,
      "addresses like 127.0.0.1:5353 or [::1], divided by commas, or nothing",
      like: "127.0.0.1:5353", "T-2",
      "The name servers that are asked in place of the system's, four at most.",
      where: { SettingText.isAddresses($0) }),
    .flag("transport_log", \.transportLog, "", "Every SIP message is an event for the host."),
    .text(
      "hep", \.hep, "udp: with an address and a port, like udp:127.0.0.1:9060, or nothing",
      like: "udp:127.0.0.1:9060", "",
      "Every SIP message is mirrored there as HEP version 3, for Homer or sngrep; credentials are "
        + "masked.",
      where: { HEPAddress($0) != nil }),
    .number(
      "hep_id", \.hepID, 0...Int(UInt32.max), like: "2001", "",
      "The capture agent's number in what hep mirrors."),
    .secret(
      "hep_password", \.hepPassword, like: "secret", "",
      "The authentication key in what hep mirrors; without it there is none."),
  ]

  static let numberTable: [SettingEntry] = [
    .template(
      "number_uri", \.numberURI, .number, "D-30",
      "How a Number, a number alone and a tel: URI are dialled; without it only the host knows."),
    .template(
      "client_uri", \.clientURI, .client, "D-30",
      "How a Client is dialled; without it only the host knows."),
    .secret(
      "number_username", \.numberUsername, like: "trunk", "D-30",
      "The user name for the gateway of number_uri."),
    .secret(
      "number_password", \.numberPassword, like: "secret", "D-30",
      "The password for the gateway of number_uri."),
  ]

  static let hostTable: [SettingEntry] = [
    .flag(
      "ask_credentials", \.askCredentials, "A-1",
      "The host is asked for credentials where the document has none."),
    .choice(
      "ask_targets", \.askTargets, "Y-1",
      "The host is asked about no target, about nouns other than Sip, or about all of them."),
    .choice(
      "ask_urls", \.askURLs, "Y-4", "The host is asked about every URL before it is requested."),
    .flag("ask_speech", \.askSpeech, "V-10", "The host is asked what a Say sounds like."),
    .flag("ask_verbs", \.askVerbs, "D-28", "The host is asked about verbs that nobody here knows."),
    .flag(
      "callback_events", \.callbackEvents, "E-8",
      "The host is told of every callback that was delivered or given up."),
    .flag(
      "http_log", \.httpLog, "E-8",
      "The host is told of every request to a web server that is over, secrets masked (event exchange)."
    ),
    .number(
      "http_log_limit", \.httpLogLimit, 0...1_048_576, like: "65536", "E-8",
      "Octets of each body that http_log tells."),
  ]

  static let fileTable: [SettingEntry] = [
    .number(
      "journal_limit", \.journalLimit, 0...1_099_511_627_776, like: "1073741824", "Y-7",
      "Octets that a journal may have before it is begun anew; 0 is no limit."),
    .flag(
      "journal_refusals", \.journalRefusals, "Y-7",
      "Requests of strangers that are refused over UDP stand in the journal."),
    .number(
      "log_limit", \.logLimit, 0...1_099_511_627_776, like: "104857600", "Y-7",
      "Octets that a file of rcml --log may have before it is begun anew; 0 is no limit."),
    .number(
      "disk_reserve", \.diskReserve, 0...1_099_511_627_776, like: "1073741824", "Y-7",
      "Octets that every disk keeps free, or a tenth of it where that is less."),
  ]
}
