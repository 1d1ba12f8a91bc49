import RCMLBasics

/// `<Sip>` or `<Uri>` (spec §3). An invalid one stays in the tree: it becomes a leg that fails (S-6).
package struct SipNoun: Hashable, Sendable {
  package enum Event: UInt8, Hashable, Sendable, CaseIterable {
    case initiated, ringing, answered, completed
  }

  /// The transport the URI asks for (spec T-1).
  package enum RequestedTransport: Hashable, Sendable {
    /// No parameter.
    case unspecified
    case udp, tcp, tls
    /// `ws`, `sctp` or anything else: the leg fails.
    case unsupported
  }

  /// The address part with its scheme: `sip:alice@example.com;transport=tcp`. Checked and percent-encoded where
  /// that was unambiguous (S-2). Nothing in it needs escaping on the wire.
  package var uri: String
  /// Scheme, user, host and port of `uri`, taken apart once.
  package var isSecure = false
  package var user = ""
  package var host = ""
  /// 0 = none given.
  package var port: UInt16 = 0
  package var transport: RequestedTransport = .unspecified
  /// The Request-URI as it goes out (S-7): without header part and `method`, with its other parameters.
  package var requestURI = ""
  /// A party of the host's own, `host:NAME`, and how it speaks; nil = a SIP URI, as everything in a document is.
  package var hostMedia: HostMedia?
  /// How the document names the party where something else is dialled for it: it is what the web application is shown
  /// nil = `uri` is from the document.
  package var written: String?
  /// The custom headers by X-1 … X-8, prefixed and in order.
  package var headers: [HeaderLine] = []
  /// Why it cannot be dialled; nil = it can.
  package var invalid: FindingCode?

  package var url: String?
  package var method: HTTPMethod = .post
  /// The screening limit (S-4).
  package var timeout: Interval = .seconds(60)
  package var statusCallback: String?
  package var statusCallbackMethod: HTTPMethod = .post
  package var statusCallbackEvents: Set<Event> = Set(Event.allCases)
  package var username: Private<String>?
  package var password: Private<String>?
  /// `x-delay` (spec E-1).
  package var delay: Interval = .zero
  /// `sendDigits`, `x-digits`: sent after the answer, before the bridge (spec D-27); `w` and `W` wait. Empty = none.
  package var digits = ""
  /// `x-timeout` (spec E-2).
  package var ringLimit: Interval?
  package var line: Int
  package var column: Int

  package init(uri: String, line: Int, column: Int) {
    self.uri = uri
    self.line = line
    self.column = column
  }
}
